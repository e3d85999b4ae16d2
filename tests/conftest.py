"""What the tests of a session share: a browser, the built sample, a Dask cluster, and how much they try.

With pytest-xdist each worker has its own; `--dist loadfile` sees to it that the tests of one file share what the file makes.
"""

from __future__ import annotations

import gc
import math
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from hypothesis import settings

from tests import durations
from tests.effort import IS_WHOLE
from tests.interrupts import hear_interrupts
from tests.sites import Archive

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.cluster import Dask

ROOT = Path(__file__).parents[1]
LONGEST_PROOFS = [ROOT / "tests/whole" / name for name in ("test_hostile_pages.py", "test_damage.py")]
"""Files that are short in `make test` and long in `make prove`: last of all, they would have one process to do them."""
SHARED = ("browser", "dask")
"""Fixtures that take long to make; a test that uses one has a marker of its name."""

MEMORY = Path("/dev/shm")  # a folder in memory, on Linux
MEMORY_BYTES = 4 << 30
"""How much must be free there: all tests together take a quarter of it."""

# No test asserts seconds: how long an example takes says more of the machine's other work.
settings.register_profile("small", max_examples=25, deadline=None)
settings.register_profile("whole", max_examples=200, deadline=None)
settings.load_profile("whole" if IS_WHOLE else "small")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of `make slow`."""
    parser.addoption("--write-slow", action="store_true", help=f"write which tests are slow to {durations.SLOW.name}")


def pytest_configure(config: pytest.Config) -> None:
    """See to it that children hear Ctrl-C, and measure where that is asked for."""
    hear_interrupts()
    keep_files_in_memory()
    if config.getoption("--write-slow") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(durations.Durations())


def keep_files_in_memory() -> None:
    """Let temporary folders lie in memory where there is room, but for a TMPDIR that is set.

    A small build waits for the disk some thirty times, so that nothing is lost when the power fails: half of what it takes.
    """
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= MEMORY_BYTES:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # asked for anew


def pytest_collection_finish() -> None:
    """Look for cycles as seldom as the program does, and never among the tests themselves, which stay until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_runtest_setup() -> None:
    """Take Hypothesis's function out of the collector: an article's time that is up just then would be an exception that nobody gets."""
    gc.callbacks[:] = [function for function in gc.callbacks if not function.__module__.startswith("hypothesis")]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by what they use and how long they take; with several processes, let the files that take longest begin."""
    slow = durations.slow_seconds()
    if hasattr(config, "workerinput"):
        seconds: defaultdict[Path, float] = defaultdict(float)
        for name in dict.fromkeys(durations.function(item.nodeid) for item in items):  # in one order, for sums to be the same
            seconds[ROOT / name.partition("::")[0]] += slow.get(name, 0)
        if IS_WHOLE:
            seconds.update(dict.fromkeys(LONGEST_PROOFS, math.inf))
        items.sort(key=lambda item: -seconds[item.path])
    for item in items:
        if durations.function(item.nodeid) in slow:
            item.add_marker("slow")
        used = [name for name in SHARED if name in getattr(item, "fixturenames", ()) or item.get_closest_marker(name)]
        for name in used:
            item.add_marker(name)
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("proof")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of a session. Take a page or a context of it, and close that."""
    from tests import browser as browsers  # Playwright and Dask take a second to import, which few runs need

    with browsers.opened() as opened:
        yield opened


@pytest.fixture(scope="module")  # one file has all that ask for it, and its processes take time while they wait
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """The one cluster: two workers that nothing is done to."""
    from tests.cluster import scheduled

    with scheduled(tmp_path_factory.mktemp("dask")) as made:
        made.add(2)
        yield made


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The sample archive, built once for all workers. Nobody changes it: what does takes a copy."""
    top = tmp_path_factory.getbasetemp()
    folder = (top.parent if "PYTEST_XDIST_WORKER" in os.environ else top) / "sample"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            making = folder.with_name("sample-making")
            shutil.copytree(ROOT / "content", making / "content")
            for name in ("site.yml", "addresses.txt"):
                shutil.copy(ROOT / name, making)
            run = Archive(making).build()
            assert run.code == 0, run.err
            making.rename(folder)
    return Archive(folder)
