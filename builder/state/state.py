"""What the last build knew: of each file what was read, of each output its key. Lost or damaged, it is made anew."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import msgspec
from filelock import FileLock, Timeout

from builder.articles.model import ArticleSummary
from builder.articles.page_fields import PageSettings
from builder.articles.parsing import ParsedArticle
from builder.base.problems import BuildUnavailableError, Problem
from builder.incremental.fingerprints import content_hash
from builder.state.sqlite import (
    META_TABLE,
    StateCorruptError,
    delete_database,
    delete_entry,
    error_of,
    get_meta,
    journal_pragmas,
    require_files,
    set_meta,
)
from builder.state.tables import BucketedTable

__all__ = [
    "BodyReader",
    "OutputRecord",
    "PartRecord",
    "SourceRecord",
    "State",
    "StateCorruptError",
    "StoredBody",
    "delete_state",
    "lock",
    "open_read_only",
    "open_state",
]

FOLDER = ".morgue"
FILE = "state.sqlite"
CHUNKS = "data"
"""The folder beside it that knows where the chunks of published data files end."""
STATE_FORMAT = 8
_TABLES = f"""
{META_TABLE}
CREATE TABLE IF NOT EXISTS bodies (path TEXT PRIMARY KEY, article BLOB, html TEXT, sha256 TEXT, text TEXT, crc32 INTEGER);
CREATE TABLE IF NOT EXISTS memo (name TEXT PRIMARY KEY, key TEXT, result BLOB, crc32 INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inputs (path TEXT PRIMARY KEY, inputs TEXT) WITHOUT ROWID;
{BucketedTable.create_table_sql("articles")}
{BucketedTable.create_table_sql("outputs")}
{BucketedTable.create_table_sql("parts")}
"""


class SourceRecord(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One content file as it was last read: what the file system said of it, and what came of it.

    `mtime_ns` is -1 where the file was so fresh that a later change could carry the same time. `article` is None where
    the file gave no article.
    """

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    sha256: str
    article: ArticleSummary | None
    problems: tuple[Problem, ...]
    unknown: tuple[str, ...]
    page: PageSettings | None
    """Of a page of the archive's own, where it is shown; None: it is an article."""


class OutputRecord(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One output file as it was last written: the key of what it shows, and what the file system said of it."""

    path: str
    key: str
    size: int
    mtime_ns: int


class PartRecord(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A part of the plan (model.PlanPart) as it last was: the key of all that its outputs show, and their paths, a line each."""

    path: str
    """The part's name."""
    key: str
    outputs: str


class StoredBody(NamedTuple):
    """An article's front matter as JSON (an Article), its HTML, the SHA-256 of its file, and its searched text."""

    article: str
    html: str
    """Postprocessed (builder.articles.article_html)."""
    sha256: str
    text: str
    """Plain (articles.article_summary.searched_text)."""


class State:
    """The state of one archive, open for the build that holds its lock."""

    def __init__(self, connection: sqlite3.Connection, file: Path) -> None:
        self._connection = connection
        self._file = file
        self._articles = BucketedTable(connection, file.name, "articles", SourceRecord)
        self._outputs = BucketedTable(connection, file.name, "outputs", OutputRecord)
        self._parts = BucketedTable(connection, file.name, "parts", PartRecord)

    def articles(self, reading: str) -> dict[str, SourceRecord]:
        """Return what is known of every content file that was read under the key `reading`, by its path.

        The key is that of the settings and the program; what was read under another one is forgotten. Raises StateCorruptError
        where a row is not what was kept.
        """
        if get_meta(self._connection, "reading") == reading:
            return self._articles.read()
        self._articles.clear()
        self._connection.execute("DELETE FROM bodies")
        set_meta(self._connection, "reading", reading)
        return {}

    def last_articles(self) -> dict[str, SourceRecord]:
        """Return what the last build read of every content file, under whatever key. Raises StateCorruptError."""
        return self._articles.read()

    def each_article(self) -> Iterator[SourceRecord]:
        """Yield what `last_articles` has, in no order, without all of it being in memory. Raises StateCorruptError."""
        return self._articles.each()

    def write_bodies(self, articles: Iterable[ParsedArticle]) -> None:
        """Keep the texts of articles that were read."""
        rows = (
            (each.path, each.article_json, each.html, each.sha256, each.text, crc32(each.text.encode()))
            for each in articles
            if each.article is not None
        )
        self._connection.executemany("INSERT OR REPLACE INTO bodies VALUES (?, ?, ?, ?, ?, ?)", rows)

    def write_articles(self, records: Mapping[str, SourceRecord], paths: Collection[str]) -> None:
        """Keep the `records` of content files, of which those at `paths` are others than were read here, or gone."""
        self._articles.write(records, paths)
        obsolete = ((path,) for path in paths if path not in records or records[path].article is None)
        self._connection.executemany("DELETE FROM bodies WHERE path = ?", obsolete)

    def output_folder(self) -> str | None:
        """Return the output folder that is known of, None where none is."""
        return get_meta(self._connection, "output")

    def outputs(self, folder: str) -> dict[str, OutputRecord]:
        """Return what is known of every file in the output `folder`, by its path; of another folder nothing is known."""
        if self.output_folder() != folder:
            self._outputs.clear()
            self._parts.clear()
            self._connection.execute("DELETE FROM inputs")
            set_meta(self._connection, "output", folder)
        return self._outputs.read()

    def inputs(self, path: str) -> str:
        """Return what the output `path` was last made of (rebuild_reasons.inputs_of), "" where that is not known."""
        row = self._connection.execute("SELECT inputs FROM inputs WHERE path = ?", (path,)).fetchone()
        return "" if row is None else row[0]

    def write_inputs(self, inputs: Iterable[tuple[str, str]]) -> None:
        """Keep what outputs are made of, apart from the rest: most builds never look at it."""
        self._connection.executemany("INSERT OR REPLACE INTO inputs VALUES (?, ?)", inputs)

    def write_outputs(self, outputs: Mapping[str, OutputRecord], paths: Collection[str]) -> None:
        """Keep `outputs` as they now are, of which those at `paths` are others than were read here, or gone."""
        self._outputs.write(outputs, paths)
        self._connection.executemany("DELETE FROM inputs WHERE path = ?", ((path,) for path in paths if path not in outputs))

    def parts(self) -> dict[str, PartRecord]:
        """Return the parts of the last plan for the output folder that is known of, by name."""
        return self._parts.read()

    def write_parts(self, parts: Mapping[str, PartRecord], names: Collection[str]) -> None:
        """Keep `parts`, of which those called `names` are others than were read here, or gone."""
        self._parts.write(parts, names)

    def get_meta(self, name: str) -> str | None:
        """Return the text of `name` that an earlier build set, None where none did."""
        return get_meta(self._connection, f"build: {name}")

    def set_meta(self, name: str, text: str) -> None:
        """Store a text for later builds."""
        set_meta(self._connection, f"build: {name}", text)

    def last_count(self, folder: str) -> int | None:
        """Return how many sound articles the last build into the output `folder` had, None where that is not known."""
        count = self.get_meta(f"articles for {folder}")
        return int(count) if count and self.output_folder() == folder else None

    def keep_count(self, folder: str, count: int) -> None:
        """Keep how many sound articles there are for the output `folder`."""
        self.set_meta(f"articles for {folder}", str(count))

    def recall(self, name: str, key: str) -> bytes | None:
        """Return the result of a function that was kept (incremental.memo.Memo). Raises StateCorruptError where it is damaged."""
        sql = "SELECT result, crc32 FROM memo WHERE name = ? AND key = ?"
        row = self._connection.execute(sql, (name, key)).fetchone()
        if row is None:
            return None
        if type(row[0]) is not bytes or crc32(row[0]) != row[1]:
            raise StateCorruptError(f"the result for {name}", self._file.name)
        return row[0]

    def keep(self, name: str, key: str, result: bytes) -> None:
        """Keep the result of a function (incremental.memo.Memo)."""
        self._connection.execute("INSERT OR REPLACE INTO memo VALUES (?, ?, ?, ?)", (name, key, result, crc32(result)))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def commit(self) -> None:
        """Make what was kept so far last, and visible to the workers that render. Raises as `open_state`."""
        try:
            self._connection.commit()
        except sqlite3.DatabaseError as error:
            raise error_of(error, self._file) from None


class Snapshot(State):
    """The state as it is, for one who only looks: nothing is kept."""

    def __init__(self, file: Path) -> None:
        connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        super().__init__(connection, file)
        if _format_of(connection) != STATE_FORMAT:
            connection.close()
            raise sqlite3.DatabaseError("of another format")

    def articles(self, reading: str) -> dict[str, SourceRecord]:
        """Return what is known, or nothing where no sound state is."""
        try:
            return self._articles.read() if get_meta(self._connection, "reading") == reading else {}
        except (sqlite3.Error, StateCorruptError):
            return {}

    def write_bodies(self, articles: Iterable[ParsedArticle]) -> None:
        """Keep nothing."""

    def write_articles(self, records: Mapping[str, SourceRecord], paths: Collection[str]) -> None:
        """Keep nothing."""


class BodyReader:
    """The texts of articles, read by those that render; opened anew in each process."""

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            self._connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, check_same_thread=False)
        except sqlite3.DatabaseError as error:
            raise error_of(error, file) from None

    def read(self, article: ArticleSummary) -> StoredBody:
        """Return the body of `article`.

        Raises StateCorruptError if it is not there, or not as it was kept, and BuildUnavailableError where it cannot be read.
        """
        try:
            sql = "SELECT article, html, sha256, text, crc32 FROM bodies WHERE path = ?"
            row = self._connection.execute(sql, (article.path,)).fetchone()
        except sqlite3.DatabaseError as error:
            raise error_of(error, self._file) from None
        if row is None or None in row or content_hash(*row[:3]) != article.content_hash or crc32(str(row[3]).encode()) != row[4]:
            raise StateCorruptError(f"the text of {article.path}", self._file.name)
        return StoredBody(*row[:4])

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold the archive at `folder` for one build. Raises BuildUnavailableError, naming who holds it, if another process builds it.

    The lock is the system's: that of a process that died is free at once.
    """
    state_folder = folder / FOLDER
    try:
        state_folder.mkdir(exist_ok=True)
        if (state_folder / "lock").is_dir():
            delete_entry(state_folder / "lock")
        file_lock = FileLock(state_folder / "lock")
        holder = state_folder / "holder"
        try:
            file_lock.acquire(timeout=0)
        except Timeout:
            who = holder.read_text() if holder.is_file() else "another process"
            raise BuildUnavailableError(f"{folder}: {who} is building this archive; wait until it is done") from None
        delete_entry(holder)  # whatever it is: to write to a pipe would wait for a reader
        holder.write_text(f"process {os.getpid()}")
    except OSError as error:
        raise BuildUnavailableError(
            f"{state_folder}: cannot be written: {error.strerror}; the build keeps what it knows there"
        ) from None
    try:
        yield
    finally:
        holder.unlink(missing_ok=True)
        file_lock.release()


@contextmanager
def open_state(folder: Path, is_shared: bool = False) -> Iterator[State]:
    """Open the state of the archive at `folder`; one that is absent or of another format begins empty.

    `is_shared`: machines that share the folder read it too (see sqlite.journal_pragmas).

    Raises StateCorruptError where it is no state at all, and BuildUnavailableError where it cannot be written.
    """
    file = folder / FOLDER / FILE
    require_files(file)
    try:
        with closing(sqlite3.connect(file)) as connection:
            if _format_of(connection) not in {0, STATE_FORMAT}:
                connection.close()
                delete_database(file)
                with open_state(folder, is_shared) as state:
                    yield state
                return
            _prepare(connection, is_shared)
            yield State(connection, file)
            connection.commit()
    except sqlite3.DatabaseError as error:
        raise error_of(error, file) from None


@contextmanager
def open_read_only(folder: Path) -> Iterator[State]:
    """Open the state of the archive at `folder` to look at; one that is absent, damaged or of another format is empty."""
    file = folder / FOLDER / FILE
    try:
        snapshot: State = Snapshot(file)
    except sqlite3.Error:
        connection = sqlite3.connect(":memory:")
        _prepare(connection, is_shared=False)
        snapshot = State(connection, file)
    try:
        yield snapshot
    finally:
        snapshot.close()


def delete_state(folder: Path) -> None:
    """Delete the state of the archive at `folder`."""
    delete_database(folder / FOLDER / FILE)
    shutil.rmtree(folder / FOLDER / CHUNKS, ignore_errors=True)


def _format_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _prepare(connection: sqlite3.Connection, is_shared: bool) -> None:
    connection.executescript("PRAGMA page_size = 16384;")  # a body takes half of a smaller page, and the other half is lost
    connection.executescript(journal_pragmas(is_shared))
    connection.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {STATE_FORMAT}; COMMIT;")
