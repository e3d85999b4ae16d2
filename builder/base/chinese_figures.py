"""Numbers as Chinese writes them in dates: 十一, 廿三, 二〇二五, 民國八十七年, 下午三時半."""

from __future__ import annotations

import re

FIGURES = "〇○零一二三四五六七八九十廿卅元"
_DIGITS = ("〇○零０", "一１", "二２", "三３", "四４", "五５", "六６", "七７", "八８", "九９")
_VALUES = {digit: value for value, digits in enumerate(_DIGITS) for digit in digits}
_BEFORE_UNIT = re.compile(rf"[{FIGURES}]+(?=[年月日號号時时點点分秒])")
_CLOCK = re.compile(r"(\d{1,2})[時时點点](?!間|间)(?:(半)|(\d{1,2})分(?:(\d{1,2})秒)?)?[正整]?")
_HALVES = {"早上": "上午", "清晨": "上午", "早晨": "上午", "傍晚": "下午"}
_REPUBLIC = re.compile(r"(?:中[華华])?民[國国]\s*(\d{1,3})\s*年")
_YEAR_ZERO = 1911
"""The year before the first of the Republic (民國元年 is 1912)."""


def figure(text: str) -> int:
    """Return the value of Chinese or Arabic figures: 十一, 廿三, 二〇二五, 11; 元 (a first year) is 1."""
    if text == "元":
        return 1
    if not re.search("[十廿卅]", text):
        return int("".join(str(_VALUES.get(char, char)) for char in text))
    tens, _, ones = text.replace("廿", "二十").replace("卅", "三十").partition("十")
    return (figure(tens) if tens else 1) * 10 + (figure(ones) if ones else 0)


def with_arabic_figures(text: str) -> str:
    """Return a date with Arabic figures and years of our era: 民國八十七年三月 as 1998年3月, 三時半 as 3:30.

    Other text stays as it is.
    """
    if "年" not in text:
        return text
    try:
        text = _BEFORE_UNIT.sub(lambda match: str(figure(match[0])), text)
    except ValueError:  # 十十月: no number
        return text
    text = _CLOCK.sub(_clock_with_colons, text)
    for name, half in _HALVES.items():
        text = text.replace(name, half)
    return _REPUBLIC.sub(lambda match: f"{_YEAR_ZERO + int(match[1])}年", text)


def _clock_with_colons(match: re.Match[str]) -> str:
    _, half, minute, second = match.groups()
    return f" {match[1]}:{'30' if half else (minute or '0').zfill(2)}{f':{second.zfill(2)}' if second else ''}"
