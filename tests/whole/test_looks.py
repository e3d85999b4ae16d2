"""What pages lead with and say, as a reader sees it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.sites import Archive, archive, story


@pytest.fixture
def site(tmp_path: Path) -> Archive:
    files = {f"content/{n}.md": story(f"Story {n}", f"2024-{n:02}-03", slug=f"s{n}") for n in range(1, 9)}
    pictured = story("Pictured", "2024-08-01", slug="p", images="[https://a.example/p.jpg]")
    site = archive(tmp_path, {**files, "content/p.md": pictured})
    assert site.build().code == 0
    return site


def test_the_newest_story_leads_and_shortly_before_is_said_of_nothing_else(site: Archive) -> None:
    home = site.page("index.html")
    assert ">Story 8</a>" in home.partition('<article class="lead">')[2].partition("</article>")[0]
    assert "Shortly before" not in home
    site.write({f"content/{n}.md": story(f"Story {n}", f"2024-08-{n:02}", slug=f"s{n}") for n in range(1, 9)})
    assert site.build().code == 0
    assert "Shortly before" in site.page("index.html")


CALENDAR = """window.calendar = new Promise((done) => document.addEventListener("load", (event) => {
  if (event.target.src?.endsWith("/on-this-day/days.js")) done(true);
}, true));"""
"""Gives each page a promise that holds once the script has run that writes the days before and after."""


@pytest.mark.browser
def test_pages_from_a_disk_lead_on_and_say_where_the_feeds_will_be(site: Archive, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 900})
    public = site.folder / "public"
    page.add_init_script(CALENDAR)
    page.goto((public / "feeds.html").as_uri())
    assert page.locator(".from-disk").is_visible()
    for path, before, after in (
        ("2024/index.html", None, None),
        ("2024/03/index.html", "← February 2024", "April 2024 →"),
        ("2024/08/01/index.html", "← 3 July 2024", "3 August 2024 →"),
        ("2024/01/03/index.html", None, "3 February 2024 →"),
    ):
        page.goto((public / path).as_uri())
        page.evaluate("() => window.calendar")
        links = {rel: page.locator(f'.beside a[rel="{rel}"]') for rel in ("prev", "next")}
        found = [link.text_content() if link.count() else None for link in links.values()]
        assert found == [before, after], path
        if after:
            links["next"].click()
            assert page.locator("h1").text_content() == after.removesuffix(" →")
    page.goto((public / "index.html").as_uri())
    years, lead = (page.locator(name).bounding_box() for name in ("#years", ".lead"))
    assert years is not None
    assert lead is not None
    assert lead["y"] < years["y"]
    assert page.evaluate("document.querySelector('.site-nav ul').scrollWidth <= document.querySelector('.site-nav ul').clientWidth")
    page.close()


@pytest.mark.browser
def test_tables_on_a_phone_show_their_reasons_or_fade_where_they_go_on(tmp_path: Path, browser: Browser) -> None:
    withdrawn = "{date: 2025-03-01, reason: It named the wrong captain of the ferry and of the pilot boat}"
    files = {
        "content/a.md": story(source="Quay"),
        "content/w.md": story("Captain of the ferry named", slug="w", withdrawn=withdrawn),
    }
    site = archive(tmp_path, files)
    assert site.build().code == 0
    for width, stacked in ((390, True), (1280, False)):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto((site.folder / "public/withdrawn.html").as_uri())
        story_box, reason = (page.locator(f".ledger {cell}").bounding_box() for cell in ("tbody th", "td:last-child"))
        assert story_box is not None
        assert reason is not None
        assert (reason["y"] > story_box["y"] + story_box["height"] - 1) == stacked
        assert reason["x"] + reason["width"] <= width
        page.goto((site.folder / "public/coverage.html").as_uri())
        fade = "() => getComputedStyle(document.querySelector('.scroll:has(.coverage)')).getPropertyValue('--fade')"
        assert (page.evaluate(fade) != "0px") == stacked
        page.evaluate("() => { document.querySelector('.scroll:has(.coverage)').scrollLeft = 9999; }")
        page.wait_for_function(f"({fade})() === '0px'")
        page.close()
