"""Releases: releases.yml, the editions of the archive that can be cited: when, why, how much it held, of what bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from builder.archive.yaml_files import read_mapping
from builder.base import files

FILE = "releases.yml"
MAX_NOTE = 2000
"""Characters of a note."""
_HEADING = "# The editions of this archive, written by `morgue release`; `sha512` is that of the manifest then.\n"
_FORM = '{date: DAY, note: "…", stories: NUMBER, withdrawn: NUMBER, sha512: DIGEST}'


class Release(NamedTuple):
    """One edition. `date` is a day of the site's zone; `sha512`, in hexadecimal, is the manifest's but for what tells of it."""

    number: int
    date: str
    note: str
    stories: int
    withdrawn: int
    sha512: str


def read_releases(folder: Path) -> tuple[Release, ...]:
    """Read releases.yml of the archive at `folder`, the first edition first; nothing where there is none.

    Raises ConfigError with every problem.
    """
    numbers: list[str] = []

    def fault(number: str, value: Any) -> str:
        numbers.append(number)
        next_number = str(len(numbers))
        return _fault(value) if number == next_number else f"is no edition's number here: {next_number} comes next"

    data = read_mapping(folder, FILE, fault)
    return tuple(
        Release(int(number), each["date"], each["note"], int(each["stories"]), int(each["withdrawn"]), each["sha512"])
        for number, each in data.items()
    )


def write_releases(folder: Path, releases: Iterable[Release]) -> None:
    """Write releases.yml of the archive at `folder`. Raises OSError."""
    lines = (
        f"{each.number}: {{date: {each.date}, note: {json.dumps(each.note, ensure_ascii=False)}, "
        f"stories: {each.stories}, withdrawn: {each.withdrawn}, sha512: {each.sha512}}}\n"
        for each in releases
    )
    files.write_whole(folder / FILE, (_HEADING + "".join(lines)).encode())


def _fault(value: Any) -> str:
    if (
        not isinstance(value, dict)
        or value.keys() != set(Release._fields[1:])
        or not all(isinstance(v, str) for v in value.values())
    ):
        return f"must be {_FORM}"
    if not _is_day(value["date"]):
        return f"{value['date']} is no day, such as 2026-01-31"
    if not (value["stories"].isdecimal() and value["withdrawn"].isdecimal()):
        return "stories and withdrawn must be numbers"
    if not re.fullmatch(r"[0-9a-f]{128}", value["sha512"]):
        return "sha512 must be 128 hexadecimal digits; bring back the line as it was written"
    return note_fault(value["note"])


def note_fault(note: str) -> str:
    """Return what is wrong with a release's `note`, "" if nothing is."""
    if not note.strip():
        return "note is empty; say what is new in this edition"
    if not note.isprintable():
        return "note holds a line break or another character that cannot be shown; write it in one line"
    return f"note has more than {MAX_NOTE} characters" if len(note) > MAX_NOTE else ""


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
