"""ARCHITECTURE.md tells the truth: its rooms are the rooms, and every module, class and place that it names is there."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from builder.search.browser.data_scripts import script
from builder.search.browser.layout import INDEX_FORMAT
from tests.whole.test_rooms import PACKAGE, ROOMS, room_of

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


def test_every_room_names_its_tests() -> None:
    rows = re.findall(r"^\| (`[^|]+) \| [^|]+ \| (`tests/[^|]+) \|$", TEXT, re.MULTILINE)
    rooms = {room_of(module) for modules, _ in rows for module in re.findall(r"`([\w.]+)`", modules)}
    assert rooms == set(ROOMS) - {"__main__"}
    files = [ROOT / place for _, places in rows for place in re.findall(r"`([^`]+)`", places)]
    assert [str(file) for file in files if not (file.is_file() or list(file.glob("test_*.py")))] == []


def test_the_example_of_the_manifest_is_of_the_format_that_is_written() -> None:
    assert re.findall(r'\{"format":(\d+)', TEXT) == [str(INDEX_FORMAT)]


def test_index_files_call_what_the_page_offers() -> None:
    [call] = set(re.findall(r"`(morgue\.search\.\w+)\(", TEXT))
    assert script("a", b"x").decode("utf-16").startswith(f"{call}(")
    assert f"search.{call.rpartition('.')[2]} ??=" in (ROOT / "static/early.js").read_text(encoding="utf-8")


def test_the_text_names_things() -> None:
    """The patterns above find what they look for."""
    assert len(DOTTED) > 30 and len(PLACES) > 15
