"""Watches: what a declared search lists, its feed and the OPML, and that an edit gives what a clean build does."""

from __future__ import annotations

import json
from pathlib import Path

import feedparser
import listparser
import pytest

from tests.links import dead_links
from tests.sites import SITE, Archive, archive, story

WATCHES = "watches:\n  Harbour news: 'harbour OR 渡輪 -cruise'\n  Nothing yet: zeppelin*\n  Wire: 'agency:\"Harbour Wire\"'\n"
FOLDERS = {"harbour-news": "harbour OR 渡輪 -cruise", "nothing-yet": "zeppelin*", "wire": 'agency:"Harbour Wire"'}


@pytest.fixture
def site(tmp_path: Path) -> Archive:
    return archive(
        tmp_path / "site",
        {
            "site.yml": f"{SITE}undated: keep\n{WATCHES}",
            "content/a.md": story("Ferry", "2025-02-12", "In the harbours."),
            "content/b.md": story("Cruise", "2025-02-13", "In the harbour."),
            "content/c.md": story("三", "2025-03-13", "新渡輪。", agency="Harbour Wire", language="zh-Hant"),
            "content/d.md": story("No day", "", "A harbour."),
            "content/e.md": story("Gone", "2025-03-14", "A harbour.", withdrawn="Wrong."),
        },
    )


def assert_shows_what_the_search_finds(site: Archive, folder: Path) -> None:
    published = site.published()
    for slug, query in FOLDERS.items():
        results = json.loads(site.run("search", query, "--json", "--limit", "100").out)["results"]
        page = published[f"watches/{slug}/index.html"].decode()
        listed = [
            path for path in published if path.endswith(".html") and f'href="../../{path}"' in page and path[:2] in {"20", "un"}
        ]
        urls = {path for path in listed if not path.endswith("index.html")}
        assert urls == {result["url"] for result in results}, slug
        feed = feedparser.parse(published[f"watches/{slug}/feed.xml"])
        assert not feed.bozo
        assert {entry.link.removeprefix("https://lantern.example/") for entry in feed.entries} == {
            result["url"] for result in results if result["date"]
        }
    assert site.build("--clean", "--output", str(folder)).code == 0
    assert Archive(folder.parent).published(folder.name) == published


def test_a_watch_has_a_page_and_a_feed_of_what_the_search_finds(site: Archive, tmp_path: Path) -> None:
    assert site.build().code == 0
    assert dead_links(site.folder / "public") == []
    assert "Ferry" in site.page("watches/harbour-news/index.html")
    assert_shows_what_the_search_finds(site, tmp_path / "clean")
    feeds = {feed.url.removeprefix("https://lantern.example/") for feed in listparser.parse(site.page("feeds.opml")).feeds}
    assert {f"watches/{slug}/feed.xml" for slug in FOLDERS} | {"feeds/en.xml", "feeds/zh-hant.xml"} <= feeds
    assert "Harbour news" in site.page("feeds.html")

    site.write({"content/a.md": story("Ferry", "2025-02-12", "In the bay."), "content/f.md": story("Zeppelins", "2025-03-01")})
    assert site.build().code == 0
    assert "Zeppelins" in site.page("watches/nothing-yet/index.html")
    assert_shows_what_the_search_finds(site, tmp_path / "clean2")
    site.write({"site.yml": (site.folder / "site.yml").read_text().replace("zeppelin*", "bay")})
    assert site.build().code == 0
    assert "Ferry" in site.page("watches/nothing-yet/index.html")
    site.write({"site.yml": SITE + "undated: keep\n"})
    assert site.build().code == 0
    assert not [path for path in site.published() if path.startswith("watches/")]


@pytest.mark.parametrize(
    ("watches", "message"),
    [
        ("{Ferry: ''}", '"Ferry" searches for nothing'),
        ("{'!': x}", "no letter"),
        ("{AI: x, ai: y}", '"AI" and "ai" would have one'),
    ],
)
def test_what_cannot_be_watched_is_said_at_its_line(site: Archive, watches: str, message: str) -> None:
    site.write({"site.yml": f"{SITE}watches: {watches}\n"})
    built = site.build()
    assert (built.code, "site.yml:4:" in built.err, message in built.err) == (2, True, True), built.err


def test_a_language_has_a_feed_where_there_are_several(site: Archive) -> None:
    assert site.build().code == 0
    feed = feedparser.parse(site.published()["feeds/zh-hant.xml"])
    assert ([entry.title for entry in feed.entries], feed.feed.language, feed.feed.title) == (
        ["三"],
        "zh-Hant",
        "The Lantern: 繁體中文",
    )
    site.write({"content/c.md": None})
    assert site.build().code == 0
    assert not {"feeds/en.xml", "feeds/zh-hant.xml"} & set(site.published())
