"""The ledger of addresses: addresses.txt, every address of an article that was ever published, with the article's id."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from builder.articles.model import ArticleSummary
from builder.base import files
from builder.base.problems import BuildUnavailableError, ConfigError, Problem, Severity
from builder.base.urls import alias_path, has_query, query_address

FILE = "addresses.txt"
_HEADER = (
    "# Every address of an article that was ever published, and the article's id. `morgue build` adds lines; keep it with content/."
)
_CANONICAL = re.compile(r"# [^\n]*\n(?:[^\t\n]+\t[^\t\n]+\n)*")


@dataclass(frozen=True)
class Ledger:
    """What addresses.txt says: `address TAB id`, a line each.

    An address is an output path, or a path with a query (`story.php?id=5`). One address may have had several articles, one
    article several addresses. The order of lines says nothing: two copies of the file are merged by keeping all lines of both.
    """

    rows: tuple[str, ...] = ()
    """The file's lines as they are, its heading among them."""
    is_canonical: bool = True
    """Whether the file has its heading, and each line once, in order."""

    @cached_property
    def entries(self) -> frozenset[str]:
        """Every line that names an address."""
        return frozenset(row for row in self.rows if not _is_remark(row))

    def lacks(self, current: Set[str]) -> bool:
        """Whether the file has to be written for the lines `current` (entries_of) to be in it, in its own form."""
        return not (self.is_canonical and current <= self.entries)

    def stale(self, current: Set[str]) -> list[tuple[str, str]]:
        """Return the (address, id) pairs that are not among the lines `current` (entries_of), in order."""
        return [split_entry(entry) for entry in sorted(self.entries - current)]

    def line_of(self, address: str, id_: str) -> int:
        """Return the number of the line that says so, from 1."""
        return self._line_numbers[f"{address}\t{id_}"]

    @cached_property
    def _line_numbers(self) -> dict[str, int]:
        return {row: number for number, row in enumerate(self.rows, 1)}


def entries_of(articles: Iterable[ArticleSummary]) -> Iterator[str]:
    """Yield the ledger's line for each address, aliases among them, of those of `articles` that are no drafts."""
    for article in articles:
        if not article.draft:
            yield f"{article.url}\t{article.id}"
            for alias in article.aliases:
                yield f"{query_address(alias) if has_query(alias) else alias_path(alias)}\t{article.id}"


def count_kept(ledger: Ledger, articles: Iterable[ArticleSummary], last_paths: Set[str], paths: Set[str]) -> tuple[int, int]:
    """Return how many articles had a page among `last_paths`; first, those of them that are not lost."""
    if not last_paths - paths:
        return 0, 0
    addresses = [split_entry(entry) for entry in ledger.entries]
    last_ids = {id_ for address, id_ in addresses if address in last_paths}
    ids = {article.id for article in articles}.union(id_ for address, id_ in addresses if address in paths)
    return len(last_ids & ids), len(last_ids)


def split_entry(entry: str) -> tuple[str, str]:
    """Return the address and the id of a line."""
    address, _, id_ = entry.partition("\t")
    return address, id_


def read_ledger(folder: Path) -> Ledger:
    """Read addresses.txt of the archive at `folder`; an empty ledger where there is none.

    Raises ConfigError with every line that is none, BuildUnavailableError where the file cannot be read.
    """
    file = folder / FILE
    try:
        text = files.read_regular(file).decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        return Ledger(is_canonical=False)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{error.object[error.start]:02X} is not UTF-8; bring back the last good version"
        raise ConfigError([_problem(line, message)]) from None
    except OSError as error:
        raise BuildUnavailableError(f"{file}: cannot be read: {error.strerror}") from None
    rows = tuple(text.split("\n"))
    if not _CANONICAL.fullmatch(text):  # it may still be sound: look at each line
        problems = [_problem(number, message) for number, row in enumerate(rows, 1) if (message := _fault(row))]
        if problems:
            raise ConfigError(problems)
    is_sorted = all(map(operator.lt, rows[1:-2], rows[2:-1]))
    return Ledger(rows, is_sorted and rows[0] == _HEADER and rows[-1] == "")


def _is_remark(row: str) -> bool:
    return not row or row.startswith("# ")


def _fault(row: str) -> str:
    if _is_remark(row) or (row.count("\t") == 1 and row[0] != "\t" and row[-1] != "\t"):
        return ""
    return "is no line of address, tab and id; take it out, or bring back the last good version of the file"


@contextmanager
def recording(folder: Path, ledger: Ledger, current: Set[str]) -> Iterator[None]:
    """Add the lines `current` (entries_of) to the `ledger` of the archive at `folder`, before the block publishes them.

    Where the block fails, the file is as it was; one that is killed may leave an address more than was published, never one
    less. Raises OSError where the file cannot be written.
    """
    if not ledger.lacks(current):
        yield
        return
    file = folder / FILE
    before = files.read_regular(file) if file.exists() else None
    write_entries(folder, ledger.entries | current)
    try:
        yield
    except BaseException:
        if before is None:
            file.unlink(missing_ok=True)
        else:
            files.write_whole(file, before)
        raise


def write_entries(folder: Path, entries: Iterable[str]) -> None:
    """Write the ledger of the archive at `folder`: `entries` in order. Raises OSError."""
    files.write_whole(folder / FILE, "".join(f"{line}\n" for line in (_HEADER, *sorted(entries))).encode())


def warning(ledger: Ledger, address: str, id_: str, message: str) -> Problem:
    """Return a warning about one line of the ledger."""
    return Problem(FILE, ledger.line_of(address, id_), 1, Severity.WARNING, "", message)


def _problem(line: int, message: str) -> Problem:
    return Problem(FILE, line, 1, Severity.ERROR, "", message)
