"""Related stories: for each story the earlier ones that share its slugline or its rarer tags."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from builder.articles.model import ArticleSummary
from builder.base import version
from builder.base.urls import slugify
from builder.incremental.fingerprints import relations_key
from builder.incremental.memo import Memo

MOST = 5
_MAX_LATEST = 6
_COMMON = 1024
"""A tag that this many earlier stories have says nothing about which of them belong together."""
_SAME_SLUGLINE = 64
_INDEX_BITS = 40
"""Bits that hold an index in the order of dates."""
_INDEX_MASK = (1 << _INDEX_BITS) - 1


_NAME = "related stories"


@dataclass(slots=True)
class _Earlier:
    count: int = 0
    latest: list[int] = field(default_factory=list)
    """Places in the order of dates."""


class Relations:
    """For each of `stories`, those that belong to it."""

    def __init__(self, stories: Sequence[ArticleSummary], numbers: array[int]) -> None:
        """`numbers`: for each story how many it has, then the indices in `stories` of them all."""
        self._stories = stories
        self._ends = array("Q", accumulate(numbers[: len(stories)], initial=len(stories)))
        self._numbers = numbers

    def between(self, start: int, end: int) -> list[tuple[ArticleSummary, ...]]:
        """Return, for each of the stories from `start` to before `end`, up to MOST earlier ones."""
        ends, numbers, stories = self._ends[start : end + 1], self._numbers, self._stories
        return [tuple([stories[index] for index in numbers[a:b]]) for a, b in pairwise(ends)]


def find_related(stories: Sequence[ArticleSummary], memo: Memo) -> Relations:
    """Find, for each of `stories` (oldest first), up to MOST earlier ones: the closest first, of equals the latest.

    A story counts only what came before it, so that its page never changes because a later one arrived; and it looks
    at the few latest of each tag, so that an old story filed in late touches a handful of pages. The answer is kept in `memo`
    as the numbers of 32 bits that Relations takes.
    """
    key = relations_key(stories, version.code_fingerprint())
    data = memo.recall(_NAME, key)
    numbers = array("I")
    if data is None:
        indices = array("I")
        for of_story in _related_indices(stories):
            numbers.append(len(of_story))
            indices.extend(of_story)
        numbers.extend(indices)
        memo.keep(_NAME, key, numbers.tobytes())
    else:
        numbers.frombytes(data)
    return Relations(stories, numbers)


def _related_indices(stories: Iterable[ArticleSummary]) -> Iterator[list[int]]:
    """Yield, for each of `stories`, the indices of those that belong to it."""
    earlier: dict[str, _Earlier] = {}
    for at, story in enumerate(stories):
        keys = [slugify(tag) for tag in story.tags]
        if story.slugline:
            keys.append("\0" + story.slugline.upper())
        scores: dict[int, int] = {}
        score_of = scores.get
        for key in keys:
            postings = earlier.get(key)
            if postings is None:
                postings = earlier[key] = _Earlier()
            elif postings.count <= _COMMON or key[0] == "\0":
                weight = _SAME_SLUGLINE if key[0] == "\0" else 12 - postings.count.bit_length()
                for index in postings.latest:
                    scores[index] = score_of(index, 0) + weight
            postings.count += 1
            postings.latest.append(at)
            if len(postings.latest) > _MAX_LATEST:
                del postings.latest[0]
        if scores:
            best = sorted([score << _INDEX_BITS | index for index, score in scores.items()], reverse=True)[:MOST]
            yield [each & _INDEX_MASK for each in best]
        else:
            yield []
