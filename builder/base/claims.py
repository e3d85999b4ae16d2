"""Claims on open files and folders against other processes. One that ends, however, lets go of its claims at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where no process removes or replaces a file that another one has open
    fcntl = None  # type: ignore[assignment]


def claim(descriptor: int) -> None:
    """Claim an open file or folder until it is closed.

    Raises BlockingIOError where another process has it, other OSErrors where the disk knows no claims.
    """
    if fcntl is not None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def claimed_folder(folder: Path) -> Iterator[bool]:
    """Claim `folder` for the block, and give whether it is free: no other process claims it. Nothing is written."""
    if fcntl is None:
        yield True
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            claim(descriptor)
            is_free = True
        except OSError as error:
            is_free = not isinstance(error, BlockingIOError)
        yield is_free
    finally:
        os.close(descriptor)
