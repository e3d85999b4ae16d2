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
from builder.export.name_scan import MAX_WHOLE
from tests.pictures import picture
from tests.sites import SITE, Archive, archive, story

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
    assert "seal" not in run.err
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


@pytest.mark.parametrize("max_whole", [MAX_WHOLE, 40])
def test_a_name_is_found_in_packed_files_of_any_size(site: Archive, monkeypatch: pytest.MonkeyPatch, max_whole: int) -> None:
    monkeypatch.setattr("builder.export.name_scan.MAX_WHOLE", max_whole)
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


@pytest.mark.parametrize("max_whole", [MAX_WHOLE, 60_000])
def test_a_packed_copy_of_the_site_is_named_by_itself(site: Archive, monkeypatch: pytest.MonkeyPatch, max_whole: int) -> None:
    assert site.run("export", str(site.folder / "copy.wacz"), "--format", "wacz").code == 0
    monkeypatch.setattr("builder.export.name_scan.MAX_WHOLE", max_whole)
    before = places(site)
    kinds = (
        "public/search/t/",
        "public/search (postings",
        "copy.wacz: archive/site.warc.gz: https://lantern.example/search (postings",
    )
    for kind in kinds:
        assert any(place.startswith(kind) for place in before), f"{kind}: {before}"
    assert site.run("remove", "content/a.md", "--reason", "other", "--yes").code == 0
    after = places(site)
    assert after and all(place.startswith("copy.wacz") for place in after)
    assert "copy.wacz: archive/site.warc.gz: https://lantern.example/feed.xml" in after


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
        ("陳大文", "陳<b>大文</b>", True),
        ("王明", "王\u3000明", True),
        ("歐陽 志明", "歐陽志明", True),
        ("歐陽志明", "歐陽&nbsp;志明", True),
        ("김 철수", "김철수", True),
        ("王明", "王先生和明", False),
        ("Wing-Sung", "Wing Sung", True),
        ("Wing-Sung", "wingsung", True),
        ("Ann Lee", "AnnLee", False),
    ],
)
def test_a_name_is_known_in_all_its_spellings(name: str, text: str, is_there: bool) -> None:
    assert bool(name_pattern(name).search(text.encode())) is is_there


def test_all_articles_of_a_byline_go_at_once_whether_published_or_not(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "site.yml": f"{SITE}bylines: {{陳大文: {{aliases: [Chan Tai-man]}}}}\n",
        "content/深 資料夾/一 則.md": story("One", byline="陳大文"),
        "content/cafe\u0301/two.md": story("Two", byline="Chan Tai-man", id="two", images="[own.png]"),
        "content/cafe\u0301/own.png": PNG,
        "content/draft.md": story("Draft", byline="陳大文", draft="true"),
        "content/gone.md": story("Gone", byline="[Ann Lee, 陳大文]", withdrawn="true"),
        "content/stays.md": story("Stays", byline="陳大明"),
    }
    site = archive(tmp_path, files)
    assert site.build().code == 0
    kept = {"content/stays.md"}
    named = {path for path in files if path.startswith("content/")} - kept
    run = site.run("remove", "--byline", "陳大文", "--reason", "court-order", stdin="n\n")
    assert (run.code, set(run.out.splitlines()) >= named, "Remove 4 articles" in run.out) == (1, True, True), run.out
    run = site.run("remove", "--byline", "陳大", "--reason", "court-order")
    assert (run.code, "no article has the byline 陳大" in run.err) == (2, True), run.err
    assert site.run("remove", "--byline", "chan tai-man", "--reason", "court-order", "--yes").code == 0
    assert {path for path in files if (site.folder / path).exists()} == {"site.yml", *kept}
    assert places(site, "Chan Tai-man") == ["site.yml"], "what the archive's keeper wrote is theirs to change"
    assert (site.folder / "removals.yml").read_text().count("court-order") == 3, "the draft was at no address"


def test_articles_are_listed_in_a_file_or_found_by_a_search(site: Archive) -> None:
    site.write({"content/c.md": story("Pier", body="A zeppelin."), "content/d.md": story("Quay", "2025-03-01"), "list.txt": ""})
    assert site.build().code == 0
    run = site.run("remove", "--from", "-", "--reason", "other", "--yes", stdin="2025/02/12/b.html\n\ncontent/d.md\n")
    assert run.code == 0, run.err
    assert not any((site.folder / f"content/{name}.md").exists() for name in "bd")
    site.write({"seals/manifest-sha512.txt": f"{'0' * 128}  bylines/ada-brook/index.html\n"})
    run = site.run("remove", "content/a.md", "--reason", "other", stdin="n\n")
    assert "morgue seal" not in run.err
    run = site.run("withdraw", "--query", "zeppelin", "--reason", "It fell.")
    assert (run.code, [Path(line).name for line in run.out.splitlines()]) == (0, ["c.md"])
    assert site.run("withdraw", "--query", "dirigible", "--reason", "It fell.").code == 2
    run = site.run("remove", "--reason", "other")
    assert (run.code, "--byline NAME" in run.err) == (2, True)
    run = site.run("withdraw", "--byline", NAME, "--reason", "It fell.")
    assert run.code == 0
    run = site.run("withdraw", "--byline", NAME, "--reason", "It fell.")
    assert (run.code, "content/a.md: is withdrawn already" in run.err) == (0, True)
    run = site.run("remove", "content/a.md", "--reason", "other", "--yes")
    assert (run.code, "seal the archive again" in run.err) == (0, True), run.err
    assert places(site, "Ada Brook") == ["public/seal/manifest-sha512.txt", "seals/manifest-sha512.txt"]


def test_an_original_that_others_were_read_from_stays_and_no_checksum_leads_out(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"x").hexdigest()
    files: dict[str, str | bytes] = {
        **{f"content/{name}.md": story(name, captured_sha256=digest, id=name, byline=name) for name in ("a", "b", "c")},
        "content/evil.md": story("Evil", captured_sha256="aa/../../site.yml", byline="a"),
        f"originals/{digest[:2]}/{digest}": b"x",
    }
    site = archive(tmp_path, files)
    assert site.build().code == 0
    run = site.run("remove", "--byline", "a", "content/b.md", "--reason", "other", "--yes")
    assert run.code == 0, run.err
    assert ("other articles were read from it too" in run.err, (site.folder / "originals" / digest[:2] / digest).exists()) == (
        True,
        True,
    )
    assert (site.folder / "site.yml").exists()
    assert site.run("remove", "content/c.md", "--reason", "other", "--yes").code == 0
    assert not any((site.folder / "originals").rglob("*"))
