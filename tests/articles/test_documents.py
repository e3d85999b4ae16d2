"""Documents that articles link to: each is published under its name, or named with what is wrong with it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tests.pictures import picture
from tests.sites import SITE, Archive, archive, story

PDF = b"%PDF-1.4 minutes of the harbour board"
PAGE = "2025/02/12/a.html"


def media(site: Archive) -> dict[str, bytes]:
    return {path: data for path, data in site.published().items() if path.startswith("media/")}


def address_of(site: Archive, name: str) -> str:
    return next(path for path in media(site) if path.endswith(f"/{name}"))


@pytest.mark.parametrize(
    ("file", "link", "name"),
    [
        ("content/minutes.pdf", "minutes.pdf", "minutes.pdf"),
        ("content/2025/Board Minutes (final).PDF", "2025/Board%20Minutes%20(final).PDF", "board-minutes-final.pdf"),
        ("content/表/名單.csv", "/表/名單.csv", "名單.csv"),
        ("content/tape 1.mp3", "<tape 1.mp3>", "tape-1.mp3"),
        ("content/…….epub", "…….epub", "document.epub"),
    ],
)
def test_a_document_is_published_by_its_name_and_linked(tmp_path: Path, file: str, link: str, name: str) -> None:
    site = archive(tmp_path, {"content/a.md": story(body=f"Read [it]({link})."), file: PDF})
    run = site.build()
    assert (run.code, run.err) == (0, "")
    [(path, data)] = media(site).items()
    assert path.rpartition("/")[2] == name
    assert data == PDF
    assert path in (tmp_path / "public/manifest-sha512.txt").read_text(encoding="utf-8")


def test_the_page_keeps_its_words_and_the_page_number(tmp_path: Path) -> None:
    site = archive(
        tmp_path, {"content/a.md": story(body='<a href="m.pdf?x=1#page=3" title="Board">The minutes</a>'), "content/m.pdf": PDF}
    )
    assert site.build().code == 0
    path = address_of(site, "m.pdf")
    assert f'<a href="../../../{path}#page=3" title="Board"' in site.page(PAGE)
    assert f'href="https://lantern.example/{path}#page=3"' in site.page("feed.json").replace('\\"', '"')


def test_a_picture_that_is_linked_is_published_once(tmp_path: Path) -> None:
    site = archive(
        tmp_path, {"content/a.md": story(body="[![A pier](p.gif)](p.gif)"), "content/p.gif": picture(kind="GIF", mode="P")}
    )
    assert site.build().code == 0
    [path] = media(site)
    assert f'<a href="../../../{path}"' in site.page(PAGE)


def test_a_missing_document_is_named_where_the_text_links_to_it(tmp_path: Path) -> None:
    link = "minuts.pdf"
    body = f"The file {link} is known.\n\nSee [it]({link})."
    site = archive(tmp_path, {"content/2025/a.md": story(body=body), "content/2025/scans/minutes.pdf": PDF})
    for command in (["build", "--jobs", "1"], ["check"]):
        run = site.run(*command)
        lines = [line for line in (run.err + run.out).splitlines() if "the document" in line]
        assert len(lines) == 1
        assert lines[0].startswith(f"content/2025/a.md:7:{len('See [it](') + 1}: warning: the document {link} is not there")
    assert ">it</a>" in site.page(PAGE)
    assert "href" not in site.page(PAGE).partition(">it</a>")[0].rpartition("<a")[2]


@pytest.mark.parametrize(
    ("link", "meant"),
    [
        ("MINUTES.pdf", "minutes.pdf"),
        ("minuets.pdf", "minutes.pdf"),
        ("list.csv", "tables/List.csv"),
        ("tables/minutes.pdf", "minutes.pdf"),
        ("unlike.pdf", ""),
    ],
)
def test_a_near_name_is_offered(tmp_path: Path, link: str, meant: str) -> None:
    site = archive(
        tmp_path,
        {"content/2025/a.md": story(body=f"[It]({link})"), "content/2025/minutes.pdf": PDF, "content/2025/tables/List.csv": "a"},
    )
    run = site.build()
    assert f"the document {link} is not there" in run.err
    assert (f'(did you mean "{meant}"?)' in run.err) if meant else ("did you mean" not in run.err)


def test_a_document_that_comes_changes_or_goes_makes_its_page_again(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(body="[It](m.pdf)")})
    assert "m.pdf is not there" in site.build().err
    for state in (PDF, PDF + b" 2", None):
        site.write({"content/m.pdf": state})
        assert site.build().code == 0
        quick = site.published()
        assert list(media(site).values()) == ([state] if state else [])
        assert site.build("--clean").code == 0
        assert site.published() == quick


@pytest.mark.parametrize(
    "words", [{"withdrawn": "2025-03-01"}, {"draft": "true"}, {"embargo": "2999-01-01"}, {"expires": "2025-03-01"}]
)
def test_what_is_not_published_publishes_no_document(tmp_path: Path, words: dict[str, str]) -> None:
    site = archive(tmp_path, {"content/a.md": story(body="[It](m.pdf)", **words), "content/m.pdf": PDF})
    run = site.build()
    assert not media(site)
    assert "m.pdf" not in run.err


def test_what_runs_is_never_published_and_other_types_where_site_yml_says_so(tmp_path: Path) -> None:
    body = "[a](plan.dwg) [b](two.dwg) [c](page.html) [d](/chart.svg)"
    others = {f"content/{name}": "<script>alert(1)</script>" for name in ("plan.dwg", "two.dwg", "page.html", "chart.svg")}
    site = archive(tmp_path, {"content/a.md": story(body=body), **others})
    run = site.build()
    assert not media(site)
    assert "content/a.md:5:5: warning: the link to plan.dwg, one of 2 .dwg files that articles link to, leads to what" in run.err
    assert "write `documents: [dwg]` into site.yml" in run.err
    assert "the link to page.html leads to what is not published: .html files can run programs" in run.err
    assert "the link to chart.svg leads to what is not published: .svg files can run programs" in run.err
    site.write({"site.yml": f"{SITE}documents: [.DWG]\n"})
    assert "plan.dwg" not in site.build().err
    assert sorted(path.rpartition("/")[2] for path in media(site)) == ["plan.dwg", "two.dwg"]


@pytest.mark.parametrize(
    ("ending", "message"),
    [
        ("html", ".html files can run programs"),
        (".SVG", ".svg files can run programs"),
        ("xml", ".xml files can run programs"),
        ("md", ".md files are articles"),
        ("jpg", ".jpg files are pictures"),
        ("../x", "is not the ending of a file's name"),
    ],
)
def test_the_setting_takes_no_type_that_does_harm(tmp_path: Path, ending: str, message: str) -> None:
    site = archive(tmp_path, {"site.yml": f"{SITE}documents:\n  - dwg\n  - {ending}\n"})
    run = site.build()
    assert run.code == 2
    assert message in run.err
    assert "site.yml:4:" in run.err


def test_a_document_that_leaves_the_folder_is_not_published(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(body="[It](../secret.pdf) [Link](l.pdf) [Folder](f.pdf)"), "secret.pdf": PDF})
    (tmp_path / "content/l.pdf").symlink_to(tmp_path / "secret.pdf")
    (tmp_path / "content/f.pdf").mkdir()
    run = site.build()
    assert not media(site)
    assert run.err.count("leaves the content folder") == 2
    assert "f.pdf is no regular file" in run.err


def test_documents_that_no_article_links_to_are_named_by_kind(tmp_path: Path) -> None:
    others = {f"content/{name}": PDF for name in ("b.pdf", "a.pdf", "c.zip", "d.docx", "e.txt", "linked.txt", "p.jpg", "x.psd")}
    site = archive(tmp_path, {"content/a.md": story(body="[It](linked.txt)"), **others})
    run = site.build()
    assert "content/a.pdf:1:1: warning: one of 2 .pdf files that no article links to, and that are not published" in run.err
    assert "content/c.zip:1:1: warning: a .zip file that no article links to, and that is not published" in run.err
    assert "content/d.docx:1:1: warning: a .docx file, which is not read as articles" in run.err
    assert "content/e.txt:1:1: warning: a .txt file, which is not read as articles" in run.err
    assert "content/x.psd:1:1: warning: a .psd file, which is not published: browsers do not show such pictures" in run.err
    assert len(run.err.splitlines()) == 5


def test_files_of_unknown_kinds_are_one_line_each_and_litter_none(tmp_path: Path) -> None:
    names = (
        "plan.dwg",
        "sub/two.DWG",
        "story",
        "a.md~",
        "chart.svg",
        "Thumbs.db",
        "desktop.ini",
        "~$memo.docx",
        "linked.gpx",
        "x.gpx",
    )
    site = archive(tmp_path, {"content/a.md": story(body="[It](linked.gpx)"), **{f"content/{name}": "x" for name in names}})
    lines = site.build().err.splitlines()
    assert lines == [
        "content/a.md:5:6: warning: the link to linked.gpx leads to what is not published: "
        "if browsers only show or save such files, write `documents: [gpx]` into site.yml",
        "content/a.md~:1:1: warning: a .md~ file, which is not published: rename them, or keep them outside content/",
        "content/chart.svg:1:1: warning: a .svg file, which is not published: .svg files can run programs on a reader's machine, "
        "and are never published; link to a PDF, or pack them (.zip)",
        "content/plan.dwg:1:1: warning: one of 2 .dwg files, which are not published: keep them outside content/, or write "
        "`documents: [dwg]` into site.yml and link to them",
        "content/story:1:1: warning: a file without an ending, which is not published: if they are Markdown, rename them to .md",
    ]
    site.write({"site.yml": f"{SITE}documents: [dwg, gpx]\n"})
    assert "one of 2 .dwg files that no article links to" in site.build().err


def test_removal_takes_documents_that_no_other_article_links_to(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"content/own.pdf": b"Ada Lin", "content/shared.pdf": b"both", "content/p/terms.pdf": b"t"}
    files |= {"content/held.pdf": b"h", "content/p/c.md": "# C\n\n[t](terms.pdf)", "site.yml": f"{SITE}pages: p\n"}
    files["content/held.md"] = story("C", body="[h](held.pdf)", embargo="2999-01-01")
    site = archive(
        tmp_path,
        {
            "content/a.md": story("A", body="[1](own.pdf) [2](shared.pdf) [3](p/terms.pdf) [4](held.pdf)"),
            "content/b.md": story("B", body="[2](shared.pdf)"),
            **files,
        },
    )
    assert site.build().code == 0
    assert site.run("check", "--absent", "Ada Lin").code == 1
    assert site.run("remove", "content/a.md", "--reason", "court-order", "--yes").code == 0
    assert not (tmp_path / "content/own.pdf").exists()
    assert all((tmp_path / "content" / name).exists() for name in ("shared.pdf", "held.pdf", "p/terms.pdf"))
    assert site.build().code == 0
    assert {path.rpartition("/")[2] for path in media(site)} == {"terms.pdf", "shared.pdf"}
    assert site.run("check", "--absent", "Ada Lin").code == 0


def test_exports_take_documents_along(tmp_path: Path) -> None:
    site = archive(
        tmp_path / "a", {"content/a.md": story(body="[It](m.pdf)"), "content/m.pdf": PDF, "content/unlinked.pdf": b"other"}
    )
    assert site.build().code == 0
    path = address_of(site, "m.pdf")
    assert site.run("export", str(tmp_path / "md"), "--format", "markdown").code == 0
    assert (tmp_path / "md/m.pdf").read_bytes() == PDF
    assert not (tmp_path / "md/unlinked.pdf").exists()
    assert site.run("export", str(tmp_path / "a.jsonl")).code == 0
    assert f'"documents": ["https://lantern.example/{path}"]' in (tmp_path / "a.jsonl").read_text()
    assert site.run("bag", str(tmp_path / "bag"), "--since", "2025").code == 0
    assert (tmp_path / "bag/data/content/m.pdf").read_bytes() == PDF
    assert (tmp_path / "bag/data/public" / path).read_bytes() == PDF
    assert site.run("export", str(tmp_path / "a.wacz"), "--format", "wacz").code == 0
    assert zipfile.is_zipfile(io.BytesIO((tmp_path / "a.wacz").read_bytes()))
