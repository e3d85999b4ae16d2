"""What a report lists without end (stories, problems), in temporary files: a report's memory does not grow with them."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import weakref
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from builder.base.problems import Problem, Severity


class StoryEntries:
    """The report's entries for stories, in a temporary file beyond 64 kB."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=64_000)  # noqa: SIM115 (closed with the report)
        self._end = weakref.finalize(self, self._file.close)
        self.count = 0
        self.rules: Counter[str] = Counter()
        """How many cuts there are by each rule, and how many stories keep each HTML tag (`tags`)."""
        self.tags: Counter[str] = Counter()

    def append(self, entry: dict[str, Any]) -> None:
        """Add the entry of a story."""
        self._file.write(json.dumps(entry).encode() + b"\n")
        self.count += 1
        for cut in entry["cut"]:
            self.rules[cut["rule"]] += 1
        for tag in entry["kept_as_html"]:
            self.tags[tag] += 1

    def __iter__(self) -> Iterator[dict[str, Any]]:
        self._file.seek(0)
        for line in self._file:
            yield json.loads(line)
        self._file.seek(0, os.SEEK_END)


class ProblemEntries:
    """The report's problems, in a temporary SQLite file where they are many; iteration yields them by their positions."""

    def __init__(self) -> None:
        self._table: sqlite3.Connection | None = None
        self.errors = 0
        """How many of them are errors."""

    def append(self, problem: Problem) -> None:
        """Add a problem."""
        self.extend((problem,))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add problems."""
        for problem in problems:
            self.errors += problem.severity == Severity.ERROR
            texts = (problem.path, str(problem.severity), problem.field, problem.message)
            path, severity, field, message = (text.encode("utf-8", "surrogatepass") for text in texts)  # names may be no UTF-8
            self._connection().execute(
                "INSERT INTO problems VALUES (?, ?, ?, ?, ?, ?)", (path, problem.line, problem.column, severity, field, message)
            )

    def __iter__(self) -> Iterator[Problem]:
        if self._table is None:
            return
        for path, line, column, severity, field, message in self._table.execute("SELECT * FROM problems ORDER BY 1, 2, 3, 4, 5, 6"):
            yield Problem(_text(path), line, column, Severity(_text(severity)), _text(field), _text(message))

    def _connection(self) -> sqlite3.Connection:
        if self._table is None:
            self._table = sqlite3.connect("", isolation_level=None)
            weakref.finalize(self, self._table.close)
            self._table.executescript(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000;"
                'CREATE TABLE problems (path BLOB, line INTEGER, "column" INTEGER, severity BLOB, field BLOB, message BLOB); BEGIN;'
            )
        return self._table


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")
