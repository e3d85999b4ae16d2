"""Chinese figures: each form that dates have, and none that could be two numbers."""

from __future__ import annotations

import pytest

from builder.base.chinese_figures import figure, with_arabic_figures


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("三十一", 31),
        ("廿三", 23),
        ("卅", 30),
        ("一百零一", 101),
        ("二〇二五", 2025),
        ("11", 11),
        ("元", 1),
    ],
)
def test_figures_have_their_value(text: str, value: int) -> None:
    assert figure(text) == value


@pytest.mark.parametrize("text", ["", "一百一", "十十", "年", "harbour"])
def test_what_is_no_number_or_two_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        figure(text)


def test_a_date_has_arabic_figures_and_years_of_our_era() -> None:
    assert with_arabic_figures("民國八十七年三月十二日") == "1998年3月12日"
    assert with_arabic_figures("二〇二五年十一月五日") == "2025年11月5日"
    assert with_arabic_figures("二〇二五年三月一日三時半") == "2025年3月1日 3:30"
    assert with_arabic_figures("12 March 2025") == "12 March 2025"
