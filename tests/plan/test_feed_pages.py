"""The site's feeds and their archive documents (RFC 5005): a closed chain from the newest month back."""

from __future__ import annotations

from pathlib import PurePosixPath

from lxml import etree

from tests.sites import Archive

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_newest_dated_articles_are_in_all_three(planned: Archive) -> None:
    for path in ("feed.xml", "atom.xml", "feed.json"):
        text = planned.page(path)
        assert text.index("A tide") < text.index("A pier") < text.index("A crane") < text.index("A ferry"), path
        assert "Taken back" not in text


def test_the_chain_of_documents_has_every_dated_article_once(planned: Archive) -> None:
    path, titles = "feed.xml", []
    while path:
        feed = etree.fromstring(planned.page(path).encode())
        if path != "feed.xml":
            titles += feed.xpath("//*[local-name() = 'item' or local-name() = 'entry']/*[local-name() = 'title']/text()")
        links = {link.get("rel"): link.get("href") for link in feed.iter(f"{ATOM}link")}
        target = links.get("prev-archive", "")
        path = str(PurePosixPath(target.removeprefix("https://lantern.example/"))) if target else ""
    assert sorted(titles) == ["A crane", "A ferry", "A pier", "A tide"]
