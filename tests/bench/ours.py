"""Morgue's rows: built from nothing, and after the edits that a newsroom makes."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from builder.state.state import FOLDER
from tests.bench.cost import TIMES, Cost, Work, measure, middle
from tests.bench.edits import Editor

REPOSITORY = Path(__file__).parents[2]
YOUNG = 2.1
"""Seconds until a file is no longer read again by the next build, whatever its dates say (see builder.archive.sources)."""


class Morgue:
    """Builds the archive in `folder` again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.public = folder / "public"
        self._said = folder / "report.json"
        self._options = ["build", "--quiet", "--keep-going", "-C", str(folder), "--report", str(self._said)]

    def build(self, work: Work, program: str = "builder") -> Cost:
        """Build once. Articles that cannot be published are left out, as they are for the others."""
        cost = measure(work, [sys.executable, "-m", program, *self._options], self.public, REPOSITORY, accepted=(0, 1))
        return replace(cost, index=json.loads(self._said.read_text(encoding="utf-8"))["seconds"]["index"])

    def cold(self) -> Iterator[Cost]:
        """Build from nothing, without the browsers' index and then with it."""
        yield self.build(Work.WITHOUT, "tests.bench.without")
        for made in (self.public, self.folder / FOLDER):
            shutil.rmtree(made)
        yield self.build(Work.COLD)

    @property
    def articles(self) -> int:
        """How many articles the last build published."""
        return int(json.loads(self._said.read_text(encoding="utf-8"))["articles"])

    def again(self) -> Iterator[Cost]:
        """Build after nothing and after each kind of edit."""
        time.sleep(YOUNG)
        self.build(Work.SAME)  # reads the files once more that were young when it read them first
        editor = Editor(self.folder / "content")
        edits: list[tuple[Work, Callable[[int], None]]] = [
            (Work.SAME, lambda turn: None),
            (Work.EDITED, editor.mend),
            (Work.ADDED, editor.add),
            (Work.LATE, editor.file_late),
        ]
        for work, edit in edits:
            yield middle(TIMES, partial(self._edited, work, edit))

    def _edited(self, work: Work, edit: Callable[[int], None], turn: int) -> Cost:
        edit(turn)
        return self.build(work)
