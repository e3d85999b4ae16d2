"""Sitemaps and robots.txt: what crawlers are told, and how little of it a new story changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from builder.formats import sitemap
from builder.plan import sitemap_pages
from tests.sites import SITE, archive, story

BASE = "https://lantern.example/"
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def entries(data: bytes) -> list[tuple[str, str | None]]:
    """The addresses and dates of a sitemap or an index."""
    return [(item.findtext(f"{SPACE}loc"), item.findtext(f"{SPACE}lastmod")) for item in etree.fromstring(data)]


def test_addresses_are_whole_and_dates_w3c() -> None:
    data = sitemap.sitemap(
        [
            ("2025/02/12/a&b.html", "2025-02-12"),
            ("tags/外交/index.html", ""),
            ("b.html", "2025-02-12T09:30:00+08:00"),
            ("index.html", ""),
        ],
        BASE,
        "Asia/Hong_Kong",
    )
    assert entries(data) == [
        ("https://lantern.example/2025/02/12/a%26b.html", "2025-02-12"),
        ("https://lantern.example/tags/%E5%A4%96%E4%BA%A4/index.html", None),
        ("https://lantern.example/b.html", "2025-02-12T09:30:00+08:00"),
        ("https://lantern.example/", None),
    ]


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40), max_size=5))
def test_no_path_breaks_a_sitemap(paths: list[str]) -> None:
    found = entries(sitemap.sitemap([(path, "") for path in paths], BASE, "UTC"))
    assert len(found) == len(paths)
    assert all(address.isascii() and address.startswith(BASE) for address, _ in found if address)
    assert len(entries(sitemap.index(paths, BASE))) == len(paths)


def test_robots_lets_everyone_in() -> None:
    assert sitemap.robots(BASE).decode().splitlines() == ["User-agent: *", "Disallow:", "", f"Sitemap: {BASE}sitemap.xml"]


FILES = {
    "site.yml": "title: The Lantern\nurl: https://lantern.example/\ntimezone: Asia/Hong_Kong\nagencies:\n  Hidden Wire: {index: false}\n",
    "content/a.md": story("Corrected", "2024-02-12", corrections='[{date: "2025-01-01 10:00", text: It was two.}]'),
    "content/b.md": story("Plain", "2025-02-12"),
    "content/c.md": story("Gone", "2025-02-13", withdrawn="2025-02-14"),
    "content/d.md": story("Not ours", "2025-02-13", agency="Hidden Wire"),
}


def test_the_sitemap_of_a_site(tmp_path: Path) -> None:
    site = archive(tmp_path, FILES)
    assert site.build().code == 0
    found = dict(entries((tmp_path / "public/sitemap.xml").read_bytes()))
    assert found[f"{BASE}2024/02/12/a.html"] == "2025-01-01T10:00:00+08:00", "a correction is a change"
    assert found[f"{BASE}2025/02/12/b.html"] == "2025-02-12"
    assert not {f"{BASE}2025/02/13/c.html", f"{BASE}2025/02/13/d.html"} & set(found), "withdrawn, or not to be listed"
    for address in found:
        file = tmp_path / "public" / (address.removeprefix(BASE) or "index.html")
        assert file.is_file(), address
        assert b'name="robots" content="noindex"' not in file.read_bytes(), address


def test_a_big_site_has_an_index_and_a_new_story_changes_one_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap_pages, "SITEMAP_ENTRIES", 12)
    stories = {
        f"content/{year}-{day}.md": story(f"S {year} {day}", f"{year}-03-{day:02}") for year in (2023, 2024) for day in range(1, 15)
    }
    site = archive(tmp_path, stories)
    assert site.build().code == 0
    before = {path: data for path, data in site.published().items() if path.startswith("sitemap")}
    listed = [address.removeprefix(BASE) for address, _ in entries(before["sitemap.xml"]) if address]
    assert sorted(listed) == sorted(set(before) - {"sitemap.xml"})
    assert {"sitemap-2023.xml", "sitemap-2023-2.xml", "sitemap-2024.xml", "sitemap-pages.xml"} <= set(listed)
    assert all(len(entries(before[name])) <= 12 for name in listed)
    all_addresses = [address for name in listed for address, _ in entries(before[name])]
    assert len(all_addresses) == len(set(all_addresses))

    site.write({"content/2024-14.md": story("S 2024 14", "2024-03-14", updated="2024-05-01")})
    assert site.build().code == 0
    after = {path: data for path, data in site.published().items() if path.startswith("sitemap")}
    assert {path for path in after if after[path] != before[path]} == {"sitemap-2024-2.xml"}


def test_browsers_can_take_the_archive_among_their_search_engines(tmp_path: Path) -> None:
    site = archive(
        tmp_path / "site", {"site.yml": SITE.replace("The Lantern", "The Lantern & Harbour Gazette"), "content/a.md": story()}
    )
    assert site.build().code == 0
    described = etree.fromstring(site.published()["opensearch.xml"])
    space = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    assert described.findtext("o:ShortName", namespaces=space) == "The Lantern & Ha"
    assert described.findtext("o:LongName", namespaces=space) == "The Lantern & Harbour Gazette"
    (url,) = described.findall("o:Url[@type='text/html']", space)
    assert url.get("template") == "https://lantern.example/search.html?q={searchTerms}"
    for page in ("index.html", "search.html"):
        assert (
            'type="application/opensearchdescription+xml" title="The Lantern &amp; Harbour Gazette" href="opensearch.xml"'
            in site.page(page)
        )
