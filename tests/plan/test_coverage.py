"""coverage.html: what is held of each source and month, and what was never collected."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from builder.config.month_spans import check_span
from tests.sites import SITE, Archive, archive, story

COLLECTED = SITE + "undated: keep\ncollected:\n  The Kite: [2019-11/2020-02, 2020-12]\n  Never Seen: 2021\n"
STORIES = {
    "content/a.md": story("A", "2019-11-03", source="The Kite"),
    "content/b.md": story("B", "2019-11-04", source="The Kite"),
    "content/c.md": story("C", "2020-02-29", source="The Kite"),
    "content/d.md": story("D", "2020-05-01", source="Far Shore"),
    "content/e.md": story("E", "", source="Far Shore"),
    "content/f.md": story("F", "2018", source="Far Shore"),
    "content/g.md": story("G", "2020-06-01", source="The Kite", withdrawn="Wrong."),
    "content/h.md": story("H", "2020-07-01"),
}


def _row(page: str, source: str, year: str) -> list[str]:
    """The cells of one year of a source: a count, "never" where it was never collected; the last is the year's."""
    section = page.split(f'id="coverage-{source}"')[1].split("</section>")[0]
    cells = re.search(rf'<th scope="row">{year}</th>(.*?)</tr>', section, re.DOTALL)
    assert cells is not None
    found = re.findall(r'<td class="([^"]*)">(.*?)</td>', cells[1])
    return ["never" if kind == "never" else re.sub("<.*?>", "", text) for kind, text in found]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    built = archive(tmp_path_factory.mktemp("coverage"), {"site.yml": COLLECTED, **STORIES})
    assert built.build().code == 0
    return built


def test_months_outside_the_spans_are_never_collected(site: Archive) -> None:
    page = site.page("coverage.html")
    assert _row(page, "the-kite", "2019") == ["never"] * 10 + ["2", "0", "2"]
    assert _row(page, "the-kite", "2020") == ["0", "1", *["never"] * 9, "0", "1"]
    assert _row(page, "never-seen", "2021") == ["0"] * 13


def test_of_a_source_without_spans_nothing_is_said_to_lack(site: Archive) -> None:
    page = site.page("coverage.html")
    assert _row(page, "far-shore", "2020") == ["0", "0", "0", "0", "1", *["0"] * 7, "1"]
    assert _row(page, "far-shore", "2018") == ["0"] * 12 + ["1"], "a story of a year alone is no story of January"


def test_undated_withdrawn_and_nameless_stories_are_counted(site: Archive) -> None:
    page = site.page("coverage.html")
    kite, shore, others = (
        page.split(f'id="coverage-{name}"')[1].split("<table")[0] for name in ("the-kite", "far-shore", "others")
    )
    assert "Withdrawn stories: 1" in kite
    assert "Undated stories: 1" in shore
    assert 'class="count">1</span>' in others


def test_the_search_page_says_it_in_one_line(site: Archive) -> None:
    assert 'href="coverage.html">What is here and what is not</a>: 19 months never collected' in site.page("search.html")


def test_a_change_equals_a_clean_build(site: Archive, tmp_path: Path) -> None:
    site.write({"site.yml": COLLECTED.replace("2020-12", "2020-11/"), "content/i.md": story("I", "2022-01-01", source="Far Shore")})
    assert site.build().code == 0
    page = site.page("coverage.html")
    assert _row(page, "the-kite", "2022") == ["0"] * 13, "an open span goes on to the archive's last year"
    before = site.published()
    assert site.build("--clean", "--output", str(tmp_path / "clean")).code == 0
    assert before == Archive(tmp_path).published("clean")


def test_without_sources_it_is_by_agency(tmp_path: Path) -> None:
    built = archive(tmp_path, {"content/a.md": story("A", agency="Harbour Wire")})
    assert built.build().code == 0
    assert _row(built.page("coverage.html"), "harbour-wire", "2025")[1] == "1"


@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("2010", "2010-01/2010-12"),
        ("2010-03/2012", "2010-03/2012-12"),
        ("2010/", "2010-01/9999-12"),
        ("2010-02", "2010-02/2010-02"),
    ],
)
def test_spans_are_whole_months(written: str, span: str) -> None:
    assert check_span(written) == span


@pytest.mark.parametrize("wrong", ["2012/2010", "2010-13", "May 2010", "2010-01-05", "/2010", ""])
def test_a_wrong_span_is_named_at_its_line(wrong: str, tmp_path: Path) -> None:
    built = archive(tmp_path, {"site.yml": f'{SITE}collected:\n  The Kite: ["2009", "{wrong}"]\n'})
    run = built.build()
    assert run.code == 2
    assert "site.yml:5:" in run.err
