from __future__ import annotations

from pathlib import Path

import pytest

from builder.export.bag import TarDestination
from tests.sites import archive, story


def test_a_bag_is_not_written_into_what_it_packs(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story()})
    site.build()
    for destination in ("content/bag", "public/bag.tar", "seals", "static/deep/bag"):
        run = site.run("bag", str(tmp_path / destination))
        assert (run.code, "would be a part of itself" in run.err) == (2, True), run.err
    assert not (tmp_path / "content/bag").exists()


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = archive(tmp_path / "site", {"content/a.md": story()})
    site.build()
    full = OSError(28, "No space left on device")

    def add(*_: object) -> None:
        raise full

    monkeypatch.setattr(TarDestination, "add", add)
    run = site.run("bag", str(tmp_path / "bag.tar"))
    assert (run.code, "No space left on device" in run.err) == (3, True), run.err
    assert [file.name for file in tmp_path.iterdir()] == ["site"]
