"""Dates in running text: several languages, no guess, and the day that a story ran."""

from __future__ import annotations

from datetime import date

import pytest

from builder.importers.dates_in_text import days_in, infer_day, partial_day, read_date, weekday_in

DAY = date(2025, 2, 12)


@pytest.mark.parametrize(
    "text",
    [
        "on 12 February 2025",
        "Feb. 12, 2025",
        "12. Februar 2025",
        "le 12 février 2025",
        "12 de febrero de 2025",
        "2025年2月12日",
        "2025-02-12",
    ],
)
def test_whole_dates_are_read_in_several_languages(text: str) -> None:
    assert days_in(f"It ran {text}, they said.") == [DAY]


def test_what_could_be_two_days_is_none() -> None:
    assert read_date("03/04/2025", "UTC") == ""
    assert read_date("February 12, 2025", "UTC").startswith("2025-02-12")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Feb 11", date(2025, 2, 11)),
        ("2月11日", date(2025, 2, 11)),
        ("11日", date(2025, 2, 11)),
        ("Dec 30", date(2024, 12, 30)),
        ("Harbour", None),
    ],
)
def test_a_day_without_a_year_is_the_nearest(text: str, day: date | None) -> None:
    assert partial_day(text, DAY) == day


def test_a_weekday_of_another_week_does_not_count() -> None:
    assert weekday_in("The ferry sank on Tuesday.") == 1
    assert weekday_in("It had sunk last Friday too.") is None


def test_a_datelines_day_counts_first_and_nothing_gives_nothing() -> None:
    assert infer_day([], ["It ran."], "Feb 11", DAY) == date(2025, 2, 11)
    assert infer_day(["The pier, 9 February 2025."], ["It ran."], "", DAY) == date(2025, 2, 9)
    assert infer_day([], ["It ran."], "", DAY) is None
