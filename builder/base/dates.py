"""Dates as archives write them, read without guessing and placed in the site's time zone."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_NUMERIC = re.compile(
    r"""(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})|年(?P<m>\d{1,2})月(?P<d>\d{1,2})日)
        (?:[Tt\s]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?
        (?:\s*(?P<zone>Z|z|UTC|GMT|[+-]\d{1,2}:?(?:\d{2})?))?)?""",
    re.VERBOSE,
)
HOW = 'write it as 2025-02-12 or "2025-02-12 09:30 +08:00"'


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, or a date and time, in the site's zone.

    `iso` is how it is kept and shown (`2025-02-12` or `2025-02-12T09:30:00+08:00`), `day` its calendar day,
    `instant` UTC seconds since 1970 (the start of the day for a bare date; negative before 1970).
    """

    iso: str
    day: str
    timestamp: int


def read_moment(text: str, zone: str) -> Moment:
    """Read a date or time written in any of the forms that leave no doubt; without a zone of its own it is in `zone`.

    Year first, or with the month's name (`12 February 2025`, RFC 822). Raises ValueError, with what to write instead,
    for anything that would have to be guessed: `03/04/2025`, a missing year, 30 February.
    """
    text = text.strip()
    match = _NUMERIC.fullmatch(text)
    try:
        if match:
            day = date(int(match["year"]), int(match["month"] or match["m"]), int(match["day"] or match["d"]))
            if match["hour"] is None:
                return _whole_day(day, zone)
            at = datetime(day.year, day.month, day.day, int(match["hour"]), int(match["minute"]), int(match["second"] or 0))  # noqa: DTZ001
            return _moment(at, match["zone"], zone)
        return _read_worded(text, zone)
    except (ValueError, OverflowError) as error:
        reason = f" ({error})" if match and str(error) else ""
        raise ValueError(f'"{text[:40]}" is not a date that can be read{reason}; {HOW}') from None


def _whole_day(day: date, zone: str) -> Moment:
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return Moment(day.isoformat(), day.isoformat(), _seconds(start))


def _moment(at: datetime, offset: str | None, zone: str) -> Moment:
    if offset and offset not in {"Z", "z", "UTC", "GMT"}:
        digits = offset[1:].replace(":", "")
        hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
        shift = timedelta(hours=hours, minutes=minutes)
        if shift >= timedelta(hours=24):
            raise ValueError(f"no zone is {offset} from UTC")
        aware = (at + shift if offset[0] == "-" else at - shift).replace(tzinfo=UTC)
    else:
        aware = at.replace(tzinfo=UTC if offset else ZoneInfo(zone))
    local = aware.astimezone(ZoneInfo(zone))
    return Moment(local.isoformat(timespec="seconds"), local.date().isoformat(), _seconds(aware))


def _seconds(at: datetime) -> int:
    """Whole seconds since 1970, exact for every year (timestamp() fails on some systems before 1970)."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)


def _read_worded(text: str, zone: str) -> Moment:
    """Read a date with a month's name. dateutil fills what is missing: two fillings that differ mean that it guessed."""
    from dateutil import parser  # rare, and slow to import

    if not re.search(r"[A-Za-z]{3}", text) or len(text) > 60:
        raise ValueError(text)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # an unknown zone name is a warning there, an error here
        try:
            first = parser.parse(text, default=datetime(1904, 1, 1))  # noqa: DTZ001
            other = parser.parse(text, default=datetime(1896, 3, 2, 23, 59))  # noqa: DTZ001
        except Warning as warning:
            raise ValueError(str(warning)) from None
    if first == other:
        offset = first.strftime("%z") or None
        return _moment(first.replace(tzinfo=None), offset, zone)
    if first.date() != other.date():
        raise ValueError(text)
    return _whole_day(first.date(), zone)


@lru_cache(maxsize=4096)
def to_datetime(iso: str, zone: str) -> datetime:
    """Return the aware datetime of a kept date (`Moment.iso`): a bare date is the start of that day in `zone`."""
    at = datetime.fromisoformat(iso)
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))


def to_rfc3339(iso: str, zone: str) -> str:
    """Return a kept date as RFC 3339 wants it; old offsets with seconds (before standard time) are given in UTC."""
    at = to_datetime(iso, zone)
    offset = at.utcoffset() or timedelta()
    return (at.astimezone(UTC) if offset.seconds % 60 else at).isoformat(timespec="seconds")
