"""Languages written from right to left: the article, its headline in lists, and the interface where it is the site's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from builder.base.directions import direction_of
from tests.sites import SITE, Archive, archive, story

ARABIC = story("رصيف جديد", "2025-02-12", "افتتح اليوم.", language="ar", summary="خبر قصير.")
ENGLISH = story("A new pier", "2025-02-11", "It opened.", language="en", summary="Short news.")

URDU = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Search"\nmsgstr "تلاش"\n'


def site(folder: Path, language: str) -> Archive:
    made = archive(folder, {"site.yml": f"{SITE}language: {language}\n", "content/a.md": ARABIC, "content/b.md": ENGLISH})
    assert made.build().code == 0
    return made


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("ar", "rtl"), ("he-IL", "rtl"), ("fa", "rtl"), ("ur_PK", "rtl"), ("ckb", "rtl"), ("dv", "rtl"), ("yi", "rtl"),
        ("az-Arab", "rtl"), ("pa-Arab-PK", "rtl"), ("ar-Latn", "ltr"), ("ku", "ltr"), ("en", "ltr"), ("zh-Hant", "ltr"), ("", "ltr"),
    ],
)  # fmt: skip
def test_directions(language: str, direction: str) -> None:
    assert direction_of(language) == direction


def test_an_article_of_the_other_direction_says_so_wherever_it_stands(tmp_path: Path) -> None:
    for language, path, words in (("en", "2025/02/12/a.html", 'ar" dir="rtl'), ("ar", "2025/02/11/b.html", 'en" dir="ltr')):
        made = site(tmp_path / language, language)
        page = made.page(path)
        for element in ("<h1", '<p class="standfirst"', '<div class="text"'):
            assert f'{element} lang="{words}"' in page
        for listing in ("index.html", "2025/02/index.html", path.rpartition("/")[0] + "/index.html"):
            headline = re.search(rf'<a href="[^"]*{path.rpartition("/")[2]}"([^>]*)>', made.page(listing))
            assert headline is not None and headline[1] == f' lang="{words}"', listing


def test_the_interface_has_the_direction_of_the_sites_language(tmp_path: Path) -> None:
    assert '<html lang="en">' in site(tmp_path / "en", "en").page("index.html")
    archive(tmp_path / "ur", {"templates/locales/ur/LC_MESSAGES/messages.po": URDU})
    made = site(tmp_path / "ur", "ur")
    assert all('<html lang="ur" dir="rtl">' in made.page(path) for path in ("index.html", "404.html", "search.html"))
    assert "→" in made.page("2025/02/12/a.html").split('class="earlier"')[1].split("</a>")[0]


@pytest.mark.browser
def test_nothing_hangs_out_of_a_page_from_right_to_left(tmp_path: Path, browser: Browser) -> None:
    made = site(tmp_path, "ar")
    for width in (390, 1280):
        page = browser.new_page(viewport={"width": width, "height": 900})
        for path in ("index.html", "2025/02/12/a.html", "2025/02/index.html", "search.html"):
            page.goto((made.folder / "public" / path).as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") == width
        page.goto((made.folder / "public/2025/02/12/a.html").as_uri())
        box = page.locator("h1").bounding_box()
        assert box is not None and page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "rtl"
        page.close()


@pytest.mark.browser
def test_english_words_of_a_page_from_right_to_left_keep_their_order_and_begin_at_its_right(
    tmp_path: Path, browser: Browser
) -> None:
    made = site(tmp_path, "fa")
    assert ": <bdi>The Lantern. https://lantern.example/</bdi>" in made.page("about.html")  # in whichever direction its names are
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto((made.folder / "public/search.html").as_uri() + "?q=news")
    page.wait_for_selector("#results > li")
    count = page.locator("#result-count")
    assert count.evaluate("(line) => [getComputedStyle(line).textAlign, getComputedStyle(line).direction]") == ["right", "rtl"]
    number, words = count.evaluate(
        """(line) => ["1", "story"].map((part) => {
          const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT), range = document.createRange();
          for (let text; (text = walker.nextNode()); ) {
            const at = text.data.indexOf(part);
            if (at >= 0) return range.setStart(text, at), range.setEnd(text, at + part.length), range.getBoundingClientRect().left;
          }
        })"""
    )
    assert number < words
    page.close()


PERSIAN = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Search"\nmsgstr "جستجو"\n'


@pytest.mark.browser
@pytest.mark.parametrize(("language", "words"), [("fa", ""), ("fa", PERSIAN), ("th", "")], ids=["fa", "fa in Persian", "th"])
def test_scripts_write_dates_and_numbers_as_pages_do(tmp_path: Path, browser: Browser, language: str, words: str) -> None:
    """Browsers would write those of fa and th in other calendars and digits."""
    folder = tmp_path / f"templates/locales/{language}/LC_MESSAGES"
    if words:
        folder.mkdir(parents=True)
        (folder / "messages.po").write_text(words, encoding="utf-8")
    made = site(tmp_path, language)
    page = browser.new_page()

    def figures(path: str, selector: str) -> list[str]:
        page.goto((made.folder / "public").as_uri() + path)
        page.wait_for_selector(selector)
        return re.findall(r"\d+|[A-Z]\w+", page.locator(selector).first.inner_text())

    day = figures("/2025/02/11/b.html", "time.published")
    assert day == (["11", "2025"] if words else ["11", "February", "2025"])
    assert figures("/search.html?q=news", "#results time") == figures("/2025/02/12/index.html", '.beside a[rel="prev"]') == day
    page.close()
