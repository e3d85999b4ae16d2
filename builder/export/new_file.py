"""A new file that is there when it is whole, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from builder.base.files import sync
from builder.base.problems import BuildUnavailableError


@contextmanager
def new_file(file: Path) -> Iterator[BinaryIO]:
    """Open `file` to be written. Raises BuildUnavailableError where it cannot be."""
    with new_path(file) as temporary, temporary.open("wb") as target:
        yield target


@contextmanager
def new_path(file: Path) -> Iterator[Path]:
    """Give the path at which `file` is to be written by a library that opens it itself; what it leaves beside is removed."""
    temporary = file.with_name(f".{file.name}.unfinished")
    try:
        yield temporary
        sync(temporary)
        temporary.rename(file)
    except OSError as error:
        raise BuildUnavailableError(f"{file}: cannot be written: {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            for rest in [each for each in file.parent.iterdir() if each.name.startswith(temporary.name)]:
                shutil.rmtree(rest) if rest.is_dir() else rest.unlink()
