"""JSON Lines, CSV and Parquet: a record an article, in the contract's words or in words that `--fields` maps."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from html import escape
from typing import Any, TextIO

from builder.articles.columns import ARTICLE_COLUMNS, ValueKind
from builder.articles.model import FIELD_NAMES
from builder.importers.encodings import decode, parse_json
from builder.importers.lost_text import name_lost
from builder.importers.ninjs import from_ninjs, is_ninjs, others_in
from builder.importers.parquet import MAGIC, read_rows
from builder.importers.settings import BODY_WORDS, ReadSettings
from builder.importers.sources import MOST_BYTES, SourceFile
from builder.importers.story import Piece, Refusal, Story
from builder.importers.to_markdown import convert

LEFT_OUT = "left-out"
_LISTS = frozenset(column.name for column in ARTICLE_COLUMNS if column.kind is ValueKind.NAMES)
_PARTS = frozenset(column.name for column in ARTICLE_COLUMNS if column.kind in {ValueKind.PART, ValueKind.PARTS})
_DATES = frozenset(column.name for column in ARTICLE_COLUMNS if column.kind is ValueKind.DATE)
_UNKNOWN = "extra"
"""Where exports have the fields that nobody knew."""
_RECORD = frozenset(("captured_by", "captured_sha256", "captured_as"))
"""Words of the record of an earlier capture: this one has its own."""
_YES = frozenset(("true", "yes", "1"))
_DRAFT = re.compile(rb'"draft"\s*:\s*(?:true|"true")')


def split(files: Sequence[SourceFile], settings: ReadSettings) -> Iterator[Piece | Refusal]:
    """Yield each record as a piece: a line of JSON, or a row of CSV or Parquet as JSON. The files are read as streams."""
    for file in files:
        try:
            if file.head(len(MAGIC)) == MAGIC:
                yield from _split_parquet(file, settings)
            elif is_table(file.suffix, file.head()):
                yield from _split_csv(file, settings)
            else:
                yield from _split_lines(file, settings)
        except OSError as error:
            yield Refusal(file.source, file.printable, 0, f"cannot be read: {error.strerror}")


def is_table(suffix: str, head: bytes) -> bool:
    """Whether a file of records is CSV, and not JSON Lines."""
    return suffix in {".csv", ".tsv"} or not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))


def _split_lines(file: SourceFile, settings: ReadSettings) -> Iterator[Piece | Refusal]:
    if file.head().lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        yield from _split_array(file, settings)
        return
    if re.match(rb"[\s\xef\xbb\xbf]*\{\s*\n", file.head()):  # one record over several lines
        yield _piece(file, file.file.read_bytes(), 1, settings)
        return
    with file.file.open("rb") as stream:
        number = 0
        while data := stream.readline(MOST_BYTES):
            number += 1
            if data.strip(b"\xef\xbb\xbf \t\r\n"):
                yield _piece(file, data.strip(b"\xef\xbb\xbf \t\r\n"), number, settings)


def _split_array(file: SourceFile, settings: ReadSettings) -> Iterator[Piece | Refusal]:
    """Yield the objects of one JSON array; where it breaks off, those before that place."""
    text = decode(file.file.read_bytes())[0]
    decoder = json.JSONDecoder()
    at = text.index("[") + 1
    while True:
        while at < len(text) and text[at] in " \t\n,":
            at += 1
        if at >= len(text):
            yield Refusal(file.source, file.printable, text.count("\n") + 1, "breaks off here; the records before this line are in")
        if at >= len(text) or text[at] == "]":
            return
        line = text.count("\n", 0, at) + 1
        try:
            _, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            yield Refusal(file.source, file.printable, line, "is no JSON from here on; the records before this line are in")
            return
        yield _piece(file, text[at:end].encode(errors="replace"), line, settings)
        at = end


def _piece(file: SourceFile, data: bytes, line: int, settings: ReadSettings) -> Piece:
    if not settings.drafts and _DRAFT.search(data):
        return Piece(file.source, LEFT_OUT, "drafts", b"")
    return Piece(file.source, "jsonl", file.printable, data, line)


def _split_csv(file: SourceFile, settings: ReadSettings) -> Iterator[Piece | Refusal]:
    csv.field_size_limit(MOST_BYTES)
    stream, is_cut = _text_of(file)
    with stream:
        first = stream.readline()
        stream.seek(0)
        rows = csv.reader(stream, delimiter=max(",;\t", key=first.count))
        try:
            header = [name.strip().removeprefix("\ufeff") for name in next(rows, [])]
            yield from _rows(file, header, rows, is_cut, settings)
        except csv.Error as error:
            yield Refusal(
                file.source, file.printable, rows.line_num, f"is no CSV from here on ({error}); the rows before it are in"
            )


def _split_parquet(file: SourceFile, settings: ReadSettings) -> Iterator[Piece | Refusal]:
    number = 0
    for row in read_rows(file):
        if isinstance(row, Refusal):
            yield row
        elif isinstance(row, list):
            if refusal := _without_fields(file, row, settings):
                yield refusal
                return
        else:
            number += 1
            yield _piece(file, row, number, settings)


def _without_fields(file: SourceFile, header: list[str], settings: ReadSettings) -> Refusal | None:
    """Return the refusal of a table of which no column is called like a field or like what is mapped to one."""
    fields = FIELD_NAMES | set(BODY_WORDS) | {theirs for _, theirs in settings.fields}
    if fields & set(header):
        return None
    names = ", ".join(header)[:80]
    message = f"has no column with the name of a field ({names}); map them: --fields title=…"
    return Refusal(file.source, file.printable, 1, message)


def _text_of(file: SourceFile) -> tuple[TextIO, bool]:
    """Open a file as UTF-8, or where it is none as what its bytes tell; say too whether it ends within quotation marks."""
    quotes = 0
    try:
        with file.file.open(encoding="utf-8-sig", newline="") as stream:
            while part := stream.read(1 << 20):
                quotes += part.count('"')
    except UnicodeDecodeError:
        text = decode(file.file.read_bytes())[0]
        return io.StringIO(text, newline=""), text.count('"') % 2 == 1
    return file.file.open(encoding="utf-8-sig", newline=""), quotes % 2 == 1


def _rows(file: SourceFile, header: list[str], rows: Any, is_cut: bool, settings: ReadSettings) -> Iterator[Piece | Refusal]:
    if refusal := _without_fields(file, header, settings):
        yield refusal
        return
    line = rows.line_num + 1
    row = next(rows, None)
    while row is not None:
        end = rows.line_num + 1
        following = next(rows, None)
        if is_cut and following is None:
            yield Refusal(file.source, file.printable, line, "breaks off: its last quotation mark is never closed")
        elif len(row) != len(header) and any(row):
            message = f"has {len(row)} cells where the header has {len(header)}: it breaks off, or a quotation mark is missing"
            yield Refusal(file.source, file.printable, line, message)
        elif any(row):
            record = {name: cell for name, cell in zip(header, row, strict=True) if cell}
            if not settings.drafts and record.get("draft", "").lower() in _YES:
                yield Piece(file.source, LEFT_OUT, "drafts", b"")
            else:
                data = json.dumps(record, ensure_ascii=False).encode(errors="replace")
                yield Piece(file.source, "csv", file.printable, data, line, {"cells": True})
        row, line = following, end


def read(piece: Piece, settings: ReadSettings) -> Story | Refusal:
    """Return the story in a record."""
    story = Story(piece.source, piece.path, piece.line)
    text, note = decode(piece.data)
    if note:
        story.warn("", note)
    try:
        record = parse_json(text)
    except (ValueError, RecursionError) as error:
        where = f" (at its character {error.pos + 1})" if isinstance(error, json.JSONDecodeError) else ""
        return Refusal(piece.source, piece.path, piece.line, f"is no JSON{where}")
    if not isinstance(record, dict):
        return Refusal(piece.source, piece.path, piece.line, "is no JSON object: a record is {…}")
    of_item = others_in(record) if is_ninjs(record) else []
    values, others = _as_front_matter(from_ninjs(record) if is_ninjs(record) else record, settings)
    for key, value in values.items():
        if value not in (None, "", [], {}):
            _give(story, key, _from_cell(key, value) if piece.facts.get("cells") else value, settings)
    for word, key, value in (*others, *of_item):
        if word not in BODY_WORDS and value not in (None, "", [], {}):
            story.give_from(
                word, key, _from_cell(word, value) if piece.facts.get("cells") else value, keep_unknown=settings.keep_unknown
            )
    story.inferred = [word for word in story.values.pop("inferred", []) if story.values.get(word)]
    _set_body(story, values)
    for word, key, value in others:
        if word in BODY_WORDS and isinstance(value, str):
            story.dropped.append(key)
            name_lost(story, value if word == "html" else f"<p>{escape(value, quote=False)}</p>")
    if not story.markdown and not story.values.get("title"):
        message = "has neither a title nor a body; map their names: --fields title=… --fields body=…"
        return Refusal(piece.source, piece.path, piece.line, message)
    return story


def _as_front_matter(record: Mapping[str, Any], settings: ReadSettings) -> tuple[dict[str, Any], list[tuple[str, str, Any]]]:
    """Return the record by the archive's fields, and what says a field besides: the field, its name in the record, its value.

    A name that `--fields` maps counts for what it is mapped to alone, the first one that has a value before the others.
    """
    values: dict[str, Any] = {}
    others: list[tuple[str, str, Any]] = []
    sources = {theirs for _, theirs in settings.fields}
    own_names = [(name, name) for name in record if name not in sources]
    for field, theirs in (*settings.fields, *own_names):
        value = record.get(theirs)
        if value in (None, "", [], {}):
            continue
        if field in values:
            others.append((field, theirs, value))
        else:
            values[field] = value
    return values, others


def _give(story: Story, key: str, value: Any, settings: ReadSettings) -> None:
    if key in {*BODY_WORDS, *_RECORD}:
        return
    if key == "url":
        if str(value).startswith(("http://", "https://")):
            story.give("original_url", str(value))
    elif key == "draft":
        story.give("draft", True if str(value).lower() in _YES else None)
    elif key in _LISTS:
        items = value if isinstance(value, list) else [value]
        story.give(key, [str(item) for item in items if isinstance(item, str | int | float)])
    elif key in _PARTS:
        story.give(key, _parts(key, value))
    elif key == "original_url":  # `url`, where the archive had it, came first
        story.values[key] = str(value)
    elif key in FIELD_NAMES and not isinstance(value, dict | list):
        story.give(key, _date(value) if key in _DATES else str(value))
    elif key == _UNKNOWN and (fields := _object(value)) is not None:
        for name, each in fields.items():
            if settings.keep_unknown and name not in FIELD_NAMES:
                story.values.setdefault(_UNKNOWN, {})[name] = each
            else:
                story.dropped.append(name)
    elif key not in FIELD_NAMES and settings.keep_unknown:
        story.values.setdefault("extra", {})[key] = value
    else:
        story.dropped.append(key)


def _object(value: Any) -> dict[str, Any] | None:
    """Return a mapping, or the one that a cell has as JSON; None for anything else."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        with suppress(ValueError, RecursionError):
            value = json.loads(value)
    return value if isinstance(value, dict) else None


def _parts(key: str, value: Any) -> Any:
    """Return pictures and corrections as lists of mappings: a text stands for a picture's address, or a correction's words."""
    if key == "withdrawn":
        return value
    name = "src" if key == "images" else "text"
    return [item if isinstance(item, dict) else {name: str(item)} for item in (value if isinstance(value, list) else [value])]


def _date(value: Any) -> str:
    """Return a date as text; a number counts seconds or milliseconds since 1970."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) > 10_000_000:
        seconds = value / 1000 if abs(value) > 100_000_000_000 else value
        with suppress(OverflowError, OSError, ValueError):
            return datetime.fromtimestamp(seconds, UTC).isoformat()
    return str(value)


def _from_cell(key: str, value: Any) -> Any:
    """Return what a cell of CSV says: names parted by `; ` or as a JSON array, parts as JSON."""
    text = str(value)
    if key in _LISTS:
        if text.startswith('["'):
            with suppress(ValueError, RecursionError):
                return json.loads(text)
        return [part for part in re.split(r";\s+", text) if part]
    if key in _PARTS and text.lstrip().startswith(("[", "{")):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _set_body(story: Story, values: Mapping[str, Any]) -> None:
    body, html = values.get("body"), values.get("html")
    if isinstance(body, str) and body.strip():
        story.markdown = body.replace("\r\n", "\n")
        if isinstance(html, str):
            name_lost(story, html)
    elif isinstance(html, str) and html.strip():
        markdown = convert(html, story.values.get("original_url", ""))
        story.take_body(markdown.text, markdown.kept_as_html, markdown.cut)
        name_lost(story, html)
