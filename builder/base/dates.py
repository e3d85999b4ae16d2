"""Dates: read from text, placed in the site's time zone, and written in the grammars of standards."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from builder.base.date_grammar import take_apart

HOW = 'write it as 2025-02-12 or "2025-02-12 09:30 +08:00"'
HOW_OF_SPAN = f"{HOW}; where the day is not known, as 2025-02 or 2025"
_EMPTY = re.compile(r"(?:0000-00-00|0001-01-01)(?:[T ]00:00(?::00(?:\.0+)?)?(?:\s?(?:Z|[+-]00:?00))?)?")
_NEVER = re.compile(r"9999-12-31(?:[T ].*)?")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, or a date and time, in the site's zone.

    `iso` is how it is stored and shown (`2025-02-12` or `2025-02-12T09:30:00+08:00`; offsets are whole minutes; a month or
    year alone is `1998-03` or `1998`), `day` its calendar day (the first of a span), `timestamp` UTC seconds since 1970 (the
    start of the day for a bare date; negative before 1970).
    `remark` is what a person should look at, "" where nothing is odd.
    """

    iso: str
    day: str
    timestamp: int
    remark: str = ""


def is_empty_date(text: str) -> bool:
    """Return whether `text` is what databases write where they have no date: `0000-00-00`, or the first day of year 1."""
    return _EMPTY.fullmatch(text.strip()) is not None


def is_never(text: str) -> bool:
    """Return whether `text` is the last day of year 9999, which databases write for "never"."""
    return _NEVER.fullmatch(text.strip()) is not None


@lru_cache(maxsize=4096)
def read_moment(text: str, zone: str, spans: bool = False) -> Moment:
    """Read a date or time written in any of the forms that leave no doubt; without a zone of its own it is in `zone`.

    Year first, or with the month's name (`12 February 2025`, RFC 822). Raises ValueError, with what to write instead,
    for anything that would have to be guessed: `03/04/2025`, `12 March 75`, a missing year, 30 February. With `spans` a
    month or a year alone is a date: `March 1998`, `1998`, `1998年3月`.
    """
    text = text.strip()
    try:
        parts = take_apart(text, spans)
        if not parts.time:
            iso = parts.local.date().isoformat()[: parts.length]
        elif parts.zone is None:
            iso = _with_offset(parts.local, ZoneInfo(zone)).isoformat()
        else:
            iso = _in_zone(parts.local, parts.zone, ZoneInfo(zone)).isoformat()
    except (ValueError, OverflowError) as error:
        reason = f" ({error})" if str(error) else ""
        raise ValueError(f'"{text[:40]}" is not a date that can be read{reason}; {HOW_OF_SPAN if spans else HOW}') from None
    remark = f"{iso[:10]} is no {parts.weekday}; is the date right?" if parts.weekday else ""
    return Moment(iso, first_day(iso), to_timestamp(iso, zone), remark)


def first_day(iso: str) -> str:
    """Return the calendar day of a stored date, the first of a month or a year: `1998-03` has `1998-03-01`; "" of ""."""
    return iso[:10] + "-01-01"[len(iso) - 10 :] if 0 < len(iso) < 10 else iso[:10]


def _with_offset(local: datetime, zone: tzinfo) -> datetime:
    """Return the clock time `local` of `zone` with its offset in whole minutes.

    Before standard time zones count the seconds of their sun (Hong Kong until 1904: +07:36:42). No date format has
    seconds in an offset; the clock is what was written, so the clock stays and the offset loses its seconds.
    """
    offset = local.replace(tzinfo=zone).utcoffset() or timedelta()
    minutes = abs(offset) // timedelta(minutes=1)
    return local.replace(tzinfo=timezone(timedelta(minutes=minutes if offset >= timedelta() else -minutes)))


def _in_zone(local: datetime, origin: tzinfo | timedelta, zone: ZoneInfo) -> datetime:
    """Return the moment `local` of `origin` (a zone, or its distance from UTC) in `zone`. Raises ValueError beyond year 9999."""
    shift = _with_offset(local, timezone(origin) if isinstance(origin, timedelta) else origin).utcoffset() or timedelta()
    try:
        utc = local - shift
        offset = _with_offset(utc.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None), zone).utcoffset() or timedelta()
        return (utc + offset).replace(tzinfo=timezone(offset))
    except OverflowError:
        raise ValueError("it lies outside the years 1 to 9999") from None


@lru_cache(maxsize=4096)
def to_datetime(iso: str, zone: str) -> datetime:
    """Return the aware datetime of a stored date (`Moment.iso`): a bare date is the start of that day (month, year) in `zone`."""
    at = datetime.fromisoformat(iso if len(iso) >= 10 else first_day(iso))
    return at if at.tzinfo else _with_offset(at, ZoneInfo(zone))


def to_timestamp(iso: str, zone: str) -> int:
    """Return the UTC seconds since 1970 of a stored date, exact for every year (timestamp() fails on some systems)."""
    return (to_datetime(iso, zone) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)


def from_timestamp(seconds: int, zone: str) -> str:
    """Return a moment (UTC seconds since 1970) on the clock of `zone` as people read it: `2025-02-12 09:30`."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def to_rfc3339(iso: str, zone: str) -> str:
    """Return a stored date as RFC 3339 wants it, on the day that it names: `1898-05-01T00:00:00+07:36`."""
    return to_datetime(iso, zone).isoformat(timespec="seconds")


def to_rfc822(iso: str, zone: str) -> str:
    """Return a stored date as RFC 822 (with a year of four digits, as RSS advises): `Sun, 01 May 1898 00:00:00 +0736`.

    strftime would speak the machine's language and write the year 99 with two digits.
    """
    at = to_datetime(iso, zone)
    day = f"{_WEEKDAYS[at.weekday()]}, {at.day:02} {_MONTHS[at.month - 1]} {at.year:04}"
    return f"{day} {at:%H:%M:%S} {at.isoformat()[-6:].replace(':', '')}"
