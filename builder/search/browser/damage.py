"""Whether the store holds what was written: sums over the tables that are read whole, and files that still have their names.

SQLite notices a page that it cannot read, not one in which a byte is another. A row's own checksum would not notice that the row
is gone. A file's name is the digest of its blocks, all of them: so nothing that is published again can come of damage.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from typing import Any
from zlib import crc32

import msgspec

from builder.search.browser.shard_changes import columns_of
from builder.search.browser.shards import FileRange
from builder.state.sqlite import StateCorruptError, get_meta, set_meta

_ROWS = {
    "docs": "SELECT id, version, key, length FROM docs ORDER BY id",
    "regions": "SELECT kind, start FROM regions ORDER BY kind, start",
    "dirty": "SELECT kind, term FROM dirty ORDER BY kind, term",
    "files": "SELECT kind, start, key, last, first, final, name FROM files ORDER BY kind, start, key",
}
_ROWS_AT_ONCE = 1000


def write_sums(store: sqlite3.Connection) -> None:
    """Store the sums of the tables as they are: of a transaction that changes one of them, the last step."""
    for table in _ROWS:
        set_meta(store, f"sum of {table}", str(_sum(store, table)))


def require_sum(store: sqlite3.Connection, table: str, file: str, each: Callable[[tuple[Any, ...]], None] | None = None) -> None:
    """Read the whole `table`, and hand every row to `each`; `file` is the store's name.

    Raises StateCorruptError where it does not have the rows that were written.
    """
    if str(_sum(store, table, each)) != (get_meta(store, f"sum of {table}") or "0"):
        raise StateCorruptError(f"its table {table}", file)


def _sum(store: sqlite3.Connection, table: str, each: Callable[[tuple[Any, ...]], None] | None = None) -> int:
    encode = msgspec.msgpack.Encoder().encode
    rows = store.execute(_ROWS[table])
    total = 0
    while some := rows.fetchmany(_ROWS_AT_ONCE):
        total = crc32(encode(some), total)
        if each:
            for row in some:
                each(row)
    return total


class FileChecks:
    """Reads each file once before the first change to one of its terms: it must have the name that it had."""

    def __init__(self, store: sqlite3.Connection, file: str) -> None:
        self._store = store
        self._file = file
        self._files: dict[str, tuple[list[bytes], list[bytes], list[tuple[FileRange, str] | None]]] = {}

    def require(self, kinds: Iterable[str], term: bytes) -> None:
        """Raise StateCorruptError where a file of one of `kinds` that has or could have `term` is not what it was."""
        for kind in kinds:
            starts, lasts, files = self._files.get(kind) or self._read(kind)
            for index in range(bisect_left(lasts, term), bisect_right(starts, term)):
                if entry := files[index]:
                    columns_of(self._store, *entry, self._file)
                    files[index] = None

    def _read(self, kind: str) -> tuple[list[bytes], list[bytes], list[tuple[FileRange, str] | None]]:
        rows = "SELECT kind, start, last, key, first, final, name FROM files WHERE kind = ? ORDER BY start, key"
        files: list[tuple[FileRange, str] | None] = []
        starts, lasts = [], []
        for *bounds, name in self._store.execute(rows, (kind,)):
            files.append((FileRange(*bounds), name))
            starts.append(bounds[1])
            lasts.append(bounds[2])
        self._files[kind] = starts, lasts, files
        return self._files[kind]
