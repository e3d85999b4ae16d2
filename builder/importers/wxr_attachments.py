"""The attachments of WordPress exports, in a temporary SQLite file: a large site has more of them than posts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

_TABLE = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000;
CREATE TABLE attachments (
    site TEXT, number TEXT, parent TEXT, facts TEXT, source INTEGER, is_shown INTEGER, PRIMARY KEY (site, number)
);
BEGIN;
"""
_MOST = 500
"""Numbers that one question to SQLite may name."""


class Attachments:
    """Attachments by the address of their site and their number: mappings as wxr_meta.attachment_in returns them."""

    def __init__(self) -> None:
        self._table = sqlite3.connect("", isolation_level=None)
        self._table.executescript(_TABLE)
        self._has_any = False

    def close(self) -> None:
        """Remove the temporary file."""
        self._table.close()

    def add(self, site: str, number: str, attachment: dict[str, Any], source: int) -> None:
        """Take in an attachment of the row `source` of the report. Of two with one number the later one counts."""
        self._has_any = True
        row = (site, number, attachment["parent"], json.dumps(attachment), source)
        self._table.execute("INSERT OR REPLACE INTO attachments VALUES (?, ?, ?, ?, ?, 0)", row)

    def settle(self) -> None:
        """Make attachments of a post quick to find, once all are in."""
        self._table.execute("CREATE INDEX IF NOT EXISTS children ON attachments (site, parent)")

    def find(self, site: str, numbers: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Return those of `numbers` that the site has, by number and in the order of `numbers`: they count as shown."""
        attachments: dict[str, dict[str, Any]] = {}
        if not self._has_any:
            return attachments
        for at in range(0, len(numbers), _MOST):
            some = numbers[at : at + _MOST]
            marks = ",".join("?" * len(some))
            question = f"SELECT number, facts FROM attachments WHERE site = ? AND number IN ({marks})"  # noqa: S608 (marks)
            rows = dict(self._table.execute(question, (site, *some)).fetchall())
            if rows:
                showing = f"UPDATE attachments SET is_shown = 1 WHERE site = ? AND number IN ({marks})"  # noqa: S608 (marks)
                self._table.execute(showing, (site, *some))
            attachments |= {number: json.loads(rows[number]) for number in some if number in rows}
        return attachments

    def not_shown(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the attachments that no story asked for, each after the row of the report to which it belongs."""
        for source, facts in self._table.execute("SELECT source, facts FROM attachments WHERE is_shown = 0 ORDER BY rowid"):
            yield source, json.loads(facts)

    def children(self, site: str, post: str) -> list[str]:
        """Return the numbers of the attachments that belong to a post, in the order of the export."""
        question = "SELECT number FROM attachments WHERE site = ? AND parent = ? ORDER BY rowid"
        return [number for (number,) in self._table.execute(question, (site, post))] if self._has_any else []
