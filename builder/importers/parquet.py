"""Parquet: a row an article, as the JSON of records; read in batches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime

from builder.importers.sources import SourceFile
from builder.importers.story import Refusal

MAGIC = b"PAR1"
BATCH_ROWS = 200
"""Rows that are taken from a row group at once."""
_OUR_MARK, _OUR_COLUMNS = b"morgue", frozenset(("timestamp",))
"""The key of the metadata of a file that `morgue export` wrote, and the columns in which it says a thing a second time."""


def read_rows(file: SourceFile) -> Iterator[list[str] | bytes | Refusal]:
    """Yield the names of the columns of a Parquet file, then the JSON object of each row; at last a refusal where it breaks off."""
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError:
        yield Refusal(file.source, file.printable, 0, "is Parquet, which needs pyarrow: pip install 'morgue[parquet]'")
        return
    count = 0
    try:
        with ParquetFile(file.file) as table:
            is_ours = _OUR_MARK in (table.schema_arrow.metadata or {})
            columns = [name for name in table.schema_arrow.names if not (is_ours and name in _OUR_COLUMNS)]
            yield columns
            for batch in table.iter_batches(BATCH_ROWS, columns=columns):
                for row in batch.to_pylist():
                    yield json.dumps(row, ensure_ascii=False, default=_text).encode(errors="replace")
                    count += 1
    except (ArrowException, OSError, ValueError) as error:
        message = f"is no Parquet from here on; the {count} rows before it are in" if count else "is no Parquet that can be read"
        yield Refusal(file.source, file.printable, count + 1 if count else 0, f"{message} ({str(error)[:80]})")


def _text(value: object) -> str:
    """Return a value that JSON has no word for as a text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
