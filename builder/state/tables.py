"""Stores records by path in 512 checksummed rows of SQLite, so that a build reads 512 rows, not 100,000."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from typing import Generic, Protocol, TypeVar
from zlib import crc32

import msgspec

from builder.state.sqlite import StateCorruptError

BUCKETS = 512
"""A bucket has a five-hundredth of all records: some hundred kilobytes where there are 100,000 articles."""


class _Record(Protocol):
    @property
    def path(self) -> str: ...


Record = TypeVar("Record", bound=_Record)


class BucketedTable(Generic[Record]):
    """The records of one table, each a msgspec.Struct with a `path`; a row holds those whose paths share a bucket.

    One row for each record would cost a build that changes nothing ten times as much as the rest of its work.
    """

    def __init__(self, connection: sqlite3.Connection, file: str, table: str, record: type[Record]) -> None:
        self._connection = connection
        self._file = file
        self._table = table
        self._decode = msgspec.msgpack.Decoder(list[record]).decode  # type: ignore[valid-type]
        self._paths_by_bucket: dict[int, list[str]] = {}

    @staticmethod
    def create_table_sql(name: str) -> str:
        """Return the SQL that makes the table `name`."""
        return f"CREATE TABLE IF NOT EXISTS {name} (bucket INTEGER PRIMARY KEY, records BLOB, crc32 INTEGER);"

    def read(self) -> dict[str, Record]:
        """Return every record by its path. Raises StateCorruptError where a row is not what was written."""
        return {record.path: record for record in self.each()}

    def each(self) -> Iterator[Record]:
        """Yield every record; no more than those of one row are in memory. Raises as `read`."""
        rows = self._connection.execute(f"SELECT bucket, records, crc32 FROM {self._table}")  # noqa: S608 (the name is ours)
        for bucket, data, checksum in rows:
            if type(data) is not bytes or crc32(data, bucket) != checksum:
                raise StateCorruptError(f"row {bucket} of {self._table}", self._file)
            try:
                records: list[Record] = self._decode(data)
            except msgspec.MsgspecError as error:
                raise StateCorruptError(f"row {bucket} of {self._table}: {error}", self._file) from None
            self._paths_by_bucket[bucket] = [record.path for record in records]
            yield from records

    def write(self, records: Mapping[str, Record], keys: Collection[str]) -> None:
        """Store `records` as all that there are; of the paths `keys` they have other records than were read, or none."""
        encode = msgspec.msgpack.Encoder().encode
        changed_by_bucket: dict[int, list[str]] = {}
        for path in keys:
            changed_by_bucket.setdefault(_bucket_of(path), []).append(path)
        rows = []
        for bucket, changed_paths in changed_by_bucket.items():
            paths = sorted(path for path in {*self._paths_by_bucket.get(bucket, ()), *changed_paths} if path in records)
            self._paths_by_bucket[bucket] = paths
            data = encode([records[path] for path in paths])
            rows.append((bucket, data, crc32(data, bucket)))
        self._connection.executemany(f"INSERT OR REPLACE INTO {self._table} VALUES (?, ?, ?)", rows)  # noqa: S608

    def clear(self) -> None:
        """Delete all records."""
        self._connection.execute(f"DELETE FROM {self._table}")  # noqa: S608
        self._paths_by_bucket.clear()


def _bucket_of(path: str) -> int:
    return crc32(path.encode()) % BUCKETS
