"""The list of feeds as readers of feeds import it."""

from __future__ import annotations

import listparser

from builder.config.site import Site
from builder.formats.opml import opml


def test_a_reader_finds_every_feed_in_its_group() -> None:
    site = Site(title="Harbour & Lantern", url="https://lantern.example/archive")
    rows = [
        ("Ferries <new>", "tags/ferries/feed.xml", "tags/ferries/index.html"),
        ("Piers", "tags/piers/feed.xml", "tags/piers/index.html"),
    ]
    parsed = listparser.parse(opml(site, "All stories", [("Topics", rows), ("Agencies", [])]))
    assert [(feed.title, feed.url, [*feed.tags]) for feed in parsed.feeds] == [
        ("All stories", "https://lantern.example/archive/feed.xml", []),
        ("Ferries <new>", "https://lantern.example/archive/tags/ferries/feed.xml", ["Topics"]),
        ("Piers", "https://lantern.example/archive/tags/piers/feed.xml", ["Topics"]),
    ]
    assert not parsed.bozo
