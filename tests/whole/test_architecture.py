"""ARCHITECTURE.md tells the truth: its rooms are the rooms, and every module, class and place that it names is there."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from tests.whole.test_rooms import PACKAGE, ROOMS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
CODE = sorted(set(re.findall(r"`([^`\n]+)`", TEXT)))
DOTTED = [
    name
    for name in CODE
    if re.fullmatch(r"[a-z_]+(\.[A-Za-z_]+)+", name) and name.split(".")[0] in {room.split(".")[0] for room in ROOMS}
]
PLACES = [name for name in CODE if re.fullmatch(r"(?!search/[a-z]/|search/manifest)[\w/]+/[\w./]*", name) and "NAME" not in name]


def test_the_rooms_are_the_rooms() -> None:
    assert re.findall(r"^\| `([\w.]+)` \| [^|]+ \|$", TEXT.split("## The kinds")[0], re.MULTILINE) == ROOMS


@pytest.mark.parametrize("name", DOTTED)
def test_every_name_is_there(name: str) -> None:
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        module = ".".join(parts[:end])
        if (PACKAGE / f"{module.replace('.', '/')}.py").exists() or (PACKAGE / module.replace(".", "/")).is_dir():
            found: object = import_module(f"builder.{module}")
            for part in parts[end:]:
                found = getattr(found, part)
            return
    pytest.fail(f"no module of {name}")


@pytest.mark.parametrize("place", PLACES)
def test_every_place_is_there(place: str) -> None:
    assert (ROOT / place).exists() or (PACKAGE / place).exists()


def test_the_text_names_things() -> None:
    """The patterns above find what they look for."""
    assert len(DOTTED) > 30 and len(PLACES) > 15
