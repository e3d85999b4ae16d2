"""Records by path in a few hundred sealed rows of SQLite: an edit writes one row, a build reads them all in one breath."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from typing import Generic, Protocol, TypeVar
from zlib import crc32

import msgspec

BUCKETS = 512
"""A row holds a five-hundredth of all records: some hundred kilobytes where there are 100,000 articles."""
_OF_MACHINE = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_BUSY", "SQLITE_LOCKED")


class StateCorruptError(Exception):
    """What was kept is not what is there: it is dropped, and the build begins anew."""


def is_environment_error(error: sqlite3.Error) -> bool:
    """Whether `error` says that the machine would not have it (no room, no right, another at it), not that the file is bad."""
    return str(getattr(error, "sqlite_errorname", "")).startswith(_OF_MACHINE)  # sqlite3's own errors have no name


class _Placed(Protocol):
    @property
    def path(self) -> str: ...


Record = TypeVar("Record", bound=_Placed)


class BucketedTable(Generic[Record]):
    """The records of one table, each a msgspec.Struct with a `path`; a row holds those whose paths share a checksum.

    One row for each record would cost a build that changes nothing ten times as much as the rest of its work.
    """

    def __init__(self, connection: sqlite3.Connection, table: str, record: type[Record]) -> None:
        self._connection = connection
        self._table = table
        self._decode = msgspec.msgpack.Decoder(list[record]).decode  # type: ignore[valid-type]
        self._held: dict[int, list[str]] = {}

    @staticmethod
    def table(name: str) -> str:
        """Return the SQL that makes the table `name`."""
        return f"CREATE TABLE IF NOT EXISTS {name} (shelf INTEGER PRIMARY KEY, records BLOB, seal INTEGER);"

    def read(self) -> dict[str, Record]:
        """Return every record by its path. Raises Damaged where a row is not what was kept."""
        found: dict[str, Record] = {}
        rows = self._connection.execute(f"SELECT shelf, records, seal FROM {self._table}")  # noqa: S608 (the name is ours)
        for shelf, data, seal in rows:
            if type(data) is not bytes or crc32(data) != seal:
                raise StateCorruptError(f"{self._table} {shelf}")
            try:
                records: list[Record] = self._decode(data)
            except msgspec.MsgspecError as error:
                raise StateCorruptError(f"{self._table} {shelf}: {error}") from None
            self._held[shelf] = [record.path for record in records]
            found.update(zip(self._held[shelf], records, strict=True))
        return found

    def keep(self, records: Mapping[str, Record], changed: Collection[str]) -> None:
        """Keep `records` as all that there are; of the paths `changed` they have other records than were read, or none."""
        encode = msgspec.msgpack.Encoder().encode
        new: dict[int, list[str]] = {}
        for path in changed:
            new.setdefault(_shelf_of(path), []).append(path)
        rows = []
        for shelf, paths in new.items():
            held = sorted(path for path in {*self._held.get(shelf, ()), *paths} if path in records)
            self._held[shelf] = held
            data = encode([records[path] for path in held])
            rows.append((shelf, data, crc32(data)))
        self._connection.executemany(f"INSERT OR REPLACE INTO {self._table} VALUES (?, ?, ?)", rows)  # noqa: S608

    def clear(self) -> None:
        """Forget all records."""
        self._connection.execute(f"DELETE FROM {self._table}")  # noqa: S608
        self._held.clear()


def journal_pragmas(shared: bool) -> str:
    """Return the SQL that says how a database that others read meanwhile is written.

    The write-ahead log is quickest, but lies in memory that one machine alone has. `shared` among machines it is a
    journal in a file, and changes wait in memory, so that nobody is kept from reading before all of them are there.
    """
    mode = "PRAGMA journal_mode = DELETE; PRAGMA cache_spill = OFF;" if shared else "PRAGMA journal_mode = WAL;"
    return f"{mode} PRAGMA synchronous = NORMAL;"


def _shelf_of(path: str) -> int:
    return crc32(path.encode()) % BUCKETS
