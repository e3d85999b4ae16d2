"""The figures as Markdown tables."""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.cost import Cost, Work
from tests.bench.results import PEERS, RELATED_PEERS, Result, ratio, short, spread

PIVOT = 10_000
"""The size that the edits of others are compared with."""
_TOGETHER = {"**Hugo + Pagefind**": PEERS, "**Hugo with related stories + Pagefind**": RELATED_PEERS}


def costs(result: Result) -> str:
    """Return what each work on one archive cost, with its ratio to what the peers take together to build and index all."""
    heads = [
        "Work", "Wall s", "of Hugo + Pagefind", "of these with related stories", "CPU s", "Peak MB", "Files written", "MB written",
        "Files", "MB", "of a bare walk",
    ]  # fmt: skip
    lines = [_row(result, cost.work, [cost]) for cost in result.costs]
    lines += [_row(result, name, found) for name, works in _TOGETHER.items() if (found := result.all_of(works))]
    kept = f"\n\n`.morgue/` at rest: {short(result.state)} MB, {ratio(result.state, result.content)} of the articles' bytes."
    return f"### {result.name}: {result.articles:,} articles\n\n{_table(heads, lines)}{kept if result.state else ''}"


def _row(result: Result, name: str, found: Sequence[Cost]) -> list[str]:
    """Return the cells of one work, or of several one after the other: they need the memory of the greediest."""
    wall = sum(cost.wall for cost in found)
    return [
        name,
        short(wall),
        ratio(wall, result.wall(PEERS)),
        ratio(wall, result.wall(RELATED_PEERS)),
        short(sum(cost.cpu for cost in found)),
        f"{max(cost.peak for cost in found):,.0f}",
        f"{sum(cost.files_written for cost in found):,}",
        short(sum(cost.size_written for cost in found)),
        f"{sum(cost.files for cost in found):,}",
        short(sum(cost.size for cost in found)),
        ratio(wall, result.wall((Work.WALK,))),
    ]


def scaling(results: Sequence[Result]) -> str:
    """Return how Morgue's costs grow with the archive: time per article beside the smallest, an edit beside that at PIVOT."""
    ordered = sorted(results, key=lambda result: result.articles)
    pivot = min(ordered, key=lambda result: abs(result.articles - PIVOT))
    heads = [
        "Articles", "Cold s", "Cold ms per article", f"of that at {ordered[0].articles:,}", "Nothing changed s", "One edit s",
        f"of that at {pivot.articles:,}", "Filed under an old date s", "Peak MB, cold", "Peak MB, one edit", "Bare walk s",
    ]  # fmt: skip

    def wall(result: Result, work: Work) -> float | None:
        return result.wall((work,))

    def each(result: Result) -> float | None:
        cold = wall(result, Work.COLD)
        return None if cold is None else cold * 1000 / result.articles

    lines = [
        [
            f"{result.articles:,}",
            _known(wall(result, Work.COLD)),
            _known(each(result)),
            ratio(each(result), each(ordered[0])),
            _known(wall(result, Work.SAME)),
            _known(wall(result, Work.EDITED)),
            ratio(wall(result, Work.EDITED), wall(pivot, Work.EDITED)),
            _known(wall(result, Work.LATE)),
            *(f"{result.peak((work,)) or 0:,.0f}" for work in (Work.COLD, Work.EDITED)),
            _known(wall(result, Work.WALK)),
        ]
        for result in ordered
    ]
    return f"### As the archive grows\n\n{_table(heads, lines)}"


def searches(result: Result) -> str:
    """Return what readers' questions and the indexes behind them cost."""
    heads = ["Search", "KB cold", "Requests", "ms cold", "ms warm", "Questions answered"]
    lines = [
        [
            search.name,
            *(
                " / ".join(f"{figure:,.0f}" for figure in spread(of))
                for of in (search.kilobytes, search.requests, search.cold, search.warm)
            ),
            f"{search.answered} of {len(search.cold)}",
        ]
        for search in result.searches
    ]
    return f"### Readers' searches: {result.name}\n\n{_table(heads, lines)}\n\nThree figures: the median, nine of ten, the most.\n\n{_indexes(result)}"


def _indexes(result: Result) -> str:
    heads = [
        "Index", "Seconds", "Files", "MB", "Files written by one edit", "Seconds of that", "Files written by one filed under an old date",
    ]  # fmt: skip
    theirs, whole, without = (result.wall((work,)) for work in (Work.PAGEFIND, Work.COLD, Work.WITHOUT))
    edit = result.of(Work.EDITED)
    ours = None if whole is None or without is None else whole - without
    cells = {
        "Morgue": [ours, _in_search(result, Work.EDITED), edit.index if edit else None, _in_search(result, Work.LATE)],
        "Pagefind": [theirs, _written(result, Work.PAGEFIND_EDITED), result.wall((Work.PAGEFIND_EDITED,)), "–"],
    }
    lines = []
    for search in result.searches:
        seconds, *edits = cells[search.name]
        lines.append([search.name, *map(_known, (seconds, f"{search.files:,}", search.size, *edits))])
    said = "Morgue's seconds are those by which its cold build is longer than one without the browsers' index, and those of an edit's stage `index`."
    return f"{_table(heads, lines)}\n\n{said}"


def _in_search(result: Result, work: Work) -> str:
    cost = result.of(work)
    return "–" if cost is None else f"{cost.places.get('search', 0):,}"


def _written(result: Result, work: Work) -> str:
    cost = result.of(work)
    return "–" if cost is None else f"{cost.files_written:,}"


def _known(figure: float | str | None) -> str:
    return figure if isinstance(figure, str) else "–" if figure is None else short(figure)


def _table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rule = ["---", *("---:" for _ in heads[1:])]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, rule, *lines))
