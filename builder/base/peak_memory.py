"""The peak memory of this process and of all that it started, together."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType

INTERVAL_S = 0.25
"""Seconds between two samples; one costs about a millisecond for each process."""


class MemoryMonitor:
    """Watches while its block runs; `megabytes` (of 10**6 bytes) is the most that was seen.

    Counts PSS (each page of memory once, shared ones by their share), which Linux alone tells; elsewhere the
    resident size of this process.
    """

    def __init__(self) -> None:
        self.megabytes = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> MemoryMonitor:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()

    def _sample(self) -> None:
        is_over = False
        while not is_over:
            is_over = self._stop.wait(INTERVAL_S)
            self.megabytes = max(self.megabytes, process_tree_memory(os.getpid()) // 10**6)


def process_tree_memory(process: int) -> int:
    """Return the bytes that `process` (its id) and all its descendants hold."""
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
            total += next(int(line.split()[1]) for line in rollup.split("\n") if line.startswith("Pss:")) * 1024
            for task in Path(f"/proc/{pid}/task").iterdir():
                todo.extend(int(child) for child in (task / "children").read_text().split())
        except (OSError, StopIteration):
            continue  # it has ended
    return total
