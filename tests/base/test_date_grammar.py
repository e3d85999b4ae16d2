"""The grammar of dates: what a text says of a date is taken apart, and nothing is filled in."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.base.date_grammar import take_apart

MONTHS = "January February March April May June July August September October November December".split()


@given(st.dates(date(1000, 1, 1), date(9999, 12, 31)))
def test_every_form_of_a_day_is_that_day(day: date) -> None:
    year, month = f"{day.year:04}", MONTHS[day.month - 1]
    forms = (
        day.isoformat(), f"{year}/{day.month}/{day.day}", f"{year}年{day.month}月{day.day}日", f"{day.day} {month} {year}",
        f"{month[:3]}. {day.day}, {year}", f"{month} the {day.day}th, {year}", f"the {day.day}th of {month} {year}", f"{year} {month} {day.day}",
    )  # fmt: skip
    for form in forms:
        parts = take_apart(form)
        assert (parts.local.date(), parts.time, parts.zone, parts.weekday, parts.length) == (day, False, None, "", 10), form


@pytest.mark.parametrize(
    ("text", "local", "zone"),
    [
        ("2025-02-12T09:30:15", "2025-02-12 09:30:15", None),
        ("2025-02-12 12:05 am", "2025-02-12 00:05:00", None),
        ("9:30 pm, 12 February 2025", "2025-02-12 21:30:00", None),
        ("Feb 12 09:30:00 UTC 2025", "2025-02-12 09:30:00", timedelta()),
        ("12 Feb 2025 09:30 -0330", "2025-02-12 09:30:00", timedelta(hours=-3, minutes=-30)),
        ("2025-07-01 09:30 New York Time", "2025-07-01 09:30:00", ZoneInfo("America/New_York")),
        ("2025年2月12日 下午3:05 北京時間", "2025-02-12 15:05:00", ZoneInfo("Asia/Shanghai")),
    ],
)
def test_a_time_is_the_clocks_and_a_zone_is_what_is_written(text: str, local: str, zone: object) -> None:
    parts = take_apart(text)
    assert (parts.local, parts.time, parts.zone) == (datetime.fromisoformat(local), True, zone)


def test_a_weekday_is_told_only_where_it_contradicts_the_date() -> None:
    assert take_apart("Wednesday, 12 February 2025").weekday == ""
    assert take_apart("Thu, 12 February 2025").weekday == "Thu"
    assert take_apart("2025年2月12日（星期四）").weekday == "星期四"


@pytest.mark.parametrize(("text", "length"), [("1998", 4), ("March 1998", 7), ("1998-03", 7), ("1998年3月", 7), ("3/1998", 7)])
def test_a_month_or_a_year_is_a_date_only_where_spans_are(text: str, length: int) -> None:
    parts = take_apart(text, spans=True)
    assert (parts.local, parts.length) == (datetime(1998, 3 if length == 7 else 1, 1), length)  # noqa: DTZ001 (no zone is told)
    with pytest.raises(ValueError, match=r"^$"):
        take_apart(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("03/04/2025", "is it 2025-03-04 or 2025-04-03?"),
        ("31/12/2025", "the year comes first: 2025-12-31"),
        ("12 Feb '25", "a year has four digits"),
        ("12 Fevrier 2025", '"Fevrier" is no month in English'),
        ("2025-02-12 13 pm", "there is no 13 pm"),
        ("2025-02-12 09:30 IST", "IST is +05:30 (India), +01:00 (Ireland) or +02:00 (Israel); write the offset"),
        ("2025-02-12 09:30 +25:00", "no zone is +25:00 from UTC"),
        ("March 1998 09:30", "a time needs a day"),
    ],
)
def test_what_would_be_a_guess_has_its_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        take_apart(text, spans=True)
