"""Documents inverted, a batch at a time: from texts to arrays that lead from each term to where it stands.

A token is a number from the first step on. The pairs of a run of Han, kana or Hangul are made by the array, a word is looked up
in a dictionary; one stable sort by term puts the tokens of each term together, by document, field and position. What both
indexes keep is cut from these arrays (builder.search.whoosh_index.segments, builder.search.browser.runs).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from builder.search.text.analysis import FIELDS, facets_of, field_texts
from builder.search.text.documents import Document
from builder.search.text.varints import Numbers, starts_of
from builder.search.text.words import ascii_words, fold, is_stemmed, runs, term_of

Flags: TypeAlias = NDArray[np.bool_]

_FIRST, _WORD = 42, 1 << 41
"""A token's key sorts as its term does by code points: its first character, in the bits from `_FIRST` on; then for a word `_WORD`
and its rank among the batch's words, for a pair its second character. No word begins with a character that runs have."""


class Keywords(NamedTuple):
    """Which documents have each of some terms: a row for each pair, by term, then document."""

    terms: list[str]
    """In the order of code points."""
    term: Numbers
    """By row, the term's place in `terms`."""
    document: Numbers
    """By row, the document's number."""

    def where(self, rows: Flags) -> Keywords:
        """Return those of the chosen `rows`."""
        terms, term = _renumber(self.terms, self.term[rows])
        return Keywords(terms, term, self.document[rows])

    @classmethod
    def of_lists(cls, documents: Mapping[str, Sequence[int]]) -> Keywords:
        """Return the keywords of `documents`: by term, the numbers of those that have it, ascending."""
        terms = sorted(documents)
        sizes = [len(documents[term]) for term in terms]
        numbers = np.array([number for term in terms for number in documents[term]], np.int64)
        return cls(terms, np.repeat(np.arange(len(terms)), sizes), numbers)


class Tokens(NamedTuple):
    """Every token of a batch: a row for each, by term, then document, field and position."""

    terms: list[str]
    """In the order of code points."""
    term: Numbers
    """By row, the term's place in `terms`."""
    document: Numbers
    """By row, the document's number."""
    field: NDArray[np.int8]
    """By row, the field's place in FIELDS."""
    position: Numbers
    """By row, the place in the field: texts of one field are parted by an empty one."""

    def where(self, rows: Flags) -> Tokens:
        """Return those of the chosen `rows`."""
        terms, term = _renumber(self.terms, self.term[rows])
        return Tokens(terms, term, self.document[rows], self.field[rows], self.position[rows])


@dataclass(frozen=True, slots=True)
class InvertedBatch:
    """Some documents, numbered from 0, and all that is searched of them."""

    documents: list[Document]
    lengths: Numbers
    """By document and field, how many tokens there are."""
    tokens: Tokens
    written_words: Keywords
    """The words of a to z as they are written, before stemming: `word*` is looked up among them."""
    facets: dict[str, Keywords]
    """By facet (as a query names it), the slugs that find a document."""

    def of_documents(self, mask: Sequence[bool]) -> InvertedBatch:
        """Return the batch with the `mask` documents alone, numbered anew."""
        if all(mask):
            return self
        flags = np.array(mask, bool)
        numbers = np.cumsum(flags) - 1

        def only(keywords: Keywords) -> Keywords:
            some = keywords.where(flags[keywords.document])
            return some._replace(document=numbers[some.document])

        tokens = self.tokens.where(flags[self.tokens.document])
        return InvertedBatch(
            [document for document, is_chosen in zip(self.documents, mask, strict=True) if is_chosen],
            self.lengths[flags],
            tokens._replace(document=numbers[tokens.document]),
            only(self.written_words),
            {name: only(keywords) for name, keywords in self.facets.items()},
        )


def invert(documents: Iterable[Document], max_tokens: int) -> Iterator[InvertedBatch]:
    """Yield `documents` in batches of about `max_tokens` tokens: a token takes some 60 bytes while it is sorted."""
    reader = _Reader()
    for document in documents:
        reader.add(document)
        if reader.tokens >= max_tokens:
            yield reader.invert()
            reader = _Reader()
    if reader.documents:
        yield reader.invert()


class _WordNumbers(dict[str, int]):
    """Numbers words as they come."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class _Reader:
    """Reads documents into flat arrays: words and runs apart, each with where it stands."""

    def __init__(self) -> None:
        self.documents: list[Document] = []
        self.tokens = 0
        self._lengths: list[list[int]] = []
        self._numbers = _WordNumbers()
        self._words, self._word_positions = array("I"), array("I")
        self._runs: list[str] = []
        self._run_positions = array("I")
        self._texts: list[tuple[int, int, int, int]] = []
        """For each text its document, its field, and how many words and runs it has."""
        self._facets: dict[str, dict[str, list[int]]] = {}

    def add(self, document: Document) -> None:
        """Take in `document`."""
        number = len(self.documents)
        lengths = []
        for field, texts in enumerate(field_texts(document)):
            at = length = 0
            for text in texts:
                words, run_count = len(self._words), len(self._runs)
                size = self._read(fold(text), at)
                self._texts.append((number, field, len(self._words) - words, len(self._runs) - run_count))
                length += size
                at += size + 1  # one position stays empty: no phrase leads from one name into the next
            lengths.append(length)
        for facet, slugs in facets_of(document).items():
            by_slug = self._facets.setdefault(facet, {})
            for slug in slugs:
                by_slug.setdefault(slug, []).append(number)
        self._lengths.append(lengths)
        self.tokens += sum(lengths)
        self.documents.append(document)

    def _read(self, folded_text: str, start: int) -> int:
        """Take in a text whose first token is at `start`; return how many it has."""
        if folded_text.isascii():
            words = ascii_words(folded_text)
            self._words.extend(map(self._numbers.__getitem__, words))
            self._word_positions.extend(range(start, start + len(words)))
            return len(words)
        at = start
        for text, _, _, is_word in runs(folded_text):
            if is_word:
                self._words.append(self._numbers[text])
                self._word_positions.append(at)
                at += 1
            else:
                self._runs.append(text)
                self._run_positions.append(at)
                at += len(text)
        return at - start

    def invert(self) -> InvertedBatch:
        """Return all that was taken in."""
        texts = np.array(self._texts, np.int64).reshape(-1, 4)
        of_words = np.repeat(np.arange(len(texts)), texts[:, 2])
        of_runs = np.repeat(np.arange(len(texts)), texts[:, 3])
        words = np.frombuffer(self._words, np.uint32).astype(np.int64)
        positions = np.frombuffer(self._word_positions, np.uint32).astype(np.int64)
        word_keys, word_terms = self._word_keys()
        pair_keys, run_sizes = _pairs(self._runs)
        before = np.cumsum(run_sizes) - run_sizes
        pair_positions = np.repeat(np.frombuffer(self._run_positions, np.uint32) - before, run_sizes) + np.arange(len(pair_keys))
        keys = np.concatenate((word_keys[words], pair_keys))
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        text = np.concatenate((of_words, np.repeat(of_runs, run_sizes)))[order]
        starts = starts_of(keys)
        term = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(keys)))
        tokens = Tokens(
            _terms(keys[starts], word_terms), term, texts[text, 0], texts[text, 1].astype(np.int8),
            np.concatenate((positions, pair_positions))[order],
        )  # fmt: skip
        spellings = self._written_words(words, texts[of_words, 0])
        lengths = np.array(self._lengths, np.int64).reshape(-1, len(FIELDS))
        facets = {name: Keywords.of_lists(by_slug) for name, by_slug in self._facets.items()}
        return InvertedBatch(self.documents, lengths, tokens, spellings, facets)

    def _word_keys(self) -> tuple[Numbers, list[str]]:
        """Return each word's key by its number, and the words' terms in order."""
        by_number = [term_of(word) for word in self._numbers]
        terms = sorted(set(by_number))
        keys = {term: ord(term[0]) << _FIRST | _WORD | rank for rank, term in enumerate(terms)}
        return np.array([keys[term] for term in by_number], np.int64), terms

    def _written_words(self, words: Numbers, documents: Numbers) -> Keywords:
        stemmed_words = sorted(word for word in self._numbers if is_stemmed(word))
        ranks = np.full(len(self._numbers), -1, np.int64)
        ranks[[self._numbers[word] for word in stemmed_words]] = np.arange(len(stemmed_words))
        pairs = ranks[words] << 32 | documents
        pairs = np.unique(pairs[pairs >= 0])
        return Keywords(stemmed_words, pairs >> 32, pairs & 0xFFFFFFFF)


def _pairs(texts: list[str]) -> tuple[Numbers, Numbers]:
    """Return the keys of the pairs AB, BC, C of each run ABC, and how many each run has."""
    sizes = np.array(list(map(len, texts)), np.int64)
    letters = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32).astype(np.int64)
    following = np.append(letters[1:], 0)
    following[np.cumsum(sizes) - 1] = 0
    return letters << _FIRST | following, sizes


def _terms(keys: Numbers, words: list[str]) -> list[str]:
    """Return the terms of `keys`; those of words are looked up by rank."""
    pairs = np.stack((keys >> _FIRST, np.where(keys & _WORD, 0, keys & _WORD - 1)), axis=1).astype("<u4")
    letters = pairs.tobytes().decode("utf-32-le")
    terms = [letters[at : at + 2].rstrip("\0") for at in range(0, len(letters), 2)]
    for at in np.flatnonzero(keys & _WORD).tolist():
        terms[at] = words[int(keys[at]) & _WORD - 1]
    return terms


def _renumber(terms: list[str], term: Numbers) -> tuple[list[str], Numbers]:
    """Return those of `terms` that `term`, which ascends, names, and their new places by row."""
    starts = starts_of(term)
    return [terms[at] for at in term[starts].tolist()], np.repeat(np.arange(len(starts)), np.diff(starts, append=len(term)))
