"""The files that a region's terms are split into: which of them an update changes, and what each holds.

The store keeps of a file where it begins and ends and its name. What it holds is read from the postings when it is published.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, TypeAlias

from builder.search.browser.shards import Columns, FileRange, name_of, positions_columns, shard_columns, split, words_columns
from builder.state.sqlite import StateCorruptError

_FOLDERS = {"t": ("t", "p"), "v": ("v", "v")}
"""The files that regions of terms, and of words, are split into."""
_Row: TypeAlias = tuple[str, bytes, bytes, int | None, int, int, str]


class FileChanges(NamedTuple):
    """What becomes of the files of some regions; most come out as they were."""

    obsolete_rows: list[tuple[int]]
    """The rows of those that are no more."""
    new: list[_Row]
    """Those that were not there: their ranges and names."""


def split_regions(file: Path, kind: str, regions: list[tuple[bytes, bytes]]) -> FileChanges:
    """Split `regions` of terms or words, each its first one and that of the next region. Runs in workers.

    Raises StateCorruptError where terms that nothing has changed are not what they were.
    """
    changes = FileChanges([], [])
    there = "SELECT rowid, name, kind, start, last, key, first, final FROM files WHERE kind IN (?, ?) AND start >= ? AND start < ?"
    dirty_query = "SELECT term FROM dirty WHERE kind = ? AND term >= ? AND term < ? ORDER BY term"
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as store:
        for region in regions:
            before = {tuple(bounds): (row, name) for row, name, *bounds in store.execute(there, (*_FOLDERS[kind], *region))}
            dirty = [term for (term,) in store.execute(dirty_query, (kind, *region))]
            for file_range in _term_ranges(store, region) if kind == "t" else _word_ranges(store, region):
                is_there = file_range in before
                if is_there and bisect_left(dirty, file_range.start) == bisect_right(dirty, file_range.last):
                    del before[file_range]  # none of its terms has changed
                    continue
                name = name_of(read_columns(store, file_range))
                if is_there and before[file_range][1] == name:
                    del before[file_range]
                else:
                    changes.new.append((*file_range, name))
            for bounds, (row, name) in before.items():
                file_range = FileRange(*bounds)
                if bisect_left(dirty, file_range.start) == bisect_right(dirty, file_range.last):
                    columns_of(store, file_range, name, file.name)  # its terms are as they were, and stand in other files now
                changes.obsolete_rows.append((row,))
    return changes


def _term_ranges(store: sqlite3.Connection, region: tuple[bytes, bytes]) -> Iterator[FileRange]:
    sizes = "length(gaps) + length(counts) + length(lengths), length(fields) + length(positions)"
    blocks = f"SELECT term, first, {sizes} FROM blocks WHERE term >= ? AND term < ? ORDER BY term, first"  # noqa: S608 (ours)
    return split(store.execute(blocks, region))


def _word_ranges(store: sqlite3.Connection, region: tuple[bytes, bytes]) -> Iterator[FileRange]:
    first, last = store.execute("SELECT min(word), max(word) FROM words WHERE word >= ? AND word < ?", region).fetchone()
    if first is not None:
        yield FileRange("v", first, last, None, 0, 0)


def read_columns(store: sqlite3.Connection, file_range: FileRange) -> Columns:
    """Return what the file of `file_range` holds."""
    kind, start, last, _, first, final = file_range
    if kind == "v":
        return words_columns(store.execute("SELECT word, count FROM words WHERE word BETWEEN ? AND ? ORDER BY word", (start, last)))
    within = "FROM blocks WHERE (term, first) BETWEEN (?, ?) AND (?, ?)"
    ends = (start, first, last, final)
    if kind == "p":
        return positions_columns(
            store.execute(f"SELECT term, fields, positions {within} AND length(fields) ORDER BY term, first", ends)
        )
    return shard_columns(
        store.execute(f"SELECT term, first, last, size, gaps, counts, lengths {within} ORDER BY term, first", ends)
    )


def columns_of(store: sqlite3.Connection, file_range: FileRange, name: str, file: str) -> Columns:
    """Return what the file of `file_range` with this `name` holds; `file` is the store's.

    Raises StateCorruptError where that is not what it held when it got its name.
    """
    try:
        columns = read_columns(store, file_range)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):  # a flipped byte can make a number of a text
        columns = None
    if columns is None or name_of(columns) != name:
        raise StateCorruptError(f"what {file_range.kind}/{name} is made of", file)
    return columns
