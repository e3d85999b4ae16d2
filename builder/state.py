"""What the last build knew: of each file what was read, of each output its key. Lost or damaged, it is made anew."""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout

from builder.articles import Card
from builder.files import digest
from builder.loading import Loaded
from builder.problems import Problem, Severity, Unable

FOLDER = ".morgue"
FILE = "state.sqlite"
FORMAT = 2
_TABLES = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS articles (
    path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER, reading TEXT, sha256 TEXT,
    card TEXT, problems TEXT, unknown TEXT, seal INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bodies (path TEXT PRIMARY KEY, article BLOB, html TEXT);
CREATE TABLE IF NOT EXISTS outputs (path TEXT PRIMARY KEY, key TEXT, size INTEGER, mtime_ns INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inputs (path TEXT PRIMARY KEY, inputs TEXT) WITHOUT ROWID;
"""
_card_values = attrgetter(*(field.name for field in fields(Card)))
_problem_values = attrgetter(*(field.name for field in fields(Problem)))


class Known(NamedTuple):
    """One content file as it was last read: what the file system said of it, and what came of it.

    `mtime_ns` is -1 where the file was so fresh that a later change could carry the same time. `card` is None where
    the file gave no article.
    """

    size: int
    mtime_ns: int
    ctime_ns: int
    sha256: str
    card: Card | None
    problems: tuple[Problem, ...]
    unknown: tuple[str, ...]


class Output(NamedTuple):
    """One output file as it was last written: the key of what it shows, and what the file system said of it."""

    key: str
    size: int
    mtime_ns: int


class Body(NamedTuple):
    """An article's front matter as JSON (an Article), its arranged HTML, and the SHA-256 of its file."""

    article: str
    html: str
    sha256: str


class Damaged(Exception):
    """The state is not what was kept: it is dropped, and the build begins anew."""


class State:
    """The state of one archive, open for the build that holds its lock."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def articles(self, reading: str) -> dict[str, Known]:
        """Return what is known of every content file that was read under the key `reading`, by its path.

        The key is that of the settings and the program. Raises Damaged where a row is not what was kept.
        """
        rows = self._connection.execute(
            "SELECT path, size, mtime_ns, ctime_ns, sha256, card, problems, unknown, seal FROM articles WHERE reading = ?",
            (reading,),
        )
        known = {}
        for path, size, mtime, ctime, sha256, card, problems, unknown, seal in rows:
            if seal != _seal(path, sha256, card, problems, unknown):
                raise Damaged(path)
            known[path] = Known(size, mtime, ctime, sha256, _card(card), _problems(problems), _texts(unknown))
        return known

    def keep_articles(self, read: Iterable[tuple[tuple[int, int, int], Loaded]], reading: str) -> None:
        """Keep files as they were read under the key `reading`: their (size, mtime_ns, ctime_ns), and what came of them."""
        known, bodies = [], []
        for status, loaded in read:
            card = json.dumps(_card_values(loaded.card), ensure_ascii=False) if loaded.card else None
            problems = json.dumps([_problem_values(problem) for problem in loaded.problems]) if loaded.problems else None
            unknown = json.dumps(loaded.unknown) if loaded.unknown else None
            texts = (loaded.sha256, card, problems, unknown)
            known.append((loaded.path, *status, reading, *texts, _seal(loaded.path, *texts)))
            bodies.append((loaded.path, loaded.article, loaded.html))
        self._connection.executemany("INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", known)
        self._connection.executemany("INSERT OR REPLACE INTO bodies VALUES (?, ?, ?)", bodies)

    def touch_articles(self, statuses: Iterable[tuple[int, int, int, str]]) -> None:
        """Keep new (size, mtime_ns, ctime_ns, path) of files whose bytes are those that were read before."""
        self._connection.executemany("UPDATE articles SET size = ?, mtime_ns = ?, ctime_ns = ? WHERE path = ?", statuses)

    def forget_articles(self, paths: Iterable[str], reading: str) -> None:
        """Forget content files that are gone, and whatever was read under another key than `reading`."""
        gone = [(path,) for path in paths]
        self._connection.executemany("DELETE FROM articles WHERE path = ?", gone)
        self._connection.execute("DELETE FROM articles WHERE reading != ?", (reading,))
        self._connection.execute("DELETE FROM bodies WHERE path NOT IN (SELECT path FROM articles)")

    def output_folder(self) -> str | None:
        """Return the output folder that is known of, None where none is."""
        row = self._connection.execute("SELECT value FROM about WHERE name = 'output'").fetchone()
        return None if row is None else row[0]

    def outputs(self, folder: str) -> dict[str, Output]:
        """Return what is known of every file in the output `folder`, by its path; of another folder nothing is known."""
        if self.output_folder() != folder:
            self._connection.execute("DELETE FROM outputs")
            self._connection.execute("DELETE FROM inputs")
            self._connection.execute("INSERT OR REPLACE INTO about VALUES ('output', ?)", (folder,))
        return {path: Output(*rest) for path, *rest in self._connection.execute("SELECT path, key, size, mtime_ns FROM outputs")}

    def inputs(self, path: str) -> str:
        """Return what the output `path` was last made of (explain.inputs_of), "" where that is not known."""
        row = self._connection.execute("SELECT inputs FROM inputs WHERE path = ?", (path,)).fetchone()
        return "" if row is None else row[0]

    def keep_outputs(self, written: Iterable[tuple[str, Output]], inputs: Iterable[tuple[str, str]]) -> None:
        """Keep outputs as they now are, and what they were made of: apart, for most builds never look at it."""
        rows = ((path, *output) for path, output in written)
        self._connection.executemany("INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?)", rows)
        self._connection.executemany("INSERT OR REPLACE INTO inputs VALUES (?, ?)", inputs)

    def forget_outputs(self, paths: Iterable[str]) -> None:
        """Forget outputs that are gone."""
        gone = [(path,) for path in paths]
        self._connection.executemany("DELETE FROM outputs WHERE path = ?", gone)
        self._connection.executemany("DELETE FROM inputs WHERE path = ?", gone)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def commit(self) -> None:
        """Make what was kept so far last, and visible to the workers that render."""
        self._connection.commit()


class Snapshot(State):
    """The state as it is, for one who only looks: nothing is kept."""

    def __init__(self, file: Path) -> None:
        super().__init__(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True))

    def articles(self, reading: str) -> dict[str, Known]:
        """Return what is known, or nothing where no sound state is."""
        try:
            return super().articles(reading)
        except (sqlite3.Error, Damaged):
            return {}

    def keep_articles(self, read: Iterable[tuple[tuple[int, int, int], Loaded]], reading: str) -> None:
        """Keep nothing."""

    def touch_articles(self, statuses: Iterable[tuple[int, int, int, str]]) -> None:
        """Keep nothing."""

    def forget_articles(self, paths: Iterable[str], reading: str) -> None:
        """Forget nothing."""


class Bodies:
    """The texts of articles, read by those that render; opened anew in each process."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, check_same_thread=False)

    def of(self, card: Card) -> Body:
        """Return the body of the article that `card` is of. Raises Damaged if it is not there, or not as it was kept."""
        try:
            row = self._connection.execute(
                "SELECT article, html, sha256 FROM bodies JOIN articles USING (path) WHERE path = ?", (card.path,)
            ).fetchone()
        except sqlite3.DatabaseError as error:
            raise Damaged(str(error)) from None
        if row is None or digest(*row) != card.record:
            raise Damaged(card.path)
        return Body(*row)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the archive at `folder` for one build. Raises Unable, naming who holds it, if another process builds it.

    The lock is the system's: that of a process that died is free at once.
    """
    kept = folder / FOLDER
    try:
        kept.mkdir(exist_ok=True)
        lock = FileLock(kept / "lock")
        holder = kept / "holder"
        try:
            lock.acquire(timeout=0)
        except Timeout:
            who = holder.read_text() if holder.exists() else "another process"
            raise Unable(f"{folder}: {who} is building this archive; wait until it is done") from None
        holder.write_text(f"process {os.getpid()}")
    except OSError as error:
        raise Unable(f"{kept}: cannot be written: {error.strerror}; the build keeps what it knows there") from None
    try:
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


@contextmanager
def opened(folder: Path) -> Iterator[State]:
    """Open the state of the archive at `folder`; one that is absent or of another format begins empty.

    Raises Damaged where it is no state at all, and Unable where it cannot be written.
    """
    file = folder / FOLDER / FILE
    try:
        with closing(sqlite3.connect(file)) as connection:
            _prepare(connection)
            yield State(connection)
            connection.commit()
    except sqlite3.OperationalError as error:
        if any(reason in str(error) for reason in ("full", "readonly", "locked", "unable to open")):
            raise Unable(f"{file}: {error}; make room, or see who may write there") from None
        raise Damaged(str(error)) from None
    except sqlite3.DatabaseError as error:
        raise Damaged(str(error)) from None


@contextmanager
def glimpsed(folder: Path) -> Iterator[State]:
    """Open the state of the archive at `folder` to look at; one that is absent or damaged is empty."""
    try:
        snapshot: State = Snapshot(folder / FOLDER / FILE)
    except sqlite3.Error:
        connection = sqlite3.connect(":memory:")
        _prepare(connection)
        snapshot = State(connection)
    try:
        yield snapshot
    finally:
        snapshot.close()


def discard(folder: Path) -> None:
    """Remove the state of the archive at `folder`."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        (folder / FOLDER / (FILE + suffix)).unlink(missing_ok=True)


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    if connection.execute("PRAGMA user_version").fetchone()[0] not in {0, FORMAT}:
        raise sqlite3.DatabaseError("of another format")
    connection.executescript(_TABLES)
    connection.execute(f"PRAGMA user_version = {FORMAT}")


def _seal(*texts: str | None) -> int:
    """Return a checksum of a row: a damaged disk or a stray write is noticed, not published."""
    return zlib.crc32(repr(texts).encode(errors="surrogatepass"))


def _card(text: str | None) -> Card | None:
    if text is None:
        return None
    return Card(*[_frozen(value) for value in json.loads(text)])


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if type(value) is list else value


def _problems(text: str | None) -> tuple[Problem, ...]:
    if not text:
        return ()
    rows: list[list[Any]] = json.loads(text)
    return tuple(
        Problem(path, line, column, Severity(severity), word, message) for path, line, column, severity, word, message in rows
    )


def _texts(text: str | None) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text else ()
