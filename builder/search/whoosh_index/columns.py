"""Named arrays in one file, mapped into memory and read where they lie.

magic      8 bytes, `MORGUE01`
directory  its size (4 bytes, little-endian), then JSON: by name the type of each array, where it begins and its bytes
arrays     one after another, each at a multiple of 8
"""

from __future__ import annotations

import json
import mmap
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.base.files import open_regular

_MAGIC = b"MORGUE01"
_ALIGNMENT = 8
_PIECE = 1 << 20


def write_columns(file: Path, columns: Mapping[str, NDArray[Any]]) -> tuple[int, int]:
    """Write `columns` to `file`; return its size in bytes and its checksum (`checksum`)."""
    directory, offset = {}, 0
    for name, column in columns.items():
        directory[name] = column.dtype.str, offset, column.nbytes
        offset += -(-column.nbytes // _ALIGNMENT) * _ALIGNMENT
    head = json.dumps(directory).encode()
    head = _MAGIC + len(head).to_bytes(4, "little") + head
    head += b"\0" * (-len(head) % _ALIGNMENT)
    size = crc = 0
    with file.open("xb") as stream:
        for data in (head, *(column.tobytes() for column in columns.values())):
            block = data + b"\0" * (-len(data) % _ALIGNMENT)
            stream.write(block)
            size, crc = size + len(block), zlib.crc32(block, crc)
    return size, crc


def checksum(file: Path) -> int:
    """Return the CRC-32 of `file`. It tells damage, not malice: nothing that is read from the file can run."""
    crc = 0
    with open_regular(file) as stream:
        while piece := stream.read(_PIECE):
            crc = zlib.crc32(piece, crc)
    return crc


class Columns:
    """The arrays of a file, mapped. Raises OSError or ValueError where it is no such file."""

    def __init__(self, file: Path) -> None:
        with open_regular(file) as stream:
            self._map = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        start = len(_MAGIC) + 4
        if self._map[: len(_MAGIC)] != _MAGIC:
            raise ValueError(f"{file.name} is no segment")
        size = int.from_bytes(self._map[len(_MAGIC) : start], "little")
        self._directory: dict[str, tuple[str, int, int]] = json.loads(self._map[start : start + size])
        self._base = -(-(start + size) // _ALIGNMENT) * _ALIGNMENT

    def names(self) -> Iterable[str]:
        """Return the names of the arrays."""
        return self._directory

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return the array `name`, a view of the file."""
        kind, offset, size = self._directory[name]
        dtype = np.dtype(kind)
        return np.frombuffer(self._map, dtype, size // dtype.itemsize, self._base + offset)

    def data(self, name: str, start: int, end: int) -> bytes:
        """Return the bytes of the array `name` from `start` to `end`."""
        offset = self._base + self._directory[name][1]
        return self._map[offset + start : offset + end]
