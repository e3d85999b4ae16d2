"""The calendar: a page for each year, month and day that has articles, each made from its own articles alone."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from builder.archive import listings
from builder.archive.addresses import HOME, date_page
from builder.archive.collection import Archive
from builder.articles.model import ArticleSummary
from builder.incremental.fingerprints import part_fingerprint
from builder.plan.charts import Link
from builder.plan.model import Page, PlanPart

FIRST_OF_DAY = 5
"""Articles of a day that its month's page shows."""
FEW_OF_YEAR = 40
"""The page of a year with up to this many articles lists them."""


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


@dataclass(frozen=True, slots=True)
class SpanGroup:
    """Articles of a year's page: those of one month, or (`has_month` false) of the year itself, whose month nobody knows."""

    name: str
    path: str
    has_month: bool
    articles: list[ArticleSummary]


def plan_calendar(archive: Archive, data_paths: Mapping[str, tuple[str, ...]]) -> Iterator[PlanPart]:
    """Yield the pages of each month with its days, and of each year, which links to its files of data, by year `data_paths`."""
    days: dict[str, list[str]] = defaultdict(list)
    months: dict[str, list[str]] = defaultdict(list)
    for name in archive.date_pages:
        if len(name) == 10:
            days[name[:7]].append(name)
        elif len(name) == 7:
            months[name[:4]].append(name)
        else:
            months[name] = []
    days_by_month = {
        month: [*archive.spans.get(month, ()), *(article for day in days[month] for article in archive.spans[day])]
        for of_year in months.values()
        for month in of_year
    }
    for month, articles in days_by_month.items():
        yield PlanPart(f"calendar {month}", part_fingerprint(articles), partial(_month, archive, month, days[month]))
    for year, of_year in months.items():
        counts = {day: len(archive.spans[day]) for month in of_year for day in days[month]}
        totals = {month: len(days_by_month[month]) for month in of_year}
        own = archive.spans.get(year, [])
        groups = [SpanGroup(year, "", False, own)] if own else []
        if sum(totals.values()) + len(own) <= FEW_OF_YEAR:
            groups += [SpanGroup(month, date_page(month), True, days_by_month[month]) for month in of_year]
        articles_shown = [article for group in groups for article in group.articles]
        paths = data_paths.get(year, ())
        fingerprint = part_fingerprint(articles_shown, counts, totals, paths)
        yield PlanPart(f"calendar {year}", fingerprint, partial(_year, year, counts, totals, groups, paths))


def _month(archive: Archive, month: str, days: list[str]) -> Iterator[Page]:
    up = [Link(month[:4], date_page(month[:4]))]
    own = archive.spans.get(month, [])
    counts = {day: len(archive.spans[day]) for day in days}
    yield Page(
        date_page(month),
        "month.html",
        {
            "month": month,
            "count": len(own) + sum(counts.values()),
            "weeks": weeks(month, counts),
            "days": [DaySummary(day, counts[day], date_page(day), archive.spans[day][:FIRST_OF_DAY]) for day in days],
            "day_unknown": own[: listings.PER_PAGE],
            "more": _second(month, own),
            "up": up,
        },
    )
    up = [*up, Link(month, date_page(month))]  # a list of its own: the month's page has the other
    yield from _pages_behind(month, own, up)
    for day in days:
        yield Page(date_page(day), "day.html", {"day": day, "articles": archive.spans[day], "up": up})


def _year(
    year: str, counts: dict[str, int], totals: dict[str, int], groups: list[SpanGroup], data_paths: tuple[str, ...]
) -> Iterator[Page]:
    months = []
    for number in range(1, 13):
        month = f"{year}-{number:02}"
        count = totals.get(month, 0)
        months.append(MonthSummary(month, count, date_page(month) if count else "", weeks(month, counts)))
    own = next((group.articles for group in groups if not group.has_month), [])
    context = {
        "year": year,
        "count": sum(totals.values()) + len(own),
        "months": months if totals else [],
        "groups": [SpanGroup(group.name, group.path, group.has_month, group.articles[: listings.PER_PAGE]) for group in groups],
        "more": _second(year, own),
        "data_paths": data_paths,
        "up": Link("", HOME.path),
    }
    yield Page(date_page(year), "year.html", context)
    yield from _pages_behind(year, own, [Link(year, date_page(year))])


def _pages_behind(span: str, articles: list[ArticleSummary], up: list[Link]) -> Iterator[Page]:
    """Yield the further pages of what is known to be of the month or year `span` and no more, oldest first."""
    paths = listings.span_pages(span, len(articles))
    for number, path in enumerate(paths[1:], start=2):
        context = {
            "span": span,
            "number": number,
            "articles": articles[(number - 1) * listings.PER_PAGE : number * listings.PER_PAGE],
            "up": up,
            "previous": paths[number - 2],
            "next": paths[number] if number < len(paths) else "",
        }
        yield Page(path, "span.html", context)


def _second(span: str, articles: list[ArticleSummary]) -> str:
    """Return the page that goes on with the `articles` of `span`; "" where one has them all."""
    return next(iter(listings.span_pages(span, len(articles))[1:]), "")


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
