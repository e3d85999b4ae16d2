"""The calendar: a page for each year, month and day that has articles, each made from its own articles alone."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from builder.archive.addresses import HOME, date_page
from builder.archive.collection import Archive
from builder.articles.model import ArticleSummary
from builder.incremental.fingerprints import part_fingerprint
from builder.plan.charts import Link
from builder.plan.pages import Page, PlanPart

FIRST_OF_DAY = 5
"""Articles of a day that its month's page shows."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a calendar: its count, how busy it was (0 to 4), and its page ("" where the count is 0)."""

    day: str
    count: int
    level: int
    path: str


@dataclass(frozen=True, slots=True)
class DaySummary:
    """A day of a month's page: its first articles."""

    day: str
    count: int
    path: str
    articles: list[ArticleSummary]


@dataclass(frozen=True, slots=True)
class MonthSummary:
    """A month of a year's page: its weeks, Monday first, with None outside the month."""

    month: str
    count: int
    path: str
    weeks: list[list[Day | None]]


def plan_calendar(archive: Archive) -> Iterator[PlanPart]:
    """Yield the pages of each month with its days, and of each year."""
    years: dict[str, list[str]] = defaultdict(list)
    for month, articles in archive.months.items():
        years[month[:4]].append(month)
        yield PlanPart(f"calendar {month}", part_fingerprint(articles), partial(_month, archive, month))
    for year, months in years.items():
        counts = {
            day: len(archive.days[day])
            for month in months
            for day in dict.fromkeys(article.day for article in archive.months[month])
        }
        yield PlanPart(f"calendar {year}", part_fingerprint((), counts), partial(_year, archive, year, counts))


def _month(archive: Archive, month: str) -> Iterator[Page]:
    articles = archive.months[month]
    days = {day: archive.days[day] for day in dict.fromkeys(article.day for article in articles)}
    up = [Link(month[:4], date_page(month[:4]))]
    yield Page(
        date_page(month),
        "month.html",
        {
            "month": month,
            "count": len(articles),
            "weeks": weeks(month, {day: len(listed) for day, listed in days.items()}),
            "days": [DaySummary(day, len(listed), date_page(day), listed[:FIRST_OF_DAY]) for day, listed in days.items()],
            "up": up,
        },
    )
    for day, listed in days.items():
        yield Page(date_page(day), "day.html", {"day": day, "articles": listed, "up": [*up, Link(month, date_page(month))]})


def _year(archive: Archive, year: str, counts: dict[str, int]) -> Iterator[Page]:
    months = []
    for number in range(1, 13):
        month = f"{year}-{number:02}"
        count = len(archive.months.get(month, ()))
        months.append(MonthSummary(month, count, date_page(month) if count else "", weeks(month, counts)))
    context = {"year": year, "count": sum(counts.values()), "months": months, "up": Link("", HOME.path)}
    yield Page(date_page(year), "year.html", context)


def weeks(month: str, counts: Mapping[str, int]) -> list[list[Day | None]]:
    """Return the calendar of `month` with the articles of each day in `counts`; levels are relative to the busiest of them."""
    peak = max(counts.values(), default=1)

    def day_of(number: int) -> Day | None:
        if number == 0:
            return None
        day = f"{month}-{number:02}"
        count = counts.get(day, 0)
        level = 0 if count == 0 else 1 + min(3, (4 * count - 1) // peak)
        return Day(day, count, level, date_page(day) if count else "")

    year, number = (int(part) for part in month.split("-"))
    return [[day_of(day) for day in week] for week in calendar.Calendar().monthdayscalendar(year, number)]
