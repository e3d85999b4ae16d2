"""Documents that stories link to come in beside them with --media, and are named otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importers.imports import Imported, bring_in
from tests.importers.test_media import page, write
from tests.importers.test_warcs import warc
from tests.importers.test_wxr import export, item

PDF = b"%PDF-1.4 minutes of the harbour board"
TABLE = b"ship,hour\r\nHeron,9\r\n"


def links(done: Imported) -> list[str]:
    """The addresses of the links in the only story; each that begins with a slash leads to a file, which the build publishes."""
    body = done.only[1]
    return [part.partition(")")[0] for part in body.split("](")[1:]]


def published(done: Imported) -> list[bytes]:
    run = done.archive.build()
    assert (run.code, "document" in run.err) == (0, False), run.err
    return sorted(data for path, data in done.archive.published().items() if path.startswith("media/"))


FOLDER = {
    "content/posts/ferry.md": "---\ntitle: Ferry\ndate: 2020-03-05\n---\nThe [minutes](ferry/Board%20minutes.PDF#page=3), the "
    "[table](/files/table.csv), a [drawing](/files/a.svg) and [another](https://quay.example/other.pdf). `[x](/files/table.csv)`\n",
    "content/posts/ferry/Board minutes.PDF": PDF,
    "static/files/table.csv": TABLE,
    "static/files/a.svg": b"<svg/>",
}


def test_documents_of_a_generators_folder_are_named_without_media_and_copied_with_it(tmp_path: Path) -> None:
    folder = str(write(tmp_path / "hugo", FOLDER))
    done = bring_in(tmp_path, folder)
    assert "links to documents that are not brought in: ferry/Board minutes.PDF, /files/table.csv; --media DIR" in done.run.err
    assert "no pictures or documents and are not brought in: /files/a.svg" in done.run.err
    again = bring_in(tmp_path, folder, "--media", "papers", into=done.archive)
    assert again.report["sources"][0]["updated"] == 1
    assert "documents that are not" not in again.run.err
    minutes, table, drawing, other, code = links(again)
    assert (minutes, table) == ("/papers/Board-minutes.pdf#page=3", "/papers/table.csv")
    assert (drawing, other, code) == ("/files/a.svg", "https://quay.example/other.pdf", "/files/table.csv")
    assert published(again) == sorted([PDF, TABLE])
    assert bring_in(tmp_path, folder, "--media", "papers", into=done.archive).report["sources"][0]["same"] == 1


def test_two_documents_of_one_name_keep_their_bytes(tmp_path: Path) -> None:
    body = "---\ntitle: Ferry\ndate: 2020-03-05\n---\n[One](a/minutes.pdf), [two](b/minutes.pdf), [one](a/minutes.pdf).\n"
    folder = write(
        tmp_path / "old", {"_posts/2020-03-05-ferry.md": body, "_posts/a/minutes.pdf": PDF, "_posts/b/minutes.pdf": TABLE}
    )
    done = bring_in(tmp_path, str(folder), "--media", "papers")
    assert len(set(links(done))) == 2
    content = done.archive.folder / "content"
    assert [(content / link.lstrip("/")).read_bytes() for link in links(done)] == [PDF, TABLE, PDF]


def test_documents_of_an_export_come_from_its_uploads_and_those_without_a_copy_are_named(tmp_path: Path) -> None:
    site = "https://quay.example/wp-content/uploads"
    text = (
        f'<p>The <a href="{site}/2020/minutes.pdf?x=1">minutes</a>, <a href="{site}/2020/gone.pdf">more</a> '
        'and <a href="https://elsewhere.example/a.pdf">others</a>.</p>'
    )
    write(tmp_path / "backup", {"uploads/2020/minutes.pdf": PDF})
    file = export(tmp_path, item(1, text))
    done = bring_in(tmp_path, str(file), "--media", str(tmp_path / "backup"))
    minutes, gone, other = links(done)
    assert (gone, other) == (f"{site}/2020/gone.pdf", "https://elsewhere.example/a.pdf")
    assert published(done) == [PDF]
    assert minutes.endswith("/minutes.pdf")
    warnings = [problem["message"] for problem in done.report["problems"]]
    assert [message for message in warnings if "no copy of the document" in message] == [
        f"there is no copy of the document {site}/2020/gone.pdf; it stays a link"
    ]


@pytest.mark.parametrize("name", ["ferry.html", "quay.example/news/ferry.html"])
def test_documents_beside_a_saved_page(tmp_path: Path, name: str) -> None:
    words = 'every word of it, as <a href="papers/the%20minutes.pdf">the minutes</a> have it, was said on the pier'
    text = page("https://quay.example/a.jpg").replace("two years late", f"two years late, {words}", 1)
    paper = f"{name.rpartition('/')[0]}/papers/the minutes.pdf".lstrip("/")
    folder = str(write(tmp_path / "saved", {name: text, paper: PDF}))
    without = bring_in(tmp_path, folder)
    assert "links to documents that are not brought in" in without.run.err
    done = bring_in(tmp_path, folder, "--media", "papers", into=without.archive)
    assert (done.run.code, links(done)) == (0, ["/papers/the-minutes.pdf"])
    assert published(done) == [PDF]


def test_documents_of_a_web_archive(tmp_path: Path) -> None:
    text = page("https://quay.example/a.jpg").replace("Thursday", '<a href="/minutes.pdf">Thursday</a>', 1).encode()
    pdf = ("https://quay.example/minutes.pdf", PDF, "2020-01-02T00:00:00Z", "200 OK", (("Content-Type", "application/pdf"),))
    data = warc(("https://quay.example/news/ferry", text), pdf, compressed=False)
    given = b"Content-Type: text/html\r\nContent-Type: application/pdf"
    assert given in data
    data = data.replace(given, b"Content-Type: application/pdf\r\nX-Instead: text/html   ")
    folder = write(tmp_path, {"crawl.warc": data})
    done = bring_in(tmp_path, str(folder / "crawl.warc"), "--media", "papers")
    assert links(done) == ["/papers/minutes.pdf"]
    assert published(done) == [PDF]
