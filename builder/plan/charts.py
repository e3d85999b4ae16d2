"""Links, and charts of how many articles there are by month or year, as plain data for templates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

MAX_BARS = 240
"""A chart of more months than this is drawn by years."""


@dataclass(frozen=True, slots=True)
class Link:
    """A name and the output path that it leads to."""

    name: str
    path: str


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
class YearGroup:
    """Months of one year within a list."""

    year: str
    bars: list[Bar]


def chart(counts: Mapping[str, int], path_of: Callable[[str], str]) -> Chart:
    """Draw `counts` by month (`2025-02`) from the first to the last, by years where that would be too many bars.

    `path_of` gives the path that a bar leads to, from its label.
    """
    if not counts:
        return Chart([], 0, "month")
    first, last = min(counts), max(counts)
    labels, unit = month_range(counts), "month"
    if len(labels) > MAX_BARS:
        by_year: dict[str, int] = {}
        for month, count in counts.items():
            by_year[month[:4]] = by_year.get(month[:4], 0) + count
        counts, unit = by_year, "year"
        labels = [f"{year:04}" for year in range(int(first[:4]), int(last[:4]) + 1)]
    bars = [Bar(label, counts.get(label, 0), path_of(label) if counts.get(label) else "") for label in labels]
    return Chart(bars, max(bar.count for bar in bars), unit)


def month_range(months: Iterable[str]) -> list[str]:
    """Return every month from the first of `months` to the last, those between that are not among them too."""
    ordered_months = sorted(months)
    if not ordered_months:
        return []
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (ordered_months[0], ordered_months[-1]))
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(start, end + 1)]


def by_year(bars: Iterable[Bar]) -> list[YearGroup]:
    """Part `bars` of months at the years, in the order that they come in."""
    return [YearGroup(year, list(part)) for year, part in groupby(bars, key=lambda bar: bar.label[:4])]
