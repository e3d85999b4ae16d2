"""What the databases of `.morgue/` share: a table of named values, how they are journalled, which errors are the machine's."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from builder.base.problems import BuildUnavailableError

META_TABLE = "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
"""SQL of the table that `get_meta` and `set_meta` use."""
_ENVIRONMENT_ERRORS = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_BUSY", "SQLITE_LOCKED")

_SUFFIXES = ("", "-wal", "-shm", "-journal")


def get_meta(connection: sqlite3.Connection, name: str) -> str | None:
    """Return the value of `name`, None where it has none."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def set_meta(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Give `name` the text `value`."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


def is_environment_error(error: sqlite3.Error) -> bool:
    """Whether `error` is environmental (disk full, read-only, locked) rather than corruption: the file must not be deleted."""
    return str(getattr(error, "sqlite_errorname", "")).startswith(_ENVIRONMENT_ERRORS)  # sqlite3's own errors have no name


class StateCorruptError(Exception):
    """A database of `.morgue/`, the `file`, does not hold what was written: it is deleted, and the build makes it anew."""

    def __init__(self, message: str, file: str) -> None:
        super().__init__(message, file)  # it crosses processes
        self.message, self.file = message, file

    def __str__(self) -> str:
        return f"{self.file}: {self.message}"


def require_files(file: Path) -> None:
    """Raise StateCorruptError where a folder stands in the place of the database `file` or of one of its journals."""
    if any(file.with_name(file.name + suffix).is_dir() for suffix in _SUFFIXES):
        raise StateCorruptError("a folder stands in its place", file.name)


def error_of(error: sqlite3.DatabaseError, file: Path) -> BuildUnavailableError | StateCorruptError:
    """Map an error of the database `file`: an environmental one costs nothing that is stored; after any other it is made anew."""
    if not is_environment_error(error):
        return StateCorruptError(str(error), file.name)
    what = "the disk is full, or fails" if error.sqlite_errorname.startswith("SQLITE_IOERR") else error
    return BuildUnavailableError(f"{file}: {what}; make room, or see who may write there")


def journal_pragmas(is_shared: bool) -> str:
    """Return the SQL that sets how a database is journalled that others read while it is written.

    The write-ahead log is quickest, but its index lies in memory that one machine alone has (SQLite, "Write-Ahead Logging").
    `is_shared` among machines the journal is a file, and changes wait in memory, so that nobody is kept from reading before
    all of them are there.
    """
    mode = "PRAGMA journal_mode = DELETE; PRAGMA cache_spill = OFF;" if is_shared else "PRAGMA journal_mode = WAL;"
    return f"{mode} PRAGMA synchronous = NORMAL;"


def delete_database(file: Path) -> None:
    """Delete the database `file` with its journals, whatever stands in their places."""
    for suffix in _SUFFIXES:
        delete_entry(file.with_name(file.name + suffix))


def delete_entry(path: Path) -> None:
    """Delete what is at `path` in `.morgue/`, which may be deleted at any time: a file, a folder with all in it, or nothing."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
