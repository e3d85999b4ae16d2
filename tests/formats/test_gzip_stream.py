"""Gzip in chunks: the same data give the same bytes, any reader reads them, and only what is new is packed."""

from __future__ import annotations

import gzip
import subprocess

from builder.formats.gzip_stream import KEY_BYTES, Chunk, pack, read_chunks

TEXTS = [b"header\n", b"The ferry runs.\n" * 1000, b"", "渡輪復航。\n".encode() * 50]


def chunks(texts: list[bytes], made: list[bytes] | None = None) -> list[Chunk]:
    def make(text: bytes) -> bytes:
        if made is not None:
            made.append(text)
        return text

    return [Chunk(text[:KEY_BYTES].ljust(KEY_BYTES, b"."), lambda text=text: make(text)) for text in texts]  # type: ignore[misc]


def test_what_was_written_comes_back() -> None:
    data, _ = pack(chunks(TEXTS), {})
    assert gzip.decompress(data) == b"".join(TEXTS)
    assert subprocess.run(["gzip", "-dc"], input=data, capture_output=True, check=True).stdout == b"".join(TEXTS)
    assert data[3:10] == bytes(6) + b"\xff", "no name, no time, no system"
    assert gzip.decompress(pack([], {})[0]) == b""


def test_known_chunks_are_not_made_again_and_the_bytes_are_those_of_all_anew() -> None:
    data, index = pack(chunks(TEXTS), {})
    made: list[bytes] = []
    texts = [TEXTS[0], b"new", *TEXTS[1:]]
    again, _ = pack(chunks(texts, made), read_chunks(data, index))
    assert (made, again) == ([b"new"], pack(chunks(texts), {})[0])


def test_a_damaged_chunk_is_made_again() -> None:
    data, index = pack(chunks(TEXTS), {})
    for at in range(10, len(data) - 10, 7):
        damaged = bytearray(data)
        damaged[at] ^= 8
        assert pack(chunks(TEXTS), read_chunks(bytes(damaged), index))[0] == data
    for bad_index in (b"", index[:-1], index[:30], b"x" * len(index), index + b"more"):
        assert pack(chunks(TEXTS), read_chunks(data, bad_index))[0] == data
    assert pack(chunks(TEXTS), read_chunks(b"", index))[0] == data
