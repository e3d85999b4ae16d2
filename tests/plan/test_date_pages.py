"""The calendar: a page for each year, month and day that has articles, and for no other."""

from __future__ import annotations

import re
import shutil
from calendar import monthrange
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from builder.plan.date_pages import weeks
from tests.plan.pages import links
from tests.sites import Archive


def _calendar(site: Archive) -> set[str]:
    return {path for path in site.published() if re.fullmatch(r"\d{4}(/\d\d)*/index\.html", path)}


def test_years_months_and_days_that_have_articles_have_a_page(planned: Archive) -> None:
    assert _calendar(planned) == {
        f"{span}/index.html" for span in ("2019", "2019/11", "2019/11/03", "2019/12", "2019/12/24", "2021", "2021/02", "2021/02/01")
    }


def test_a_day_lists_its_own_articles_and_leads_up(planned: Archive) -> None:
    page = planned.page("2019/11/03/index.html")
    assert [title in page for title in ("A ferry", "A crane", "A pier", "A tide", "No day", "Taken back")] == [
        True,
        True,
        *[False] * 4,
    ]
    assert {"2019/11/index.html", "2019/index.html", "2019/11/03/a.html", "2019/11/03/b.html"} <= set(
        links(planned, "2019/11/03/index.html")
    )


def test_the_last_article_of_a_month_takes_its_pages_along(planned: Archive, tmp_path: Path) -> None:
    site = Archive(shutil.copytree(planned.folder, tmp_path / "site"))
    site.write({"content/d.md": None}).build()
    assert not [path for path in _calendar(site) if path.startswith("2021")]


@given(st.dates(date(1000, 1, 1), date(2999, 12, 31)), st.integers(1, 9))
def test_weeks_have_every_day_of_the_month_once_in_its_column(day: date, count: int) -> None:
    month = day.isoformat()[:7]
    found = weeks(month, {day.isoformat(): count})
    assert {len(week) for week in found} == {7}
    for week in found:
        for column, cell in enumerate(week):
            assert cell is None or date.fromisoformat(cell.day).weekday() == column
    cells = [cell for week in found for cell in week if cell is not None]
    assert [int(cell.day[8:]) for cell in cells] == list(range(1, monthrange(day.year, day.month)[1] + 1))
    assert [(cell.day, cell.count, cell.level) for cell in cells if cell.count] == [(day.isoformat(), count, 4)]
