"""The sample archive: what `make build` shows a stranger has no fault."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.links import dead_links
from tests.sites import Archive


def test_every_link_leads_to_a_file(sample: Archive) -> None:
    assert dead_links(sample.folder / "public") == []


def test_nothing_is_to_be_said_of_its_articles(sample: Archive) -> None:
    run = sample.run("check")
    assert (run.code, run.err) == (0, "")


def test_moved_to_another_folder_it_is_up_to_date(sample: Archive, tmp_path: Path) -> None:
    shutil.copytree(sample.folder, tmp_path / "copy")
    moved = Archive(tmp_path / "copy")
    before = moved.published()
    assert moved.build().code == 0
    assert moved.published() == before
