"""Related stories: for each story the earlier ones that share its slugline or its rarer tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from builder.articles.model import ArticleSummary
from builder.base.urls import slugify

MOST = 5
_MAX_LATEST = 6
_COMMON = 1024
"""A tag that this many earlier stories have says nothing about which of them belong together."""
_SAME_SLUGLINE = 64
_PLACES = 40
"""Bits that hold a place in the order of dates."""
_PLACE = (1 << _PLACES) - 1


@dataclass(slots=True)
class _Earlier:
    count: int = 0
    latest: list[int] = field(default_factory=list)
    """Places in the order of dates."""


def find_related(stories: Sequence[ArticleSummary]) -> Iterator[tuple[ArticleSummary, ...]]:
    """Yield, for each of `stories` (oldest first), up to MOST earlier ones: the closest first, of equals the latest.

    A story counts only what came before it, so that its page never changes because a later one arrived; and it looks
    at the few latest of each tag, so that an old story filed in late touches a handful of pages.
    """
    earlier: dict[str, _Earlier] = {}
    for at, story in enumerate(stories):
        keys = [slugify(tag) for tag in story.tags]
        if story.slugline:
            keys.append("\0" + story.slugline.upper())
        scores: dict[int, int] = {}
        for key in keys:
            postings = earlier.get(key)
            if postings is None:
                postings = earlier[key] = _Earlier()
            elif postings.count <= _COMMON or key[0] == "\0":
                weight = _SAME_SLUGLINE if key[0] == "\0" else 12 - postings.count.bit_length()
                for place in postings.latest:
                    scores[place] = scores.get(place, 0) + weight
            postings.count += 1
            postings.latest.append(at)
            if len(postings.latest) > _MAX_LATEST:
                del postings.latest[0]
        best = sorted([score << _PLACES | place for place, score in scores.items()], reverse=True)[:MOST]
        yield tuple([stories[each & _PLACE] for each in best])
