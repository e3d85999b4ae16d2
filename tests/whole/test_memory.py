"""Bags and WACZ of many files need no more memory than those of few."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.config.site import Site
from builder.export.bag import PayloadFile, TarDestination, bag_info, write_bag
from builder.export.tar_bags import verify_tar
from builder.export.wacz import write_wacz
from builder.formats.fixity import regular_files

SITE = Site(title="The Lantern", url="https://lantern.example/")
BYTES_A_FILE = 100
"""A path alone has more: what of each file stays in memory would show."""


def peak_of(function: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("memory")
    (folder / "page.html").write_text("<title>A page</title>")
    return folder


def growth(run: Callable[[int], object], few: int, many: int) -> float:
    run(few)  # what is loaded once
    return (peak_of(lambda: run(many)) - peak_of(lambda: run(few))) / (many - few)


def test_a_bag(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builder.export.sorted_lines._BATCH", 50)

    def bag(count: int) -> None:
        (folder / "bag.tar").unlink(missing_ok=True)
        payload = (
            PayloadFile(f"content/{number}/a-story-with-a-long-name.md", folder / "page.html", 21) for number in range(count)
        )
        with TarDestination(folder / "bag.tar") as target:
            assert write_bag(target, payload, bag_info(SITE)).files == count

    assert growth(bag, 100, 800) < BYTES_A_FILE
    assert not list(verify_tar(folder / "bag.tar"))


def test_a_wacz(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builder.export.sorted_lines._BATCH", 32)
    monkeypatch.setattr("builder.export.wacz.INDEX_BLOCK_LINES", 32)

    def wacz(count: int) -> None:
        paths = ("page.html" for _ in range(count))
        with (folder / "site.wacz").open("wb") as target:
            assert write_wacz(target, folder, paths, [], SITE.url, SITE.title, 0) == count

    assert growth(wacz, 60, 260) < BYTES_A_FILE


def test_the_files_of_a_folder(tmp_path: Path) -> None:
    def list_files(count: int) -> None:
        for number in range(count):
            (tmp_path / f"{number // 50}").mkdir(exist_ok=True)
            (tmp_path / f"{number // 50}/{number}").touch()
        assert sum(1 for _ in regular_files(tmp_path)) >= count

    assert growth(list_files, 200, 1200) < BYTES_A_FILE
