"""Questions to the index: which documents a query means, and in which order.

Written so that the browser can do the same, step by step. A text of the query has a count in each document that has it: how
often its parts stand side by side there, each time counted as much as the field does (see builder.search.text.analysis). A prefix
or a character is one part, however many terms it stands for. With N documents, of which n have the text, a document of the
length l, where a = the sum of all lengths / N, and c the count, the text gives the document

    ln(1 + (N - n + 0.5) / (n + 0.5)) * c * (k1 + 1) / (c + k1 * (1 - b + b * l / a))          k1 = 1.2, b = 0.75

(BM25 as Robertson and Zaragoza give it), and the sum over the query's texts, in their order, is its score. Only documents that
are there count: what an update replaced is in none of these numbers.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TypeAlias

from builder.base.problems import BuildUnavailableError
from builder.search.text.analysis import FACETS, K1, WEIGHTS, B
from builder.search.text.documents import Document
from builder.search.text.query import And, Facet, Node, Not, Or, Part, Period, Phrase, Prefix, Term, phrases
from builder.search.text.words import is_stemmed, term_of
from builder.search.whoosh_index.index import IndexMissingError, Manifest
from builder.search.whoosh_index.segments import DAMAGE, Segment, damaged

Sort: TypeAlias = Literal["relevance", "newest", "oldest"]
_ATTEMPTS, _PAUSE = 6, 0.01
"""How often the index is looked for while an update replaces it, and the seconds by which each wait is longer."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was meant, and its score (0 where nothing is scored)."""

    document: Document
    score: float


@dataclass(frozen=True, slots=True)
class Results:
    """How many documents were meant, and the first of them in their order."""

    total: int
    hits: list[Hit]


class Searcher:
    """The index as it was when it was opened; later updates do not touch it. Close it, or use it in a `with`."""

    def __init__(self, opened: list[SegmentSearcher]) -> None:
        self._opened = opened
        self._documents = sum(one.count for one in opened)
        self._length = sum(one.length for one in opened)
        self._terms: dict[Part, Collection[str]] = {}

    @classmethod
    def open(cls, folder: Path) -> Searcher:
        """Open the index in `folder`. Raises Unable where there is none that can be read."""
        for attempt in range(_ATTEMPTS):
            time.sleep(attempt * _PAUSE)
            opened: list[SegmentSearcher] = []
            try:
                opened += (SegmentSearcher(folder, segment) for segment in Manifest.read(folder).segments)
                return cls(opened)
            except (IndexMissingError, *DAMAGE) as error:  # an update may just have taken away what it replaced
                reason = str(error) if isinstance(error, IndexMissingError) else ""
            for one in opened:
                one.close()
        raise BuildUnavailableError(f"{folder}: {reason}; `morgue build` makes it") if reason else damaged(folder)

    def __enter__(self) -> Searcher:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        for one in self._opened:
            one.close()

    def search(self, query: Node, sort: Sort = "relevance", limit: int = 10) -> Results:
        """Return the first `limit` documents that `query` means.

        By relevance, ties go to the newest and then to the first id; by date, ties go to the first id. The undated come
        last.
        """
        counted = {text: [one.counts(text, self.terms_of) for one in self._opened] for text in _every_phrase(query)}
        matched = [one.matches(query, {text: found[at] for text, found in counted.items()}) for at, one in enumerate(self._opened)]
        scores = self._scores(dict.fromkeys(phrases(query)), counted, matched)
        ranked = nsmallest(limit, self._keys(matched, scores, sort))
        hits = [Hit(self._opened[at].document(number), scores[at].get(number, 0.0)) for *_, at, number in ranked]
        return Results(sum(map(len, matched)), hits)

    def terms_of(self, part: Part) -> Collection[str]:
        """Return the terms of the index that `part` stands for: for a prefix those of all words that begin so."""
        if isinstance(part, Term):
            return (part.text,)
        if part not in self._terms:
            self._terms[part] = sorted({term for one in self._opened for term in one.expand(part)})
        return self._terms[part]

    def _scores(
        self, asked: Iterable[Phrase], counted: dict[Phrase, list[dict[int, int]]], matched: list[Collection[int]]
    ) -> list[dict[int, float]]:  # fmt: skip
        scores: list[dict[int, float]] = [{} for _ in self._opened]
        mean = self._length / self._documents if self._length else 1.0
        for text in asked:
            having = sum(map(len, counted[text]))
            rarity = math.log(1 + (self._documents - having + 0.5) / (having + 0.5))
            for one, counts, meant, score in zip(self._opened, counted[text], matched, scores, strict=True):
                lengths = one.table.lengths
                for number, count in counts.items():
                    if number in meant:
                        weight = rarity * count * (K1 + 1) / (count + K1 * (1 - B + B * lengths[number] / mean))
                        score[number] = score.get(number, 0.0) + weight
        return scores

    def _keys(
        self, matched: list[Collection[int]], scores: list[dict[int, float]], sort: Sort
    ) -> Iterator[tuple[float, float, str, int, int]]:  # fmt: skip
        sign = 1 if sort == "oldest" else -1
        for at, (one, numbers, score) in enumerate(zip(self._opened, matched, scores, strict=True)):
            ids, timestamps = one.table.ids, one.table.timestamps
            for number in numbers:
                timestamp = timestamps[number]
                when = math.inf if timestamp is None else sign * timestamp
                yield -score.get(number, 0.0) if sort == "relevance" else 0.0, when, ids[number], at, number


class SegmentSearcher:
    """One segment, open."""

    def __init__(self, folder: Path, segment: Segment) -> None:
        self.table = segment.table(folder)
        self._deleted = frozenset(segment.deleted)
        self._reader = segment.reader(folder)
        self.live = frozenset(range(segment.documents)) - self._deleted
        self.count = len(self.live)
        self.length = sum(self.table.lengths[number] for number in self.live)

    def close(self) -> None:
        """Let go of its file."""
        self._reader.close()

    def document(self, number: int) -> Document:
        """Return the document of this number."""
        return Document.restored(self._reader.stored_fields(number))

    def matches(self, node: Node, counted: dict[Phrase, dict[int, int]]) -> Collection[int]:
        """Return the numbers of the live documents that `node` means."""
        if isinstance(node, Phrase):
            return counted[node].keys()
        if isinstance(node, Facet):
            return self._facet_docs(FACETS[node.name], node.slug)
        if isinstance(node, Period):
            return {number for number in self.live if node.holds(self.table.days[number])}
        if isinstance(node, Not):
            return self.live.difference(self.matches(node.node, counted))
        found = [self.matches(inner, counted) for inner in node.nodes]
        if isinstance(node, Or):
            return set().union(*found)
        return self.live.intersection(*sorted(found, key=len)) if found else self.live

    def counts(self, text: Phrase, terms_of: Callable[[Part], Collection[str]]) -> dict[int, int]:
        """Return how often each live document that has `text` has it, weighted."""
        counts: dict[int, int] = {}
        parts = [terms_of(part) for part in text.parts]
        for name, weight in WEIGHTS.items():
            if text.title and name != "title":
                continue
            found = self._term_counts(name, parts[0]) if len(parts) == 1 else self._side_by_side(name, parts, text.offsets)
            for number, count in found.items():
                counts[number] = counts.get(number, 0) + weight * count
        return counts

    def expand(self, part: Part) -> Iterator[str]:
        """Yield the terms of what is written in live documents and begins as `part` says."""
        if isinstance(part, Prefix) and is_stemmed(part.text):
            for written in self._terms("written", part.text):
                if self._is_live("written", written):
                    yield term_of(written)
        for name in WEIGHTS:
            for term in self._terms(name, part.text):
                if not is_stemmed(term) and self._is_live(name, term):
                    yield term

    def _terms(self, name: str, prefix: str) -> Iterator[str]:
        yield from (term.decode() for term in self._reader.expand_prefix(name, prefix))

    def _is_live(self, name: str, term: str) -> bool:
        return not self._deleted or next(self._postings(name, term), None) is not None

    def _facet_docs(self, name: str, term: str) -> set[int]:
        return {matcher.id() for matcher in self._postings(name, term)}

    def _term_counts(self, name: str, terms: Iterable[str]) -> dict[int, int]:
        counts: dict[int, int] = {}
        for term in terms:
            for matcher in self._postings(name, term):
                number = matcher.id()
                counts[number] = counts.get(number, 0) + int(matcher.weight())
        return counts

    def _side_by_side(self, name: str, parts: list[Collection[str]], offsets: tuple[int, ...]) -> dict[int, int]:
        """Return how often the parts stand in each document at their offsets from one another. The rarest part leads."""
        starts: dict[int, set[int]] | None = None
        frequency = self._reader.doc_frequency
        for terms, offset in sorted(
            zip(parts, offsets, strict=True), key=lambda pair: sum(frequency(name, term) for term in pair[0])
        ):
            here: dict[int, set[int]] = {}
            for term in terms:
                for matcher in self._postings(name, term, None if starts is None else sorted(starts)):
                    at = {position - offset for position in matcher.value_as("positions")}
                    here.setdefault(matcher.id(), set()).update(at)
            both = here if starts is None else {number: at & starts[number] for number, at in here.items()}
            starts = {number: at for number, at in both.items() if at}
        return {number: len(at) for number, at in (starts or {}).items()}

    def _postings(self, name: str, term: str, among: Sequence[int] | None = None) -> Iterator[Any]:
        """Yield the matcher of `term` at each live document that has it in the field `name`, or at those `among` them."""
        if (name, term) not in self._reader:
            return
        matcher = self._reader.postings(name, term)
        if among is None:
            while matcher.is_active():
                yield matcher
                matcher.next()
            return
        for number in among:
            if matcher.is_active() and matcher.id() < number:
                matcher.skip_to(number)
            if not matcher.is_active():
                return
            if matcher.id() == number:
                yield matcher


def _every_phrase(node: Node) -> Iterator[Phrase]:
    """Yield the texts in `node`, excluded ones too."""
    if isinstance(node, Phrase):
        yield node
    elif isinstance(node, Not):
        yield from _every_phrase(node.node)
    elif isinstance(node, And | Or):
        for inner in node.nodes:
            yield from _every_phrase(inner)
