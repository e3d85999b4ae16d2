"""Lines put in order on disk: a manifest or an index of any length costs no memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager

from builder.base.problems import BuildUnavailableError

_BATCH = 1000


class SortedLines(AbstractContextManager["SortedLines"]):
    """Texts, each with a key, that are read back in the order of keys. They lie in a temporary file, which goes on exit."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("")  # a database of its own in the folder for temporary files (SQLITE_TMPDIR, TMPDIR)
        self._connection.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE lines (key BLOB, line BLOB)"
        )
        self._rows: list[tuple[bytes, bytes]] = []
        self.count = 0

    def add(self, key: str, line: str) -> None:
        """Take in a `line`. Raises BuildUnavailableError where there is no room for it."""
        self._rows.append((_encode(key), _encode(line)))
        self.count += 1
        if len(self._rows) == _BATCH:
            self._store()

    def __iter__(self) -> Iterator[str]:
        """Yield every line in the order of its key, by code points. Raises as `add`."""
        self._store()
        try:
            for (line,) in self._connection.execute("SELECT line FROM lines ORDER BY key"):
                yield line.decode("utf-8", "surrogateescape")
        except sqlite3.Error as error:
            raise _unavailable(error) from None

    def _store(self) -> None:
        try:
            self._connection.executemany("INSERT INTO lines VALUES (?, ?)", self._rows)
        except sqlite3.Error as error:
            raise _unavailable(error) from None
        self._rows.clear()

    def __exit__(self, *error: object) -> None:
        self._connection.close()


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _unavailable(error: sqlite3.Error) -> BuildUnavailableError:
    return BuildUnavailableError(f"the folder for temporary files cannot take what is to be sorted ({error}); make room there")
