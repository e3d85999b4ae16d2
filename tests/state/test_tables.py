"""Records in rows: all come back, a change writes its own row alone, and damage is told."""

from __future__ import annotations

import sqlite3

import msgspec
import pytest

from builder.state.sqlite import StateCorruptError
from builder.state.tables import BUCKETS, BucketedTable


class Record(msgspec.Struct):
    path: str
    size: int


@pytest.fixture
def connection() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(BucketedTable.create_table_sql("records"))
    return connection


def table(connection: sqlite3.Connection) -> BucketedTable[Record]:
    return BucketedTable(connection, "state.sqlite", "records", Record)


RECORDS = {f"a/{number}.md": Record(f"a/{number}.md", number) for number in range(2000)}


def test_records_come_back_by_path(connection: sqlite3.Connection) -> None:
    table(connection).write(RECORDS, RECORDS)
    assert table(connection).read() == RECORDS
    assert connection.execute("SELECT count(*) FROM records").fetchone()[0] <= BUCKETS


def test_a_change_writes_one_row_and_clearing_all(connection: sqlite3.Connection) -> None:
    table(connection).write(RECORDS, RECORDS)
    again = table(connection)
    records = again.read()
    changes = connection.total_changes
    again.write(records | {"a/7.md": Record("a/7.md", -1)}, ["a/7.md"])
    assert connection.total_changes == changes + 1
    assert table(connection).read()["a/7.md"].size == -1
    again.clear()
    assert table(connection).read() == {}


def test_a_row_that_is_not_what_was_written_is_told(connection: sqlite3.Connection) -> None:
    table(connection).write(RECORDS, RECORDS)
    names = [row[1] for row in connection.execute("PRAGMA table_info(records)") if row[2] == "BLOB"]
    connection.execute(f"UPDATE records SET {names[-1]} = zeroblob(10) WHERE rowid = (SELECT min(rowid) FROM records)")
    with pytest.raises(StateCorruptError):
        table(connection).read()
