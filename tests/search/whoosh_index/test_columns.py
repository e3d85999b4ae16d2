"""Arrays in a file: they come back as they went in, and damage shows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from builder.search.whoosh_index.columns import Columns, checksum, write_columns

ARRAYS = {
    "lengths": np.array([3, 0, 70_000], np.int64),
    "flags": np.array([True, False]),
    "terms": np.frombuffer(b"ferryharbour", np.uint8),
    "none": np.empty(0, np.int32),
}


def test_arrays_come_back_with_their_types(tmp_path: Path) -> None:
    size, crc = write_columns(tmp_path / "a", ARRAYS)
    columns = Columns(tmp_path / "a")
    assert size == (tmp_path / "a").stat().st_size and crc == checksum(tmp_path / "a")
    assert list(columns.names()) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert columns[name].dtype == array.dtype and columns[name].tolist() == array.tolist()
    assert columns.data("terms", 5, 12) == b"harbour"


def test_a_changed_byte_changes_the_checksum(tmp_path: Path) -> None:
    _, crc = write_columns(tmp_path / "a", ARRAYS)
    data = bytearray((tmp_path / "a").read_bytes())
    data[-1] ^= 1
    (tmp_path / "a").write_bytes(data)
    assert checksum(tmp_path / "a") != crc


@pytest.mark.parametrize("data", [b"", b"no such file of ours"])
def test_another_file_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    with pytest.raises((OSError, ValueError)):
        Columns(tmp_path / "a")
