"""Dates in running text: months and weekdays in several languages to calendar days, and the day that a story ran, worked out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from babel import localedata
from babel.dates import get_day_names, get_month_names

from builder.base.chinese_figures import figure
from builder.base.dates import read_moment

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "pl", "tr", "id", "ru", "ar")
NUMBER = "[0-9０-９〇○零一二三四五六七八九十廿卅]"
_CHINESE_WEEKDAY = re.compile("(?:星期|禮拜|礼拜|周|週)([一二三四五六日天])")
_NUMERIC_DAY = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<![\d./-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_CHINESE_DAY = re.compile(rf"({NUMBER}{{4}})\s*[年년]\s*({NUMBER}{{1,3}})\s*[月월]\s*({NUMBER}{{1,3}})\s*[日號号일]")


class _Names(NamedTuple):
    """Names in LANGUAGES, lower case, and what they stand for."""

    months: dict[str, int]
    """The number of each month by its name and its short forms."""
    weekdays: dict[str, int]
    """The number (Monday 0) of each weekday by its name."""
    words: frozenset[str]
    """All of these, short forms of weekdays and what else may stand in a date."""


@lru_cache(maxsize=1)
def _names() -> _Names:
    months = {"sept": 9}
    weekdays: dict[str, int] = {}
    words = set("del alle las uhr hrs 上午 下午 凌晨 中午 晚上 오전 오후".split())
    for language in LANGUAGES:
        for names in (get_month_names("wide", locale=language), get_month_names("abbreviated", locale=language)):
            for number, name in names.items():
                months.setdefault(str(name).lower().rstrip("."), number)
        weekdays |= {str(name).lower(): number for number, name in get_day_names("wide", locale=language).items()}
        words |= {str(name).lower().rstrip(".") for name in get_day_names("abbreviated", locale=language).values()}
        localedata.clear_caches()  # more than a megabyte a language, in each process that brings stories in
    return _Names(months, weekdays, frozenset(words.union(months, weekdays)))


def either(names: Iterable[str]) -> str:
    """Return a pattern for any of `names`, the longest first."""
    return "(?:" + "|".join(map(re.escape, sorted(names, key=lambda name: (-len(name), name)))) + ")"


def month_pattern() -> str:
    """Return a pattern for a month's name in any case."""
    return f"(?i:{either(_names().months)})"


def weekday_pattern() -> str:
    """Return a pattern for a weekday's name in any case."""
    return f"(?i:{either(_names().weekdays)})"


def date_pattern(month: str = "", weekday: str = "") -> str:
    """Return a pattern for a whole date: a year, a month and a day in any usual form. `month` and `weekday` match the names."""
    day = r"\d{1,2}(?:st|nd|rd|th|er|º|\.)?"
    month_date = rf"(?:{day}(?: de| of)?[ .-]?)?{month or month_pattern()}[.,]*(?: {day},? \d{{4}}|(?: del?)?[ -]?\d{{4}})"
    chinese = rf"{NUMBER}{{4}}\s*[年년]\s*{NUMBER}{{1,3}}\s*[月월]\s*{NUMBER}{{1,3}}\s*[日號号일]"
    numeric = rf"\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{4}}|{chinese}"
    eastern = "(?:\\s*(?:[（(]?(?:星期|周|週)[一二三四五六日][）)]?|[（(][日月火水木金土일월화수목금토][）)]))?"
    return rf"(?:(?:{weekday or weekday_pattern()}[,.]* )?(?:{month_date}|{numeric}){eastern})"


TIME_PATTERN = (
    r"(?:(?:上午|下午|晚上|凌晨|中午|오전|오후)\s*)?\d{1,2}(?:[:：.hH時时시]\s?\d{2}(?:[:：]\d{2})?\s*[分분]?|(?=\s?[ap]\.?m))"
    r"\s*(?:[ap]\.?m\b\.?|Uhr\b|hrs?\b)?(?:\s*\(?(?:(?-i:[A-Z]{2,5})(?:[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}:?\d{2}|Z)\b\)?)?"
)
_BETWEEN = r"(?:[\s,|@·•–—/-]|(?-i:[A-Z]{3,4})(?= \d)|\b(?:at|à|às|um|kl|a las|às|alle|om|ore|в)\b\.?)*"
"""What stands between a date and a time."""
_TIME = re.compile(
    r"(?P<early>上午|凌晨|오전)?(?P<late>下午|晚上|中午|오후)?\s*(?<!\d)(?P<hour>\d{1,2})(?:[:：.hH時时시]\s?(?P<minute>\d{2})(?::\d{2})?\s*[分분]?|(?=\s?[ap]\.?m))"
    r"\s*(?:(?P<half>[apAP])\.?[mM]\b\.?|Uhr\b|hrs?\b)?\s*\(?(?P<zone>[A-Z]{2,5}(?:[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}:?\d{2}|Z)?"
)

_ZONE_BEFORE = re.compile(r"\b([A-Z]{3,4}) (\d{1,2}[:：.]\d{2})")


def moment_pattern() -> str:
    """Return a pattern for a whole date with or without a time, which may stand before it.

    Any word stands for a name in it, as the names of all languages in each rule would take longer than all else: what it
    finds is a moment where `is_moment` says so.
    """
    word = r"[^\W\d_]{2,14}"
    return f"(?:(?:{TIME_PATTERN}{_BETWEEN})?{date_pattern(word, word)}(?:{_BETWEEN}{TIME_PATTERN})?)"


def is_moment(text: str) -> bool:
    """Whether each longer word in what `moment_pattern` found is one of a date."""
    return all(
        word.lower() in _names().words or word.isupper() for word in re.findall(r"[^\W\d_\u3040-\u9fff\uac00-\ud7af]{3,}", text)
    )


@lru_cache(maxsize=1)
def _named_day() -> re.Pattern[str]:
    month, day = f"({either(_names().months)})", r"(\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
    return re.compile(
        rf"\b{day}(?: de| of)?[ .-]?{month}[.,]*(?: del?)?[ -]?(\d{{4}})\b|\b{month}\.? {day},? (\d{{4}})\b", re.IGNORECASE
    )


def days_in(text: str) -> list[date]:
    """Return the whole dates (with a year) in `text`, in their order."""
    return [day for _, _, day in _days(text, is_day_first=False)]


def _days(text: str, *, is_day_first: bool) -> list[tuple[int, int, date]]:
    """Return the whole dates in `text` with their begin and end. `is_day_first`: 2/8/2024 is in August."""
    days: list[tuple[int, int, date]] = []

    def add(match: re.Match[str], year: str | int, month: str | int, day: str | int) -> None:
        with suppress(ValueError):
            days.append((*match.span(), date(int(year), int(month), int(day))))

    for match in _named_day().finditer(text):
        day, month, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        add(match, year, _names().months[month.lower()], day)
    for match in _NUMERIC_DAY.finditer(text):
        add(match, match[1], match[3], match[4])
    for match in _DAY_FIRST.finditer(text):
        if match[2] == "." or is_day_first or int(match[1]) > 12:
            add(match, match[4], match[3], match[1])
        elif int(match[3]) > 12:
            add(match, match[4], match[1], match[3])
    for match in _CHINESE_DAY.finditer(text):
        add(match, *map(figure, match.groups()))
    return sorted(days)


def read_date(text: str, zone: str, *, is_day_first: bool = False) -> str:
    """Return a date as a person wrote it (with a time, perhaps) in ISO 8601, or "" where it cannot be read without guessing.

    `is_day_first`: of two numbers the first is the day, as everywhere but in English.
    """
    try:
        return read_moment(text.strip(), zone).iso
    except ValueError:
        pass
    days = _days(text, is_day_first=is_day_first)
    if not days:
        try:
            return read_moment(text.strip(), zone, spans=True).iso  # a month or a year alone
        except ValueError:
            return ""
    begin, end, day = days[0]
    clock = _TIME.search(_ZONE_BEFORE.sub(r"\2 \1", f"{text[:begin]} | {text[end:]}"))
    if clock is None:
        return day.isoformat()
    hour, is_late = int(clock["hour"]), clock["late"] or (clock["half"] or "").lower() == "p"
    if clock["half"] or clock["early"] or clock["late"]:
        hour = hour % 12 + (12 if is_late else 0)
    try:
        return read_moment(f"{day.isoformat()} {hour:02}:{clock['minute'] or '00'} {clock['zone'] or ''}".strip(), zone).iso
    except ValueError:
        return day.isoformat()  # of a zone that nobody knows the day is as good as it gets


def partial_day(text: str, near: date) -> date | None:
    """Return the day that `text` names without a year, or without a month too (`Feb 11`, `2月11日`, `11日`), nearest to `near`."""
    whole = days_in(text)
    if whole:
        return whole[0]
    match = re.search(rf"({either(_names().months)})\.? (\d{{1,2}})|(\d{{1,2}}) ({either(_names().months)})", text, re.IGNORECASE)
    if match:
        month, day = _names().months[(match[1] or match[4]).lower()], int(match[2] or match[3])
        return _nearest(((near.year + shift, month) for shift in (-1, 0, 1)), day, near)
    chinese = re.search(rf"(?:({NUMBER}{{1,3}})月)?({NUMBER}{{1,3}})[日號号]", text)
    if chinese is None:
        return None
    if chinese[1]:
        return _nearest(((near.year + shift, figure(chinese[1])) for shift in (-1, 0, 1)), figure(chinese[2]), near)
    around = [near.year * 12 + near.month - 1 + shift for shift in (-1, 0, 1)]
    return _nearest(((number // 12, number % 12 + 1) for number in around), figure(chinese[2]), near)


def _nearest(year_months: Iterable[tuple[int, int]], day: int, near: date) -> date | None:
    candidates = []
    for year, month in year_months:
        try:
            candidates.append(date(year, month, day))
        except ValueError:
            continue
    return min(candidates, key=lambda candidate: abs((candidate - near).days), default=None)


def weekday_in(text: str) -> int | None:
    """Return the first weekday (Monday 0) that `text` names as one of the days around it: not "last Friday", "next Monday"."""
    pattern = re.compile(rf"(?<!last )(?<!next )(?<!every )(?<!past )\b({either(_names().weekdays)})\b(?!s)", re.IGNORECASE)
    match = pattern.search(text)
    if match:
        return _names().weekdays[match[1].lower()]
    chinese = re.search(f"(?<![上下每]){_CHINESE_WEEKDAY.pattern}", text)
    return "一二三四五六日".index(chinese[1].replace("天", "日")) if chinese else None


def infer_day(captions: Sequence[str], paragraphs: Sequence[str], dateline_day: str, capture_day: date) -> date | None:
    """Work out the day that a story ran, or return None where nothing tells.

    A dateline's day (`Feb 11`) counts first, its year taken from the text or the day of the capture. Else the latest
    date in the captions, or in the text, up to the capture: on it, or within the six days after it, on the first
    weekday that the text names.
    """
    days = [day for caption in captions for day in days_in(caption)] or [day for text in paragraphs for day in days_in(text)]
    latest = max((day for day in days if day <= capture_day), default=None)
    if dateline_day:
        day = partial_day(dateline_day, latest or capture_day)
        if day and latest is None and day > capture_day:
            day = partial_day(dateline_day, capture_day - timedelta(days=20 if "月" not in dateline_day else 200)) or day
        return day
    if latest is None:
        return None
    weekday = next((number for text in paragraphs[:4] if (number := weekday_in(text)) is not None), None)
    return latest if weekday is None else latest + timedelta(days=(weekday - latest.weekday()) % 7)
