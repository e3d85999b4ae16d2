"""Gzip without a time or a name: the same data give the same bytes, and any reader reads them."""

from __future__ import annotations

import gzip

from builder.formats.gzip_stream import GzipWriter


def packed(*pieces: bytes) -> bytes:
    writer = GzipWriter()
    for piece in pieces:
        assert writer.write(piece) == len(piece)
    return writer.finish()


def test_what_was_written_comes_back() -> None:
    assert gzip.decompress(packed(b"The ferry ", b"", b"runs.\n" * 1000)) == b"The ferry " + b"runs.\n" * 1000


def test_the_bytes_depend_on_the_data_alone() -> None:
    assert packed(b"a", b"bc") == packed(b"abc")
    assert packed(b"abc")[3:9] == bytes(5) + packed(b"abc")[8:9], "no name, no time"
