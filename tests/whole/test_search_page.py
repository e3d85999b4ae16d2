"""The search page as readers use it: in Chromium, over http and from a file, on a desk and a phone, in English and Chinese."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import served
from tests.effort import IS_WHOLE
from tests.sites import SITE, Archive, archive, story

pytestmark = pytest.mark.proof

EVIL = "<script>document.title='gone'</script> & \"quotes\""


def files() -> dict[str, str | bytes]:
    made: dict[str, str | bytes] = {
        "site.yml": "title: The Lantern\nurl: https://lantern.example/archive/\ntimezone: Asia/Hong_Kong\n"
    }
    for number in range(37):
        made[f"content/{number}.md"] = story(
            f"Harbour report {number}", f"{2004 + number % 6}-03-{1 + number % 20:02}", "Ships and cranes at the port. " * (1 + number % 3),
            agency="Delta News" if number % 3 else "Harbour Wire", source="The Lantern", section="Business" if number % 2 else "World",
            type="news" if number % 5 else "analysis", tags=f"[ports, t{number % 14}]", byline="Ana Bako",
        )  # fmt: skip
    made["content/zh.md"] = story(
        "巴黎人工智能峰會閉幕", "2008-02-11", "各國代表在巴黎討論人工智能的未來。", language="zh-Hant", tags="[峰會]"
    )
    made["content/evil.md"] = story(
        f"'Kraken {EVIL.replace(chr(39), chr(39) * 2)}'",
        "2007-01-01",
        "A kraken was seen. =1+1, the sailors said.",
        byline="'=cmd()'",
    )
    made["content/gone.md"] = story(
        "Withdrawn kraken", "2007-01-02", "Kraken again.", withdrawn="{date: 2008-01-01, reason: untrue}"
    )
    made["content/corrected.md"] = story(
        "A correction", "2007-01-03", "All well.", corrections="[{date: 2007-01-05, text: The leviathan was a whale.}]"
    )
    made["content/cited.md"] = story(
        "'Dredging: 100% done, says A_B'", "2007-01-04 09:30", "A quay was dredged at *no* cost.", agency="[Harbour Wire, Delta News]",
        source="The Lantern", byline="[Ana Bako, Ri Ton]", dateline="Quay", slugline="QUAY/DREDGE", original_url="https://wire.example/q?a=1",
        archived_url="https://web.example/1/q", captured_at="2010-01-01", rights="Harbour Wire", tags="[works]", language="en-GB", summary="A summary.",
    )  # fmt: skip
    made["content/narwhal.md"] = story(
        "Nothing in the text", "2007-01-06", "Of it.", tags="[narwhal, whales]", byline="Nell Narwhal"
    )
    for number, day in enumerate(("0201-02-03", "2007-05-06", "2008-05-06")):
        made[f"content/outlier-{number}.md"] = story(
            f"Far away {number}", day, "An outlier.", agency="Delta News", source="Delta News", tags=f"[{', '.join(f'outlier {tag}' for tag in range(12))}]"
        )  # fmt: skip
    made["content/rtl.md"] = story("מגדלור", "2007-01-07", "A lighthouse **made of** stone; made for those at sea.", language="he")
    return made


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    made = archive(tmp_path_factory.mktemp("page") / "site", files())
    assert made.build("--quiet").code == 0
    return made


SETTINGS = ("http on a desk", "file on a phone", "http on a phone", "file on a desk")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """In `make test` let one test be over http on a desk, the next from a file on a phone; in `make prove` each be in all settings."""
    if "setting" in metafunc.fixturenames:
        at = zlib.crc32(metafunc.function.__name__.encode()) % 2
        metafunc.parametrize("setting", SETTINGS if IS_WHOLE else SETTINGS[at : at + 1], indirect=True, scope="module")


@pytest.fixture(scope="module")
def setting(request: pytest.FixtureRequest) -> str:
    """How the page is opened, and on what."""
    return str(request.param)


@pytest.fixture(scope="module")
def address(setting: str, site: Archive) -> Iterator[str]:
    public = site.folder / "public"
    with ExitStack() as stack:
        yield stack.enter_context(served(public)) if setting.startswith("http") else public.as_uri()


@pytest.fixture
def page(setting: str, browser: Browser) -> Iterator[Page]:
    width, height = (1280, 900) if setting.endswith("desk") else (390, 844)
    context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
    made = context.new_page()
    trouble: list[str] = []
    made.on("pageerror", lambda error: trouble.append(str(error)))
    made.on(
        "console",
        lambda message: (
            trouble.append(message.text) if message.type in {"error", "warning"} and "ERR_F" not in message.text else None
        ),
    )
    yield made
    context.close()
    assert trouble == []


def hits(page: Page, count: str) -> list[str]:
    """The first links of the hits, once the page says that there are `count`."""
    expect(page.locator("#result-count")).to_have_text(re.compile(rf"^{count} "))
    return [
        str(link.evaluate("(link) => link.getAttribute('href')"))
        for link in page.locator("#results > li").all()
        for link in [link.locator("a").first]
    ]


def state(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def unfold(page: Page) -> None:
    if not page.locator(".filters").evaluate("(filters) => filters.open"):
        page.locator(".filters > summary").click()


def test_results_come_while_one_types_and_the_address_follows(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html")
    expect(page.locator(".ways-in")).to_be_visible()
    page.locator("#find").press_sequentially("kraken", delay=20)
    (only,) = hits(page, "1")
    assert only.startswith("2007/01/01/evil.html#find=kraken")
    assert state(page) == {"q": ["kraken"]}
    expect(page.locator(".ways-in")).to_be_hidden()
    expect(page.locator("#results .excerpt mark").first).to_have_text("kraken")
    assert EVIL in page.locator("#results a").first.inner_text()
    assert page.title() == "Search - The Lantern"
    page.locator("#results a").first.click()
    expect(page.locator("mark.found").first).to_be_visible()
    assert {mark.lower() for mark in page.locator("mark.found").all_inner_texts()} == {"kraken"}
    page.go_back()
    assert hits(page, "1") == [only]
    assert page.locator("#find").input_value() == "kraken"


def test_filters_years_sort_and_pages_combine_and_the_back_button_undoes_them(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q=ships")
    assert len(hits(page, "37")) == 10
    unfold(page)
    page.get_by_role("checkbox", name="Harbour Wire").click()
    first = hits(page, "13")
    assert len(first) == 10
    expect(page.locator(".pages a")).to_have_count(2)
    expect(page.get_by_role("checkbox", name="Harbour Wire")).to_be_focused()
    page.get_by_role("link", name="Page 2").click()
    expect(page.locator("#results > li")).to_have_count(3)
    assert state(page) == {"q": ["ships"], "agency": ["harbour-wire"], "page": ["2"]}
    page.get_by_role("button", name=re.compile("^2004:")).click()
    expect(page.locator("#result-count")).to_have_text(re.compile("^7 "))
    assert state(page) == {"q": ["ships"], "agency": ["harbour-wire"], "since": ["2004"], "until": ["2004"]}
    expect(page.get_by_role("button", name=re.compile("^2004:"))).to_have_attribute("aria-pressed", "true")
    page.locator("#sort").select_option("oldest")
    dates = page.locator("#results time")
    expect(dates.first).to_have_attribute("datetime", "2004-03-01")
    for expected in ("^7 ", "^13 ", "^13 ", "^37 "):
        page.go_back()
        expect(page.locator("#result-count")).to_have_text(re.compile(expected))
    assert state(page) == {"q": ["ships"]}
    page.go_forward()
    hits(page, "13")
    page.get_by_role("button", name="Remove Harbour Wire").click()
    hits(page, "37")


def test_a_link_holds_the_whole_search(page: Page, address: str) -> None:
    page.goto(
        f"{address}/search.html?q=ships&tag=ports&tag=t3&type=News&section=World&section=Business&since=2005&until=2009-12-31&sort=newest"
    )
    found = hits(page, "[1-9]")
    assert found
    assert page.locator("#sort").input_value() == "newest"
    assert page.locator("#since").input_value() == "2005"
    assert page.locator(".chips li").count() == 7
    dates = page.locator("#results time").evaluate_all("(times) => times.map((time) => time.dateTime)")
    assert dates == sorted(dates, reverse=True)


def test_a_second_agency_widens_the_answer_and_a_second_topic_narrows_it(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q=cranes")
    hits(page, "37")
    unfold(page)
    page.get_by_role("checkbox", name="Harbour Wire").click()
    hits(page, "13")
    expect(page.locator("[data-facet=agency] li")).to_have_text([re.compile("Delta News 24"), re.compile("Harbour Wire 13")])
    page.get_by_role("checkbox", name="Delta News").click()
    hits(page, "37")
    assert state(page)["agency"] == ["harbour-wire", "delta-news"]
    page.get_by_role("checkbox", name="t3").click()
    hits(page, "3")
    expect(page.locator("[data-facet=tag] li")).to_have_text([re.compile("ports 3"), re.compile("t3 3")])


def test_a_range_of_languages_and_a_byline_are_called_by_their_names(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?language=zh&byline=nobody&byline=ana-bako")
    expect(page.locator("#result-count")).to_have_text(re.compile("^0 "))
    page.goto(f"{address}/search.html?language=zh")
    hits(page, "1")
    expect(page.get_by_role("button", name="Remove Chinese")).to_be_visible()
    unfold(page)
    expect(page.get_by_role("checkbox", name=re.compile("^Chinese 1$"))).to_be_checked()
    page.goto(f"{address}/search.html?byline=ana-bako")
    hits(page, "38")
    expect(page.get_by_role("button", name="Remove Ana Bako")).to_be_visible()


def test_why_a_story_was_found_is_seen_in_its_headline_and_names(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q=narwhal")
    hits(page, "1")
    expect(page.locator("#results mark")).to_have_text(["Narwhal", "narwhal"])
    expect(page.locator("#results .meta")).to_contain_text("Nell Narwhal")
    expect(page.locator("#results .meta")).not_to_contain_text("whales")
    page.locator("#results a").first.click()
    expect(page.locator("mark.found")).to_have_text(["Narwhal", "narwhal"])  # in the byline and the topics of its page
    page.goto(f"{address}/search.html?q=nothing")
    page.locator("#results a").first.click()
    expect(page.locator("h1 mark.found")).to_have_text("Nothing")
    page.goto(f"{address}/search.html?q=title%3Anothing")
    expect(page.locator("#results .story-title mark")).to_have_text("Nothing")
    page.goto(f"{address}/search.html?q={quote('峰')}")
    hits(page, "1")
    expect(page.locator("#results .story-title mark")).to_have_text("峰")


def test_one_date_far_from_all_others_makes_no_row_of_a_thousand_years(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q=outlier")
    hits(page, "3")
    expect(page.locator(".by-year .tick")).to_have_text(["0201", "2007", "2008"])
    page.get_by_role("button", name=re.compile("^0201:")).click()
    hits(page, "1")
    assert page.locator("#results .meta").inner_text().count("outlier") == 4, "a story of many topics would hide the next one"
    assert page.locator("#results .meta").inner_text().count("Delta News") == 1


def test_who_turns_the_page_reads_on_at_its_first_hit(page: Page, address: str) -> None:
    page.clock.install()
    page.goto(f"{address}/search.html?q=ships")
    hits(page, "37")
    page.get_by_role("link", name="Page 2").click()
    expect(page.locator("#results .story-title a").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#results .story-title a").nth(1)).to_be_focused()
    page.locator("#find").fill("ships ")
    page.clock.run_for(1000)  # every timer that the page has set
    assert state(page)["page"] == ["2"], "a space asks nothing new"


def test_what_is_written_from_right_to_left_stands_so(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q={quote('מגדלור')}")
    hits(page, "1")
    assert page.locator("#results .story-title a").evaluate("(link) => getComputedStyle(link).direction") == "rtl"
    assert page.locator("#results .excerpt").evaluate("(text) => getComputedStyle(text).direction") == "ltr"
    expect(page.locator("#result-count bdi")).to_have_text("מגדלור")


def test_a_phrase_is_marked_over_emphasis_and_not_over_paragraphs(page: Page, address: str) -> None:
    page.goto(f"{address}/2007/01/07/rtl.html#find=%22made%20of%20stone%22")
    expect(page.locator("mark.found")).to_have_text(["made of", " stone"])
    expect(page.locator(".text")).to_contain_text("A lighthouse made of stone; made for those")


def test_only_what_is_asked_for_and_nowhere_gets_a_better_spelling(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html")
    suggest = "async (query) => (await morgue.search.search({query})).suggestion()"
    for query in ("krak*", "harb* OR kraken", "ships -krakne", "agency:krakne", "title:kraken", '-"krakne seen"'):
        assert page.evaluate(suggest, query) is None, query
    for query, better in (
        ("krakne*", "kraken*"),
        ("Krakne -ships", "kraken -ships"),
        ("title:krakne OR krakne*", "title:kraken OR kraken*"),
    ):
        assert page.evaluate(suggest, query) == better
    assert page.evaluate(suggest, "KRÁKNE agency:krakne") == "kraken agency:kraken"


def test_a_long_question_is_said_in_short(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q={'ships+cranes+' * 300}")
    hits(page, "37")
    assert len(page.locator("#result-count").inner_text()) < 120
    assert len(page.locator("#find").input_value()) > 3000
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_on_paper_there_are_the_hits_and_what_was_asked(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q=ships&agency=harbour-wire")
    hits(page, "13")
    expect(page.get_by_role("button", name="Remove Harbour Wire")).to_be_visible()
    page.emulate_media(media="print")
    for gone in (".filters", ".by-year", ".order", ".pages", ".export", "#find"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.locator("#results > li")).to_have_count(10)
    expect(page.locator(".chips")).to_have_text("Harbour Wire ×")
    expect(page.locator(".chips button")).to_be_visible()


def test_facets_count_and_show_more(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q=ships")
    hits(page, "37")
    unfold(page)
    topics = page.locator("[data-facet=tag]")
    expect(topics.locator("li:visible")).to_have_count(10)
    topics.get_by_role("button", name="Show all").click()
    expect(topics.locator("li:visible")).to_have_count(15)
    counted = topics.locator("li").evaluate_all("(items) => items.map((item) => Number(item.querySelector('.count').textContent))")
    assert counted[0] == 37
    assert counted == sorted(counted, reverse=True)


def test_keys_lead_from_the_box_through_the_hits(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q=ships")
    hits(page, "37")
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#results .story-title a").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#results .story-title a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/2\d\d\d/.*html#find=ships"))


def test_a_wrong_word_gets_a_better_one_and_a_wrong_date_is_said(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q=krakne")
    expect(page.locator("#result-count")).to_have_text(re.compile("^0 "))
    expect(page.locator(".nothing")).to_be_visible()
    page.locator(".suggestion a").click()
    hits(page, "1")
    unfold(page)
    page.locator("#since").fill("2007-13")
    page.locator("#since").press("Tab")
    expect(page.locator("#date-trouble")).to_have_text("“2007-13” is no date: write 2024, 2024-05 or 2024-05-31")
    page.locator("#since").fill("2007-01")
    page.locator("#since").press("Tab")
    hits(page, "1")


def test_a_wrong_date_in_a_link_is_said_where_it_is_seen_and_leaves_no_older_answer(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q=ships&since=soon")
    expect(page.locator("#date-trouble")).to_be_visible()
    expect(page.locator("#since")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#until")).not_to_have_attribute("aria-invalid", "true")
    page.locator("#since").fill("2005")
    page.locator("#since").press("Tab")
    hits(page, "30")
    expect(page.locator("#since")).not_to_have_attribute("aria-invalid", "true")
    page.locator("#until").fill("2004-02-30")
    page.locator("#until").press("Tab")
    expect(page.locator("#date-trouble")).to_contain_text("2004-02-30")
    expect(page.locator("#results > li")).to_have_count(0)


def test_one_year_leads_to_another_and_with_shift_to_a_span(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q=ships")
    hits(page, "37")
    year = page.locator(".by-year button")
    expect(year).to_have_count(6)
    year.nth(1).focus()
    page.keyboard.press("Enter")
    hits(page, "6")
    expect(year).to_have_count(6)
    expect(year.nth(1)).to_be_focused()
    year.nth(3).click(modifiers=["Shift"])
    hits(page, "18")
    assert state(page) == {"q": ["ships"], "since": ["2005"], "until": ["2007"]}
    assert [bar.get_attribute("aria-pressed") for bar in year.all()] == ["false", "true", "true", "true", "false", "false"]
    year.nth(0).click()
    hits(page, "7")
    year.nth(0).click()
    hits(page, "37")
    assert state(page) == {"q": ["ships"]}


def test_back_leads_to_the_question_that_was_meant_not_to_every_letter(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html")
    page.locator("#find").press_sequentially("kraken", delay=20)
    page.locator("#find").press("Enter")
    hits(page, "1")
    page.locator("#find").fill("shi")
    expect(page.locator("#result-count")).to_have_text(re.compile("for shi$"))
    page.locator("#find").fill("ships")
    hits(page, "37")
    page.go_back()
    hits(page, "1")
    assert page.locator("#find").input_value() == "kraken"


def test_a_page_past_the_last_is_the_last(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q=ships&page=99")
    assert len(hits(page, "37")) == 7
    expect(page.locator(".pages [aria-current]")).to_have_text("4")


def test_a_fragment_that_is_no_encoding_marks_what_it_says(page: Page, address: str) -> None:
    page.goto(f"{address}/2007/01/01/evil.html#find=100%25%20kraken%")
    expect(page.locator("h1")).to_be_visible()
    page.goto("about:blank")
    page.goto(f"{address}/2007/01/01/evil.html#find=kraken")
    expect(page.locator("mark.found").first).to_have_text(re.compile("kraken", re.IGNORECASE))


def test_withdrawn_stories_are_not_found_and_corrections_are(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q=leviathan")
    assert [hit.partition("#")[0] for hit in hits(page, "1")] == ["2007/01/03/corrected.html"]
    page.goto(f"{address}/search.html?q=title%3Awithdrawn")
    expect(page.locator("#result-count")).to_have_text(re.compile("^0 "))


def test_chinese(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html")
    page.locator("#find").fill("人工智能")
    hits(page, "1")
    assert "人工智能" in page.locator("#results mark").all_inner_texts()
    assert page.locator("#results .excerpt").get_attribute("lang") == "zh-Hant"


@pytest.mark.parametrize(
    "query",
    ["x" * 10_000, "a " * 5_000, '"never closed', '""" - " "', "?!…—", "😀 👍🏽", "مرحبا שלום", EVIL, "-", "OR OR", "*", "title:", "agency:", "\\", "%00%ff", "the of a"],
    ids=lambda query: query[:12].strip(),
)  # fmt: skip
def test_no_question_is_too_strange(page: Page, address: str, query: str) -> None:
    page.goto(f"{address}/search.html")
    page.locator("#find").fill(query)
    expect(page.locator("#result-count")).to_have_text(re.compile(r"^\d+ "))
    expect(page.locator(".trouble")).to_be_hidden()
    assert page.title() == "Search - The Lantern"


@pytest.mark.parametrize("name", ["search/manifest.js", "search/t/"])
def test_a_file_that_does_not_load_is_said_and_tried_again(browser: Browser, site: Archive, name: str) -> None:
    with served(site.folder / "public") as address:
        page = browser.new_page()
        page.route(f"**/{name}*", lambda route: route.abort())
        page.goto(f"{address}/search.html?q=ships")
        expect(page.locator(".trouble")).to_contain_text(f"A part of the search index could not be loaded. ({name}")
        page.unroute(f"**/{name}*")
        page.get_by_role("button", name="Try again").click()
        hits(page, "37")
        expect(page.locator(".trouble")).to_be_hidden()
        page.close()


def test_a_script_that_does_not_load_is_said_and_the_page_tried_again(browser: Browser, site: Archive) -> None:
    with served(site.folder / "public") as address:
        page = browser.new_page()
        page.route("**/static/search.js*", lambda route: route.abort())
        page.goto(f"{address}/search.html?q=ships")
        expect(page.locator(".trouble")).to_contain_text("A part of the search index could not be loaded.")
        expect(page.locator(".ways-in")).to_be_visible()
        page.unroute("**/static/search.js*")
        page.get_by_role("button", name="Try again").click()
        hits(page, "37")
        page.close()


def test_a_host_that_allows_no_connections_is_searched_by_scripts(browser: Browser, site: Archive) -> None:
    with served(site.folder / "public") as address:
        page = browser.new_page()
        page.add_init_script("window.fetch = () => Promise.reject(new TypeError('Failed to fetch'));")
        page.goto(f"{address}/search.html?q=ships")
        hits(page, "37")
        page.close()


def test_a_page_that_a_host_sends_for_what_is_not_there_is_no_index(browser: Browser, site: Archive) -> None:
    with served(site.folder / "public") as address:
        page = browser.new_page()
        page.route("**/search/t/*", lambda route: route.fulfill(status=200, content_type="text/html", body="<p>Welcome"))
        page.goto(f"{address}/search.html?q=ships")
        expect(page.locator(".trouble")).to_contain_text("A part of the search index could not be loaded. (search/t/")
        page.close()


def test_a_failure_leaves_no_answer_of_another_question(browser: Browser, site: Archive) -> None:
    with served(site.folder / "public") as address:
        page = browser.new_page()
        page.goto(f"{address}/search.html?q=ships")
        hits(page, "37")
        page.route("**/search/d/2007/0101*", lambda route: route.abort())
        page.locator("#find").fill("kraken")
        expect(page.locator(".trouble")).to_be_visible()
        expect(page.locator(".answer")).to_be_hidden()
        assert page.locator("#result-count").inner_text() == ""
        page.locator("#find").fill("leviathan")
        hits(page, "1")
        expect(page.locator(".trouble")).to_be_hidden()
        page.close()


def test_a_newer_question_overtakes_an_older_one(browser: Browser, site: Archive) -> None:
    with served(site.folder / "public") as address:
        page = browser.new_page()
        held: list[Route] = []
        page.goto(f"{address}/search.html?q=ships")
        hits(page, "37")
        page.route("**/search/d/2007/0101*", lambda route: held.append(route))
        with page.expect_request("**/search/d/2007/0101*"):
            page.locator("#find").fill("kraken")
        page.locator("#find").fill("leviathan")
        hits(page, "1")
        with page.expect_response("**/search/d/2007/0101*"):
            held[0].continue_()
        # The page waits for the same file, and longer than its older question does.
        late = "async () => (await (await morgue.search.search({query: 'kraken'})).hits(0, 1)).map(({title}) => title)"
        assert "Kraken" in page.evaluate(late)[0]
        assert page.locator("#results a").first.inner_text() == "A correction"
        page.close()


def taken(page: Page, kind: str) -> str:
    with page.expect_download() as download:
        page.locator(f"[data-kind={kind}]").click()
    return download.value.path().read_text(encoding="utf-8")


def test_the_list_can_be_taken_away(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q=ships+OR+kraken&sort=oldest")
    hits(page, "38")
    page.locator(".export > summary").click()
    rows: list[dict[str, str]] = list(csv.DictReader(io.StringIO(taken(page, "csv").removeprefix("\ufeff"))))
    data: list[dict[str, Any]] = json.loads(taken(page, "json"))
    assert len(rows) == len(data) == 38
    assert [row["url"] for row in rows] == [each["url"] for each in data]
    assert data[0]["url"].startswith("https://lantern.example/archive/2004/")
    assert [each["date"] for each in data] == sorted(each["date"] for each in data)
    assert (
        data[0].keys()
        == rows[0].keys()
        >= {"title", "date", "source", "agency", "byline", "section", "type", "tags", "language", "original_url", "id"}
    )
    evil = next(row for row in rows if "Kraken" in row["title"])
    assert evil["title"] == f"Kraken {EVIL}"
    assert evil["byline"] == "'=cmd()"
    ris = taken(page, "ris").replace("\r\n", "\n")
    assert ris.count("TY  - NEWS") == ris.count("\nER  - ") == 38
    assert "\nUR  - https://lantern.example/archive/2007/01/01/evil.html" in ris
    bib = taken(page, "bib")
    assert bib.count("@article{") == len(set(re.findall(r"@article\{(.+),", bib))) == 38
    assert r"\& " in bib


def test_what_is_taken_away_is_all_that_is_known_and_cites_as_the_story_does(page: Page, address: str, site: Archive) -> None:
    page.goto(f"{address}/search.html?q=dredging")
    hits(page, "1")
    page.locator(".export > summary").click()
    (data,) = json.loads(taken(page, "json"))
    assert data | {"id": ""} == {
        "title": "Dredging: 100% done, says A_B", "url": "https://lantern.example/archive/2007/01/04/cited.html", "date": "2007-01-04T09:30:00+08:00",
        "updated": "", "source": "The Lantern", "agency": ["Harbour Wire", "Delta News"], "byline": ["Ana Bako", "Ri Ton"], "dateline": "Quay", "section": "",
        "type": "", "tags": ["works"], "slugline": "QUAY/DREDGE", "language": "en-GB", "summary": "A summary.", "original_url": "https://wire.example/q?a=1",
        "archived_url": "https://web.example/1/q", "captured_at": "2010-01-01", "rights": "Harbour Wire", "id": "",
    }  # fmt: skip
    shown = [html.unescape(each) for each in re.findall(r"<pre[^>]*>(.*?)</pre>", site.page("2007/01/04/cited.html"), re.DOTALL)]
    ris = next(each for each in shown if each.startswith("TY"))
    bib = next(each for each in shown if each.startswith("@"))
    assert taken(page, "ris").replace("\r\n", "\n").split() == ris.split()
    assert taken(page, "bib").split("\n")[1:] == [*bib.strip().split("\n")[1:], ""]


def test_each_form_can_be_copied(browser: Browser, site: Archive) -> None:
    with served(site.folder / "public") as address:
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(f"{address}/search.html?q=dredging")
        hits(page, "1")
        page.locator(".export > summary").click()
        for kind, begin in {
            "csv": '\ufeff"title"',
            "json": "[\n",
            "bib": "@article{",
            "ris": "TY  - NEWS",
            "txt": "Dredging",
        }.items():
            page.evaluate("navigator.clipboard.writeText('')")
            page.locator(f"[data-copy={kind}]").click()
            expect(page.locator(".progress")).to_have_text("Copied")
            assert page.evaluate("navigator.clipboard.readText()").startswith(begin)
            page.locator("h1").click()
        context.close()


def test_without_scripts_the_ways_in_are_there(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/search.html?q=ships")
    assert "Searching needs JavaScript" in page.locator(".search").inner_text()
    assert page.get_by_role("link", name="2004").is_visible()
    context.close()


def test_nothing_of_the_search_is_loaded_on_other_pages(browser: Browser, site: Archive) -> None:
    with served(site.folder / "public") as address:
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/index.html")
        page.locator("#find").fill("kraken")
        page.locator("#find").press("Enter")
        page.wait_for_url(f"{address}/search.html?q=kraken")
        hits(page, "1")
        of_search = [url for url in asked if "search" in url]
        assert of_search[0] == f"{address}/search.html?q=kraken", "the page before it asked for one"
        assert len(of_search) > 1, "the search page has files of its own"
        page.close()


def test_the_page_speaks_chinese(site: Archive, browser: Browser) -> None:
    site.write({"site.yml": "title: 燈報\nurl: https://lantern.example/\nlanguage: zh-Hant\ntimezone: Asia/Hong_Kong\n"})
    try:
        assert site.build("--quiet", "--output", "zh").code == 0
        page = browser.new_page()
        page.goto(f"{(site.folder / 'zh').as_uri()}/search.html?q=ships")
        expect(page.locator("#result-count")).to_have_text("37 篇報道符合「ships」")
        expect(page.locator("#results time").first).to_contain_text("年")
        page.close()
    finally:
        site.write({"site.yml": files()["site.yml"]})


@pytest.mark.parametrize("years", [0, 1, 2, 3])
def test_an_archive_of_few_years_has_their_days_in_its_manifest(browser: Browser, tmp_path: Path, years: int) -> None:
    days = [f"{2004 + year}-{month}" for year in range(years) for month in ("01-02", "01-31", "12-28")]
    stories = {f"content/{day}.md": story("A ship", day, "It sailed.") for day in days}
    stories["content/undated.md"] = story("A ship", "", "It drifted.")
    small = archive(tmp_path / "site", {"site.yml": f"{SITE}undated: keep\n", **stories})
    assert small.build("--quiet").code == 0
    public = small.folder / "public"
    assert (public / "search/y").exists() == (years > 1), "the undated count as a year"
    page = browser.new_page()
    page.goto(f"{public.as_uri()}/search.html?q=ship&sort=newest")
    hits(page, str(len(stories)))
    found = [time.get_attribute("datetime") for time in page.locator("#results time").all()]
    assert found == sorted(days, reverse=True)[:10]
    page.close()
