"""Gzip (RFC 1952) in chunks: the same data and zlib give the same bytes, and a chunk that is known is not packed again.

The head has no time, name or system. Each chunk is packed by itself and ends at a byte (zlib's full flush), so that together
they are one stream, which every reader reads. An index, kept apart, says where each ends and what it was made of.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

KEY_BYTES = 16
_HEAD = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
_ENTRY = struct.Struct(f"<{KEY_BYTES}sII")
"""Of the index: a chunk's key, its packed bytes and their CRC-32."""
_LAST_BLOCK = b"\x03\x00"


class Chunk(NamedTuple):
    """A piece of the data: the key of all that it is made of (KEY_BYTES), and what makes it."""

    key: bytes
    make: Callable[[], bytes]


def pack(chunks: Iterable[Chunk], packed_by_key: Mapping[bytes, bytes]) -> tuple[bytes, bytes]:
    """Return `chunks` as a gzip file, and its index. Those whose key is in `packed_by_key` (read_chunks) are not made."""
    entries, pieces = [], [_HEAD]
    crc32 = size = 0
    for chunk in chunks:
        packed_data = packed_by_key.get(chunk.key, b"")
        data = _unpack(packed_data)
        if data is None:
            data = chunk.make()
            packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
            packed_data = packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)
        crc32, size = zlib.crc32(data, crc32), size + len(data)
        entries.append(_ENTRY.pack(chunk.key, len(packed_data), zlib.crc32(packed_data)))
        pieces.append(packed_data)
    tail = crc32.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little")
    return b"".join((*pieces, _LAST_BLOCK, tail)), b"".join(entries)


def read_chunks(data: bytes, index: bytes) -> dict[bytes, bytes]:
    """Return the packed chunks of the gzip file `data` by their keys, as the `index` has them: none that is another by now."""
    chunks, at = {}, len(_HEAD)
    for key, length, crc32 in _ENTRY.iter_unpack(index[: len(index) - len(index) % _ENTRY.size]):
        packed_data = data[at : at + length]
        at += length
        if zlib.crc32(packed_data) == crc32:
            chunks[key] = packed_data
    return chunks


def _unpack(packed_data: bytes) -> bytes | None:
    """Return the data of a packed chunk, None of one that is none."""
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed_data) if packed_data else None
    except zlib.error:
        return None
