"""A limit to the processor time of a block of code, so that one hostile article cannot hold up the archive."""

from __future__ import annotations

import ctypes
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN_S = 1.0
"""The exception is raised again after this long where a library swallowed it."""


class TimeBudgetError(Exception):
    """The block took longer than it may."""


@contextmanager
def limit_time(seconds: float) -> Iterator[None]:
    """Raise TimeBudgetError in the block once it has used `seconds`.

    Processor seconds by a timer of the system in a process's main thread, where the system has one; seconds of the
    clock by a thread that watches everywhere else (Windows, the threads of a cluster's worker). Blocks do not nest.
    """
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        previous = signal.signal(signal.SIGVTALRM, _raise)
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN_S)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, previous)
        return
    watch = _Watch(threading.get_ident(), seconds)
    try:
        try:
            watch.start()
            yield
        finally:
            watch.stop()
    except TimeBudgetError:
        watch.stop()  # the exception may have come just before the first one
        raise


@contextmanager
def pause_limit() -> Iterator[None]:
    """Leave the processor time of the block out of what `limit_time` counts around it; a watching thread's clock goes on."""
    if not (hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()):
        yield
        return
    rest, interval = signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    try:
        yield
    finally:
        if interval:
            signal.setitimer(signal.ITIMER_VIRTUAL, max(rest, 1e-6), interval)


def _raise(_signal: int, _frame: FrameType | None) -> None:
    raise TimeBudgetError


class _Watch(threading.Thread):
    """Raises TimeBudgetError in another thread, between two of its instructions."""

    def __init__(self, thread: int, seconds: float) -> None:
        super().__init__(daemon=True)
        self._thread, self._seconds = thread, seconds
        self._end, self._lock = threading.Event(), threading.Lock()

    def run(self) -> None:
        """Wait for the end of the block or of its time."""
        wait = self._seconds
        while not self._end.wait(wait):
            with self._lock:
                if not self._end.is_set():
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), ctypes.py_object(TimeBudgetError))
            wait = _AGAIN_S

    def stop(self) -> None:
        """End the watch, in the thread that is watched; an exception that was sent and not yet raised is raised here and dropped.

        Taking it back by the interpreter's own call would leave Python 3.11's flag of a pending exception set for ever:
        slow everywhere, and an endless loop where a tracer (a debugger, coverage) is at work.
        """
        while True:
            try:
                with self._lock:
                    self._end.set()
                for _ in range(2):  # a jump backwards is where a pending exception is raised
                    self._end.is_set()
            except TimeBudgetError:
                continue
            return
