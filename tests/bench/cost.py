"""What a command costs: time on the wall and on processors, memory of all its processes, files that it writes and leaves."""

from __future__ import annotations

import ctypes
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from builder.base.peak_memory import process_tree_memory

INTERVAL = 0.1
"""Seconds between two looks at the memory."""
PATIENCE = 10
"""Seconds that a command's orphans get to end."""
_SUBREAPER = 36

TIMES = 3
"""How often what is short is measured; the run in the middle counts."""


class Work(StrEnum):
    """What is measured, as tables call it."""

    COLD = "Morgue, everything from nothing"
    WITHOUT = "Morgue, the same without the browsers' index"
    SAME = "Morgue, nothing changed"
    EDITED = "Morgue, one article edited"
    ADDED = "Morgue, one article added"
    LATE = "Morgue, one filed under an old date"
    SERVED = "Morgue serve, from a saved article to the page that reloads"
    SEARCH = "Morgue search, an answer"
    WALK = "A bare walk of all articles and all files of the site"
    HUGO = "Hugo"
    HUGO_RELATED = "Hugo, with related stories"
    PAGEFIND = "Pagefind"
    HUGO_EDITED = "Hugo, one article edited"
    PAGEFIND_EDITED = "Pagefind, one article edited"
    PELICAN = "Pelican, without search"
    PELICAN_EDITED = "Pelican, one article edited (cache on)"


@dataclass(frozen=True)
class Cost:
    """What one command took. Megabytes are of 10**6 bytes; `peak` is the PSS of all its processes together.

    `files` and `size` count what stands in the output folder afterwards, `files_written` and `size_written` those files
    there that are new or not what they were; `places` counts the latter by the first part of their paths. `index` is the
    seconds of a build's stage `index`.
    """

    work: Work
    wall: float
    cpu: float
    peak: float
    files: int
    size: float
    files_written: int
    size_written: float
    places: dict[str, int] = field(default_factory=dict)
    index: float | None = None


def measure(work: Work, command: Sequence[str], output: Path, folder: Path, accepted: Sequence[int] = (0,)) -> Cost:
    """Run `command` in `folder` and return what it cost; `output` is where it writes.

    Raises SystemExit with what the command said where it leaves with a status that is not `accepted`.
    """
    _adopt()
    before, others = _standing(output), _children()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = 0
    with tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        over = threading.Event()

        def look_on() -> None:
            nonlocal peak
            while not over.wait(INTERVAL):
                peak = max(peak, process_tree_memory(process.pid))

        watch = threading.Thread(target=look_on)
        watch.start()
        code = process.wait()
        wall = time.perf_counter() - begun
        over.set()
        watch.join()
        _reap(others)
        if code not in accepted:
            said.seek(0)
            raise SystemExit(f"{work} failed ({code}):\n{said.read().decode(errors='replace')[-2000:]}")
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    after = _standing(output)
    written = {path: size for path, (inode, changed, size) in after.items() if before.get(path) != (inode, changed, size)}
    return Cost(
        work,
        wall,
        now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime,
        peak / 1e6,
        len(after),
        sum(size for _, _, size in after.values()) / 1e6,
        len(written),
        sum(written.values()) / 1e6,
        dict(Counter(path.split("/")[0] for path in written)),
    )


def middle(times: int, once: Callable[[int], Cost]) -> Cost:
    """Call `once` with 0, 1 … `times` - 1 (an odd number) and return the cost whose time is in the middle."""
    costs = [once(turn) for turn in range(times)]
    median = statistics.median_low(cost.wall for cost in costs)
    return next(cost for cost in costs if cost.wall == median)


def _standing(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Return inode, time of change and size of every file in `folder`, by its path there."""
    found: dict[str, tuple[int, int, int]] = {}
    todo = [(str(folder), "")]
    while todo:
        place, path = todo.pop()
        with suppress(FileNotFoundError), os.scandir(place) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    todo.append((entry.path, f"{path}{entry.name}/"))
                else:
                    facts = entry.stat(follow_symlinks=False)
                    found[path + entry.name] = (facts.st_ino, facts.st_mtime_ns, facts.st_size)
    return found


def _adopt() -> None:
    """Let the orphans of a command become our children: else nobody tells how long their processors worked (Linux alone can)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def _children() -> set[int]:
    """Return the ids of our own children."""
    found: set[int] = set()
    with suppress(OSError):
        for task in Path("/proc/self/task").iterdir():
            found.update(int(child) for child in (task / "children").read_text().split())
    return found


def _reap(others: set[int]) -> None:
    """Wait for the children that are not among `others`: a process that serves forks outlives its command by a moment."""
    end = time.monotonic() + PATIENCE
    while (orphans := _children() - others) and time.monotonic() < end:
        for orphan in orphans:
            with suppress(ChildProcessError):
                os.waitpid(orphan, os.WNOHANG)
        time.sleep(0.01)
