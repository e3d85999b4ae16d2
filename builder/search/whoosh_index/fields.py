"""The postings of a field as columns of a segment, and back.

Of each term, in the order of its UTF-8 bytes, four columns have a piece; `ends` tell where each ends, in bytes:

    terms       the term
    documents   the numbers of the documents that have it: the first, then what each adds to the one before, varints
    counts      how often each has it, varints
    positions   where: in each document the first position, then what each adds to the one before, varints

Fields of keywords have terms and documents alone.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from builder.search.text.inversion import Keywords, Tokens
from builder.search.text.varints import Numbers, decode_array, encode_array, restarting_deltas, restarting_sums, starts_of
from builder.search.whoosh_index.columns import Columns

_END = "<u4"


def keyword_columns(name: str, keywords: Keywords) -> dict[str, NDArray[Any]]:
    """Return the columns of the field `name`, which has `keywords`."""
    starts = starts_of(keywords.term)
    documents = encode_array(restarting_deltas(keywords.document, starts))
    return _terms(name, keywords.terms) | _pieces(f"{name} documents", *documents, starts)


def token_columns(name: str, tokens: Tokens) -> dict[str, NDArray[Any]]:
    """Return the columns of the field `name`, all of whose `tokens` these are."""
    postings = starts_of(tokens.term, tokens.document)
    documents, term = tokens.document[postings], tokens.term[postings]
    starts = starts_of(term)
    counts = np.diff(postings, append=len(tokens.term))
    return (
        _terms(name, tokens.terms)
        | _pieces(f"{name} documents", *encode_array(restarting_deltas(documents, starts)), starts)
        | _pieces(f"{name} counts", *encode_array(counts), starts)
        | _pieces(f"{name} positions", *encode_array(restarting_deltas(tokens.position, postings)), postings[starts])
    )


def _terms(name: str, terms: list[str]) -> dict[str, NDArray[Any]]:
    data = [term.encode("utf-8", "surrogatepass") for term in terms]
    ends = np.cumsum([len(term) for term in data], dtype=_END)
    return {f"{name} terms": np.frombuffer(b"".join(data), np.uint8), f"{name} terms ends": ends}


def _pieces(name: str, data: NDArray[np.uint8], sizes: Numbers, starts: Numbers) -> dict[str, NDArray[Any]]:
    """Return a column of `data`, made of numbers of `sizes`, and where each term's piece, begun at one of `starts`, ends."""
    ends = np.cumsum(sizes)[np.append(starts[1:], len(sizes)) - 1] if len(sizes) else np.empty(0, np.int64)
    return {name: data, f"{name} ends": ends.astype(_END)}


class TermPostings(NamedTuple):
    """The postings of some terms, term after term."""

    documents: Numbers
    """By posting, the document's number."""
    counts: Numbers
    """By posting, how often the document has the term."""
    positions: Numbers
    """By occurrence, its place in the field; empty unless asked for."""


class Field:
    """One field of a segment, for reading."""

    def __init__(self, columns: Columns, name: str) -> None:
        self._columns, self._name = columns, name
        self._ends = columns[f"{name} terms ends"]

    def __len__(self) -> int:
        return len(self._ends)

    def term(self, number: int) -> bytes:
        """Return the term of this number, in UTF-8."""
        return self._columns.data(f"{self._name} terms", int(self._ends[number - 1]) if number else 0, int(self._ends[number]))

    def lower_bound(self, term: bytes) -> int:
        """Return the number of the first term that is not before `term`."""
        return bisect_left(range(len(self._ends)), term, key=self.term)

    def find(self, term: bytes) -> range:
        """Return the number of `term`, as a range of one or none."""
        number = self.lower_bound(term)
        return range(number, number + (number < len(self._ends) and self.term(number) == term))

    def find_prefix(self, prefix: bytes) -> range:
        """Return the numbers of the terms that begin with `prefix`."""
        return range(self.lower_bound(prefix), self.lower_bound(prefix + b"\xff"))

    def size(self, terms: range) -> int:
        """Return how many bytes of positions `terms` have: a measure of how common they are."""
        ends = self._columns[f"{self._name} positions ends"]
        return int(ends[terms.stop - 1]) - (int(ends[terms.start - 1]) if terms.start else 0) if terms else 0

    def documents(self, terms: range) -> Numbers:
        """Return the documents of each of `terms`, term after term."""
        return self._documents(terms)[0]

    def _documents(self, terms: range) -> tuple[Numbers, Numbers]:
        """Return the documents of each of `terms`, and with which number each term's begin."""
        data, ends = self._piece("documents", terms)
        last = np.flatnonzero(data < 128)
        starts = np.append(0, np.searchsorted(last, ends[:-1])) if len(terms) else np.empty(0, np.int64)
        return restarting_sums(decode_array(data), starts), starts

    def postings(self, terms: range, with_positions: bool = False) -> TermPostings:
        """Return the postings of `terms`. Of keywords each counts once."""
        documents = self.documents(terms)
        counts = decode_array(self._piece("counts", terms)[0])
        if not with_positions:
            return TermPostings(documents, counts, np.empty(0, np.int64))
        deltas = decode_array(self._piece("positions", terms)[0])
        return TermPostings(documents, counts, restarting_sums(deltas, np.cumsum(counts) - counts))

    def _piece(self, kind: str, terms: range) -> tuple[NDArray[np.uint8], Numbers]:
        """Return what `terms` have of a column, and where in it each one's piece ends."""
        name = f"{self._name} {kind}"
        ends = self._columns[f"{name} ends"]
        start = int(ends[terms.start - 1]) if terms.start else 0
        of_terms = ends[terms.start : terms.stop].astype(np.int64)
        return self._columns[name][start : int(of_terms[-1]) if len(of_terms) else start], of_terms - start
