"""Many files at once: none is seen before its bytes are whole, and a failure leaves nothing of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from builder.base.file_batch import FileBatch


def test_files_come_into_their_places_when_the_batch_is_full_or_finished(tmp_path: Path) -> None:
    batch = FileBatch(2)
    batch.write(tmp_path / "a", b"a")
    assert not (tmp_path / "a").exists()
    batch.write(tmp_path / "b", b"b")
    batch.write(tmp_path / "c", b"c")
    batch.finish()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"a", "b": b"b", "c": b"c"}


def test_a_failure_takes_back_what_has_no_place_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = FileBatch(10)
    batch.write(tmp_path / "a", b"a")
    batch.write(tmp_path / "b", b"b")

    def full(descriptor: int) -> None:
        raise OSError("no room")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no room"):
        batch.finish()
    assert not list(tmp_path.iterdir())
