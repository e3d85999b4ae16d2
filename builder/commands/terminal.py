"""How a build shows itself on a terminal: problems as they are found, a bar while work is long; in a pipe, problems alone."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING

from builder.base.problems import Problem

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Terminal:
    """A Reporter that writes to the error stream."""

    def __init__(self, quiet: bool = False) -> None:
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        if sys.stderr.isatty() and not quiet:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            self._bar = Progress(
                TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
                console=Console(stderr=True), transient=True,
            )  # fmt: skip

    def __enter__(self) -> Terminal:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def stage(self, name: str, total: int) -> None:
        """Begin a new bar."""
        if self._bar is not None:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._task = self._bar.add_task(name, total=total or None)

    def advance(self, steps: int) -> None:
        """Move the bar on."""
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, steps)

    def problem(self, problem: Problem) -> None:
        """Print a problem on a line of its own, as editors and CI systems read it."""
        if self._bar is not None:
            self._bar.console.print(str(problem), markup=False, highlight=False, soft_wrap=True)
        else:
            print(problem, file=sys.stderr)  # noqa: T201 (with cli.py, the place that prints)
