"""Web archives come in: the newest good capture of each page, encodings undone, redirects as aliases, coverage by day."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter as Writer

from tests.importers.imports import Imported, bring_in
from tests.sites import archive, story

WORDS = "The ferry sailed at noon, with nobody aboard but its crew of four and a heron. " * 3


class WARCWriter(Writer):  # type: ignore[misc]  # warcio has no types
    """warcio's, which leaves temporary files open that Python complains of in whatever test runs then: these lie in memory."""

    @staticmethod
    def _create_temp_file() -> io.BytesIO:
        return io.BytesIO()


def page(title: str, words: str = WORDS, day: str = "2019-05-04") -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{day}T10:00:00Z"><meta property="og:title" content="{title}"></head>'
        f'<body><article><h1>{title}</h1><p>{words}</p><p>It came back in the evening, and <a href="/about">the harbour master</a> '
        f"wrote that down in the book that he keeps for it.</p></article></body></html>"
    ).encode()


def record(
    writer: WARCWriter, url: str, body: bytes, date: str = "2020-01-01T00:00:00Z", status: str = "200 OK",
    headers: tuple[tuple[str, str], ...] = (), kind: str = "response",
) -> Any:  # fmt: skip
    own = {"WARC-Date": date}
    http = StatusAndHeaders(status, [("Content-Type", "text/html"), *headers], protocol="HTTP/1.1")
    made = writer.create_warc_record(url, kind, payload=io.BytesIO(body), http_headers=http, warc_headers_dict=own)
    writer.write_record(made)
    return made


def warc(*captures: tuple[Any, ...], compressed: bool = True) -> bytes:
    target = io.BytesIO()
    writer = WARCWriter(target, gzip=compressed)
    for capture in captures:
        record(writer, *capture)
    return target.getvalue()


def bring_in_warc(folder: Path, data: bytes, name: str = "crawl.warc.gz") -> Imported:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    return bring_in(folder, str(folder / name))


@pytest.mark.parametrize("compressed", [True, False])
def test_the_newest_good_capture_of_a_page_comes_in(tmp_path: Path, compressed: bool) -> None:
    data = warc(
        ("https://quay.example/noon", page("Noon ferry", WORDS.replace("heron", "gull")), "2020-01-01T00:00:00Z"),
        ("https://quay.example/noon?utm_source=x", page("Noon ferry"), "2020-01-03T00:00:00Z"),
        ("https://quay.example/noon", b"Gone", "2020-01-04T00:00:00Z", "404 Not Found"),
        compressed=compressed,
    )
    done = bring_in_warc(tmp_path, data, "crawl.warc.gz" if compressed else "crawl.warc")
    words, body = done.only
    assert (words["title"], words["captured_at"]) == ("Noon ferry", "2020-01-03T00:00:00+00:00")
    assert "heron" in body
    assert "(https://quay.example/about)" in body


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "chunked"])
def test_compressed_and_chunked_bodies_are_read(tmp_path: Path, encoding: str) -> None:
    body = page("Noon ferry")
    coded = {
        "gzip": gzip.compress(body), "deflate": zlib.compress(body),
        "chunked": b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (100, body[:100], len(body) - 100, body[100:]),
    }[encoding]  # fmt: skip
    header = ("Transfer-Encoding" if encoding == "chunked" else "Content-Encoding", encoding)
    done = bring_in_warc(tmp_path, warc(("https://quay.example/noon", coded, "2020-01-01T00:00:00Z", "200 OK", (header,))))
    assert done.only[0]["title"] == "Noon ferry"
    assert "heron" in done.only[1]


def test_the_headers_charset_counts(tmp_path: Path) -> None:
    body = page("Café noir").decode().encode("cp1252")
    done = bring_in_warc(tmp_path, warc(("https://quay.example/noon", body, "2020-01-01T00:00:00Z", "200 OK", (("X", "1"),))))
    assert done.only[0]["title"] == "Café noir"


def test_redirects_become_aliases(tmp_path: Path) -> None:
    data = warc(
        ("https://quay.example/?p=7", b"", "2020-01-01T00:00:00Z", "301 Moved", (("Location", "/2019/old"),)),
        ("https://quay.example/2019/old", b"", "2020-01-01T00:00:00Z", "302 Found", (("Location", "https://quay.example/noon/"),)),
        ("http://quay.example/noon/", b"", "2020-01-01T00:00:00Z", "301 Moved", (("Location", "https://quay.example/noon/"),)),
        ("https://quay.example/noon/", page("Noon ferry"), "2020-01-02T00:00:00Z"),
    )
    assert bring_in_warc(tmp_path, data).only[0]["aliases"] == ["/2019/old"]


def test_a_revisit_stands_for_the_body_that_it_saw_again(tmp_path: Path) -> None:
    target = io.BytesIO()
    writer = WARCWriter(target, gzip=True)
    first = record(writer, "https://quay.example/noon", page("Noon ferry"), "2020-01-01T00:00:00Z")
    http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    digest = first.rec_headers.get_header("WARC-Payload-Digest")
    again = writer.create_revisit_record(
        "https://quay.example/noon", digest, "https://quay.example/noon", "2020-01-01T00:00:00Z", http
    )
    again.rec_headers.replace_header("WARC-Date", "2020-02-01T00:00:00Z")
    writer.write_record(again)
    done = bring_in_warc(tmp_path, target.getvalue())
    assert done.only[0]["captured_at"] == "2020-02-01T00:00:00+00:00"
    assert done.report["sources"][0]["coverage"]["2020-02-01"] == {"revisit": 1, "stories": 1}


def test_coverage_says_what_the_archive_holds_and_what_became_stories(tmp_path: Path) -> None:
    data = warc(
        ("https://quay.example/a", page("First ferry"), "2020-01-01T00:00:00Z"),
        ("https://quay.example/b", page("Second ferry", WORDS.replace("noon", "one")), "2020-01-02T00:00:00Z"),
        ("https://quay.example/c", b"No", "2020-01-02T00:00:00Z", "404 Not Found"),
        ("https://quay.example/d", b"<html><body><p>Log in</p><input type='password'></body></html>", "2020-01-02T00:00:00Z"),
    )
    done = bring_in_warc(tmp_path, data)
    assert done.report["sources"][0]["coverage"] == {
        "2020-01-01": {"200": 1, "pages": 1, "stories": 1}, "2020-01-02": {"200": 2, "404": 1, "pages": 2, "stories": 1},
    }  # fmt: skip
    assert "2020-01-02: 2 × 200, 1 × 404; 2 pages, 1 stories" in done.run.out
    assert (done.report["sources"][0]["written"], done.report["sources"][0]["refused"]) == (2, 1)


def test_a_warc_that_is_cut_short_gives_what_is_whole(tmp_path: Path) -> None:
    first = warc(("https://quay.example/a", page("First ferry")), compressed=False)
    both = first + warc(("https://quay.example/b", page("Second ferry")), compressed=False)
    done = bring_in_warc(tmp_path, both[:-400], "crawl.warc")
    assert done.run.code == 1
    assert done.only[0]["title"] == "First ferry"
    assert f"breaks off within the record at byte {len(first)} (https://quay.example/b)" in done.run.err


def test_a_compressed_warc_that_is_cut_short_gives_what_is_whole(tmp_path: Path) -> None:
    first = warc(("https://quay.example/a", page("First ferry")))
    both = first + warc(("https://quay.example/b", page("Second ferry")))
    done = bring_in_warc(tmp_path, both[:-60])
    assert done.run.code == 1
    assert done.only[0]["title"] == "First ferry"
    assert f"at byte {len(first)}" in done.run.err


def test_a_broken_gzip_member_costs_none_but_itself(tmp_path: Path) -> None:
    parts = [warc((f"https://quay.example/{n}", page(f"Ferry {n}", WORDS.replace("noon", f"{n} o'clock")))) for n in (1, 2, 3)]
    broken = bytearray(parts[1])
    broken[len(broken) // 2 : len(broken) // 2 + 40] = b"\0" * 40
    done = bring_in_warc(tmp_path, parts[0] + bytes(broken) + parts[2])
    assert done.run.code == 1
    assert sorted(words["title"] for words, _ in done.articles.values()) == ["Ferry 1", "Ferry 3"]
    assert f"byte {len(parts[0])}" in done.run.err


def test_a_file_that_is_no_warc_is_told(tmp_path: Path) -> None:
    done = bring_in_warc(tmp_path, b"\x1f\x8b\x08\0 nonsense that no tool wrote")
    assert done.run.code == 1
    assert "crawl.warc.gz" in done.run.err


def test_a_wacz_of_our_own_comes_back_with_its_stories(tmp_path: Path) -> None:
    files = {
        f"content/2019-05-0{n}-ferry-{n}.md": story(f"Ferry {n}", f"2019-05-0{n}", WORDS.replace("noon", f"{n} o'clock"))
        for n in (1, 2)
    }
    there = archive(tmp_path / "old", files)
    assert there.build().code == 0
    assert there.run("export", str(tmp_path / "site.wacz"), "--format", "wacz").code == 0
    done = bring_in(tmp_path, str(tmp_path / "site.wacz"))
    assert {words["title"] for words, _ in done.articles.values()} >= {"Ferry 1", "Ferry 2"}


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.6, 0.9])
def test_a_warc_that_is_cut_anywhere_in_its_last_record_is_named_as_cut(tmp_path: Path, compressed: bool, share: float) -> None:
    first = warc(("https://quay.example/a", page("First ferry")), compressed=compressed)
    last = warc(("https://quay.example/b", page("Second ferry")), compressed=compressed)
    done = bring_in_warc(tmp_path, first + last[: int(len(last) * share) or 1], "crawl.warc.gz" if compressed else "crawl.warc")
    assert done.run.code == 1
    assert done.only[0]["title"] == "First ferry"
    assert "NoneType" not in done.run.err


@pytest.mark.parametrize("length", [b"Content-Length: abc", b"Content-Length: -7", b"X-Length: 7"])
@pytest.mark.parametrize("compressed", [True, False])
def test_a_record_of_no_sound_length_is_named_with_its_place(tmp_path: Path, compressed: bool, length: bytes) -> None:
    parts = [
        warc((f"https://quay.example/{n}", page(f"Ferry {n}", WORDS.replace("noon", f"{n}h"))), compressed=False) for n in "abc"
    ]
    head, _, rest = parts[1].partition(b"Content-Length: ")
    parts[1] = head + length + b"\r\n" + rest.partition(b"\r\n")[2]
    parts = [gzip.compress(part) for part in parts] if compressed else parts
    done = bring_in_warc(tmp_path, b"".join(parts), "crawl.warc.gz" if compressed else "crawl.warc")
    assert done.run.code == 1
    assert sorted(words["title"] for words, _ in done.articles.values()) == ["Ferry a", "Ferry c"]
    assert f"cannot be read at byte {len(parts[0])} (Content-Length is " in done.run.err
    assert "https://quay.example/b" in done.run.err


def test_a_page_that_came_without_a_type_is_a_page(tmp_path: Path) -> None:
    data = warc(("https://quay.example/noon", page("Noon ferry")), compressed=False)
    assert data.count(b"Content-Type: text/html") == 1
    done = bring_in_warc(tmp_path, data.replace(b"Content-Type: text/html", b"X-Content-T: text/html "), "crawl.warc")
    assert done.only[0]["title"] == "Noon ferry"


def packaged(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as package:
        package.writestr("datapackage.json", "{}")
        for name, data in files:
            package.writestr(f"archive/{name}", data)
    return target.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("place", ["data", "header", "directory", "method"])
def test_a_damaged_file_in_a_package_costs_none_but_itself(tmp_path: Path, method: int, place: str) -> None:
    sound, other = (
        warc(("https://quay.example/a", page("Sound"))),
        warc(("https://quay.example/b", page("Other")), compressed=False),
    )
    data = bytearray(packaged(("a.warc.gz", sound), ("b.warc", other), method=method))
    at = data.rindex(b"PK\1\2") if place in {"directory", "method"} else data.index(b"archive/b.warc")
    if place == "data":
        data[at + 120 : at + 125] = b"\0\xff\0\xff\0"
    elif place == "header":
        data[at - 30] = 0
    elif place == "directory":
        data[at] = 0
    else:
        data[at + 10] = 99
    done = bring_in_warc(tmp_path, bytes(data), "crawl.wacz")
    titles = {words["title"] for words, _ in done.articles.values()}
    assert titles >= ({"Sound"} if place != "directory" else set())
    assert done.run.code == 1
    assert all(line.startswith(f"{tmp_path}/crawl.wacz") for line in done.run.err.splitlines())
    assert done.run.err.count(": error: ") >= 1
