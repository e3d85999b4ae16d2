"""What the run on one archive gave, and how its figures are put together and written."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.cost import Cost, Work

PEERS = (Work.HUGO, Work.PAGEFIND)
RELATED_PEERS = (Work.HUGO_RELATED, Work.PAGEFIND)
EDITED_PEERS = (Work.HUGO_EDITED, Work.PAGEFIND_EDITED)


@dataclass(frozen=True)
class Search:
    """What readers' questions cost: kilobytes and requests and milliseconds cold, milliseconds warm, a figure for each question.

    `answered` counts the questions that found something; `files` and `size` (megabytes) are the index's.
    """

    name: str
    kilobytes: list[float]
    requests: list[int]
    cold: list[float]
    warm: list[float]
    answered: int
    files: int
    size: float


@dataclass(frozen=True)
class Result:
    """One archive: how many `articles` it has, what each work cost, what questions to its searches did.

    `content` and `state` are the megabytes of the articles and of `.morgue/`, 0 where they were not measured.
    """

    name: str
    articles: int
    costs: list[Cost]
    searches: list[Search] = field(default_factory=list)
    content: float = 0
    state: float = 0

    def of(self, work: Work) -> Cost | None:
        """Return what `work` cost, None where it was not measured."""
        return next((cost for cost in self.costs if cost.work == work), None)

    def all_of(self, works: Sequence[Work]) -> list[Cost]:
        """Return what each of `works` cost; [] where one of them was not measured, so that no sum lacks a part."""
        found = [cost for cost in map(self.of, works) if cost is not None]
        return found if len(found) == len(works) else []

    def wall(self, works: Sequence[Work]) -> float | None:
        """Return the seconds of `works` one after the other, None where one of them was not measured."""
        return sum(cost.wall for cost in self.all_of(works)) or None

    def peak(self, works: Sequence[Work]) -> float | None:
        """Return the megabytes that the greediest of `works` held, None where one of them was not measured."""
        return max((cost.peak for cost in self.all_of(works)), default=None)


def spread(figures: Sequence[float]) -> tuple[float, float, float]:
    """Return the median of `figures`, what nine of ten of them stay within, and the most."""
    ordered = sorted(figures)
    return statistics.median(ordered), ordered[max(0, -(-len(ordered) * 9 // 10) - 1)], ordered[-1]


def short(figure: float) -> str:
    """Return `figure` with as many digits as a reader can use: 0.86, 2.46, 36.9, 1,234."""
    return f"{figure:.2f}" if figure < 9.995 else f"{figure:.1f}" if figure < 99.95 else f"{figure:,.0f}"


def ratio(one: float | None, other: float | None) -> str:
    """Return `one` as a multiple of `other`, as long as both are known."""
    if one is None or not other:
        return "–"
    times = one / other
    return f"{times:.2f}" if times >= 0.0995 else f"{times:.3f}"
