"""How a build shows itself on a terminal: problems as they are found, a bar while work is long; in a pipe, problems alone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count
from types import TracebackType

import click

from builder.base.problems import Problem


class Terminal:
    """A Reporter that writes to the error stream."""

    def __init__(self, quiet: bool = False) -> None:
        self._has_bar = sys.stderr.isatty() and not quiet
        self._stage = "", 0
        self._update: Callable[[int], object] | None = None
        """Moves the bar of this stage; None until its first step is done."""
        self._bar = ExitStack()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end_bar()

    def stage(self, name: str, total: int) -> None:
        """Begin a stage; its bar comes with the first step that is done."""
        self._end_bar()
        self._stage = name, total

    def advance(self, steps: int) -> None:
        """Move the bar on."""
        if not self._has_bar:
            return
        if self._update is None:
            name, total = self._stage
            bar = click.progressbar(count(), length=total or None, label=name, show_pos=True, file=sys.stderr)
            self._update = self._bar.enter_context(bar).update
        self._update(steps)

    def pause(self) -> None:
        """Make room for a question to a person."""
        self._end_bar()

    def problem(self, problem: Problem) -> None:
        """Print a problem on a line of its own, as editors and CI systems read it."""
        self._end_bar()
        click.echo(str(problem), err=True)

    def _end_bar(self) -> None:
        self._bar.close()
        self._update = None
