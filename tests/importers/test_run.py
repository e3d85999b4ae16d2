"""Bad input costs nothing but itself: each trap gives one plain line, all else comes in, and nothing is half-written."""

from __future__ import annotations

import errno
import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.faults import run_with_fault
from tests.importers.imports import Imported, articles_in, bring_in
from tests.importers.test_wxr import export, item
from tests.sites import archive, lacking, story

PARAGRAPH = "<p>The night ferry left the quay at ten with four people on board, and {} was the only one who waved.</p>"
SITE = {"site.yml": "title: The Lantern\nurl: https://lantern.example/\n"}


def page(name: str = "Ada", title: str = "", charset: str = '<meta charset="utf-8">') -> str:
    title = title or f"{name} on the night ferry"
    paragraphs = "".join(PARAGRAPH.format(f"{name} the {job}") for job in ("cook", "pilot", "clerk"))
    head = f'{charset}<title>{title}</title><meta property="article:published_time" content="2021-05-04T10:00:00Z">'
    return f"<!doctype html><html><head>{head}</head><body><article><h1>{title}</h1>{paragraphs}</article></body></html>"


def folder_of(folder: Path, **files: str | bytes) -> Path:
    made = folder / "saved"
    made.mkdir()
    for name, data in files.items():
        (made / name.replace("_", ".")).write_bytes(data.encode() if isinstance(data, str) else data)
    return made


def line_of(done: Imported, part: str) -> str:
    """The one line of the messages that has `part`."""
    (line,) = [line for line in done.run.err.splitlines() if part in line]
    return line


def titles(done: Imported) -> list[str]:
    return sorted(words["title"] for words, _ in done.articles.values())


# Files that are no stories


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.7\n<html>", "is a PDF"),
        (b"\x89PNG\r\n\x1a\n", "is a picture (PNG)"),
        (b"\xd0\xcf\x11\xe0old", "is an old Office file"),
        (b"\x1f\x8b\x08<html>", "is compressed (gzip)"),
        (b"\0\1\2\3binary", "is binary"),
        (b"", "is empty"),
        (b" \r\n\t ", "is empty"),
    ],
)
def test_a_file_that_is_not_what_its_name_says(tmp_path: Path, data: bytes, message: str) -> None:
    done = bring_in(tmp_path, str(folder_of(tmp_path, wrong_html=data, right_html=page())))
    assert line_of(done, "wrong.html").partition(": error: ")[2].startswith(message)
    assert titles(done) == ["Ada on the night ferry"]


@pytest.mark.parametrize("first", ["[Content_Types].xml", "mimetype"])
def test_an_office_document_is_named_and_not_unpacked(tmp_path: Path, first: str) -> None:
    file = tmp_path / "story.html"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr(first, "application/vnd.oasis.opendocument.text")
        made.writestr("word/document.xml", "<w>text</w>")
    done = bring_in(tmp_path, str(file))
    assert "is an Office document" in line_of(done, "story.html")
    assert not done.articles


@pytest.mark.parametrize("files", [{}, {"style_css": "p {}", "data_bin": b"\0"}])
def test_a_folder_without_a_story(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    done = bring_in(tmp_path, str(folder_of(tmp_path, **files)))
    assert done.run.code == 1
    assert line_of(done, "holds no story").startswith(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("feed.xml", "<rss version='2.0'><channel><title>The Quay</title></channel></rss>", "is a feed without an entry"),
        ("atom.xml", '<feed xmlns="http://www.w3.org/2005/Atom"><title>The Quay</title></feed>', "is a feed without an entry"),
        ("empty.xml", "", "is empty"),
        ("empty.jsonl", "", "is empty"),
        ("names.csv", "title,date,body\n", "holds no story"),
        ("names.txt", "title;date;body", "holds no story"),
        ("page.html", page(title="404 not found").split("<p>")[0], "is no story"),
        ("data.json", '{\n "build": 7,\n "files": []\n}', "has neither a title nor a body"),
    ],
)
def test_a_source_without_a_story_is_told_in_one_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    done = bring_in(tmp_path, str(tmp_path / name))
    assert done.run.code == 1
    assert message in line_of(done, name)


def test_what_programs_leave_beside_pages_is_counted_and_no_error(tmp_path: Path) -> None:
    done = bring_in(tmp_path, str(folder_of(tmp_path, one_html=page(), state_json='{\n  "title": "x",\n  "n": [1]\n}\n')))
    assert done.run.code == 0
    assert done.report["sources"][0]["left_out"] == {".json files": 1}


def test_a_forced_kind_meets_bytes_of_another(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7\n\xff\xfe\0\0" * 40)
    for kind in ("html", "wxr", "warc", "feed", "records", "markdown", "mhtml", "text"):
        folder = tmp_path / kind
        folder.mkdir()
        bring_in(folder, str(tmp_path / "x.pdf"), "--kind", kind)


# XML


@pytest.mark.parametrize("end", [b"Story 2", b"<wp:post_id>", b"<content:encoded>", b"</item>"])
def test_an_export_that_is_cut_names_the_place(tmp_path: Path, end: bytes) -> None:
    file = export(tmp_path, item(1), item(2))
    data = file.read_bytes()
    data = data[: data.index(end, data.index(b"Story 2") if end != b"Story 2" else 0)]
    file.write_bytes(data)
    done = bring_in(tmp_path, str(file))
    assert titles(done) == ["Story 1"]
    place = f"{data.count(10) + 1}:{len(data) - data.rfind(10)}"
    assert f"{file}:{place}: error: the item that begins on line" in done.run.err


def test_an_export_that_is_cut_between_items_is_told(tmp_path: Path) -> None:
    file = export(tmp_path, item(1), item(2))
    file.write_text(file.read_text(encoding="utf-8").partition("</channel>")[0], encoding="utf-8")
    done = bring_in(tmp_path, str(file))
    assert titles(done) == ["Story 1", "Story 2"]
    assert "the export breaks off here; the items before this place are in" in line_of(done, "export.xml:9:1: error")


@pytest.mark.parametrize("before", ["", "<p>caf&eacute; &hellip;</p>\n<p>", "\n\n"])
def test_broken_markup_in_an_item_is_named_by_line_and_column(tmp_path: Path, before: str) -> None:
    broken = item(2).replace("<guid>", f"<excerpt>{before}</guid><guid>")
    file = export(tmp_path, item(1), broken, item(3))
    lines = file.read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(lines, 1) if "</guid><guid>" in line)
    column = lines[number - 1].index("</guid><guid>") + 1
    done = bring_in(tmp_path, str(file))
    assert titles(done) == ["Story 1", "Story 3"]
    place = line_of(done, "is broken XML").removeprefix(f"{file}:").split(": ")[0].split(":")
    assert int(place[0]) == number
    assert column <= int(place[1]) <= column + len("</guid><")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("declared", ['<!ENTITY a "aaaa">', '<!ENTITY a SYSTEM "file:///etc/hostname">', '<!ENTITY % a "b">'])
def test_entities_are_refused_in_every_kind_of_xml(tmp_path: Path, declared: str, encoding: str) -> None:
    doctype = f"<!DOCTYPE x [{declared}]>\n"
    rss = f"{doctype}<rss version='2.0'><channel><item><title>x &a;</title></item></channel></rss>"
    atom = f"{doctype}<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>x &a;</title></entry></feed>"
    wxr = export(tmp_path, item(1, "&a;")).read_text(encoding="utf-8").replace("<rss", f"{doctype}<rss", 1)
    for name, text in (("rss.xml", rss), ("atom.xml", atom), ("wxr.xml", wxr)):
        (tmp_path / name).write_bytes(text.encode(encoding))
    done = bring_in(tmp_path, *(str(tmp_path / name) for name in ("rss.xml", "atom.xml", "wxr.xml")))
    assert not done.articles
    assert done.run.err.count("declares entities") == 3


def test_a_json_feed_nested_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "feed.json").write_text(
        '{"version": "https://jsonfeed.org/version/1", "items": [{"title": "One", "content_text": "Words."}, ' + "[" * 200_000
    )
    done = bring_in(tmp_path, str(tmp_path / "feed.json"))
    assert titles(done) == ["One"]
    assert done.run.code == 1


# Encodings

GERMAN, CHINESE, RUSSIAN = "Größe, naïve Fähre – „Übersicht“", "渡輪今日停航三小時", "Паром сегодня не ходит"


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        (GERMAN, "cp1252", "utf-8"),
        (GERMAN, "cp1252", ""),
        (GERMAN, "utf-8", "iso-8859-1"),
        (GERMAN, "utf-16", "utf-8"),
        (GERMAN, "utf-16-le", ""),
        (GERMAN, "utf-16-be", "utf-16"),
        (CHINESE, "big5", "big5"),
        (CHINESE, "utf-8", "big5"),
        (CHINESE, "utf-8-sig", "gb2312"),
        ("渡轮今日停航三小时", "gb18030", "gb2312"),
        (CHINESE, "utf-16", ""),
        (RUSSIAN, "cp1251", "windows-1251"),
    ],
)
def test_encodings_of_exports_and_pages(tmp_path: Path, text: str, encoding: str, declared: str) -> None:
    xml = export(tmp_path, item(1, f"<p>{text}</p>", title=text), item(2)).read_text(encoding="utf-8")
    xml = xml.replace(' encoding="UTF-8"', f' encoding="{declared}"' if declared else "")
    html = page(charset=f'<meta charset="{declared}">' if declared else "").replace("Ada the cook", text)
    if declared != encoding and encoding != "utf-8":  # what no declaration says is only told from enough text
        html, xml = html.replace("</article>", f"<p>{text}. </p>" * 6 + "</article>"), xml.replace(f"<p>{text}", f"<p>{text} " * 6)
    (tmp_path / "export.xml").write_bytes(xml.encode(encoding, "xmlcharrefreplace"))
    (tmp_path / "page.html").write_bytes(html.encode(encoding, "xmlcharrefreplace"))
    done = bring_in(tmp_path, str(tmp_path / "export.xml"), str(tmp_path / "page.html"))
    assert done.run.code == 0
    assert len(done.articles) == 3
    assert sum(text in body for _, body in done.articles.values()) == 2


def test_windows_bytes_within_utf_8_are_told_and_read(tmp_path: Path) -> None:
    data = page().replace("Ada the cook", "Zoë the cook — 渡輪").encode().replace(b"waved", b"\x93waved\x94")
    done = bring_in(tmp_path, str(folder_of(tmp_path, one_html=data)))
    assert "no UTF-8 within UTF-8" in line_of(done, "one.html")
    assert "Zoë the cook — 渡輪" in done.only[1]
    assert "“waved”" in done.only[1]


# Dates, titles, ids


@pytest.mark.parametrize(
    "date",
    ["0000-00-00", "0001-01-01T00:00:00+14:00", "1601-01-01", "2999-12-31", "9999-12-31T23:59:59-14:00", "32/13/20", "never"],
)
def test_dates_that_are_none_are_told_in_records_pages_and_front_matter(tmp_path: Path, date: str) -> None:
    records = json.dumps({"title": "A record", "date": date, "body": "Words."})
    markdown = story("A post", f"'{date}'")
    html = page().replace("2021-05-04T10:00:00Z", date)
    done = bring_in(tmp_path, str(folder_of(tmp_path, a_jsonl=records, b_md=markdown, c_html=html)))
    assert len(done.articles) == 3
    assert done.run.code == 0
    assert [words.get("date") for words, _ in done.articles.values()] == [None] * 3
    assert done.run.err.count(": warning: date: ") == 3


@pytest.mark.parametrize("title", ["", "🎉🎉", "—", "…!?"])
def test_titles_without_a_letter(tmp_path: Path, title: str) -> None:
    records = json.dumps({"title": title, "date": "2020-01-02", "body": "The pier is open. It was closed."})
    post = f"---\ntitle: '{title or '?'}'\ndate: 2020-01-02\n---\nSome words."
    done = bring_in(tmp_path, str(folder_of(tmp_path, a_jsonl=records, b_md=post)))
    assert titles(done) == ["Some words.", "The pier is open. It was closed."]
    assert done.run.err.count("has no headline; its first words stand for one") == 2
    assert done.archive.run("check").out.count(": error:") == 0


def test_many_stories_of_one_name_get_names_of_their_own(tmp_path: Path) -> None:
    lines = [json.dumps({"title": "Weather", "date": "2020-01-02", "body": f"Rain, {number} mm."}) for number in range(60)]
    done = bring_in(tmp_path, str(folder_of(tmp_path, a_jsonl="\n".join(lines))))
    assert len(done.articles) == 60
    assert "2020/01/2020-01-02-weather-60.md" in done.articles


# Archives


def test_a_zip_with_traps(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as made:
        made.writestr("deep.html", page("Zed"))
    link = zipfile.ZipInfo("link.html")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr("good.html", page())
        made.writestr("../../slip.html", page("Slip"))
        made.writestr("/abs.html", page("Abs"))
        made.writestr("C:\\win.html", page("Win"))
        made.writestr(link, "/etc/hostname")
        made.writestr("inner.zip", inner.getvalue())
        made.writestr("x" * 300 + ".html", page("Long"))
        made.writestr("good.html", page("Twice"))
    done = bring_in(tmp_path, str(tmp_path / "a.zip"))
    assert titles(done) == ["Ada on the night ferry"]
    assert done.run.err.count("zip slip") == 3
    assert "is a link within an archive" in line_of(done, "link.html")
    assert "warning: is an archive within the source" in line_of(done, "inner.zip")
    assert "cannot be unpacked: File name too long" in line_of(done, "xxx")
    assert "has the name of an entry before it" in line_of(done, "a.zip/good.html")
    assert not list(tmp_path.glob("**/slip.html"))
    assert str(Path("/tmp/morgue-import-")) not in done.run.err


def test_a_tar_with_traps(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as made:
        for name, kind in (
            ("sym.html", tarfile.SYMTYPE),
            ("hard.html", tarfile.LNKTYPE),
            ("dev", tarfile.CHRTYPE),
            ("pipe", tarfile.FIFOTYPE),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/hostname"
            made.addfile(member)
        for name in ("good.html", "../up.html", "/abs.html", "a/../../b.html"):
            data = page(Path(name).stem).encode()
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(data), 0o000
            made.addfile(member, io.BytesIO(data))
    done = bring_in(tmp_path, str(tmp_path / "a.tar.gz"))
    assert titles(done) == ["good on the night ferry"]
    assert done.run.err.count("is a link or a device within an archive") == 4
    assert done.run.err.count("has a path that leaves the archive") == 3


def bomb(file: Path, size: int) -> None:
    """Write a zip whose one entry says that it has `size` bytes."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("big.html", b"\0" * 100_000)
    data = bytearray(file.read_bytes())
    at = data.index(b"PK\1\2")
    data[at + 24 : at + 28] = size.to_bytes(4, "little")
    file.write_bytes(data)


def test_bombs_are_refused_and_the_other_sources_are_in(tmp_path: Path) -> None:
    bomb(tmp_path / "bomb.zip", 4_000_000_000)
    sparse = tarfile.TarInfo("big.html")
    sparse.size = 900 * 10**9
    (tmp_path / "bomb.tar").write_bytes(sparse.tobuf(tarfile.GNU_FORMAT) + b"\0" * 10_240)
    done = bring_in(tmp_path, str(tmp_path / "bomb.zip"), str(tmp_path / "bomb.tar"), str(folder_of(tmp_path, one_html=page())))
    assert "would unpack to 4 GB" in line_of(done, "bomb.zip:0:0: error")
    assert "would unpack to 900 GB" in line_of(done, "big.html")
    assert titles(done) == ["Ada on the night ferry"]


@pytest.mark.parametrize("cut", [0.3, 0.7, 0.95])
@pytest.mark.parametrize("form", ["zip", "tar", "tar.gz", "tar.xz"])
def test_a_damaged_archive_is_told(tmp_path: Path, form: str, cut: float) -> None:
    file = tmp_path / f"a.{form}"
    names = [f"{number}.html" for number in range(8)]
    if form == "zip":
        with zipfile.ZipFile(file, "w") as made:
            for name in names:
                made.writestr(name, page(name[0]))
    else:
        with tarfile.open(file, f"w:{form[4:]}") as made:  # type: ignore[call-overload]
            for name in names:
                member = tarfile.TarInfo(name)
                member.size = len(page(name[0]))
                made.addfile(member, io.BytesIO(page(name[0]).encode()))
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * cut)])
    done = bring_in(tmp_path, str(file))
    lost = 8 - len(done.articles)
    assert lost or (form != "zip" and cut > 0.3)  # the end of a tar is zeros
    assert done.run.code == (1 if lost else 0)
    assert bool(lost) == (str(file) in done.run.err)


@pytest.mark.parametrize("end", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("name", ["story.gz", "story", "stories.jsonl.gz", "pages.tgz"])
def test_what_is_packed_and_breaks_off_is_told(tmp_path: Path, name: str, end: float) -> None:
    data = gzip.compress(page().encode() if "json" not in name else b'{"title": "Noon", "body": "Words."}\n')
    (tmp_path / name).write_bytes(data[: int(len(data) * end)])
    done = bring_in(tmp_path, str(tmp_path / name))
    assert done.run.code == 1
    assert done.run.err.startswith(str(tmp_path / name))


@pytest.mark.parametrize("more", [(), ("--media", "pictures", "--keep-originals"), ("--download", "--drafts", "--comments")])
def test_a_dry_run_says_what_the_import_would_and_writes_nothing(tmp_path: Path, more: tuple[str, ...]) -> None:
    folder = folder_of(tmp_path, one_html=page(), two_md=story("Noon", "2020-03-05"), bad_pdf=b"%PDF-1.7", wrong_html=b"%PDF-1.7")
    export(folder, item(1), item(2))
    dry = bring_in(tmp_path, str(folder), "--dry-run", *more)
    assert [path for path in dry.archive.folder.rglob("*") if path.name != "site.yml"] == []
    assert "Nothing was written (--dry-run)." in dry.run.out
    done = bring_in(tmp_path, str(folder), *more, into=dry.archive)
    assert dry.report["sources"] == done.report["sources"]
    assert dry.report["stories"] == done.report["stories"]
    assert dry.report["problems"] == done.report["problems"]


# What a file system holds


def test_pipes_links_and_circles_in_a_folder(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, good_html=page())
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.html").write_text(page("Secret"))
    os.mkfifo(folder / "pipe.html")
    (folder / "circle.html").symlink_to("circle.html")
    (folder / "round").symlink_to(folder)
    (folder / "dead.html").symlink_to("nothing.html")
    (folder / "out.html").symlink_to(tmp_path / "outside/secret.html")
    (folder / "away").symlink_to(tmp_path / "outside")
    done = bring_in(tmp_path, str(folder))
    assert titles(done) == ["Ada on the night ferry"]
    assert "is no regular file" in line_of(done, "pipe.html")
    assert "links in a circle" in line_of(done, "circle.html")
    assert "is a link to nothing" in line_of(done, "dead.html")
    assert "is a link out of" in line_of(done, "saved/out.html")
    assert "is a link out of" in line_of(done, "saved/away")


def test_a_source_that_is_a_pipe_or_not_there_is_wrong_usage(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "circle").symlink_to("circle")
    there = archive(tmp_path / "archive", SITE)
    assert (there.run("import", str(tmp_path / "pipe")).code, there.run("import", str(tmp_path / "none")).code) == (2, 2)
    for name in ("circle", "n" * 300):
        run = there.run("import", str(tmp_path / name))
        assert (run.code, run.err.count("\n")) == (1, 1)
        assert "cannot be read" in run.err


def test_names_that_are_no_utf_8(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    for name, text in ((b"caf\xe9.html", page()), (b"2020-01-02-na\xefve.md", story("", "", "A post.")), (b"bad\xff.html", "")):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(text)
    done = bring_in(tmp_path, str(folder), "--keep-originals")
    assert len(done.articles) == 2
    assert "bad\\udcff.html" in line_of(done, "is empty")
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/odd\xe9"))
    folder.rename(odd)
    again = bring_in(tmp_path, str(odd), into=done.archive)
    assert [row["same"] for row in again.report["sources"]].count(1) == 2


@pytest.mark.parametrize("into", ["..", "a/../../b", "/tmp/x", "content/../..", "out", "out/deep", ".hidden", "a\nb"])
def test_into_stays_below_content(tmp_path: Path, into: str) -> None:
    there = archive(tmp_path / "archive", {**SITE, "content/a.md": story()})
    (tmp_path / "elsewhere").mkdir()
    (there.folder / "content/out").symlink_to(tmp_path / "elsewhere")
    run = there.run("import", str(folder_of(tmp_path, one_html=page())), "--into", into)
    assert (run.code, run.err.count("\n")) == (2, 1)
    assert "--into" in run.err
    assert not list((tmp_path / "elsewhere").rglob("*"))
    assert len(articles_in(there)) == 1


MERE_MORTAL = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []


def morgue(there: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*MERE_MORTAL, sys.executable, "-m", "builder", "-C", str(there), "import", *arguments, "--jobs", "1"]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except FileNotFoundError:
        lacking("setpriv is not there")


def test_what_may_not_be_read_is_told_and_the_rest_is_in(tmp_path: Path) -> None:
    there = archive(tmp_path / "archive", SITE)
    folder = folder_of(tmp_path, good_html=page(), shut_html=page("Shut"))
    (folder / "closed").mkdir()
    (folder / "closed/one.html").write_text(page("Closed"))
    (folder / "shut.html").chmod(0)
    (folder / "closed").chmod(0)
    done = morgue(there.folder, str(folder))
    (folder / "closed").chmod(0o700)
    assert done.returncode == 1
    assert sorted(line.partition(": error: ")[2] for line in done.stderr.splitlines()) == ["cannot be read: Permission denied"] * 2
    assert len(articles_in(there)) == 1


def test_an_article_that_may_not_be_read_stops_the_import_before_its_story_comes_in_twice(tmp_path: Path) -> None:
    there = archive(tmp_path / "archive", SITE)
    folder = str(folder_of(tmp_path, good_html=page()))
    assert morgue(there.folder, folder).returncode == 0
    [article] = articles_in(there)
    article.chmod(0)
    done = morgue(there.folder, folder)
    article.chmod(0o600)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert f"{article}: cannot be read: Permission denied" in done.stderr
    assert len(articles_in(there)) == 1


@pytest.mark.parametrize("form", ["xml", "jsonl"])
def test_a_source_that_fails_amid_reading_is_a_source_that_cannot_be_read(
    tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = archive(tmp_path / "archive", SITE)
    file = export(tmp_path, *(item(number) for number in range(3)))
    if form == "jsonl":
        file = tmp_path / "a.jsonl"
        file.write_text('{"title": "Ferry", "body": "Words."}\n' * 3)
    real = Path.open
    times = 0

    def fail(path: Path, *given: Any, **words: Any) -> Any:
        nonlocal times
        times += path == file
        if path == file and times > 1:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        return real(path, *given, **words)

    monkeypatch.setattr(Path, "open", fail)
    run = there.run("import", str(file), "--jobs", "1")
    assert run.code in {1, 3}
    assert "cannot be read: Input/output error" in run.err
    assert "written" not in run.err + run.out


def test_a_destination_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    there = archive(tmp_path / "archive", {**SITE, "content/a.md": story()})
    (there.folder / "content").chmod(0o500)
    done = morgue(there.folder, str(folder_of(tmp_path, good_html=page())))
    (there.folder / "content").chmod(0o700)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "cannot be written: Permission denied" in done.stderr


@pytest.mark.parametrize(("part", "number"), [("content/", 3), ("morgue-import-", 1)])
def test_a_full_disk_leaves_whole_files_only(tmp_path: Path, part: str, number: int) -> None:
    there = archive(tmp_path / "archive", SITE)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        for name in "ABCDE":
            made.writestr(f"{name}.html", page(name))
    arguments = ("-C", str(there.folder), "import", str(tmp_path / "a.zip"), "--jobs", "1")
    done = run_with_fault("full", "open", part, number, arguments)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "No space left on device" in done.stderr
    assert 0 <= len(articles_in(there)) < number
    again = there.run(*arguments[2:])
    assert again.code == 0
    assert len(articles_in(there)) == 5
