"""Which tests are slow: the list that `make quick` leaves out, and how it is measured."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

SLOW = Path(__file__).with_name("slow.txt")
"""Functions, a line each, as `tests/room/test_module.py::test_function`."""
_SLOW_S = 0.2


def function(nodeid: str) -> str:
    """The function of a test, without its parameters."""
    path, _, name = nodeid.partition("::")
    return f"{path}::{name.partition('[')[0]}"


class Durations:
    """A pytest plugin that adds up how long each test takes, and writes those that are slow on average over their parameters."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._tests: defaultdict[str, set[str]] = defaultdict(set)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add one phase of a test: set-up, call or tear-down."""
        name = function(report.nodeid)
        self._seconds[name] += report.duration
        self._tests[name].add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Write the list: those that were measured anew, and of the others what stood there."""
        listed = set(SLOW.read_text(encoding="utf-8").split()) - self._seconds.keys() if SLOW.exists() else set()
        slow = {name for name, seconds in self._seconds.items() if seconds / len(self._tests[name]) > _SLOW_S}
        SLOW.write_text("".join(f"{name}\n" for name in sorted(listed | slow)), encoding="utf-8")
