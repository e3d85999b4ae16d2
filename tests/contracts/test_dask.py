"""Dask: what `builder/parallel/dask_executor.py` hears from the scheduler and asks of a client."""

from __future__ import annotations

import inspect

import distributed
import pytest
from distributed.scheduler import Scheduler

EVENT = {
    "action": "how a lost worker is told from other news",
    "worker": "which worker was lost",
    "processing-tasks": "which jobs were under way there",
    "lost-computed-tasks": "which results were lost with it",
}


@pytest.mark.parametrize("word", EVENT)
def test_the_loss_of_a_worker_is_told_with_what_it_had(word: str) -> None:
    told = inspect.getsource(Scheduler.remove_worker)
    assert f'"{word}"' in told, f"the scheduler does not say {word} of a lost worker any more: {EVENT[word]}"
    assert '"remove-worker"' in told


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("subscribe_topic", {"topic", "handler"}),
        ("submit", {"key", "workers", "pure"}),
        ("gather", {"asynchronous"}),
        ("cancel", {"force"}),
        ("run", {"workers", "on_error"}),
    ],
)
def test_the_client_is_asked_in_words_that_it_knows(method: str, parameters: set[str]) -> None:
    known = inspect.signature(getattr(distributed.Client, method)).parameters
    assert parameters <= known.keys(), f"Client.{method} has no {parameters - known.keys()} any more"


def test_a_scheduler_says_what_it_is() -> None:
    assert "type" in inspect.getsource(Scheduler.identity)
