"""What the browser's index is made of, kept between builds in `.morgue/browser.sqlite`: stories, postings, finished files.

What it holds follows from the stories alone, never from the order in which they came. A build that is killed leaves it as it was,
or with notes of what is still to be cut. Lost or damaged, it is made anew.
"""

from __future__ import annotations

import sqlite3
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from builder.base import version
from builder.incremental.fingerprints import browser_index_key
from builder.parallel.pool import WorkerPool, split_batches
from builder.search.browser.damage import FileChecks, require_sum, write_sums
from builder.search.browser.postings import Posting, blocks, join_postings
from builder.search.browser.runs import BlockRow, documents, merge_runs, postings_of, unpack_terms, utf16_key, words
from builder.search.browser.shard_changes import columns_of, split_regions
from builder.search.browser.shards import (
    Columns,
    DirectoryEntry,
    FileRange,
    is_region_start,
)
from builder.state.sqlite import (
    META_TABLE,
    StateCorruptError,
    delete_database,
    error_of,
    get_meta,
    journal_pragmas,
    require_files,
    set_meta,
)

FILE = "browser.sqlite"
ZLIB_LEVEL = 5
"""zlib's level: what 6 packs better, a third of one percent here, takes it a third longer."""
DEFLATER = f"zlib {zlib.ZLIB_RUNTIME_VERSION}, level {ZLIB_LEVEL}"
"""What packs the files: another one writes other bytes, so it is in the key of each."""
_FORMAT = f"6, level {ZLIB_LEVEL}, unicode {unicodedata.unidata_version}"
REGION_ODDS = {"t": 256, "v": 512}
"""Of how many terms, and words as they are written, one begins a region."""
_REGIONS_AT_ONCE = 24
_FEW = 8
"""As many batches of regions are cut sooner here than by processes that would have to be started."""
_TABLES = f"""
{META_TABLE}
CREATE TABLE IF NOT EXISTS docs (id TEXT PRIMARY KEY, version TEXT, key INTEGER, length INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS document_terms (id TEXT PRIMARY KEY, terms BLOB, crc32 INTEGER);
CREATE TABLE IF NOT EXISTS blocks (
    term BLOB, first INTEGER, last INTEGER, size INTEGER, gaps BLOB, counts BLOB, lengths BLOB, fields BLOB, positions BLOB,
    PRIMARY KEY (term, first)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS regions (kind TEXT, start BLOB, PRIMARY KEY (kind, start)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS words (word BLOB PRIMARY KEY, count INTEGER, crc32 INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dirty (kind TEXT, term BLOB, PRIMARY KEY (kind, term)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (
    kind TEXT, start BLOB, last BLOB, key INTEGER, first INTEGER, final INTEGER, name TEXT);
CREATE INDEX IF NOT EXISTS starts ON files (kind, start, key);
CREATE INDEX IF NOT EXISTS names ON files (kind, name);
"""
_UNREADABLE = {"SQLITE_CANTOPEN", "SQLITE_READONLY"}
"""What a file is to one who may not read or write it: one of his own takes its place."""
_END = b"\xff\xff\xff"
"""After every term."""
_ROWS_AT_ONCE = 500
"""Rows that are written in one step."""
_MANY_CHANGES = 16
"""Changes to one term from which on all of its blocks are read."""


class BrowserIndexStore:
    """The store of one archive, open for the build that holds its lock; `is_shared` as that of the state (state.open_state).

    Raises StateCorruptError where it is no file.
    """

    def __init__(self, file: Path, bits: int, is_shared: bool = False) -> None:
        self._file = file
        self._checks: FileChecks
        """Of the update that runs."""
        self._journal = journal_pragmas(is_shared)
        made_by = browser_index_key(_FORMAT, version.code_fingerprint(), bits)
        require_files(file)
        try:
            self._open()
            if get_meta(self._connection, "made by") != made_by:
                self.close()
                discard(file)
                self._open()
        except sqlite3.DatabaseError as error:
            if hasattr(self, "_connection"):
                self.close()
            if getattr(error, "sqlite_errorname", "") not in _UNREADABLE:
                raise
            discard(file)
            self._open()
        set_meta(self._connection, "made by", made_by)

    def _open(self) -> None:
        self._connection = sqlite3.connect(self._file)
        self._connection.executescript(f"PRAGMA page_size = 16384; {self._journal} BEGIN; {_TABLES} COMMIT;")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def versions_and_keys(self) -> dict[str, tuple[str, int]]:
        """Return the version and the key of each story by its id.

        Raises StateCorruptError where a table that is read whole does not have what was written.
        """
        for table in ("dirty", "regions", "files"):
            require_sum(self._connection, table, FILE)
        indexed_stories: dict[str, tuple[str, int]] = {}
        require_sum(self._connection, "docs", FILE, lambda row: indexed_stories.__setitem__(row[0], row[1:3]))
        return indexed_stories

    @property
    def length(self) -> int:
        """The lengths of all stories, summed."""
        return int(self._connection.execute("SELECT ifnull(sum(length), 0) FROM docs").fetchone()[0])

    @property
    def is_finished(self) -> bool:
        """Whether all files are those of the stories: a build may have been killed before it had cut them."""
        return self._connection.execute("SELECT 1 FROM dirty LIMIT 1").fetchone() is None

    def clear(self) -> None:
        """Forget all stories: with most of them new, that is quicker than to change what is there."""
        with self._connection:
            for table in ("docs", "document_terms", "blocks", "regions", "words", "dirty", "files"):
                self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 (the names are ours)
            write_sums(self._connection)

    def update(self, runs: list[Path], obsolete: Iterable[str], workers: WorkerPool) -> Generator[None, None, None]:
        """Take in the stories of `runs`, which replace those of the same ids, and let go of those with the ids `obsolete`.

        A little is done before each of many values: between them the caller may give work to `workers`. Nothing of it lasts where
        the iterator is closed before its end. Raises StateCorruptError where what is to be changed is not what was written.
        """
        with self._connection, closing(merge_runs(runs)) as new:
            self._checks = FileChecks(self._connection, FILE)
            without, fewer = self._remove_documents([*obsolete, *(doc.id for doc in documents(runs))])
            for doc in documents(runs):
                self._connection.execute("INSERT INTO docs VALUES (?, ?, ?, ?)", doc[:4])
                self._connection.execute(
                    "INSERT INTO document_terms VALUES (?, ?, ?)", (doc.id, doc.terms, _terms_crc32(doc.id, doc.terms))
                )
            yield from self._merge_postings(new, without)
            more = words(runs)
            more.subtract(fewer)
            self._count_words(more)
            write_sums(self._connection)
        yield from self._rebuild_dirty(workers)

    def _remove_documents(self, ids: list[str]) -> tuple[dict[bytes, set[int]], Counter[str]]:
        """Forget stories; return the keys that go from each term, and how many stories of each word."""
        without: dict[bytes, set[int]] = defaultdict(set)
        fewer: Counter[str] = Counter()
        for id_ in ids:
            row = self._connection.execute(
                "SELECT key, terms, crc32 FROM docs LEFT JOIN document_terms USING (id) WHERE id = ?", (id_,)
            ).fetchone()
            if row is not None:
                key, terms, crc32 = row
                if type(terms) is not bytes or crc32 != _terms_crc32(id_, terms):
                    raise StateCorruptError(f"the terms of {id_}", FILE)
                names, words = unpack_terms(terms)
                fewer.update(words)
                for term in names:
                    without[utf16_key(term)].add(key)
                self._connection.execute("DELETE FROM docs WHERE id = ?", (id_,))
                self._connection.execute("DELETE FROM document_terms WHERE id = ?", (id_,))
        return without, fewer

    def _merge_postings(self, new: Iterator[tuple[bytes, list[BlockRow]]], without: dict[bytes, set[int]]) -> Iterator[None]:
        """Bring each term's blocks to what they are with its `new` ones and without some keys."""
        execute = self._connection.execute
        is_empty = execute("SELECT 1 FROM blocks LIMIT 1").fetchone() is None
        if is_empty:
            for some in split_batches((row for term, rows in new for row in _join(term, rows)), _ROWS_AT_ONCE):
                self._insert(some)
                yield
            self._start_regions("t", (term for (term,) in execute("SELECT DISTINCT term FROM blocks").fetchall()))
            return
        for term, rows in new:
            self._update_term(term, without.pop(term, set()), rows)
            yield
        for term, keys in without.items():
            self._update_term(term, keys, [])

    def _insert(self, rows: Iterable[BlockRow]) -> None:
        self._connection.executemany("INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def _update_term(self, term: bytes, obsolete: set[int], new: list[BlockRow]) -> None:
        execute = self._connection.execute
        self._checks.require(("t", "p"), term)
        additions = {posting.key: posting for row in new for posting in postings_of(row).each()}
        keys = obsolete | additions.keys()
        if len(keys) > _MANY_CHANGES:
            rows = execute("SELECT * FROM blocks WHERE term = ?", (term,)).fetchall()
        else:
            rows = [row for key in keys for row in self._neighbour_blocks(term, key)]
        old = {row[1]: postings_of(row) for row in rows}
        postings: dict[int, Posting] = {posting.key: posting for block in old.values() for posting in block.each()}
        for key in obsolete:
            postings.pop(key, None)
        postings.update(additions)
        new_blocks = {block.first: block for block in blocks([postings[key] for key in sorted(postings)])}
        self._connection.executemany(
            "DELETE FROM blocks WHERE term = ? AND first = ?",
            [(term, first) for first, block in old.items() if new_blocks.get(first) != block],
        )
        self._insert((term, *block) for first, block in new_blocks.items() if old.get(first) != block)
        if new_blocks != old:
            is_there = bool(postings) or execute("SELECT 1 FROM blocks WHERE term = ? LIMIT 1", (term,)).fetchone() is not None
            self._mark_dirty("t", term, is_there)

    def _neighbour_blocks(self, term: bytes, key: int) -> list[tuple[Any, ...]]:
        """Return the block of `term` that has or gets `key`. Where that is its first, or there is none, also those beside it:
        the one before may have to take in what is left, the one after the key itself."""
        select = "SELECT * FROM blocks WHERE term = ? AND first"
        execute = self._connection.execute
        before = execute(f"{select} <= ? ORDER BY first DESC LIMIT 1", (term, key)).fetchall()
        if not before or before[0][1] == key:
            before += execute(f"{select} < ? ORDER BY first DESC LIMIT 1", (term, key)).fetchall()
            before += execute(f"{select} > ? ORDER BY first LIMIT 1", (term, key)).fetchall()
        return before

    def _start_regions(self, kind: str, terms: Iterable[bytes]) -> None:
        """Note every region there is, and that it is to be cut; the first one begins with nothing."""
        starts = [(kind, b""), *((kind, term) for term in terms if is_region_start(term, REGION_ODDS[kind]))]
        self._connection.executemany("INSERT OR IGNORE INTO regions VALUES (?, ?)", starts[1:])
        self._connection.executemany("INSERT OR IGNORE INTO dirty VALUES (?, ?)", starts)

    def _mark_dirty(self, kind: str, term: bytes, is_there: bool) -> None:
        """Note that `term` changed. Where a region begins with it, or does no more, the region before is another, too."""
        execute = self._connection.execute
        execute("INSERT OR IGNORE INTO dirty VALUES (?, ?)", (kind, term))
        if not is_region_start(term, REGION_ODDS[kind]):
            return
        was_there = execute("SELECT 1 FROM regions WHERE kind = ? AND start = ?", (kind, term)).fetchone() is not None
        if is_there != was_there:
            change = "INSERT INTO regions VALUES (?, ?)" if is_there else "DELETE FROM regions WHERE kind = ? AND start = ?"
            execute(change, (kind, term))
            before = execute("SELECT max(start) FROM regions WHERE kind = ? AND start < ?", (kind, term)).fetchone()[0]
            execute("INSERT OR IGNORE INTO dirty VALUES (?, ?)", (kind, before or b""))

    def _count_words(self, changes: Counter[str]) -> None:
        execute = self._connection.execute
        rows = sorted((utf16_key(word), change) for word, change in changes.items() if change)
        if execute("SELECT 1 FROM words LIMIT 1").fetchone() is None:
            checked_rows = ((word, count, _count_crc32(word, count)) for word, count in rows)
            self._connection.executemany("INSERT INTO words VALUES (?, ?, ?)", checked_rows)
            self._start_regions("v", (word for word, _ in rows))
            return
        for word, change in rows:
            self._checks.require(("v",), word)
            count, crc32 = execute("SELECT count, crc32 FROM words WHERE word = ?", (word,)).fetchone() or (
                0,
                _count_crc32(word, 0),
            )
            if crc32 != _count_crc32(word, count):
                raise StateCorruptError("a count of a word", FILE)
            count += change
            if count > 0:
                execute("INSERT OR REPLACE INTO words VALUES (?, ?, ?)", (word, count, _count_crc32(word, count)))
            else:
                execute("DELETE FROM words WHERE word = ?", (word,))
            self._mark_dirty("v", word, count > 0)

    def _rebuild_dirty(self, workers: WorkerPool) -> Iterator[None]:
        """Cut every region anew that has a dirty term."""
        execute, executemany = self._connection.execute, self._connection.executemany
        with self._connection:
            for kind in REGION_ODDS:
                starts = [start for (start,) in execute("SELECT start FROM regions WHERE kind = ? ORDER BY start", (kind,))]
                ends = dict(zip([b"", *starts], [*starts, _END], strict=True))
                before = "SELECT max(start) FROM regions WHERE kind = ? AND start <= dirty.term"
                dirty = f"SELECT DISTINCT ifnull(({before}), x'') FROM dirty WHERE kind = ? ORDER BY 1"  # noqa: S608
                regions = [(start, ends[start]) for (start,) in execute(dirty, (kind, kind)).fetchall()]
                batches = split_batches(regions, _REGIONS_AT_ONCE)
                for changes in workers.run(partial(split_regions, self._file, kind), batches, min_batches=_FEW):
                    executemany("DELETE FROM files WHERE rowid = ?", changes.obsolete_rows)
                    executemany("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?)", changes.new)
                    yield
            execute("DELETE FROM dirty")
            write_sums(self._connection)

    def files(self, kind: str) -> list[DirectoryEntry]:
        """Return every finished file of a kind in the order of terms."""
        rows = self._connection.execute("SELECT start, last, key, name FROM files WHERE kind = ? ORDER BY start, key", (kind,))
        return [DirectoryEntry(*row) for row in rows]


def _join(term: bytes, rows: list[BlockRow]) -> Iterable[BlockRow]:
    """Return the blocks of `term`, of which `rows` may have begun some without need."""
    return rows if len(rows) == 1 else ((term, *block) for block in join_postings(list(map(postings_of, rows))))


def _terms_crc32(id_: str, terms: bytes) -> int:
    return zlib.crc32(terms, zlib.crc32(id_.encode("utf-8", "surrogatepass")))


def _count_crc32(word: bytes, count: object) -> int:
    return zlib.crc32(f"{count}".encode(), zlib.crc32(word))


def deflate(columns: Columns) -> bytes:
    """Return `columns` as one, deflated (RFC 1951), as browsers inflate it by themselves.

    Each is deflated by itself: with repetitions told as such or without, whichever is shorter. Among numbers as good as random a
    repetition often takes more bytes than a code for each number does.
    """
    parts = [column for column in columns if column] or [b""]
    ends = [zlib.Z_SYNC_FLUSH] * (len(parts) - 1) + [zlib.Z_FINISH]
    ways = (zlib.Z_DEFAULT_STRATEGY, zlib.Z_HUFFMAN_ONLY)
    return b"".join(min((_deflate(part, way, end) for way in ways), key=len) for part, end in zip(parts, ends, strict=True))


def _deflate(data: bytes, strategy: int, end: int) -> bytes:
    packer = zlib.compressobj(ZLIB_LEVEL, wbits=-zlib.MAX_WBITS, strategy=strategy)
    return packer.compress(data) + packer.flush(end)


class FileReader:
    """Reads the finished files of the store in `folder`, which it opens for the first."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._connection: sqlite3.Connection | None = None

    def read(self, kind: str, name: str) -> bytes:
        """Return a finished file, deflated.

        Raises StateCorruptError where it is not there or not what was written, and BuildUnavailableError where it cannot be read.
        """
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(f"{self._file.absolute().as_uri()}?mode=ro", uri=True)
            query = "SELECT kind, start, last, key, first, final FROM files WHERE kind = ? AND name = ?"
            row = self._connection.execute(query, (kind, name)).fetchone()
            if row is None:
                raise StateCorruptError(f"has no {kind}/{name}", FILE)
            return deflate(columns_of(self._connection, FileRange(*row), name, FILE))
        except sqlite3.DatabaseError as error:
            raise error_of(error, self._file) from None

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()


def discard(file: Path) -> None:
    """Delete the store."""
    delete_database(file)
