"""The README says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import click

from builder.commands.cli import main
from tests.reference import README, filled


def test_the_reference_is_that_of_the_models() -> None:
    text = README.read_text(encoding="utf-8")
    assert text.count("made by tests/reference.py") == 2
    assert filled(text) == text, "run: python -m tests.reference"


def test_every_command_is_named_and_every_file_is_there() -> None:
    text = README.read_text(encoding="utf-8")
    assert isinstance(main, click.Group)
    for name in main.commands:
        assert f"`morgue {name}" in text, name
    folder = Path(README).parent
    for path in re.findall(r"\]\((?!https?://|#)([^)#]+)", text):
        assert (folder / path).exists(), path
