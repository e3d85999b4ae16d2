"""Why a text is no date, in words that say what to write."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime

from builder.base.date_forms import DAY_PATTERNS, MONTHS, SPAN_PATTERNS

_ANY_MONTH = f"(?:{'|'.join(month[:3] for month in MONTHS)})[a-z]*"


def _anywhere(patterns: tuple[str, ...]) -> re.Pattern[str]:
    bare = "|".join(re.sub(r"\?P<\w+>", "", pattern.replace(r"[^\W\d_]{3,10}", _ANY_MONTH)) for pattern in patterns)
    return re.compile(rf"(?<![A-Za-z\d])(?:{bare})(?!\d)", re.IGNORECASE)


_DAYS_IN_TEXT, _SPANS_IN_TEXT = _anywhere(DAY_PATTERNS), _anywhere(SPAN_PATTERNS[::-1])
_TWO_DIGIT_YEAR = re.compile(
    r"\d{1,2}(?:st|nd|rd|th)?[\s-]+[A-Za-z]{3,9}\.?[\s,-]+'?\d\d|[A-Za-z]{3,9}\.?\s+\d{1,2}[\s,]+'?\d\d"
    r"|\d{1,2}[-/.]\d\d?[-/.]'?\d\d|\d{2,3}(?P<chinese>年)\d\d?月\d\d?[日號号]"
)
_DAY_OR_MONTH_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_MONTH_AND_YEAR = re.compile(r"(0?[1-9]|1[0-2])[-/.](\d{4})")
_TWO_DAYS = re.compile(rf"\d{{1,2}}\s?(?:[-–—/&]|to|and|until)\s?\d{{1,2}}(?:\s+{_ANY_MONTH}|[\s,]+\d{{4}})", re.IGNORECASE)
_NO_YEAR = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_ANY_MONTH}\.?(?:\s+\d{{1,2}}(?:st|nd|rd|th)?)?|\d{{1,2}}月(?:\d{{1,2}}[日號号])?",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"\b(?:today|yesterday|tomorrow|now|ago|last|next|this)\b|昨|今|明天|前天|上週|上周|本月", re.IGNORECASE)
_UNKNOWN = re.compile(
    r"\W+|(?:no|without)?\s*(?:date|day)?\s*(?:is\s+)?(?:unknown|undated|not known|tba|tbc|tbd|nil|nan|n\.?\s?d\.?|n/a|s\.?\s?d\.?)"
    r"|no date|不詳|不详|未知|日期不詳|無|无",
    re.IGNORECASE,
)
_OTHER_CALENDAR = re.compile("(農曆|农历|陰曆|阴历|夏曆|舊曆)|(昭和|平成|令和|大正|明治|光緒|光绪|宣統|宣统|同治)")
_WEEK_OR_DAY = re.compile(r"\d{4}-?W\d\d(?:-?\d)?|\d{4}-?\d{3}")
_DECADE = re.compile(r"(?:the\s+)?\d{3}0'?s|(?:\d{2}|[二三四五六七八九]十)年代", re.IGNORECASE)
_PART_OF_MONTH = re.compile(r"(?:\d{4}年\d{1,2}月)(?:初|中|底|末|上旬|中旬|下旬)")


def explain(text: str, spans: bool) -> str:
    """Return why `text` (with Arabic figures, without weekday and time) is no date, "" where there is nothing to say but that.

    With `spans` a month or a year alone would have been one.
    """
    match = _DAY_OR_MONTH_FIRST.fullmatch(text)
    if match:
        return _explain_order(int(match[1]), int(match[2]), match[3])
    match = _MONTH_AND_YEAR.fullmatch(text)
    if match and spans:
        return f"is it {match[2]}-{match[1]:0>2}?"
    match = _TWO_DIGIT_YEAR.fullmatch(text)
    if match:
        return "a year has four digits, or 民國 before it" if match["chinese"] else "a year has four digits"
    if match := _OTHER_CALENDAR.search(text):
        if match[1]:
            return f"{match[1]} is another calendar; write the day that it is in ours"
        return f"years of {match[2]} are not read; write the year of our era"
    for pattern, reason in (
        (_UNKNOWN, "where it is not known, take the field out"),
        (_NO_YEAR, "the year is missing"),
        (_WEEK_OR_DAY, "a week or a day of the year is not read; write the month and the day"),
        (_DECADE, "a decade is none; write a year of it"),
        (_PART_OF_MONTH, "a part of a month is none; write the month alone"),
    ):
        if pattern.fullmatch(text):
            return reason
    reason = _explain_number(text) or _explain_rest(text, spans)
    return reason or ("it depends on when that was written; write the day" if _RELATIVE.search(text) else "")


def require_real(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> None:
    """Raise ValueError where the calendar or the clock has no such day or time."""
    if not 1 <= month <= 12:
        raise ValueError(f"there is no month {month}{'; of two years write the first' if month > 31 else ''}")
    if not 1 <= year <= 9999:
        raise ValueError(f"there is no year {year}")
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise ValueError(f"{MONTHS[month - 1].capitalize()} {year} has no day {day}")
    if hour > 23 or minute > 59 or second > 59:
        clock = f"{hour}:{minute:02}" + (f":{second:02}" if second else "")
        hint = "; write 00:00 of the next day" if (hour, minute, second) == (24, 0, 0) else ""
        raise ValueError(f"no clock shows {clock}{hint}")


def _explain_order(first: int, second: int, year: str) -> str:
    days = {f"{year}-{month:02}-{day:02}": None for month, day in ((first, second), (second, first)) if month <= 12 and day <= 31}
    if len(days) == 2:
        return f"is it {' or '.join(days)}?"
    return f"the year comes first: {next(iter(days))}" if days else "the year comes first"


def _explain_number(text: str) -> str:
    """Say what a bare number may be: seconds or milliseconds since 1970, as programs count, or days, as spreadsheets do."""
    if not text.isascii() or not text.isdigit():
        return ""
    number = int(text)
    seconds = {9: number, 10: number, 12: number // 1000, 13: number // 1000, 5: (number - 25569) * 86400}.get(len(text))
    if seconds is None:
        return ""
    at = datetime.fromtimestamp(seconds, UTC)
    if len(text) == 5:
        return f"counted in days, as spreadsheets do, it is {at:%Y-%m-%d}"
    return f"counted in seconds since 1970 it is {at:%Y-%m-%d %H:%M:%S} UTC"


def _explain_rest(text: str, spans: bool) -> str:
    """Say which part of `text` is a date, if one is."""
    if _TWO_DAYS.search(text):
        return "are these two days? write the first"
    dates = [match[0] for match in _DAYS_IN_TEXT.finditer(text)] or [
        match[0] for match in (_SPANS_IN_TEXT.finditer(text) if spans else ())
    ]
    if len(dates) > 1:
        return "are these two dates? write the first"
    if not dates:
        return ""
    rest = " … ".join(filter(None, (part.strip(" ,;:") for part in text.split(dates[0], 1))))
    time = ", or write a time as 09:30" if re.search(r"\d|night|noon", rest) else ""
    return f'"{dates[0]}" is one; the rest, "{rest}", is none: take it out{time}' if rest else ""
