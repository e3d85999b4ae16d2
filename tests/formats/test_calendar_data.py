"""The calendar as data: each month with the bits of its days, and no text that ends its script."""

from __future__ import annotations

import json

from builder.formats.calendar_data import calendar_days, on_this_day


def argument(script: bytes) -> object:
    return json.loads(script.decode().partition("(")[2].rpartition(")")[0])


def test_a_month_has_a_bit_for_each_day() -> None:
    days = argument(calendar_days({"2025": 0, "2025-02": 1 << 12 | 1 << 28}))
    assert isinstance(days, dict)
    assert (days["2025"], int(days["2025-02"], 36)) == ("", 1 << 12 | 1 << 28)


def test_stories_have_addresses_that_links_may_have() -> None:
    stories = argument(on_this_day([(1999, 'A "pier"', "en", "1999/02/12/海港.html")]))
    assert stories == [{"year": 1999, "title": 'A "pier"', "language": "en", "url": "1999/02/12/%E6%B5%B7%E6%B8%AF.html"}]
