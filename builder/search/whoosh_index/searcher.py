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
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from heapq import nsmallest
from pathlib import Path
from types import TracebackType
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from builder.base.problems import BuildUnavailableError
from builder.search.text.analysis import FIELDS, K1, WEIGHTS, B
from builder.search.text.documents import Document
from builder.search.text.facets import FACETS
from builder.search.text.inversion import Flags
from builder.search.text.query import And, Character, FacetFilter, Node, Not, Or, Part, Period, Phrase, Prefix, QueryTerm, phrases
from builder.search.text.varints import Numbers
from builder.search.text.words import is_stemmed, term_of
from builder.search.whoosh_index.fields import Field
from builder.search.whoosh_index.index import IndexMissingError, Manifest
from builder.search.whoosh_index.segments import DAMAGE, Segment, damage_error
from builder.search.whoosh_index.stored import StoredDocuments

Sort: TypeAlias = Literal["relevance", "newest", "oldest"]
Scores: TypeAlias = NDArray[np.float64]
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

    def __init__(self, segments: list[SegmentSearcher]) -> None:
        self._segments = segments
        self._documents = sum(segment.count for segment in segments)
        self._length = sum(segment.length for segment in segments)
        self._terms: dict[Part, Collection[str]] = {}

    @classmethod
    def open(cls, folder: Path, ready: Iterable[Segment] | None = None) -> Searcher:
        """Open the index in `folder`, or of it the segments that are `ready` to be the index.

        Raises BuildUnavailableError where there is none that can be read.
        """
        if ready is not None:
            return cls([SegmentSearcher(folder, segment) for segment in ready])
        reason = ""
        for attempt in range(_ATTEMPTS):
            time.sleep(attempt * _PAUSE)
            try:
                return cls([SegmentSearcher(folder, segment) for segment in Manifest.read(folder).segments])
            except (IndexMissingError, *DAMAGE) as error:  # an update may just have taken away what it replaced
                reason = str(error) if isinstance(error, IndexMissingError) else ""
        raise BuildUnavailableError(f"{folder}: {reason}; `morgue build` makes it") if reason else damage_error(folder)

    def __enter__(self) -> Searcher:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        self._segments = []

    def search(self, query: Node, sort: Sort = "relevance", limit: int = 10) -> Results:
        """Return the first `limit` documents that `query` means.

        By relevance, ties go to the newest and then to the first id; by date, ties go to the first id. The undated come
        last.
        """
        counts, matches = self._matches(query)
        scores = self._scores(dict.fromkeys(phrases(query)), counts)
        keys = nsmallest(limit, self._keys(matches, scores, sort, limit))
        hits = [Hit(self._segments[at].document(number), float(scores[at][number])) for *_, at, number in keys]
        return Results(sum(int(np.count_nonzero(flags)) for flags in matches), hits)

    def ids(self, query: Node) -> frozenset[str]:
        """Return the ids of all documents that `query` means."""
        _, matches = self._matches(query)
        pairs = zip(self._segments, matches, strict=True)
        return frozenset(segment.table.ids[number] for segment, flags in pairs for number in np.flatnonzero(flags).tolist())

    def _matches(self, query: Node) -> tuple[dict[Phrase, list[Numbers]], list[Flags]]:
        """Return how often each phrase stands in the documents of each segment, and which of them `query` means."""
        counts = {phrase: [segment.counts(phrase, self.terms_of) for segment in self._segments] for phrase in _every_phrase(query)}
        matches = [
            segment.matches(query, {phrase: numbers[at] for phrase, numbers in counts.items()})
            for at, segment in enumerate(self._segments)
        ]
        return counts, matches

    def terms_of(self, part: Part) -> Collection[str]:
        """Return the terms of the index that `part` stands for: for a prefix those of all words that begin with it."""
        if isinstance(part, QueryTerm):
            return (part.text,)
        if part not in self._terms:
            self._terms[part] = sorted({term for segment in self._segments for term in segment.expand(part)})
        return self._terms[part]

    def words_from(self, prefix: str) -> dict[str, int]:
        """Return the words as written that begin with `prefix`, and in how many documents each stands."""
        words: dict[str, int] = {}
        for segment in self._segments:
            for word, count in segment.written_words(prefix):
                words[word] = words.get(word, 0) + count
        return words

    def _scores(self, phrases: Iterable[Phrase], counts: dict[Phrase, list[Numbers]]) -> list[Scores]:
        """Return by segment and document the score of `phrases`."""
        scores = [np.zeros(len(segment.lengths)) for segment in self._segments]
        mean = self._length / self._documents if self._length else 1.0
        for phrase in phrases:
            having = sum(map(np.count_nonzero, counts[phrase]))
            rarity = math.log(1 + (self._documents - having + 0.5) / (having + 0.5))
            for segment, count, score in zip(self._segments, counts[phrase], scores, strict=True):
                some = np.flatnonzero(count)
                often = count[some]
                score[some] += rarity * often * (K1 + 1) / (often + K1 * (1 - B + B * segment.lengths[some] / mean))
        return scores

    def _keys(
        self, matches: list[Flags], scores: list[Scores], sort: Sort, limit: int
    ) -> Iterator[tuple[float, float, str, int, int]]:
        """Yield what to sort by, the segment and the number of each document that may be among the first `limit`."""
        for at, (segment, flags, score) in enumerate(zip(self._segments, matches, scores, strict=True)):
            numbers = np.flatnonzero(flags)
            when = segment.timestamps[numbers] if sort == "oldest" else segment.newest[numbers]
            first = -score[numbers] if sort == "relevance" else np.zeros(len(numbers))
            if len(numbers) > limit > 0:
                order = np.lexsort((when, first))
                last = order[limit - 1]
                may = (first < first[last]) | ((first == first[last]) & (when <= when[last]))
                numbers, when, first = numbers[may], when[may], first[may]
            ids = segment.table.ids
            for key, moment, number in zip(first.tolist(), when.tolist(), numbers.tolist(), strict=True):
                yield key, moment, ids[number], at, number


class SegmentSearcher:
    """One segment, open. What it says of each document stands in an array, by the document's number."""

    def __init__(self, folder: Path, segment: Segment) -> None:
        self.table = segment.table(folder)
        columns = segment.columns(folder)
        self._fields = {name: Field(columns, name) for name in (*FIELDS, *FACETS.values(), "written")}
        self._documents = StoredDocuments(columns)
        self.live = np.ones(segment.documents, bool)
        self.live[list(segment.deleted)] = False
        self._has_deletions = bool(segment.deleted)
        self.lengths = np.array(self.table.lengths, np.int64)
        self.timestamps = np.array([math.inf if moment is None else moment for moment in self.table.timestamps])
        self.newest = np.where(np.isinf(self.timestamps), math.inf, -self.timestamps)
        self.count = int(np.count_nonzero(self.live))
        self.length = int(self.lengths[self.live].sum())

    def document(self, number: int) -> Document:
        """Return the document of this number."""
        return self._documents[number]

    def matches(self, node: Node, counts: dict[Phrase, Numbers]) -> Flags:
        """Return which live documents `node` means."""
        if isinstance(node, Phrase):
            flags: Flags = counts[node] > 0
            return flags
        if isinstance(node, FacetFilter):
            return self._with_keyword(FACETS[node.name], node.slug)
        if isinstance(node, Period):
            days = {day: node.holds(day) for day in set(self.table.days)}
            in_range: Flags = self.live & np.array([days[day] for day in self.table.days], bool)
            return in_range
        if isinstance(node, Not):
            return self.live & ~self.matches(node.node, counts)
        children = [self.matches(inner, counts) for inner in node.nodes]
        if isinstance(node, Or):
            return reduce(np.logical_or, children, np.zeros_like(self.live))
        return reduce(np.logical_and, children, self.live)

    def counts(self, phrase: Phrase, terms_of: Callable[[Part], Collection[str]]) -> Numbers:
        """Return how often each document has `phrase`, weighted; a deleted one does not."""
        counts = np.zeros(len(self.live), np.int64)
        for name, weight in WEIGHTS.items():
            if phrase.title and name != "title":
                continue
            term_ranges = [self._term_ranges(name, part, terms_of) for part in phrase.parts]
            if len(term_ranges) == 1:
                frequencies = self._occurrences(name, term_ranges[0])
            else:
                frequencies = self._side_by_side(name, term_ranges, phrase.offsets)
            counts += weight * frequencies
        return counts * self.live

    def expand(self, part: Part) -> Iterator[str]:
        """Yield the terms of what is written in live documents and begins as `part` says."""
        if isinstance(part, Prefix) and is_stemmed(part.text):
            yield from map(term_of, self._expand_prefix("written", part.text))
        for name in WEIGHTS:
            yield from (term for term in self._expand_prefix(name, part.text) if not is_stemmed(term))

    def written_words(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield each word that begins with `prefix` as it is written in live documents, and in how many."""
        field = self._fields["written"]
        for number in field.find_prefix(prefix.encode("utf-8", "surrogatepass")):
            count = int(np.count_nonzero(self.live[field.documents(range(number, number + 1))]))
            if count:
                yield field.term(number).decode(), count

    def _expand_prefix(self, name: str, prefix: str) -> Iterator[str]:
        field = self._fields[name]
        for number in field.find_prefix(prefix.encode("utf-8", "surrogatepass")):
            if not self._has_deletions or self.live[field.documents(range(number, number + 1))].any():
                yield field.term(number).decode()

    def _term_ranges(self, name: str, part: Part, terms_of: Callable[[Part], Collection[str]]) -> list[range]:
        """Return the numbers of the terms that `part` stands for in the field `name`."""
        field = self._fields[name]
        if isinstance(part, Character):
            return [field.find_prefix(part.text.encode("utf-8", "surrogatepass"))]
        return [field.find(term.encode("utf-8", "surrogatepass")) for term in terms_of(part)]

    def _with_keyword(self, name: str, slug: str) -> Flags:
        field = self._fields[name]
        flags = np.zeros(len(self.live), bool)
        flags[field.documents(field.find(slug.encode("utf-8", "surrogatepass")))] = True
        return flags & self.live

    def _occurrences(self, name: str, term_ranges: Iterable[range]) -> Numbers:
        """Return how often each document has one of the terms at `term_ranges`."""
        counts = np.zeros(len(self.live), np.int64)
        for terms in term_ranges:
            if terms:
                documents, often, _ = self._fields[name].postings(terms)
                np.add.at(counts, documents, often)
        return counts

    def _side_by_side(self, name: str, term_ranges: list[list[range]], offsets: tuple[int, ...]) -> Numbers:
        """Return how often the parts stand in each document at their offsets from one another."""
        field = self._fields[name]
        starts: Numbers | None = None
        sizes = [sum(map(field.size, ranges)) for ranges in term_ranges]
        for _, ranges, offset in sorted(zip(sizes, term_ranges, offsets, strict=True), key=lambda part: part[0]):
            here = [np.empty(0, np.int64)]
            for terms in filter(None, ranges):
                documents, often, positions = field.postings(terms, with_positions=True)
                here.append((np.repeat(documents, often) << 32) + positions - offset)
            result = np.unique(np.concatenate(here))
            starts = result if starts is None else np.intersect1d(starts, result, assume_unique=True)
            if not len(starts):
                break
        return np.bincount((starts if starts is not None else np.empty(0, np.int64)) >> 32, minlength=len(self.live))


def _every_phrase(node: Node) -> Iterator[Phrase]:
    """Yield the phrases in `node`, excluded ones too."""
    if isinstance(node, Phrase):
        yield node
    elif isinstance(node, Not):
        yield from _every_phrase(node.node)
    elif isinstance(node, And | Or):
        for inner in node.nodes:
            yield from _every_phrase(inner)
