"""ZIM: the site in one file, as the library's own reader opens it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from libzim.reader import Archive as ZimArchive

from tests.pictures import picture
from tests.sites import Archive, archive, story


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    files: dict[str, str | bytes] = {
        "site.yml": "title: The Lantern of a Harbour City and its Islands\nurl: https://lantern.example/\nlanguage: zh-Hant\ndescription: An archive.\nredirects: netlify\n",
        "content/a.md": story("Ships & <harbours>", images="[{src: ship.jpg, alt: A ship}]", aliases="[/old/a.html]"),
        "content/b.md": story("渡輪復航", "2025-02-13", slug="渡輪"),
        "content/ship.jpg": picture(),
    }
    built = archive(tmp_path_factory.mktemp("zim") / "site", files)
    assert built.build().code == 0
    return built


@pytest.fixture(scope="module")
def zim(site: Archive) -> ZimArchive:
    run = site.run("export", str(site.folder.parent / "site.zim"), "--format", "zim")
    assert (run.code, run.err, run.out.endswith(" files\n")) == (0, "", True)
    assert sorted(file.name for file in site.folder.parent.iterdir()) == ["site", "site.zim"]
    return ZimArchive(site.folder.parent / "site.zim")


def test_every_file_for_readers_is_in_it_with_its_bytes(site: Archive, zim: ZimArchive) -> None:
    published = {path: data for path, data in site.published().items() if path not in {"_redirects", ".nojekyll"}}
    assert {path: bytes(zim.get_entry_by_path(path).get_item().content) for path in published} == published
    assert zim.entry_count == len(published)
    assert not zim.has_entry_by_path("_redirects")
    assert zim.check()


def test_it_begins_with_the_home_page_and_has_titles_and_types(zim: ZimArchive) -> None:
    assert zim.main_entry.get_item().path == "index.html"
    entry = zim.get_entry_by_path("2025/02/12/a.html")
    assert (entry.title, entry.get_item().mimetype) == ("Ships & <harbours>", "text/html")
    assert zim.get_entry_by_path("2025/02/13/渡輪.html").title == "渡輪復航"
    assert zim.get_entry_by_path("static/style.css").get_item().mimetype == "text/css"
    text = {name: zim.get_metadata(name).decode() for name in ("Title", "Language", "Name", "Description")}
    assert text == {
        "Title": "The Lantern of a Harbour City",
        "Language": "zho",
        "Name": "lantern.example",
        "Description": "An archive.",
    }
    assert zim.has_illustration(48)


def test_style_scripts_pictures_and_links_lead_to_what_it_has(site: Archive, zim: ZimArchive) -> None:
    seen = 0
    for path, data in site.published().items():
        if path.endswith(".html") and path != "404.html":
            base = path.split("/")[:-1]
            for address in re.findall(r'<(?:link rel="stylesheet"|script|img|a)[^>]* (?:href|src)="([^"#?]+)', data.decode()):
                if not re.match(r"https?:", address):
                    parts = [*base, *unquote(address).split("/")]
                    while ".." in parts:
                        at = parts.index("..")
                        del parts[at - 1 : at + 1]
                    assert zim.has_entry_by_path("/".join(parts)), (path, address)
                    seen += 1
            assert not re.search(r'<(?:link rel="stylesheet"|script)[^>]* (?:href|src)="https?:', data.decode())
    assert seen > 100


def test_it_takes_no_search_and_says_what_to_install(site: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = site.run("export", str(tmp_path / "a.zim"), "--format", "zim", "--query", "ships")
    assert (run.code, "--format zim packs the whole site" in run.err) == (2, True)
    monkeypatch.setitem(sys.modules, "libzim", None)
    run = site.run("export", str(tmp_path / "a.zim"), "--format", "zim")
    assert (run.code, run.err) == (2, "--format zim needs libzim: pip install 'morgue[zim]'\n")
    assert list(tmp_path.iterdir()) == []
