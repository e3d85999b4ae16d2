"""A removed article is nowhere; a name that is asked for is found in every kind of place, and after its removal in none."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from builder.export.name_pattern import name_pattern
from tests.pictures import picture
from tests.sites import Archive, archive, story

NAME = "Wing-Sung Quillfeather"
PNG = picture(kind="PNG")


@pytest.fixture
def site(tmp_path: Path) -> Archive:
    original = b"<p>Taken from Wing-Sung <b>Quillfeather</b></p>"
    digest = hashlib.sha256(original).hexdigest()
    named = story("Ferries", id="a", byline=NAME, images="[own.png, both.png]", captured_sha256=digest, tags="[ferry]")
    other = story(
        "Harbour", id="b", byline="Wing Other", images="[both.png]", body="Quillfeather is a rare word. Wing is another one."
    )
    files: dict[str, str | bytes] = {
        "content/a.md": named, "content/b.md": other, "content/own.png": PNG, "content/both.png": PNG + b"x",
        f"originals/{digest[:2]}/{digest}": original,
    }  # fmt: skip
    site = archive(tmp_path, files)
    assert site.build().code == 0
    return site


def places(site: Archive, name: str = NAME) -> list[str]:
    run = site.run("check", "--absent", name)
    assert run.code == bool(run.out.replace("Nowhere.\n", "")), run.err
    return run.out.splitlines()


def test_a_removed_article_is_nowhere_and_its_line_is_shown(site: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    before = places(site)
    kinds = (
        "content/a.md", "originals/", "public/2025/02/12/a.html", "public/feed.xml", "public/atom.xml", "public/feed.json",
        "public/bylines/index.html", "public/search/d/", "public/search/t/", "public/search (postings", ".morgue/state.sqlite: bodies",
        ".morgue/state.sqlite: articles", ".morgue/browser.sqlite: blocks", ".morgue/whoosh (stored documents)",
    )  # fmt: skip
    for kind in kinds:
        assert any(place.startswith(kind) for place in before), f"{kind}: {before}"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1771000000")
    run = site.run("remove", "content/a.md", "--reason", "data-protection", "--yes")
    assert run.code == 0, run.err
    assert places(site) == ["Nowhere."]
    assert not (site.folder / "content/own.png").exists()
    assert (site.folder / "content/both.png").exists(), "another article has it"
    assert not any((site.folder / "originals").rglob("*"))
    line = '"2025/02/12/a.html": {date: 2026-02-14, reason: data-protection}'
    assert (site.folder / "removals.yml").read_text().splitlines()[1:] == [line]
    page = site.page("withdrawn.html")
    assert "2025/02/12/a.html" in page and "Data protection" in page
    run = site.build()
    assert (run.code, "addresses.txt" in run.err) == (0, False), "nobody is warned of an address that the law took"
    assert site.run("check").code == 0


def test_nothing_goes_unless_it_is_said(site: Archive) -> None:
    before = site.published()
    run = site.run("remove", "content/a.md", "--reason", "other", stdin="n\n")
    assert (run.code, site.published() == before, (site.folder / "content/a.md").exists()) == (1, True, True)
    assert site.run("remove", "content/a.md", "--reason", "whim").code == 2
    site.write({"content/bad.md": "---\ntitle: x\ndate: never\n---\n"})
    run = site.run("remove", "content/a.md", "--reason", "other", "--yes")
    assert (run.code, "Mend the errors first" in run.err, (site.folder / "content/a.md").exists()) == (2, True, True)


def test_a_name_is_found_in_packed_files(site: Archive) -> None:
    name = "Ada Brook"
    text = f"by {name.upper()}, at noon".encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive_:
        archive_.writestr("inner.txt.gz", gzip.compress(text))
    warc = io.BytesIO()
    writer = WARCWriter(warc, gzip=True)
    headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), ("Content-Encoding", "gzip")], protocol="HTTP/1.1")
    body = io.BytesIO(gzip.compress(text))
    record = writer.create_warc_record(
        "https://x.example/story", "response", payload=body, length=len(body.getvalue()), http_headers=headers
    )
    writer.write_record(record)
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as bag:
        entry = tarfile.TarInfo("bag/data.txt")
        entry.size = len(text)
        bag.addfile(entry, io.BytesIO(text))
    site.write({
        "content/files/a.zip": packed.getvalue(), "originals/b.warc.gz": warc.getvalue(), "static/c.tar": tar.getvalue(),
        "originals/d": "陳大文".encode("big5"), "content/ada-brook.txt": b"",
    })  # fmt: skip
    assert places(site, name) == [
        "content/ada-brook.txt (its name)", "content/files/a.zip: inner.txt.gz", "originals/b.warc.gz: https://x.example/story",
        "static/c.tar", "static/c.tar: bag/data.txt",
    ]  # fmt: skip
    assert places(site, "陳大文") == ["originals/d"]


@pytest.mark.parametrize(
    ("name", "text", "is_there"),
    [
        ("José Ñandú", "jose\u0301 \u00d1ANDU\u0301", True),
        ("José Ñandú", "jos%C3%A9-%C3%B1and%C3%BA", True),
        ("José Ñandú", "Jos&#233; Ñandú", True),
        ("José Ñandú", r"Jos\u00e9\u00a0Ñandú", True),
        ("Ann Lee", "ann&nbsp;<em>lee</em>,", True),
        ("Ann Lee", "Ann Leeds", False),
        ("Ann Lee", "Ann was told by Lee", False),
        ("陳大文", "bylines/%E9%99%B3%E5%A4%A7%E6%96%87/", True),
        ("陳大文", "陳大明", False),
    ],
)
def test_a_name_is_known_in_all_its_spellings(name: str, text: str, is_there: bool) -> None:
    assert bool(name_pattern(name).search(text.encode())) is is_there
