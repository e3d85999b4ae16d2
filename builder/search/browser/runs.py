"""Runs: the postings of some stories, sorted by term and put aside until all stories have been read."""

from __future__ import annotations

import sqlite3
import zlib
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from builder.base.files import digest
from builder.search.browser.blocks import blocks_of_keywords, blocks_of_tokens
from builder.search.browser.postings import Postings
from builder.search.text.analysis import WEIGHTS
from builder.search.text.inversion import InvertedBatch
from builder.search.text.varints import starts_of

_ROWS = "(term BLOB, first INTEGER, last INTEGER, size INTEGER, gaps BLOB, counts BLOB, lengths BLOB, fields BLOB, positions BLOB)"


BlockRow: TypeAlias = tuple[bytes, int, int, int, bytes, bytes, bytes, bytes, bytes]
"""A term and a block of its postings."""


class RunDocument(NamedTuple):
    """A story as the store knows it."""

    id: str
    version: str
    doc_id: int
    length: int
    terms: bytes
    """What it is found by, packed (`unpack_terms`)."""


def write_run(folder: Path, batch: InvertedBatch, doc_ids: Sequence[int]) -> None:
    """Write a file to `folder` with the stories of `batch`, whose numbers in the index, `doc_ids`, ascend."""
    # Names sort as numbers do, for files of one archive: so lists of several runs are joined without sorting them.
    file = folder / f"{doc_ids[0] + (1 << 60):020}-{digest(batch.documents[0].id)[:8]}.sqlite"
    numbers = np.array(doc_ids, np.int64)
    blocks = list(blocks_of_tokens(batch, numbers))
    for name, keywords in batch.facets.items():
        blocks += ((f"{name}:{slug}", block) for slug, block in blocks_of_keywords(keywords, numbers))
    rows = sorted(((utf16_key(term), *block) for term, block in blocks), key=itemgetter(0, 1))
    stories = np.bincount(batch.written_words.term, minlength=len(batch.written_words.terms)).tolist()
    with closing(sqlite3.connect(file)) as run:
        run.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN; CREATE TABLE postings {_ROWS};"
            "CREATE TABLE docs (id TEXT, version TEXT, doc_id INTEGER, length INTEGER, terms BLOB);"
            "CREATE TABLE words (word TEXT, count INTEGER)"
        )
        run.executemany("INSERT INTO docs VALUES (?, ?, ?, ?, ?)", _documents(batch, doc_ids))
        run.executemany("INSERT INTO words VALUES (?, ?)", zip(batch.written_words.terms, stories, strict=True))
        run.executemany("INSERT INTO postings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        run.commit()


def _documents(batch: InvertedBatch, doc_ids: Sequence[int]) -> Iterator[RunDocument]:
    terms: list[list[str]] = [[] for _ in batch.documents]
    postings = starts_of(batch.tokens.term, batch.tokens.document)
    groups = [("", batch.tokens.terms, batch.tokens.term[postings], batch.tokens.document[postings])]
    groups += ((f"{name}:", keywords.terms, keywords.term, keywords.document) for name, keywords in batch.facets.items())
    for prefix, names, term, document in groups:
        for index, number in zip(term.tolist(), document.tolist(), strict=True):
            terms[number].append(prefix + names[index])
    words: list[list[str]] = [[] for _ in batch.documents]
    for index, number in zip(batch.written_words.term.tolist(), batch.written_words.document.tolist(), strict=True):
        words[number].append(batch.written_words.terms[index])
    lengths = (batch.lengths @ np.array(list(WEIGHTS.values()))).tolist()
    for number, story in enumerate(batch.documents):
        yield RunDocument(story.id, story.version, doc_ids[number], lengths[number], _pack_terms(terms[number], words[number]))


def _pack_terms(terms: list[str], words: list[str]) -> bytes:
    return zlib.compress("\n\n".join(("\n".join(terms), "\n".join(words))).encode(), 1)


def unpack_terms(terms: bytes) -> tuple[list[str], list[str]]:
    """Return the terms and facets of a story, and its words as they are written, of which `RunDocument.terms` was kept."""
    names, _, words = zlib.decompress(terms).decode().partition("\n\n")
    return names.split("\n"), words.split("\n") if words else []


def utf16_key(term: str) -> bytes:
    """Return `term` as bytes that sort as JavaScript sorts its strings: by units of UTF-16."""
    return term.encode("utf-16-be", "surrogatepass")


def merge_runs(files: list[Path]) -> Generator[tuple[bytes, list[BlockRow]], None, None]:
    """Yield every term of the runs in `files` with the rows of its blocks, the terms in order and the blocks in that of numbers.

    Blocks of different runs are not put together yet.
    """
    streams = [_open(file) for file in sorted(files)]
    try:
        rows = (run.execute("SELECT * FROM postings ORDER BY rowid") for run in streams)
        with closing(merge(*rows, key=itemgetter(0))) as merging:  # else its cursors outlive their databases
            for term, of_term in groupby(merging, itemgetter(0)):
                block_rows = list(of_term)
                if len(block_rows) > 1:
                    block_rows.sort(key=itemgetter(1))
                yield term, block_rows
    finally:
        for run in streams:
            run.close()


def postings_of(row: tuple[Any, ...]) -> Postings:
    """Return the block that a row with its term holds."""
    return Postings._make(row[1:])


def documents(files: list[Path]) -> Iterator[RunDocument]:
    """Yield every story of the runs in `files`."""
    for file in sorted(files):
        with closing(_open(file)) as run:
            yield from (RunDocument(*row) for row in run.execute("SELECT * FROM docs"))


def words(files: list[Path]) -> Counter[str]:
    """Return how many stories of the runs in `files` have each word as it is written."""
    counts: Counter[str] = Counter()
    for file in files:
        with closing(_open(file)) as run:
            counts.update(dict(run.execute("SELECT word, count FROM words")))
    return counts


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
