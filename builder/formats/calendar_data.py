"""Data of the calendar, in scripts that pages load: the days that have a page, and the stories of a day of the year."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from builder.base.urls import quote


def calendar_days(months: Mapping[str, int]) -> bytes:
    """Return the years and months that have a page, each month with its days as the bits of a number in base 36."""
    days = {name: _base36(bits) if len(name) > 4 else "" for name, bits in months.items()}
    return f"morgue.calendarDays({json.dumps(days, separators=(',', ':'))});\n".encode()


def on_this_day(stories: Iterable[tuple[int, str, str, str]]) -> bytes:
    """Return the stories of a day of the year, each given by its year, title, language and output path."""
    values = [{"year": year, "title": title, "language": language, "url": quote(path)} for year, title, language, path in stories]
    return f"morgue.onThisDay({json.dumps(values, ensure_ascii=False, separators=(',', ':'))});\n".encode()


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits
