"""The README and what it leads to say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from builder.commands.cli import main
from tests.reference import REFERENCE, ROOT, THEMES, filled

TEXTS = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "builder/**/*.md", "templates/*.md", "tests/**/*.md")
    for path in ROOT.glob(pattern)
)


@pytest.mark.parametrize(("document", "tables"), [(REFERENCE, 4), (THEMES, 1)])
def test_the_tables_are_those_of_the_models_and_templates(document: Path, tables: int) -> None:
    text = document.read_text(encoding="utf-8")
    assert text.count("made by tests/reference.py") == tables
    assert filled(text) == text, "run: python -m tests.reference"


def test_every_command_and_its_options_are_named() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    assert isinstance(main, click.Group)
    for name, command in main.commands.items():
        assert f"`morgue {name}" in text, name
        row = next(line for line in text.splitlines() if line.startswith(f"| `morgue {name}"))
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden and option.opts[0] not in {"-C", "--help"}:
                assert max(option.opts, key=len) in row, f"morgue {name} {option.opts}"


@pytest.mark.parametrize("path", TEXTS)
def test_every_link_leads_to_a_file(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    folder = Path(ROOT / path).parent
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", text):
        assert (folder / target).exists(), target
