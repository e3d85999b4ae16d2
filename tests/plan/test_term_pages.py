"""Taxonomies: a list of each, a page and a feed for each term, months where a term is big."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.archive import listings
from tests.plan.pages import links
from tests.sites import Archive, archive, story


def test_each_term_has_a_page_and_a_feed_with_its_own_articles(planned: Archive) -> None:
    paths = planned.published()
    terms = {path for path in paths if path.startswith(("tags/", "agencies/"))}
    folders = ("agencies/harbour-wire", "tags/cranes", "tags/harbour")
    assert terms == {
        "agencies/index.html", "tags/index.html", *(f"{folder}/{name}" for folder in folders for name in ("index.html", "feed.xml"))
    }  # fmt: skip
    page = planned.page("tags/harbour/index.html")
    assert [title in page for title in ("A ferry", "A crane", "A pier", "A tide")] == [True, True, True, False]
    assert "<title>A crane</title>" in planned.page("tags/cranes/feed.xml")


def test_the_list_of_a_taxonomy_has_its_terms(planned: Archive) -> None:
    found = [path for path in links(planned, "tags/index.html") if path.startswith("tags/") and path.count("/") == 2]
    assert found == ["tags/cranes/index.html", "tags/harbour/index.html"]


def test_a_big_term_has_months_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "MAX_COMPLETE_LIST", 2)
    files = {f"content/{number}.md": story(f"Story {number}", f"2020-0{number}-01", tags="[harbour]") for number in range(1, 5)}
    site = archive(tmp_path, dict(files))
    assert site.build().code == 0
    assert {f"tags/harbour/2020-0{number}.html" for number in range(1, 5)} <= set(site.published())
    assert "Story 2" in site.page("tags/harbour/2020-02.html")
    assert "Story 3" not in site.page("tags/harbour/2020-02.html")
