"""The forms in which people write a day, a month or a year, as patterns."""

from __future__ import annotations

import re

MONTHS = "january february march april may june july august september october november december".split()
_MONTH = r"(?P<month_name>[^\W\d_]{3,10})\.?"
_DAY_OF_MONTH = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
DAY_PATTERNS = (
    r"(?P<year>\d{4})(?P<sign>[-/.])\s?(?P<month>\d{1,2})[-/.]\s?(?P<day>\d{1,2})\.?",
    r"(?P<year>1[5-9]\d\d|2\d{3})(?P<month>\d\d)(?P<day>\d\d)",
    r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})[日號号]",
    rf"(?:the\s+)?{_DAY_OF_MONTH}(?:\s+of)?[\s./-]+{_MONTH}[\s./,-]+(?P<year>\d{{4}})",
    rf"{_MONTH}\s+(?:the\s+)?{_DAY_OF_MONTH}[\s,]+(?P<year>\d{{4}})",
    rf"(?P<year>\d{{4}})[\s,-]+{_MONTH}[\s-]+{_DAY_OF_MONTH}",
)
SPAN_PATTERNS = (
    r"(?P<year>\d{4})年?",
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})",
    r"(?P<month>\d{1,2})/(?P<year>\d{4})",
    r"(?P<year>\d{4})年(?P<month>\d{1,2})月份?",
    rf"{_MONTH}(?:\s+of)?[\s,-]+(?P<year>\d{{4}})",
    rf"(?P<year>\d{{4}})[\s,-]+{_MONTH}",
)
"""A month or a year alone."""
DAY_FORMS, SPAN_FORMS = (
    tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns) for patterns in (DAY_PATTERNS, SPAN_PATTERNS)
)


def month_number(name: str) -> int:
    """Return the number of the month that English calls `name`, or shortens so. Raises ValueError for another word."""
    lower_name = name.lower()
    for number, month in enumerate(MONTHS, start=1):
        if lower_name == month or lower_name == month[:3] or (lower_name == "sept" and number == 9):
            return number
    raise ValueError(f'"{name}" is no month in English')
