"""The file that may be meant by a name that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.articles.near_files import nearest_file
from builder.base.picture_types import IMAGE_TYPES

FILES = (
    "2024/minutes.pdf",
    "2024/Board Minutes.pdf",
    "2024/tables/List.csv",
    "2024/會議.pdf",
    "2024/a1.pdf",
    "2024/minutes.md",
    "2024/page-0002.pdf",
    "top.zip",
    "2024/Ferry.jpeg",
    "2024/quay.PNG",
    "2024/quay.webp",
    "2024/Saint-Anne (2).JPG",
    "2024/cafe\u0301 terrace.png",
    "2024/harbour.jpg.jpg",
    "2024/talk.m4a",
    "2024/Budget.xlsx",
    "2024/pics/crane.gif",
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
        ("2024/ferry.jpg", "Ferry.jpeg"),
        ("2024/Ferry.PNG", "Ferry.jpeg"),
        ("2024/feryr.webp", "Ferry.jpeg"),
        ("2024/quay.jpg", "quay.PNG"),
        ("2024/Quay.WEBP", "quay.webp"),
        ("2024/saint_anne_2.jpg", "Saint-Anne (2).JPG"),
        ("2024/saint%20anne%202.jpeg", "Saint-Anne (2).JPG"),
        ("2024/saint-anne-3.jpg", ""),
        ("2024/Café-Terrace.jpg", "cafe\u0301 terrace.png"),
        ("2024/ｑｕａｙ.png", "quay.PNG"),
        ("2024/harbour.jpg", "harbour.jpg.jpg"),
        ("2024/harbour.png", "harbour.jpg.jpg"),
        ("2024/talk.mp3", "talk.m4a"),
        ("2024/talk.mp4", ""),
        ("2024/budget.xls", "Budget.xlsx"),
        ("2024/budget.pdf", ""),
        ("2024/crane.png", "pics/crane.gif"),
        ("2024/ferry.csv", ""),
    ],
)
def test_the_file_that_is_meant(tmp_path: Path, target: str, meant: str) -> None:
    for path in FILES:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    assert nearest_file(tmp_path, "2024", target) == meant


@pytest.mark.parametrize(
    ("target", "meant"),
    [("ferry", "Ferry.jpeg"), ("ferry.tif", "Ferry.jpeg"), ("St. Mary", "st-mary.png"), ("ferry.jpg", "Ferry.jpeg"), ("pier", "")],
)
def test_a_name_without_the_ending_of_a_picture_means_one(tmp_path: Path, target: str, meant: str) -> None:
    for name in ("Ferry.jpeg", "ferry.csv", "st-mary.png", "pier.pdf"):
        (tmp_path / name).touch()
    assert nearest_file(tmp_path, "", target, IMAGE_TYPES) == meant
