"""The language of a text by its script alone; an alphabet does not tell."""

from __future__ import annotations

import pytest

from builder.importers.languages import of_text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("離島渡輪星期一早上恢復服務，乘客毋須再繞道，運輸署說。", "zh-Hant"),
        ("离岛渡轮星期一早上恢复服务，乘客无须再绕道，运输署说。", "zh-Hans"),
        ("離島のフェリーは月曜日の朝に運航を再開する。", "ja"),
        ("외딴섬 여객선이 월요일 아침 운항을 재개한다.", "ko"),
        ("The ferry runs again.", ""),
        ("Паром снова ходит.", ""),
        ("", ""),
    ],
)
def test_a_script_tells_its_language(text: str, language: str) -> None:
    assert of_text(text) == language
