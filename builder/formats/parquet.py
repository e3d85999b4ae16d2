"""Articles as a Parquet file (Apache Parquet, written by pyarrow): typed columns, in row groups that are read one by one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from builder.articles.columns import RECORD_COLUMNS, Column, ValueKind
from builder.base.problems import ConfigError
from builder.config.site import Site
from builder.formats.records import Record, as_data

if TYPE_CHECKING:
    import pyarrow

TIMESTAMP = Column(
    "timestamp",
    ValueKind.DATE,
    "Its date as a moment (UTC, milliseconds), for sorting and counting: a day, month or year alone counts from its start.",
)
"""A column that a Parquet file has beside those of a record."""
MARK = b"morgue"
"""The key of the file's metadata that has the address of the archive: who reads it knows that TIMESTAMP is ours."""
GROUP_ROWS, GROUP_CHARACTERS = 2_000, 4_000_000
"""Rows of a row group, and characters of text: a group is what is in memory at once, here and where the file is read."""


def write_parquet(records: Iterable[Record], target: BinaryIO, site: Site) -> int:
    """Write a Parquet file with a row for each of `records`, and return how many. Raises ConfigError without pyarrow."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise ConfigError("--format parquet needs pyarrow: pip install 'morgue[parquet]'") from None
    schema, count = arrow_schema(site), 0
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        for rows in _row_groups(_row(record, site) for record in records):
            writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema), row_group_size=len(rows))
            count += len(rows)
    return count


def arrow_schema(site: Site) -> pyarrow.Schema:
    """Return the columns of the file: texts (dates too: they may be a month alone), lists of texts, structs, flags."""
    import pyarrow

    moment = pyarrow.field(TIMESTAMP.name, pyarrow.timestamp("ms", tz="UTC"), metadata={"description": TIMESTAMP.description})
    return pyarrow.schema([*map(_field, RECORD_COLUMNS), moment], metadata={MARK: site.url, "title": site.title})


def _field(column: Column) -> pyarrow.Field:
    import pyarrow

    text = pyarrow.string()
    part = pyarrow.struct([_field(part) for part in column.parts])
    types = {
        ValueKind.TEXT: text,
        ValueKind.DATE: text,
        ValueKind.FLAG: pyarrow.bool_(),
        ValueKind.NAMES: pyarrow.list_(text),
        ValueKind.PART: part,
        ValueKind.PARTS: pyarrow.list_(part),
        ValueKind.OBJECT: text,  # as JSON: the keys of each row are others
    }
    return pyarrow.field(column.name, types[column.kind], metadata={"description": column.description})


def _row(record: Record, site: Site) -> dict[str, Any]:
    """Return a record by column: what is empty is null, but that a list without names has none, and no flag is false."""
    empty: dict[ValueKind, Any] = {ValueKind.NAMES: [], ValueKind.PARTS: [], ValueKind.FLAG: False}
    data, timestamp = as_data(record, site), record.summary.timestamp
    row = {column.name: data.get(column.name, empty.get(column.kind)) for column in RECORD_COLUMNS}
    for column in RECORD_COLUMNS:
        if column.kind is ValueKind.OBJECT and row[column.name]:
            row[column.name] = json.dumps(row[column.name], ensure_ascii=False)
    return {**row, TIMESTAMP.name: None if timestamp is None else datetime.fromtimestamp(timestamp, UTC)}


def _row_groups(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    group: list[dict[str, Any]] = []
    characters = 0
    for row in rows:
        group.append(row)
        characters += len(row["body"] or "")
        if len(group) >= GROUP_ROWS or characters >= GROUP_CHARACTERS:
            yield group
            group, characters = [], 0
    if group:
        yield group
