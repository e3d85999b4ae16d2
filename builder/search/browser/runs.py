"""Runs: the postings of some stories, sorted by term and put aside until all stories have been read."""

from __future__ import annotations

import sqlite3
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from builder.base.files import digest
from builder.search.browser.postings import Posting, Postings, coded_positions, fieldnorm_id, in_blocks
from builder.search.text.analysis import Analysis

MAX_POSTINGS = 100_000
"""Postings of a run: some 10 to 30 MB while it is gathered."""
_COLUMNS = len(Posting._fields)
_ROWS = "(term BLOB, first INTEGER, last INTEGER, size INTEGER, gaps BLOB, counts BLOB, lengths BLOB, fields BLOB, places BLOB)"


class RunDocument(NamedTuple):
    """A story as the store knows it."""

    id: str
    version: str
    key: int
    length: int
    terms: bytes
    """What it is found by, packed (`unpacked`)."""


class RunWriter:
    """Gathers analysed stories, which come in the order of keys, into files of `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._clear()

    def _clear(self) -> None:
        self._docs: list[RunDocument] = []
        self._terms: dict[str, list[Any]] = defaultdict(list)
        """By term: a story's key, count, coded length, fields and places, then the next story's, and so on."""
        self._words: Counter[str] = Counter()
        self._postings = 0

    def add(self, id_: str, version: str, key: int, analysis: Analysis) -> None:
        """Take in a story."""
        gathered, length = self._terms, fieldnorm_id(analysis.length)
        facets = [f"{name}:{slug}" for name, slugs in analysis.facets.items() for slug in slugs]
        terms = facets.copy()
        for term, count, fields, places in coded_positions(analysis):
            terms.append(term)
            gathered[term] += (key, count, length, fields, places)
        for facet in facets:
            gathered[facet] += (key, 0, 0, b"", b"")
        self._words.update(analysis.written)
        self._docs.append(RunDocument(id_, version, key, analysis.length, zlib.compress(_joined(terms, analysis.written), 1)))
        self._postings += len(terms)
        if self._postings >= MAX_POSTINGS:
            self.write()

    def write(self) -> None:
        """Put aside what was gathered."""
        if not self._docs:
            return
        first = self._docs[0]
        # Names sort as keys do, for files of one archive: so lists of several runs are joined without sorting them.
        file = self._folder / f"{first.key + (1 << 60):020}-{digest(first.id)[:8]}.sqlite"
        with closing(sqlite3.connect(file)) as run:
            run.executescript(
                f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE postings {_ROWS};"
                "CREATE TABLE docs (id TEXT, version TEXT, key INTEGER, length INTEGER, terms BLOB);"
                "CREATE TABLE words (word TEXT, count INTEGER)"
            )
            run.executemany("INSERT INTO docs VALUES (?, ?, ?, ?, ?)", self._docs)
            run.executemany("INSERT INTO words VALUES (?, ?)", self._words.items())
            run.executemany("INSERT INTO postings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", self._rows())
            run.commit()
        self._clear()

    def _rows(self) -> Iterator[tuple[bytes | int, ...]]:
        for name, term in sorted((utf16_key(term), term) for term in self._terms):
            columns = [self._terms[term][column::_COLUMNS] for column in range(_COLUMNS)]
            del self._terms[term]
            for block in in_blocks(columns[0]):
                yield name, *Postings.of_columns(*(column[block] for column in columns))


def _joined(terms: list[str], words: set[str]) -> bytes:
    return "\n\n".join(("\n".join(terms), "\n".join(words))).encode()


def unpacked(terms: bytes) -> tuple[list[str], list[str]]:
    """Return the terms and facets of a story, and its words as they are written, of which `RunDocument.terms` was kept."""
    found, _, words = zlib.decompress(terms).decode().partition("\n\n")
    return found.split("\n"), words.split("\n") if words else []


def utf16_key(term: str) -> bytes:
    """Return `term` as bytes that sort as JavaScript sorts its strings: by units of UTF-16."""
    return term.encode("utf-16-be", "surrogatepass")


def merged(files: list[Path]) -> Iterator[tuple[bytes, list[Postings]]]:
    """Yield every term of the runs in `files` with its blocks, the terms in order and the blocks in the order of keys.

    Blocks of different runs are not put together yet.
    """
    opened = [sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True) for file in sorted(files)]
    try:
        rows = merge(*(run.execute("SELECT * FROM postings ORDER BY rowid") for run in opened), key=itemgetter(0))
        for term, blocks in groupby(rows, itemgetter(0)):
            yield term, sorted((postings_of(row) for row in blocks), key=lambda block: block.first)
    finally:
        for run in opened:
            run.close()


def postings_of(row: tuple[Any, ...]) -> Postings:
    """Return the block that a row with its term holds."""
    return Postings._make(row[1:])


def docs(files: list[Path]) -> Iterator[RunDocument]:
    """Yield every story of the runs in `files`."""
    for file in sorted(files):
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as run:
            yield from (RunDocument(*row) for row in run.execute("SELECT * FROM docs"))


def words(files: list[Path]) -> Counter[str]:
    """Return how many stories of the runs in `files` have each word as it is written."""
    counts: Counter[str] = Counter()
    for file in files:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as run:
            counts.update(dict(run.execute("SELECT word, count FROM words")))
    return counts
