"""Which tests are slow: the list that `make quick` leaves out and that tells which files begin, and how it is measured."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

SLOW = Path(__file__).with_name("slow.txt")
"""Functions, a line each, as `tests/room/test_module.py::test_function 1.5`: the seconds that all its tests took together."""
_SLOW_S = 0.125


def function(nodeid: str) -> str:
    """The function of a test, without its parameters."""
    path, _, name = nodeid.partition("::")
    return f"{path}::{name.partition('[')[0]}"


def slow_seconds() -> dict[str, float]:
    """Return the seconds of each slow function."""
    lines = SLOW.read_text(encoding="utf-8").splitlines() if SLOW.exists() else []
    return {name: float(seconds) for name, seconds in map(str.split, lines)}


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
        others = {name: seconds for name, seconds in slow_seconds().items() if name not in self._seconds}
        slow = {name: seconds for name, seconds in self._seconds.items() if seconds / len(self._tests[name]) > _SLOW_S}
        lines = (f"{name} {seconds:.1f}\n" for name, seconds in sorted((others | slow).items()))
        SLOW.write_text("".join(lines), encoding="utf-8")
