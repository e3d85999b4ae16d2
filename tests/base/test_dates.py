"""Dates as archives write them: read as what they say in every zone, never completed from today, the same day in every format."""

from __future__ import annotations

import json
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from builder.base.dates import read_moment, to_rfc822, to_rfc3339
from tests.sites import archive, story

HONG_KONG = "Asia/Hong_Kong"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2025-02-12", "2025-02-12"),
        ("2012-02-22 15:09:51 -0400", "2012-02-23T03:09:51+08:00"),
        ("2012-02-22T15:09:51.5Z", "2012-02-22T23:09:51+08:00"),
        ("2020年3月29日 下午3:05", "2020-03-29T15:05:00+08:00"),
        ("Feb. 12, 2025 9:30 pm", "2025-02-12T21:30:00+08:00"),
        ("9.30pm, 12 February 2025", "2025-02-12T21:30:00+08:00"),
        ("2025-02-12 12:00 a.m.", "2025-02-12T00:00:00+08:00"),
        ("February 12th, 2025 at 9:30 AM EST", "2025-02-12T22:30:00+08:00"),
        ("2025-02-12 09:30 Asia/Tokyo", "2025-02-12T08:30:00+08:00"),
        ("2025-02-12 09:30 GMT+8", "2025-02-12T09:30:00+08:00"),
        ("Wed Feb 12 01:30:00 UTC 2025", "2025-02-12T09:30:00+08:00"),
        ("Wed, 12 Feb 2025 01:30:00 +0000 (UTC)", "2025-02-12T09:30:00+08:00"),
        ("the 3rd of May 0099", "0099-05-03"),
    ],
)
def test_forms_that_leave_no_doubt(text: str, iso: str) -> None:
    assert read_moment(text, HONG_KONG).iso == iso


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("12 March 75", "a year has four digits"),
        ("March 12, 76", "a year has four digits"),
        ("75-03-12", "a year has four digits"),
        ("03/04/2025", "is it 2025-03-04 or 2025-04-03?"),
        ("31/12/2025", "the year comes first"),
        ("2025-02-12 09:30 CST", "CST is -06:00 (Chicago) or +08:00 (China); write the offset"),
        ("2025-02-12 09:30 XYZ", '"XYZ" is no zone'),
        ("2025-02-12 13:30 pm", "there is no 13 pm"),
        ("12 Smarch 2025", '"Smarch" is no month'),
        ("12 February 2025 10", "; write it as"),
        ("Monday", "; write it as"),
        ("9999-12-31T23:59:59-10:00", "outside the years 1 to 9999"),
    ],
)
def test_what_would_be_a_guess_is_an_error_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)) as error:
        read_moment(text, HONG_KONG)
    assert str(error.value).startswith(f'"{text}" is not a date that can be read')


def test_no_date_is_a_traceback_or_another_day_in_any_zone() -> None:
    for zone in sorted(available_timezones()):
        for text in ("0001-01-01", "0001-01-01 00:00", "0099-06-01 23:59", "1898-05-01", "9999-12-31", "9999-12-31 23:59"):
            moment = read_moment(text, zone)
            assert moment.day == text[:10]
            written = to_rfc3339(moment.iso, zone)
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", written), (zone, written)
            assert written.startswith(text[:10])
            mail = to_rfc822(moment.iso, zone)
            assert f" {text[:4]} " in mail
            if text > "1000":  # the library takes years below a hundred for those of our time
                assert parsedate_to_datetime(mail) == datetime.fromisoformat(written)
        for text in ("0001-01-01T00:00Z", "9999-12-31T23:59Z"):
            try:
                read_moment(text, zone)
            except ValueError as error:
                assert "outside the years" in str(error)


def test_a_day_before_standard_time_is_the_same_day_in_every_format(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "content/a.md": story(date="1898-05-01", slug="bare"),
            "content/b.md": story(date="1898-05-02 23:59:40", slug="late"),
            "content/c.md": story(date="0099-06-01", slug="old"),
        },
    )
    assert site.build().code == 0
    assert json.loads(site.page("feed.json"))["items"][0]["date_published"] == "1898-05-02T23:59:40+07:36"
    rss, atom = site.page("feed.xml"), site.page("atom.xml")
    assert re.findall("<pubDate>(.*?)</pubDate>", rss) == [
        "Mon, 02 May 1898 23:59:40 +0736", "Sun, 01 May 1898 00:00:00 +0736", "Mon, 01 Jun 0099 00:00:00 +0736",
    ]  # fmt: skip
    assert "<lastBuildDate>Mon, 02 May 1898 23:59:40 +0736</lastBuildDate>" in rss
    assert re.findall("<published>(.*?)</published>", atom)[1:] == ["1898-05-01T00:00:00+07:36", "0099-06-01T00:00:00+07:36"]
    page = site.page("1898/05/02/late.html")
    assert '"datePublished": "1898-05-02T23:59:40+07:36"' in page or '"datePublished":"1898-05-02T23:59:40+07:36"' in page
    assert 'datetime="1898-05-02T23:59:40+07:36"' in page
    assert "2 May 1898, 23:59" in page
    assert "3 May 1898" not in page
    assert "<lastmod>1898-05-02T23:59:40+07:36</lastmod>" in site.page("sitemap.xml")


def test_a_weekday_that_contradicts_its_date_is_a_warning_at_its_place(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "content/a.md": story(date="Tuesday, 12 February 2025"),
            "content/b.md": story(date="2025年2月13日（星期四）", slug="b"),
            "content/c.md": story(
                slug="c", corrections="[{date: 'Sun, 16 Feb 2025', text: x}, {date: 'Sun, 17 Feb 2025', text: y}]"
            ),
        },
    )
    run = site.build()
    assert run.code == 0
    assert [line for line in run.err.splitlines() if "is the date right" in line] == [
        "content/a.md:3:1: warning: date: 2025-02-12 is no Tuesday; is the date right?",
        "content/c.md:5:53: warning: corrections.1.date: 2025-02-17 is no Sun; is the date right?",
    ]


def test_what_databases_write_for_no_date_and_never(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "content/a.md": story(slug="a", updated="0000-00-00 00:00:00", expires="9999-12-31 23:59:59", withdrawn="0000-00-00"),
            "content/b.md": story(slug="b", embargo="9999-12-31 23:59"),
        },
    )
    run = site.build()
    assert run.code == 0
    assert "2025/02/12/a.html" in site.published()
    assert "2025/02/12/b.html" not in site.published()
    assert '5:1: warning: updated: "0000-00-00 00:00:00" is what databases write for "no date", and is read so' in run.err
    site.write({"content/c.md": story(slug="c", date="9999-12-31 23:59"), "content/d.md": story(slug="d", date="0000-00-00")})
    run = site.build()
    assert run.code == 1
    assert 'content/c.md:3:1: error: date: "9999-12-31 23:59" stands for "never" and is no date; take it out' in run.err
    assert "content/d.md:1:1: error: date is missing" in run.err
