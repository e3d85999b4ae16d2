"""Dates as archives write them, taken apart without guessing: no part is filled in, none depends on today or on this machine."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from builder.base.chinese_figures import with_arabic_figures
from builder.base.date_faults import explain, require_real
from builder.base.date_forms import DAY_FORMS, SPAN_FORMS, month_number

_CHINESE_DAYS = "一二三四五六日"
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_QUOTES = " \"'“”„‘’「」『』"
"""What word processors put around a value."""
_TIME = re.compile(
    r"""(?:(?<=\d)[Tt]|[\s,]|(?<=[日號号])|\b(?:at|@)\s|^|(?P<half>上午|下午|凌晨|中午|晚上))\s*
        (?:(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?(?:\s*(?P<noon>[ap])\.?m\b\.?)?(?:\s*h(?:ou)?rs?\b\.?)?
        |(?<=\d{4}\s)(?P<hour24>\d{2})(?P<minute24>\d{2})(?:\s*h(?:(?:ou)?rs?)?\b\.?|(?=\s?(?:Z|GMT|UTC)\b))
        |(?P<hour12>\d{1,2})(?:[.:](?P<minute12>\d{2}))?\s*(?P<noon12>[ap])\.?m\b\.?)(?!:?\d)""",
    re.VERBOSE | re.IGNORECASE,
)
_WEEKDAY = re.compile(
    rf"\(?\b(?P<name>{'|'.join(f'{name[:3]}(?:{name[3:]}|{name[3:5]}|{name[3:4]}|s)?' for name in _DAYS)})\b[.,]?\)?,?"
    rf"|\(?(?:星期|禮拜|礼拜|週|周)(?P<chinese>[{_CHINESE_DAYS}天])\)?,?|(?<=[日號号])\s?\((?P<bare>[{_CHINESE_DAYS}天])\)",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:(?:first\s+)?(?:published|posted)|dated?|on)(?:\s+on)?\s*:?\s+(?=\w)", re.IGNORECASE)
_NOON = re.compile(r"\b(?:12(?::00)?\s*)?noon\b", re.IGNORECASE)
_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?!\d)")
"""ISO 8601's basic format."""
_OFFSET = re.compile(r"(?:UTC|GMT)?\s?(?P<sign>[+−-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?::?(?P<seconds>\d{2}))?")

_STANDARD = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?: ?(?:Z|[+-][0-9]{2}:[0-9]{2}))?")
"""As programs write a moment (ISO 8601, RFC 3339): most are, and need no search."""

_ZONE_HOURS = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "SAST": 2,
    "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
    "HKT": 8, "SGT": 8, "AWST": 8, "PHT": 8, "MYT": 8, "WIB": 7, "WITA": 8, "WIT": 9, "ICT": 7,
    "JST": 9, "KST": 9, "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11,
    "NZST": 12, "NZDT": 13, "PKT": 5, "NPT": 5.75, "CAT": 2, "EAT": 3, "WAT": 1, "NST": -3.5, "NDT": -2.5, "ADT": -3, "BRT": -3,
}  # fmt: skip
"""Hours from UTC of zone names with one meaning in print: those of RFC 822 but CST, and common ones of other regions."""
_ZONE_CITIES = {
    "ET": "America/New_York", "PT": "America/Los_Angeles",
    "EASTERN TIME": "America/New_York", "PACIFIC TIME": "America/Los_Angeles",
    "HONG KONG TIME": "Asia/Hong_Kong", "HK TIME": "Asia/Hong_Kong", "BEIJING TIME": "Asia/Shanghai", "TAIPEI TIME": "Asia/Taipei",
    "LONDON TIME": "Europe/London", "NEW YORK TIME": "America/New_York", "TOKYO TIME": "Asia/Tokyo",
    "香港時間": "Asia/Hong_Kong", "香港时间": "Asia/Hong_Kong", "北京時間": "Asia/Shanghai", "北京时间": "Asia/Shanghai",
    "台北時間": "Asia/Taipei", "臺北時間": "Asia/Taipei",
}  # fmt: skip
"""Names of a place's time, whose distance from UTC its summers decide."""
_AMBIGUOUS_ZONES = {
    "CST": "-06:00 (Chicago) or +08:00 (China)",
    "IST": "+05:30 (India), +01:00 (Ireland) or +02:00 (Israel)",
    "BST": "+01:00 (Britain) or +06:00 (Bangladesh)",
    "AST": "-04:00 (Halifax) or +03:00 (Arabia)",
    "GST": "+04:00 (the Gulf) or +10:00 (Guam)",
    "SST": "-11:00 (Samoa) or +08:00 (Singapore)",
}


@dataclass(frozen=True, slots=True)
class DateParts:
    """What a text says of a date. `time` tells whether it names a time of day; `zone` is None where it names none."""

    local: datetime
    """The clock's date and time as written, without a zone."""
    time: bool
    zone: tzinfo | timedelta | None
    weekday: str = ""
    """The weekday as written, where it is not that of the date; "" else."""
    length: int = 10
    """How much of the ISO date was written: 10 letters for a day, 7 for a month alone, 4 for a year; `local` is its beginning."""


def take_apart(text: str, spans: bool = False) -> DateParts:
    """Return the parts of a date written in any form that leaves no doubt.

    Year first (`2025-02-12`, `2025年2月12日`) or with the month's English name, with a time of day (24 hours, or with am or
    pm) and an offset or a zone name with one meaning; years of the Republic (民國) and Chinese figures too. With `spans`
    a month (`March 1998`) or a year alone is a date as well. Raises ValueError with the reason, which may be "".
    """
    if _STANDARD.fullmatch(text):
        with suppress(ValueError):  # no such day or hour: the reason is told below
            return DateParts(datetime.fromisoformat(text[:19]), True, _read_zone(text[19:].lstrip()) if text[19:] else None)
    rest = with_arabic_figures(" ".join(unicodedata.normalize("NFKC", text).strip(_QUOTES).split()))
    rest = (
        re.sub(r"\s*\((?:[A-Z]{1,5}|[A-Z][\w ]+)\)$", "", rest) if re.search(r"[+-]\d{4}\s*\(", rest) else rest
    )  # RFC 822 comment
    rest = _COMPACT.sub(r"\1-\2-\3T\4:\5:\6", _NOON.sub("12:00", _LEAD.sub("", rest)))
    weekday = _WEEKDAY.search(rest)
    if weekday:
        rest = f"{rest[: weekday.start()]} {rest[weekday.end() :]}".strip(" ,")
    clock = _TIME.search(rest)
    zone: tzinfo | timedelta | None = None
    hour = minute = second = 0
    if clock:
        hour, minute, second = _read_clock(clock)
        before, after = rest[: clock.start()].strip(" ,"), rest[clock.end() :].strip(" ,")
        zone_name, _, last = after.rpartition(" ")
        if not before:  # `9:30 pm, 12 February 2025`
            before, after = _after_zone(after)
        elif re.fullmatch(r"\d{4}", last) and not re.search(r"\d{4}", before):  # `Feb 12 09:30:00 UTC 2025`, as `date` prints
            before, after = f"{before} {last}", zone_name
        rest = before
        zone = _read_zone(after) if after else None
    year, month, day, length = _read_date(rest, spans)
    if length < 10 and (clock or weekday):
        raise ValueError(f"a {'time' if clock else 'weekday'} needs a day")
    require_real(year, month, day, hour, minute, second)
    local = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 (the zone is told apart)
    wrong = weekday is not None and local.weekday() != _weekday_number(weekday)
    return DateParts(local, clock is not None, zone, weekday[0].strip("()（）,. ") if weekday and wrong else "", length)


def _after_zone(text: str) -> tuple[str, str]:
    """Return the date and the zone, "" without one, of what stands behind a time: of `EST, March 12 1998` or `12 March 1998`."""
    name, _, date = text.partition(", ") if "," in text else text.partition(" ")
    bare = name.strip("() ").upper()
    return (date, name) if date and (bare in _ZONE_HOURS or bare in _ZONE_CITIES or bare in _AMBIGUOUS_ZONES) else (text, "")


def _read_date(text: str, spans: bool) -> tuple[int, int, int, int]:
    """Return year, month and day, 1 where they are not written, and the letters of the ISO date that are."""
    for form in (*DAY_FORMS, *(SPAN_FORMS if spans else ())):
        match = form.fullmatch(text)
        if match:
            groups = match.groupdict()
            has_month = bool(groups.get("month") or groups.get("month_name"))
            try:
                month = int(groups["month"]) if groups.get("month") else month_number(groups["month_name"]) if has_month else 1
            except ValueError as error:
                raise ValueError(f"{error}; the year alone is a date: {groups['year']}" if "day" not in groups else error) from None
            return int(groups["year"]), month, int(groups.get("day") or 1), 10 if "day" in groups else 7 if has_month else 4
    raise ValueError(explain(text, spans))


def _read_clock(match: re.Match[str]) -> tuple[int, int, int]:
    hour, minute = (
        int(match["hour"] or match["hour24"] or match["hour12"]),
        int(match["minute"] or match["minute24"] or match["minute12"] or 0),
    )
    half = (match["noon"] or match["noon12"] or "").lower()
    if match["half"]:
        half = "p" if match["half"] in {"下午", "晚上"} or (match["half"] == "中午" and hour < 11) else "a"
        half = "p" if match["half"] == "中午" and hour == 12 else half
        if hour > 12:
            return hour, minute, int(match["second"] or 0)
    if half:
        if hour > 12 or (hour == 0 and not match["half"]):
            raise ValueError(f"there is no {hour} {half}m")
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, minute, int(match["second"] or 0)


def _read_zone(text: str) -> tzinfo | timedelta:
    offset = _OFFSET.fullmatch(text)
    if offset:
        shift = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0), seconds=int(offset["seconds"] or 0))
        if shift >= timedelta(hours=24):
            raise ValueError(f"no zone is {text} from UTC")
        return shift if offset["sign"] == "+" else -shift
    name = text.strip("(), ").upper()
    if name in _ZONE_CITIES:
        return ZoneInfo(_ZONE_CITIES[name])
    if name in _ZONE_HOURS:
        return timedelta(hours=_ZONE_HOURS[name])
    if name in _AMBIGUOUS_ZONES:
        raise ValueError(f"{name} is {_AMBIGUOUS_ZONES[name]}; write the offset")
    if "/" in text and re.fullmatch(r"[A-Za-z_+-]+(?:/[A-Za-z0-9_+-]+)+", text):
        try:
            return ZoneInfo(text)
        except (KeyError, ValueError, OSError):
            pass
    raise ValueError(f'"{text[:20]}" is no zone that is known; write the offset, such as +08:00')


def _weekday_number(match: re.Match[str]) -> int:
    if sign := match["chinese"] or match["bare"]:
        return _CHINESE_DAYS.index(sign.replace("天", "日"))
    return next(number for number, name in enumerate(_DAYS) if name.startswith(match["name"].lower()[:3]))
