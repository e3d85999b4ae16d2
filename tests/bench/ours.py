"""Morgue's rows: built from nothing, and after the edits that a newsroom makes."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from builder.base.peak_memory import process_tree_memory
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
        return replace(cost, index=json.loads(self._said.read_text(encoding="utf-8"))["seconds"].get("index"))

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

    def beside(self, questions: Sequence[str]) -> Iterator[Cost]:
        """Walk through all files, answer `questions` by `morgue search`, and serve an edit."""
        walk = [sys.executable, "-m", "tests.bench.walk", str(self.folder / "content"), str(self.public)]
        yield middle(TIMES, lambda _: measure(Work.WALK, walk, self.public, REPOSITORY))
        search = [sys.executable, "-m", "builder", "search", "-C", str(self.folder), "--json", "--"]
        answers = [measure(Work.SEARCH, [*search, question], self.public, REPOSITORY) for question in questions]
        middle_answer = sorted(answers, key=lambda answer: answer.cpu)[len(answers) // 2]
        yield replace(middle_answer, peak=max(answer.peak for answer in answers))
        yield self._serve()

    def _serve(self) -> Cost:
        """Save one article after another while `morgue serve` runs, until pages are told to reload."""
        command = [sys.executable, "-m", "builder", "serve", "-C", str(self.folder), "--port", "0"]
        editor, seconds = Editor(self.folder / "content"), []
        with subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            address = next(found[0] for line in process.stderr if (found := re.match(r"http://127\.0\.0\.1:\d+/", line)))
            threading.Thread(target=process.stderr.read, daemon=True).start()  # else it waits once the pipe is full
            with urllib.request.urlopen(f"{address}-morgue/events") as events:
                _next_event(events)
                for turn in range(3, 3 + TIMES):
                    time.sleep(YOUNG)
                    editor.mend(turn)
                    begun = time.perf_counter()
                    _next_event(events)
                    seconds.append(time.perf_counter() - begun)
            peak = process_tree_memory(process.pid) / 1e6
            process.send_signal(signal.SIGINT)
        return Cost(Work.SERVED, statistics.median(seconds), 0, peak, 0, 0, 0, 0)

    def megabytes(self, name: str) -> float:
        """Return the size of all files of the archive's folder `name`."""
        return sum(file.stat().st_size for file in (self.folder / name).rglob("*") if file.is_file()) / 1e6

    def _edited(self, work: Work, edit: Callable[[int], None], turn: int) -> Cost:
        edit(turn)
        return self.build(work)


def _next_event(events: http.client.HTTPResponse) -> None:
    """Wait until the server says something; lines in between keep the connection open."""
    while not events.readline().startswith(b"data: "):
        pass
