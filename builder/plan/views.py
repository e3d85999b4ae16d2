"""What templates are shown, as plain data: links, bars, charts, calendars, rows."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from builder.archive.collection import Term
from builder.articles.model import ArticleSummary
from builder.base.urls import page_of
from builder.config.site import Site

MOST_BARS = 240
"""A chart of more months than this is drawn by years."""


@dataclass(frozen=True, slots=True)
class Link:
    """A name and the output path that it leads to."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed: its title, output path and media type."""

    title: str
    path: str
    mime: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: `2025-02` or `2025`, its count, and the path that it leads to ("" where the count is 0)."""

    label: str
    count: int
    path: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars without a gap from the first to the last; `unit` is `month` or `year`."""

    bars: list[Bar]
    peak: int
    unit: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a calendar: its count, how busy it was (0 to 4), and its page ("" where the count is 0)."""

    day: str
    count: int
    level: int
    path: str


@dataclass(frozen=True, slots=True)
class DaySummary:
    """A day of a month's page: its first stories."""

    day: str
    count: int
    path: str
    cards: list[ArticleSummary]


@dataclass(frozen=True, slots=True)
class MonthSummary:
    """A month of a year's page: its weeks, Monday first, with None outside the month."""

    month: str
    count: int
    path: str
    weeks: list[list[Day | None]]


@dataclass(frozen=True, slots=True)
class TermView:
    """A tag, agency, source …: what its page and the lists of its kind say of it. `first` and `last` are days."""

    kind: str
    name: str
    slug: str
    path: str
    feed: str
    count: int
    first: str
    last: str
    about: str
    url: str
    indexed: bool


@dataclass(frozen=True, slots=True)
class CorrectionNote:
    """The latest correction of an article."""

    card: ArticleSummary
    date: str
    text: str


class Story:
    """An article in full: its card, and the output path of each link within the site that its text holds."""

    __slots__ = ("card", "links")

    def __init__(self, card: ArticleSummary, links: dict[str, str]) -> None:
        self.card, self.links = card, links

    def __repr__(self) -> str:
        return f"Story({self.card.content_hash}, {self.card.listing_hash}, {self.links})"


@dataclass(frozen=True, slots=True)
class MonthGroup:
    """Stories of one month within a list ("" for undated ones)."""

    month: str
    cards: list[ArticleSummary]
    first_of_year: bool


@dataclass(frozen=True, slots=True)
class YearGroup:
    """Months of one year within a list."""

    year: str
    bars: list[Bar]


def by_month(cards: Iterable[ArticleSummary]) -> list[MonthGroup]:
    """Part `cards` at the months, in the order that they come in."""
    groups: list[MonthGroup] = []
    for month, part in groupby(cards, key=lambda card: card.day[:7]):
        groups.append(MonthGroup(month, list(part), bool(month) and all(group.month[:4] != month[:4] for group in groups)))
    return groups


def by_year(bars: Iterable[Bar]) -> list[YearGroup]:
    """Part `bars` of months at the years, in the order that they come in."""
    return [YearGroup(year, list(part)) for year, part in groupby(bars, key=lambda bar: bar.label[:4])]


def row(group: Term, site: Site) -> TermView:
    """Return what is shown of `group`."""
    known = {"agencies": site.agencies, "sources": site.sources}.get(group.kind.folder, {}).get(group.name)
    first = group.cards[0].day  # the undated stand behind the dated
    last = next((card.day for card in reversed(group.cards) if card.day), "")
    return TermView(
        group.kind.folder,
        group.name,
        group.slug,
        page_of(group.folder),
        f"{group.folder}/feed.xml" if first else "",
        len(group.cards),
        first,
        last,
        known.about if known else "",
        known.url if known else "",
        known.index if known else True,
    )


def chart(counts: Mapping[str, int], path_of: Callable[[str], str]) -> Chart:
    """Draw `counts` by month (`2025-02`) from the first to the last, by years where that would be too many bars.

    `path_of` gives the path that a bar leads to, from its label.
    """
    if not counts:
        return Chart([], 0, "month")
    first, last = min(counts), max(counts)
    labels, unit = month_range(counts), "month"
    if len(labels) > MOST_BARS:
        by_year: dict[str, int] = {}
        for month, count in counts.items():
            by_year[month[:4]] = by_year.get(month[:4], 0) + count
        counts, unit = by_year, "year"
        labels = [f"{year:04}" for year in range(int(first[:4]), int(last[:4]) + 1)]
    bars = [Bar(label, counts.get(label, 0), path_of(label) if counts.get(label) else "") for label in labels]
    return Chart(bars, max(bar.count for bar in bars), unit)


def month_range(months: Iterable[str]) -> list[str]:
    """Return every month from the first of `months` to the last, those between that are not among them too."""
    known = sorted(months)
    if not known:
        return []
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (known[0], known[-1]))
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(start, end + 1)]


def weeks(month: str, days: Mapping[str, int]) -> list[list[Day | None]]:
    """Return the calendar of `month` with the number of stories of each of `days`; levels are relative to the busiest of them."""
    peak = max(days.values(), default=1)

    def day_of(number: int) -> Day | None:
        if number == 0:
            return None
        day = f"{month}-{number:02}"
        count = days.get(day, 0)
        level = 0 if count == 0 else 1 + min(3, (4 * count - 1) // peak)
        return Day(day, count, level, page_of(day.replace("-", "/")) if count else "")

    year, number = (int(part) for part in month.split("-"))
    return [[day_of(day) for day in week] for week in calendar.Calendar().monthdayscalendar(year, number)]
