"""A text that is no YAML, read on behind each of its mistakes: so that all of them are named in one run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from builder.base.yaml_parsing import YamlError, parse

MAX_ERRORS = 20
"""Mistakes of one text that are named."""
MAX_LENGTH = 20_000
"""Characters of a text that is read on: each mistake costs some readings of all of it."""

_LINE = re.compile(r"(?P<indent>[ \t]*(?:- +)?)(?P<key>[\w-]+)\s?(?P<sign>[:：=])(?P<value>.*)")


class Recovery(NamedTuple):
    """The mistakes of a text, and what can be read of it for all that."""

    errors: list[YamlError]
    text: str | None
    """The text with other words on the lines of `errors`, which is YAML; None where it could not be read to its end."""


def recover(text: str, error: YamlError) -> Recovery:
    """Return the mistakes of `text`, the first of which is `error` as `parse` raised it, in their order.

    Each line with a mistake is replaced by the most likely of its readings, with which parsing comes furthest.
    """
    errors, lines = [error], text.split("\n")
    while len(text) <= MAX_LENGTH and len(errors) <= MAX_ERRORS:
        number = errors[-1].line - 1
        readings = [(_next_error([*lines[:number], line, *lines[number + 1 :]]), line) for line in _readings(lines[number])]
        following, line = max(readings, key=lambda each: each[0].line if each[0] else len(lines) + 1)
        if following is not None and following.line <= errors[-1].line:
            break
        lines[number] = line
        if following is None:
            return Recovery(errors, "\n".join(lines))
        errors.append(following)
    return Recovery(errors, None)


def _readings(line: str) -> Iterator[str]:
    """Yield what a `line` with a mistake may stand for, the likeliest first; what stands in the place of a value is no value."""
    if match := _LINE.match(line):
        if match["sign"] != ":" or match["value"][:1].strip():
            yield f"{match['indent']}{match['key']}: {match['value'].strip()}"
        yield line.strip()
        yield line.replace("\t", "  ")
        yield f"{match['indent']}{match['key']}: x"
        yield f"{match['key']}: x"
    yield re.sub(r"^([ \t]*)- .*", r"\1- x", line)
    yield ""


def _next_error(lines: list[str]) -> YamlError | None:
    try:
        parse("\n".join(lines), [])
    except YamlError as error:
        return error
    return None
