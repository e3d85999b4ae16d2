"""The file that may be meant by a name that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.articles.near_files import nearest_file

FILES = (
    "2024/minutes.pdf",
    "2024/Board Minutes.pdf",
    "2024/tables/List.csv",
    "2024/會議.pdf",
    "2024/a1.pdf",
    "2024/minutes.md",
    "2024/page-0002.pdf",
    "top.zip",
)


@pytest.mark.parametrize(
    ("target", "meant"),
    [
        ("2024/MINUTES.PDF", "minutes.pdf"),
        ("2024/minuets.pdf", "minutes.pdf"),
        ("2024/minuts.pdf", "minutes.pdf"),
        ("2024/minutess.pdf", "minutes.pdf"),
        ("2024/mimutes.pdf", "minutes.pdf"),
        ("2024/board-minutes.pdf", "Board Minutes.pdf"),
        ("2024/board_minuets.pdf", "Board Minutes.pdf"),
        ("2024/list.csv", "tables/List.csv"),
        ("elsewhere/minutes.pdf", "minutes.pdf"),
        ("Top.zip", "../top.zip"),
        ("2024/會議錄.pdf", ""),
        ("2024/a2.pdf", ""),
        ("2024/page-0003.pdf", ""),
        ("2024/pgae-0002.pdf", "page-0002.pdf"),
        ("2024/minutes.csv", ""),
        ("2024/hours.pdf", ""),
    ],
)
def test_the_file_that_is_meant(tmp_path: Path, target: str, meant: str) -> None:
    for path in FILES:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    assert nearest_file(tmp_path, "2024", target) == meant
