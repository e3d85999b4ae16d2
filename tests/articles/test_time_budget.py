"""One article that takes too long, or is too large, is an error that names it; the others are published."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from builder.articles.time_budget import TimeBudgetError, limit_time
from tests.sites import SITE, archive, story


@pytest.fixture(autouse=True)
def _no_callbacks() -> Iterator[None]:
    """Hypothesis times the collector by a callback; a signal that comes in one is not raised where the work is."""
    callbacks = gc.callbacks[:]
    gc.callbacks.clear()
    yield
    gc.callbacks[:] = callbacks


TraceFunction = Callable[[FrameType, str, Any], Any]


def spin() -> None:
    while True:
        pass


def test_a_block_without_end_is_ended() -> None:
    with pytest.raises(TimeBudgetError), limit_time(0.05):
        spin()
    with limit_time(60):
        pass  # the timer is gone: nothing is raised later


def test_a_library_that_swallows_the_end_is_asked_again() -> None:
    with pytest.raises(TimeBudgetError), limit_time(0.05):
        try:
            spin()
        except TimeBudgetError:
            spin()


@pytest.mark.parametrize("tracer", [None, lambda *_: None], ids=["plain", "under a tracer"])
def test_a_thread_without_a_timer_of_the_system_is_watched(tracer: TraceFunction | None) -> None:
    outcome: list[str] = []

    def work() -> None:
        if tracer is not None:
            sys.settrace(tracer)
        try:
            with limit_time(0.05):
                spin()
        except TimeBudgetError:
            outcome.append("ended")
        with limit_time(60):
            outcome.append("went on")

    thread = threading.Thread(target=work, daemon=True)  # one that hangs must not hold up the end of the tests
    thread.start()
    thread.join(60)
    assert outcome == ["ended", "went on"]


def test_an_article_beyond_its_time_is_named_and_the_others_stand(tmp_path: Path) -> None:
    hard = "*a **b _c [d](e) `f` <b>g</b> " * 30_000
    site = archive(
        tmp_path, {"site.yml": SITE + "article_seconds: 0.3\n", "content/a.md": story(body=hard), "content/b.md": story("Sound")}
    )
    done = site.build("--keep-going")
    assert done.code == 1
    assert "content/a.md:1:1: error: takes more than 0.3 seconds to be read; it holds" in done.out + done.err
    assert "article_seconds" in done.out + done.err
    assert "Sound" in site.page("index.html")


def test_an_article_beyond_its_size_is_named(tmp_path: Path) -> None:
    site = archive(tmp_path, {"site.yml": SITE + "article_megabytes: 0.1\n", "content/a.md": story(body="word " * 25_000)})
    done = site.build()
    assert done.code == 1
    assert "content/a.md:1:1: error: is 0.1 MB; an article has at most 0.1 MB" in done.out + done.err
    site.write({"site.yml": SITE + "article_megabytes: 0.2\n"})
    assert site.build().code == 0, "what decides how files are read reads them again"


@pytest.mark.parametrize(
    "setting", ["article_seconds: 0", "article_megabytes: -1", "article_seconds: soon", "article_megabytes: 1000"]
)
def test_a_limit_is_a_number_above_nothing(tmp_path: Path, setting: str) -> None:
    done = archive(tmp_path, {"site.yml": SITE + setting, "content/a.md": story()}).build()
    assert done.code == 2
    assert "site.yml:4:1: error: article_" in done.out + done.err


def test_an_exception_that_comes_at_the_end_of_the_block_is_dropped() -> None:
    outcome: list[str] = []

    def work() -> None:
        for _ in range(500):
            try:
                with limit_time(0.0001):
                    pass
            except TimeBudgetError:
                outcome.append("ended")
        outcome.append("went on")

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(60)
    assert outcome[-1:] == ["went on"]
    watches = [one for one in threading.enumerate() if type(one).__name__ == "_Watch"]
    for watch in watches:
        watch.join(5)
    assert not any(watch.is_alive() for watch in watches), "none goes on watching"
