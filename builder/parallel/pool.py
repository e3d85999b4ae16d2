"""Work in batches: in this process where it is little, through an executor where it is much."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from itertools import chain, islice
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import BaseContext
from pathlib import Path
from types import FrameType, TracebackType
from typing import TypeVar

from builder.base.problems import BuildUnavailableError
from builder.base.version import PROGRAM_FOLDER

Batch = TypeVar("Batch")
Result = TypeVar("Result")


class WorkerPool:
    """Up to `jobs` processes that start when the first large piece of work comes, and stop when the block ends.

    `executor` puts another kind of executor in their place (a cluster's); `preload` names modules that its own
    processes import once and share.
    """

    def __init__(self, jobs: int, preload: Iterable[str] = (), executor: Executor | None = None) -> None:
        self.jobs = jobs
        self._preload = list(preload)
        self._external = executor
        self._pool: ProcessPoolExecutor | None = None

    @property
    def is_remote(self) -> bool:
        """Whether processes that are not of this program do the work, perhaps on other machines."""
        return self._external is not None

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            _kill_server()
        self._end(at_once=kind is not None)

    def _end(self, at_once: bool) -> None:
        """Stop all work. `at_once`: nothing waits for work that nobody will use."""
        if at_once and self._external is not None:
            self._external.shutdown(wait=True, cancel_futures=True)
        if self._pool is not None:
            for process in list((self._pool._processes or {}).values()) if at_once else ():
                process.terminate()
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def run(self, function: Callable[[Batch], Result], batches: Iterable[Batch], min_batches: int = 2) -> Iterator[Result]:
        """Yield what `function` makes of each of `batches`, in their order. Both must be plain data.

        Processes are started for `min_batches` batches or more; where they run already, they do whatever is more than one.
        At most a few batches are under way at a time, so memory does not grow with the work. Raises BuildUnavailableError when a
        worker dies: what it had in hand is lost, and the caller must not go on as if it were there.
        """
        pending = iter(batches)
        least = min_batches if self._pool is None else 2
        first = list(islice(pending, least))
        if self._external is None and (self.jobs == 1 or len(first) < least):
            yield from map(function, chain(first, pending))
            return
        executor = self._external or self._start_pool()
        waiting: deque[Future[Result]] = deque()
        try:
            for batch in chain(first, pending):
                with _defer_interrupt():
                    waiting.append(executor.submit(function, batch))
                if len(waiting) > 2 * self.jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except (Exception, KeyboardInterrupt) as error:
            self._end(at_once=True)  # before the caller puts away what workers would still write
            if not isinstance(error, BrokenProcessPool):
                raise
            raise BuildUnavailableError(
                "a worker process died (out of memory, or killed); nothing was published. Build again, with --jobs 1 if it recurs"
            ) from None
        finally:
            for future in waiting:
                future.cancel()

    def _start_pool(self) -> ProcessPoolExecutor:
        if self._pool is None:
            _keep_from_current_folder()
            # A server that has imported all and runs no threads is what forks: memory is shared, and nothing of this
            # process's terminal, database or locks is inherited.
            context: BaseContext
            if "forkserver" in multiprocessing.get_all_start_methods():
                context = server = multiprocessing.get_context("forkserver")
                server.set_forkserver_preload(self._preload)
                _start_server()
                ready = server.Process(target=_noop)  # all that takes long is behind when it ends
                ready.start()
                ready.join()
            else:
                context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.jobs, mp_context=context, initializer=_live_with_parent)
        return self._pool


def _keep_from_current_folder() -> None:
    """Have the Python processes that this one starts look for no module in the current folder: an archive's may hold some.

    Python's own way to start them (`python -c`) looks there first, for `pickle` too. Where the program itself is run from
    the current folder that is where they find it.
    """
    if Path.cwd() != PROGRAM_FOLDER.parent:
        os.environ["PYTHONSAFEPATH"] = "1"


def _start_server() -> None:
    """Start the process that forks workers, deaf to Ctrl-C from its first moment on, and its children too.

    A terminal sends Ctrl-C to all of them; this process alone answers, and ends them.
    """
    resource_tracker.ensure_running()  # it lifts the block below, so it comes first
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _kill_server() -> None:
    """End the process that forks workers, if there is one: what it would fork for us now would find us gone."""
    server = getattr(forkserver, "_forkserver", None)
    if server is not None and server._forkserver_pid is not None:
        with suppress(ProcessLookupError):
            os.kill(server._forkserver_pid, signal.SIGKILL)


@contextmanager
def _defer_interrupt() -> Iterator[None]:
    """Defer SIGINT until the block is done: a process interrupted during start-up could not be terminated."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    signals: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda number, frame: signals.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if signals:
            before(*signals[0])


def _noop() -> None:
    pass


def _live_with_parent() -> None:
    """Leave Ctrl-C to the process that gives us work, and end when it does.

    Where it is killed, nothing else would tell us: we would go on writing into the staging folder of the next build.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def split_batches(items: Iterable[Batch], most: int, weight: Callable[[Batch], int] = lambda _: 1) -> Iterator[list[Batch]]:
    """Yield `items` in lists whose weights sum to about `most`."""
    batch: list[Batch] = []
    total = 0
    for item in items:
        batch.append(item)
        total += weight(item)
        if total >= most:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch
