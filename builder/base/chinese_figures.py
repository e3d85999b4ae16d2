"""Numbers as Chinese writes them in dates: 十一, 廿三, 二〇二五, 民國一百零一年, 下午三時半."""

from __future__ import annotations

import re

FIGURES = "〇○零一二三四五六七八九十百千廿卅元"
_DIGITS = ("〇○零０", "一１", "二２", "三３", "四４", "五５", "六６", "七７", "八８", "九９")
_VALUES = {digit: value for value, digits in enumerate(_DIGITS) for digit in digits}
_UNITS = {"千": 1000, "百": 100, "十": 10}
_BEFORE_UNIT = re.compile(rf"[{FIGURES}]+(?=\s*[年月日號号時时點点分秒])")
_SPACES = re.compile(r"(?<=\d)\s+(?=[年月日號号])|(?<=[年月])\s+(?=\d)")
_CLOCK = re.compile(r"(\d{1,2})[時时點点](?!間|间)(?:(半)|(\d{1,2})分(?:(\d{1,2})秒)?)?[正整]?")
_HALVES = {
    "早上": "上午",
    "清晨": "上午",
    "早晨": "上午",
    "午前": "上午",
    "傍晚": "下午",
    "午後": "下午",
    "午后": "下午",
    "晚間": "晚上",
    "晚间": "晚上",
}
_BARE_EVENING = re.compile(r"晚(?=\s*\d)")
_REPUBLIC = re.compile(r"(?:中[華华])?民[國国]\s*(\d{1,3})\s*(?:年|(?=[-/.]\d))")
_BEFORE_REPUBLIC = re.compile(r"民(?:[國国])?前\s*(\d{1,2})\s*年")
_OUR_ERA = re.compile(r"(?:西元|公元|西曆|西历)\s*")
_YEAR_ZERO = 1911
"""The year before the first of the Republic (民國元年 is 1912, 民國前一年 is 1911)."""


def figure(text: str) -> int:
    """Return the value of Chinese or Arabic figures: 十一, 廿三, 一百零一, 二〇二五, 11; 元 (a first year) is 1.

    Raises ValueError for what is no number, or two: 一百一 may be 101 or 110.
    """
    if text == "元":
        return 1
    text = text.replace("廿", "二十").replace("卅", "三十")
    for unit, value in _UNITS.items():
        head, sign, rest = text.partition(unit)
        if not sign:
            continue
        if unit in rest or (value > 10 and len(rest) == 1 and rest not in _UNITS):
            raise ValueError(f"{text} is no number")
        if rest[:1] in "〇○零" and len(rest) > 1:
            rest = rest[1:]
        return (figure(head) if head else 1) * value + (figure(rest) if rest else 0)
    return int("".join(str(_VALUES.get(char, char)) for char in text))


def with_arabic_figures(text: str) -> str:
    """Return a date with Arabic figures and years of our era: 民國八十七年三月 as 1998年3月, 三時半 as 3:30.

    Other text stays as it is.
    """
    if "年" not in text and "民" not in text:
        return text
    try:
        text = _BEFORE_UNIT.sub(lambda match: str(figure(match[0])), _OUR_ERA.sub("", text))
    except ValueError:  # 十十月: no number
        return text
    text = _SPACES.sub("", text).replace("年元旦", "年1月1日")
    text = _CLOCK.sub(_clock_with_colons, text)
    for name, half in _HALVES.items():
        text = text.replace(name, half)
    text = _BARE_EVENING.sub("晚上", text)
    text = _BEFORE_REPUBLIC.sub(lambda match: f"{_YEAR_ZERO + 1 - int(match[1])}年", text)
    return _REPUBLIC.sub(lambda match: f"{_YEAR_ZERO + int(match[1])}{'年' if match[0].endswith('年') else ''}", text)


def _clock_with_colons(match: re.Match[str]) -> str:
    _, half, minute, second = match.groups()
    return f" {match[1]}:{'30' if half else (minute or '0').zfill(2)}{f':{second.zfill(2)}' if second else ''}"
