"""What an archive has already: each article by the keys under which it could come in again."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from builder.base import files
from builder.base.problems import BuildUnavailableError
from builder.base.yaml_parsing import YamlError, parse

_KEYS = ("captured_sha256", "original_url", "id")
_LINE = re.compile(rb"^(id|original_url|captured_sha256)[ \t]*:[ \t]*(.+?)[ \t]*\r?$", re.MULTILINE)
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|mc_[ce]id|ref|ref_src|cmpid|ocid|igshid|s_cid|ns_\w+|amp|outputtype|print|share)$", re.IGNORECASE
)
_TABLES = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000;
CREATE TABLE keys (digest BLOB PRIMARY KEY, path BLOB) WITHOUT ROWID;
CREATE TABLE names (name BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE notes (path BLOB PRIMARY KEY, title BLOB, url BLOB, id BLOB, text BLOB) WITHOUT ROWID;
BEGIN;
"""
HEAD = 16_384
"""Bytes of an article in which its front matter ends, but for the longest."""


class Existing:
    """The articles below a content folder, by key. Keys of stories that come in are added as they are written.

    They stand in a temporary SQLite file, which goes with `close`: the memory that this takes does not grow with them.
    `names` has the names of files without their folder, lower case: two of one name would have one address.
    """

    def __init__(self, content: Path) -> None:
        self._table = sqlite3.connect("", isolation_level=None)
        self._table.executescript(_TABLES)
        self.was_empty = True
        """Whether there was no article before this import."""
        for entry in files.walk(content, files.ARTICLE_SUFFIXES):
            self.was_empty = False
            self.add(entry.path, [] if entry.error else list(keys_in(_head(content / entry.path))))

    def close(self) -> None:
        """Remove the temporary file."""
        self._table.close()

    def find(self, keys: list[str]) -> str | None:
        """Return the path of the article that has one of `keys`, the surest first, or None."""
        digests = list(map(_digest, keys))
        marks = ",".join("?" * len(digests))
        rows = self._table.execute(f"SELECT digest, path FROM keys WHERE digest IN ({marks})", digests).fetchall()  # noqa: S608 (marks)
        return _text(min(rows, key=lambda row: digests.index(row[0]))[1]) if rows else None

    def has_name(self, name: str) -> bool:
        """Whether an article's file has the name `name`, letter case aside."""
        return self._table.execute("SELECT 1 FROM names WHERE name = ?", (_bytes(name.lower()),)).fetchone() is not None

    def add(self, path: str, keys: list[str]) -> None:
        """Take in an article that was written."""
        self._table.execute("INSERT OR IGNORE INTO names VALUES (?)", (_bytes(path.rpartition("/")[2].lower()),))
        self._table.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?)", ((_digest(key), _bytes(path)) for key in keys))

    def note(self, path: str, words: tuple[str, str, str], text: str) -> None:
        """Note headline, original address, id and text of an article that this import wrote or found."""
        row = (*map(_bytes, (path, *words)), _digest(text))
        self._table.execute("INSERT OR REPLACE INTO notes VALUES (?, ?, ?, ?, ?)", row)

    def has_text(self, path: str, text: str) -> bool:
        """Whether `note` was told that the article at `path` has this text."""
        row = self._table.execute("SELECT text FROM notes WHERE path = ?", (_bytes(path),)).fetchone()
        return row is not None and row[0] == _digest(text)

    def note_of(self, path: str) -> tuple[str, str, str] | None:
        """Return headline, original address and id that `note` was told of the article at `path`, or None."""
        row = self._table.execute("SELECT title, url, id FROM notes WHERE path = ?", (_bytes(path),)).fetchone()
        return (_text(row[0]), _text(row[1]), _text(row[2])) if row else None


def _digest(key: str) -> bytes:
    return hashlib.blake2b(_bytes(key), digest_size=16).digest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # names of files may be no UTF-8


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


def _head(file: Path) -> bytes:
    """Return the first bytes of an article. Raises BuildUnavailableError where it cannot be read: its story could come in twice."""
    try:
        with file.open("rb") as stream:
            return stream.read(HEAD)
    except OSError as error:
        reason = f"{files.printable(str(file))}: cannot be read: {error.strerror}"
        raise BuildUnavailableError(f"{reason}; its story could come in twice, so nothing was imported") from None


def keys_in(head: bytes) -> Iterator[str]:
    """Yield the keys that the front matter at the beginning of `head` gives."""
    end = head.find(b"\n---", 3)
    for match in _LINE.finditer(head[: end if end > 0 else len(head)]):
        try:
            value = parse(match[0].decode().strip()).get(match[1].decode())
        except (YamlError, UnicodeDecodeError):
            continue
        if isinstance(value, str) and value:
            yield key_of(match[1].decode(), value)


def keys_of(values: dict[str, object]) -> list[str]:
    """Return the keys of a story's front matter, the surest first."""
    return [key_of(word, str(values[word])) for word in _KEYS if values.get(word)]


def key_of(word: str, value: str) -> str:
    """Return the key that `value` of `word` is looked up by."""
    return f"{word}={canonical(value) if word == 'original_url' else value}"


@lru_cache(maxsize=16)
def canonical(url: str) -> str:
    """Return what the addresses of one page have in common: no scheme, `www.`, tracking, AMP or print form, fragment."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.").removeprefix("amp.").removeprefix("m.")
    except ValueError:
        return url
    query = urlencode(sorted((name, value) for name, value in parse_qsl(parts.query) if not _TRACKING.match(name)))
    path = re.sub(r"/(?:amp|print|index\.(?:html?|php))/?$", "", parts.path)
    path = re.sub(r"\.amp(?=\.html?$|$)|^/amp(?=/)", "", path).rstrip("/")
    return f"{host}{path}{'?' + query if query else ''}"
