"""A Dask cluster for tests: a real scheduler and workers on loopback, each a process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from distributed import Client

PATIENCE = 60
QUIET = {
    "DASK_DISTRIBUTED__DASHBOARD__LINK": "",
    "DASK_LOGGING__DISTRIBUTED": "error",
    # The cluster waits through most of a session: what looks at itself a hundred times a second takes a sixth of a core.
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "500ms",
    "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__INTERVAL": "10s",
}


@dataclass
class Dask:
    """A scheduler and its workers, each a process."""

    port: int
    folder: Path
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it is, as `--executor` has it."""
        return f"dask://127.0.0.1:{self.port}"

    def add(self, number: int, threads: int = 2, **environment: str) -> None:
        """Start `number` more workers, and wait until the scheduler knows them."""
        for _ in range(number):
            words = (
                "worker",
                "--name",
                f"worker {len(self.workers)}",
                f"tcp://127.0.0.1:{self.port}",
                "--no-nanny",
                "--no-dashboard",
                "--nthreads",
                str(threads),
            )
            place = ("--host", "127.0.0.1", "--local-directory", str(self.folder))
            self.workers.append(_dask(*words, *place, folder=self.folder, **environment))
        with Client(f"tcp://127.0.0.1:{self.port}", timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(len(self.workers), timeout=PATIENCE)

    def remove(self) -> None:
        """End all workers, and wait until the scheduler knows of none."""
        for worker in self.workers:
            worker.kill()
            worker.wait()
        self.workers.clear()
        with Client(f"tcp://127.0.0.1:{self.port}", timeout=PATIENCE, set_as_default=False) as client:
            deadline = time.monotonic() + PATIENCE
            while client.scheduler_info()["workers"]:
                assert time.monotonic() < deadline
                time.sleep(0.05)

    def hold(self, process: subprocess.Popen[str], name: str = "worker 0") -> subprocess.Popen[bytes]:
        """Stop the worker `name` in the midst of a job of `process`, and return it: the build cannot end without it."""
        victim = self.workers[int(name.removeprefix("worker "))]
        with Client(f"tcp://127.0.0.1:{self.port}", set_as_default=False) as client:
            (address,) = (at for at, known in client.scheduler_info()["workers"].items() if known["name"] == name)
            while process.poll() is None:
                victim.send_signal(signal.SIGSTOP)
                time.sleep(0.1)
                if client.processing().get(address):
                    return victim
                victim.send_signal(signal.SIGCONT)
                time.sleep(0.01)
        pytest.fail("it was done before anything could be done to it")

    def end(self) -> None:
        """End all its processes."""
        for process in (*self.workers, self.scheduler):
            process.kill()
        for process in (*self.workers, self.scheduler):
            process.wait()


def _dask(command: str, *arguments: str, folder: Path, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{command}", *arguments],
        cwd=folder, env={**os.environ, **QUIET, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def free_port() -> int:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def scheduled(folder: Path) -> Iterator[Dask]:
    port = free_port()
    dask = Dask(port, folder, _dask("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", folder=folder))
    try:
        yield dask
    finally:
        dask.end()
