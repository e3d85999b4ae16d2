"""Removals: removals.yml, the addresses of articles that the law wanted gone, when that was, and what kind of reason there was."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from builder.archive.yaml_files import read_mapping
from builder.base import files

FILE = "removals.yml"
Reason = Literal["court-order", "data-protection", "defamation", "copyright", "minors", "other"]
REASONS: tuple[Reason, ...] = get_args(Reason)
_HEADING = "# What was removed by `morgue remove`, a line each: address, day, class of reason. Nothing else of it is to be found.\n"


class Removal(NamedTuple):
    """One address of an article that was removed."""

    address: str
    date: str
    reason: str


def read_removals(folder: Path) -> tuple[Removal, ...]:
    """Read removals.yml of the archive at `folder`, in its order; nothing where there is none.

    Raises ConfigError with every problem.
    """
    data = read_mapping(folder, FILE, _fault)
    return tuple(Removal(str(address), value["date"], value["reason"]) for address, value in data.items())


def write_removals(folder: Path, removals: Iterable[Removal]) -> None:
    """Write removals.yml of the archive at `folder`. Raises OSError."""
    lines = (f"{json.dumps(each.address, ensure_ascii=False)}: {{date: {each.date}, reason: {each.reason}}}\n" for each in removals)
    files.write_whole(folder / FILE, (_HEADING + "".join(lines)).encode())


def _fault(_address: str, value: Any) -> str:
    if not isinstance(value, dict) or value.keys() != {"date", "reason"} or not isinstance(value["date"], str):
        return "must be {date: DAY, reason: CLASS}"
    return "" if value["reason"] in REASONS else f"has no class of reason: {' or '.join(REASONS)}"
