"""How much memory this process and those that it started hold together, at most."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType

INTERVAL = 0.25
"""Seconds between two looks; one look costs about a millisecond for each process."""


class MemoryMonitor:
    """Watches while its block runs; `megabytes` (of 10**6 bytes) is the most that was seen.

    Counts PSS (each page of memory once, shared ones by their share), which Linux alone tells; elsewhere the
    resident size of this process.
    """

    def __init__(self) -> None:
        self.megabytes = 0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> MemoryMonitor:
        self._watch.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._watch.join()

    def _look_on(self) -> None:
        while True:
            self.megabytes = max(self.megabytes, held_by(os.getpid()) // 10**6)
            if self._over.wait(INTERVAL):
                self.megabytes = max(self.megabytes, held_by(os.getpid()) // 10**6)
                return


def held_by(process: int) -> int:
    """Return the bytes that `process` and all below it hold."""
    if not Path("/proc/self/smaps_rollup").exists():
        try:
            import resource
        except ImportError:
            return 0
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    total, todo = 0, [process]
    while todo:
        pid = todo.pop()
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) * 1024
            for task in Path(f"/proc/{pid}/task").iterdir():
                todo.extend(int(child) for child in (task / "children").read_text().split())
        except (OSError, StopIteration):
            continue  # it has ended
    return total
