"""Numbers of stories: by day, then by their place in the day, so that a story filed later moves those of its own day alone.

A key is `day << bits | slot`. Days count from 1970-01-01 (negative before); `bits` is one for the whole archive, enough for
its busiest day. Keys ascend as stories do from oldest to newest; the undated come after all others, as in every list.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import date
from functools import lru_cache

from builder.archive.collection import Archive
from builder.articles.model import ArticleSummary

UNDATED_DAY = 4_000_000
"""The day of the undated: after every day of the calendar."""
FEWEST_BITS = 6
_EPOCH = date(1970, 1, 1).toordinal()


def bits_of(archive: Archive) -> int:
    """Return how many bits the places of a day need; steps up only as the busiest day doubles."""
    return max(FEWEST_BITS, *((len(articles) - 1).bit_length() for articles in archive.days.values()), 0)


def number_stories(archive: Archive, years: Container[str] | None = None) -> Iterator[tuple[int, ArticleSummary]]:
    """Yield every story that is searched, and every page of the archive's own that is, with its key, in the order of keys.

    `years`: of these years alone (`1987`; "" for the undated).
    """
    bits = bits_of(archive)
    for day, articles in archive.days.items():
        if years is None or day[:4] in years:
            first = day_number(day) << bits
            yield from enumerate(articles, first)
    if years is not None and "" not in years:
        return
    pages = [page.summary for page in archive.own_pages if page.settings.search]
    yield from enumerate([*archive.undated, *pages], UNDATED_DAY << bits)


@lru_cache(maxsize=65536)
def day_number(day: str) -> int:
    """Return the days from 1970-01-01 to `day` (`2025-02-12`; empty: the day of the undated)."""
    return date.fromisoformat(day).toordinal() - _EPOCH if day else UNDATED_DAY
