"""Which errors of SQLite cost what is stored: those of the file, never those of the machine."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from builder.state.sqlite import META_TABLE, delete_database, get_meta, is_environment_error, journal_pragmas, set_meta


@pytest.mark.parametrize("shared", [False, True])
def test_values_last(tmp_path: Path, shared: bool) -> None:
    file = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(journal_pragmas(shared) + META_TABLE)
        set_meta(connection, "a", "one")
        set_meta(connection, "a", "two")
        connection.commit()
    with closing(sqlite3.connect(file)) as connection:
        assert (get_meta(connection, "a"), get_meta(connection, "b")) == ("two", None)
    delete_database(file)
    assert not list(tmp_path.iterdir())


def test_a_lock_and_a_missing_folder_are_the_machine_s_and_rubbish_is_the_file_s(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(file)) as holder, closing(sqlite3.connect(file, timeout=0)) as other:
        holder.executescript(META_TABLE + "BEGIN EXCLUSIVE;")
        with pytest.raises(sqlite3.Error) as locked:
            get_meta(other, "a")
        holder.execute("ROLLBACK")
    with pytest.raises(sqlite3.Error) as missing:
        sqlite3.connect(tmp_path / "nowhere/a.sqlite")
    file.write_bytes(b"no database at all, and long enough to be read as one" * 20)
    with closing(sqlite3.connect(file)) as connection, pytest.raises(sqlite3.Error) as rubbish:
        get_meta(connection, "a")
    assert [is_environment_error(error.value) for error in (locked, missing, rubbish)] == [True, True, False]
