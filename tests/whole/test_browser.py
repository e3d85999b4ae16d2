"""The built site as a reader has it: in a real browser, from a server and from a folder, on a phone and on a desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import served
from tests.effort import effort
from tests.links import dead_links
from tests.sites import Archive, archive, story

pytestmark = pytest.mark.proof

TODAY = datetime.now().astimezone().date()
SITE = "title: The Lantern\nurl: https://lantern.example/\ntimezone: Asia/Hong_Kong\nlanguage: {language}\nundated: keep\n"
LONG = "A headline without an end " * 12
FILES = {
    "content/a.md": story("Summit opens", "2019-02-12", "Words.\n\n| a | b |\n|---|---|\n| " + "wide " * 60 + "| 2 |\n\n```\n" + "x" * 300 + "\n```", tags="[AI summit, diplomacy]", agency="Harbour Wire"),
    "content/b.md": story(LONG, "2019-02-13", "More.", tags="[AI summit]", corrections="[{date: 2019-02-14, text: It was Tuesday.}]", byline="Ada Lam"),
    "content/c.md": story("立法會通過" + "撥款" * 30, "2020-03-01", "正文。", tags="[外交]", language="zh-Hant"),
    "content/d.md": story("https://archive.example/" + "x" * 70, "2021-05-05", "x"),
    "content/e.md": story("No day", ""),
    "content/f.md": story("Gone", "2021-05-06", withdrawn="{date: 2021-06-01, reason: Wrong}"),
    "content/g.md": story("Ten years ago today", f"{TODAY.year - 10 if (TODAY.month, TODAY.day) != (2, 29) else TODAY.year - 8}-{TODAY.month:02}-{TODAY.day:02}"),
    "content/h.md": story("Fresh", TODAY.isoformat()),
}  # fmt: skip


@pytest.fixture(scope="module", params=["en", "zh-Hant"])
def language(request: pytest.FixtureRequest) -> str:
    """The interface's language."""
    return str(request.param)


@pytest.fixture(scope="module")
def site(language: str, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """A small archive with what is hard to set, in each language of the interface."""
    made = archive(tmp_path_factory.mktemp("site"), {**FILES, "site.yml": SITE.format(language=language)})
    assert made.build().code == 0
    return made


@pytest.fixture(params=["file", "http"][: effort(1, 2)])
def address(request: pytest.FixtureRequest, language: str, site: Archive) -> Iterator[str]:
    """Where the site is opened from; in `make test` the English one from a folder and the Chinese one from a server."""
    folder = site.folder / "public"
    if (request.param == "file") == (language == "en"):
        yield folder.as_uri()
    else:
        with served(folder) as url:
            yield url


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that must not complain: an error in its console fails the test."""
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    page.close()
    assert said == []


def every_page(site: Archive) -> list[str]:
    folder = site.folder / "public"
    return [path for file in sorted(folder.rglob("*.html")) if (path := file.relative_to(folder).as_posix()) != "404.html"]


def test_no_page_is_wider_than_the_screen_and_none_complains(site: Archive, page: Page) -> None:
    for path in some_of_each_form(every_page(site)):
        page.goto(f"{(site.folder / 'public').as_uri()}/{path}")
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def some_of_each_form(paths: list[str]) -> list[str]:
    """Articles and single pages all; of days, months, years and each kind of group a few."""
    forms: dict[str, list[str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        form = (re.sub(r"\d+", "1", folder) if folder[:1].isdigit() else folder.partition("/")[0]) if name == "index.html" else path
        forms.setdefault(form, []).append(path)
    return [path for alike in forms.values() for path in alike[: effort(2, 1000)]]


def test_every_link_leads_to_a_file(site: Archive) -> None:
    assert dead_links(site.folder / "public", "https://lantern.example/") == []


def test_a_reader_goes_from_the_front_page_to_a_story_and_on(address: str, page: Page) -> None:
    page.goto(f"{address}/index.html")
    page.click("a:has-text('2019')")
    page.click("td a >> nth=0")
    page.click("a:has-text('Summit opens')")
    assert page.text_content("h1") == "Summit opens"
    page.click("a[rel=next]")
    assert (page.text_content("h1") or "").startswith("A headline without an end")
    page.click("a:has-text('AI summit')")
    assert page.text_content("h1") == "AI summit"


def test_a_story_says_how_old_it_is(address: str, page: Page) -> None:
    page.goto(f"{address}/2019/02/12/a.html")
    assert str(TODAY.year - 2019 - ((TODAY.month, TODAY.day) < (2, 12))) in (page.text_content(".notice.age") or "")
    page.goto(f"{address}/{TODAY:%Y/%m/%d}/h.html")
    assert page.is_hidden(".notice.age")


def test_on_this_day(address: str, page: Page) -> None:
    page.goto(f"{address}/index.html")
    page.wait_for_selector("#on-this-day:not([hidden]) >> text=Ten years ago today")
    page.click("#on-this-day a >> text=Ten years ago today")
    assert page.text_content("h1") == "Ten years ago today"


def test_colours_follow_the_system_and_the_choice(browser: Browser, address: str) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{address}/index.html")
    colour = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(colour)
    page.click(".theme-toggle")
    light = page.evaluate(colour)
    assert dark != light
    page.goto(f"{address}/about.html")
    assert page.evaluate(colour) == light, "the choice holds on the next page"
    context.close()


def test_the_keyboard_reaches_search_and_text(address: str, page: Page) -> None:
    page.goto(f"{address}/2019/02/12/a.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"


def test_pages_are_whole_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/2019/02/12/a.html")
    assert page.is_visible("h1")
    assert page.is_visible(".text")
    page.goto(f"{address}/search.html?q=x")
    assert page.is_visible("a:has-text('2019')"), "the ways in, where search cannot run"
    context.close()


def test_nothing_but_our_own_files_may_run(browser: Browser, site: Archive) -> None:
    page = browser.new_page()  # it will complain: that is what is wanted
    with served(site.folder / "public") as url:
        page.goto(f"{url}/index.html")
        blocked = page.evaluate(
            """() => new Promise(resolve => {
                document.addEventListener('securitypolicyviolation', event => resolve(event.violatedDirective), {once: true});
                const script = document.createElement('script'); script.textContent = 'window.ran = true'; document.body.append(script);
                if (window.ran) resolve('it ran');
            })"""
        )
        assert blocked == "script-src-elem"
        page.close()


def test_print_is_black_on_white_and_has_the_citation(address: str, page: Page) -> None:
    page.goto(f"{address}/2019/02/12/a.html")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}
    assert page.is_hidden(".find")
    assert "https://lantern.example/2019/02/12/a.html" in page.inner_text("body")
