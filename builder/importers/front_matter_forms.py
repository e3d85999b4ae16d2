"""Front matter in the forms of other generators (YAML, TOML, JSON, header lines) to plain data, and the text below it."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from builder.articles.frontmatter import CONTROL
from builder.base.yaml_parsing import YamlError, parse
from builder.importers.encodings import parse_json

_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9_ -]{0,40}):[ \t]*(.*)")
_HEADER_NAMES = frozenset(
    "title date modified author authors category tags keywords slug summary status lang url save_as template".split()
)
"""Names of which a text's first line must have one to begin with header lines (Pelican, MultiMarkdown)."""
_LANGUAGE = re.compile(r"---\s?(json|toml|yaml)\s*", re.IGNORECASE)
"""How Eleventy begins front matter of a language that it names."""
_TOML_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")


class FormError(ValueError):
    """Front matter that cannot be read; `line` and `column` count from 1 within the file."""

    def __init__(self, message: str, line: int, column: int = 1) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


@dataclass(frozen=True, slots=True)
class FrontMatterFile:
    """A file taken apart: `form` is yaml, toml, json, headers or "" for a text without front matter."""

    form: str
    values: dict[str, Any]
    body: str


def has_front_matter(text: str) -> bool:
    """Whether `text`, or the beginning of one, starts with front matter of any form."""
    first, _, rest = text.lstrip("\ufeff\n").partition("\n")
    if first.rstrip() in {"---", "+++"} or _LANGUAGE.fullmatch(first):
        return True
    return (first.startswith("{") and bool(re.match(r'\{\s*"', first + rest))) or _is_header(first)


def take_apart(text: str) -> FrontMatterFile:
    """Return front matter and body of `text`. Texts, lists and mappings; dates of TOML become ISO 8601. Raises FormError."""
    text = CONTROL.sub("", text)
    body = text.lstrip("\n")
    offset = len(text) - len(body)
    first = body.partition("\n")[0].rstrip()
    language = _LANGUAGE.fullmatch(first)
    if first in {"---", "+++"} or language:
        lines = body.split("\n")
        ends = {"+++"} if first == "+++" else {"---", "..."}
        end = next((number for number, line in enumerate(lines[1:], start=1) if line.rstrip() in ends), 0)
        if not end:
            raise FormError(f"the front matter that begins here never ends; close it with a line {first[:3]}", 1 + offset)
        front, body = "\n".join(lines[1:end]), "\n".join(lines[end + 1 :])
        form = language[1].lower() if language else "yaml" if first == "---" else "toml"
        read = {"yaml": _yaml, "toml": _toml, "json": _json}[form]
        return FrontMatterFile(form, read(front, offset), body)
    if re.match(r'\{\s*"', body):
        try:
            values, at = json.JSONDecoder().raw_decode(body)
        except (ValueError, RecursionError) as error:
            line, column = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
            raise FormError("the front matter is no JSON", line + offset, column) from None
        return FrontMatterFile("json", as_texts(values), body[at:])
    if _is_header(first):
        return _headers(body)
    return FrontMatterFile("", {}, text)


def _is_header(line: str) -> bool:
    match = _HEADER.fullmatch(line.rstrip())
    return match is not None and match[1].strip().lower() in _HEADER_NAMES


def _yaml(front: str, offset: int) -> dict[str, Any]:
    try:
        return parse(front)
    except YamlError as error:
        message = f"{error.field}: {error.message}" if error.field else error.message
        raise FormError(f"the front matter cannot be read: {message}", error.line + 1 + offset, error.column) from None


def _toml(front: str, offset: int) -> dict[str, Any]:
    try:
        values: dict[str, Any] = as_texts(tomllib.loads(front))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        position = _TOML_LINE.search(str(error))
        line, column = (int(position[1]), int(position[2])) if position else (front.count("\n") + 1, 1)
        raise FormError(f"the front matter is no TOML: {str(error).partition(' (at ')[0]}", line + 1 + offset, column) from None
    return values


def _json(front: str, offset: int) -> dict[str, Any]:
    try:
        values = parse_json(front)
    except (ValueError, RecursionError) as error:
        line, column = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
        raise FormError("the front matter is no JSON", line + 1 + offset, column) from None
    if not isinstance(values, dict):
        raise FormError('the front matter is no JSON object; write it as {"title": "…"}', 2 + offset)
    mapping: dict[str, Any] = as_texts(values)
    return mapping


def as_texts(value: Any) -> Any:
    """Return `value` with every scalar as text, as it would be written."""
    if isinstance(value, dict):
        return {str(key): as_texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_texts(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value if value is None else str(value)


def _headers(text: str) -> FrontMatterFile:
    """Read `Name: value` lines up to an empty one; an indented line goes on with the value before it."""
    values: dict[str, Any] = {}
    name = ""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        match = _HEADER.fullmatch(line.rstrip())
        if not line.strip():
            return FrontMatterFile("headers", values, "\n".join(lines[number + 1 :]))
        if match:
            name = match[1].strip().lower()
            values[name] = f"{values[name]}, {match[2]}" if values.get(name) else match[2].strip()
        elif name and line[:1].isspace():
            values[name] = f"{values[name]} {line.strip()}".strip()
        else:
            return FrontMatterFile("headers", values, "\n".join(lines[number:]))
    return FrontMatterFile("headers", values, "")
