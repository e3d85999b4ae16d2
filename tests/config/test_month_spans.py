"""Spans of months: open ends, whole years, and what is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.config.month_spans import check_span, holds
from tests.sites import SITE, archive, story


@pytest.mark.parametrize(
    ("value", "span"),
    [
        ("2010", "2010-01/2010-12"),
        ("2010-03/2012", "2010-03/2012-12"),
        ("2010-03", "2010-03/2010-03"),
        ("2010/", "2010-01/9999-12"),
        ("1999/2001-04", "1999-01/2001-04"),
    ],
)
def test_a_span_goes_from_its_first_month_to_its_last(value: str, span: str) -> None:
    assert check_span(value) == span


@pytest.mark.parametrize("value", ["", "/2010", "2010-13", "2012/2010", "2010-3", "10/12", "2010-01-05"])
def test_what_is_no_span_is_refused(value: str) -> None:
    with pytest.raises(ValueError):
        check_span(value)


@pytest.mark.parametrize("value", ["{since: 2010-01, until: 2012-06}", "[[2010, 2012]]", "[2010, {until: 2012}]"])
def test_what_is_no_text_is_told_how_spans_are_written(tmp_path: Path, value: str) -> None:
    run = archive(tmp_path, {"site.yml": f"{SITE}collected: {{Post: {value}}}\n", "content/a.md": story()}).build()
    assert (run.code, "a list or mapping is no span of months; write 2010/2012" in run.err) == (2, True), run.err


def test_a_month_lies_within_a_span_or_at_its_ends() -> None:
    spans = (check_span("2010-03/2012"), check_span("2020/"))
    assert [
        month for month in ("2010-02", "2010-03", "2011-07", "2012-12", "2013-01", "2020-01", "2101-05") if holds(spans, month)
    ] == [
        "2010-03",
        "2011-07",
        "2012-12",
        "2020-01",
        "2101-05",
    ]
    assert not holds((), "2010-03")
