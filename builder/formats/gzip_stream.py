"""Gzip (RFC 1952) without a time, a name or a system in its head: the same data and zlib give the same bytes on every machine."""

from __future__ import annotations

import io
import zlib

_HEAD = b"\x1f\x8b\x08" + bytes(6) + b"\xff"


class GzipWriter(io.RawIOBase):
    """Packs what is written to it; `finish` returns the file's bytes."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._output = bytearray(_HEAD)
        self._crc32 = self._size = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Take `data`, and return its length."""
        self._crc32, self._size = zlib.crc32(data, self._crc32), self._size + len(data)
        self._output += self._packer.compress(data)
        return len(data)

    def finish(self) -> bytes:
        """Return all that was written, packed."""
        tail = self._crc32.to_bytes(4, "little") + (self._size & 0xFFFFFFFF).to_bytes(4, "little")
        return bytes(self._output + self._packer.flush() + tail)
