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
        ("2025年2月12日 下午3時15分", "2025-02-12T15:15:00+08:00"),
        ("2025年2月12日15時", "2025-02-12T15:00:00+08:00"),
        ("2025年2月12日 早上八点半", "2025-02-12T08:30:00+08:00"),
        ("二〇二五年二月十二日 上午9时05分", "2025-02-12T09:05:00+08:00"),
        ("2025年2月12日 9時5分7秒 香港時間", "2025-02-12T09:05:07+08:00"),
        ("“2025-02-12”", "2025-02-12"),
        ("Feb. 12, 2025 9:30 pm", "2025-02-12T21:30:00+08:00"),
        ("9.30pm, 12 February 2025", "2025-02-12T21:30:00+08:00"),
        ("2025-02-12 12:00 a.m.", "2025-02-12T00:00:00+08:00"),
        ("February 12th, 2025 at 9:30 AM EST", "2025-02-12T22:30:00+08:00"),
        ("2025-02-12 09:30 Asia/Tokyo", "2025-02-12T08:30:00+08:00"),
        ("2025-02-12 09:30 GMT+8", "2025-02-12T09:30:00+08:00"),
        ("Wed Feb 12 01:30:00 UTC 2025", "2025-02-12T09:30:00+08:00"),
        ("Wed, 12 Feb 2025 01:30:00 +0000 (UTC)", "2025-02-12T09:30:00+08:00"),
        ("the 3rd of May 0099", "0099-05-03"),
        ("the 3rd of March, 1998", "1998-03-03"),
        ("March the 3rd, 1998", "1998-03-03"),
        ("Mar. 3, 1998", "1998-03-03"),
        ("Tues., 3 March 1998", "1998-03-03"),
        ("Weds 4 March 1998", "1998-03-04"),
        ("3. March 1998", "1998-03-03"),
        ("3/Mar/1998", "1998-03-03"),
        ("1998. 3. 3.", "1998-03-03"),
        ("19980303", "1998-03-03"),
        ("19980303T013000Z", "1998-03-03T09:30:00+08:00"),
        ("Published: 3 March 1998", "1998-03-03"),
        ("on March 3, 1998, 12 noon", "1998-03-03T12:00:00+08:00"),
        ("3 March 1998 0130 GMT", "1998-03-03T09:30:00+08:00"),
        ("3 March 1998 2130 hrs", "1998-03-03T21:30:00+08:00"),
        ("3 March 1998 21:30 hours", "1998-03-03T21:30:00+08:00"),
        ("1998 年 3 月 3 日（二）", "1998-03-03"),
        ("1998年3月3日09:30", "1998-03-03T09:30:00+08:00"),
        ("1998年3月3日 晚9時", "1998-03-03T21:00:00+08:00"),
        ("公元一九九八年三月三日", "1998-03-03"),
        ("一千九百九十八年三月三日", "1998-03-03"),
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
        ("31/12/2025", "the year comes first: 2025-12-31"),
        ("2025-02-12 09:30 CST", "CST is -06:00 (Chicago) or +08:00 (China); write the offset"),
        ("2025-02-12 09:30 XYZ", '"XYZ" is no zone'),
        ("2025-02-12 13:30 pm", "there is no 13 pm"),
        ("12 Smarch 2025", '"Smarch" is no month'),
        ("03 März 1998", '"März" is no month in English'),
        ("31 April 1998", "April 1998 has no day 31"),
        ("29 February 1900", "February 1900 has no day 29"),
        ("1998-13-03", "there is no month 13"),
        ("1998-03-03 24:00", "no clock shows 24:00; write 00:00 of the next day"),
        ("1998-03-03 09:75", "no clock shows 9:75"),
        ("Last updated: 3 March 1998", '"3 March 1998" is one; the rest, "Last updated", is none: take it out'),
        ("March 3, 1998, midnight", 'the rest, "midnight", is none: take it out, or write a time as 09:30'),
        ("1998年3月3日訊", '"1998年3月3日" is one; the rest, "訊", is none: take it out'),
        ("3–4 March 1998", "are these two days? write the first"),
        ("1998-03-03 to 1998-03-04", "are these two dates? write the first"),
        ("3 March", "the year is missing"),
        ("3月3日", "the year is missing"),
        ("yesterday", "it depends on when that was written"),
        ("unknown", "where it is not known, take the field out"),
        ("不詳", "where it is not known, take the field out"),
        ("3/4/98", "a year has four digits"),
        ("98年3月3日", "a year has four digits, or 民國 before it"),
        ("民國一百一年三月二日", "write it as 2025-02-12"),
        ("民國一百年二月三十日", "February 2011 has no day 30"),
        ("昭和六十年三月三日", "years of 昭和 are not read; write the year of our era"),
        ("農曆三月初三", "農曆 is another calendar"),
        ("886896000", "counted in seconds since 1970 it is 1998-02-08 00:00:00 UTC"),
        ("1739352600000", "counted in seconds since 1970 it is 2025-02-12 09:30:00 UTC"),
        ("35857", "counted in days, as spreadsheets do, it is 1998-03-03"),
        ("the 1990s", "a decade is none; write a year of it"),
        ("1998-W10-2", "a week or a day of the year is not read"),
        ("12 February 2025 10", "; write it as"),
        ("Monday", "; write it as"),
        ("9999-12-31T23:59:59-10:00", "outside the years 1 to 9999"),
    ],
)
def test_what_would_be_a_guess_is_an_error_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)) as error:
        read_moment(text, HONG_KONG)
    assert str(error.value).startswith(f'"{text}" is not a date that can be read')


@pytest.mark.parametrize("text", ["03-1998", "3.1998"])
def test_a_month_before_its_year_is_asked_about_where_a_month_is_a_date(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape("is it 1998-03?")):
        read_moment(text, HONG_KONG, True)


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
        "content/c.md:5:53: warning: corrections.2.date: 2025-02-17 is no Sun; is the date right?",
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


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("March 1998", "1998-03"),
        ("Sept. 1956", "1956-09"),
        ("1998", "1998"),
        ("7/1998", "1998-07"),
        ("1998年3月", "1998-03"),
        ("1998年", "1998"),
        ("民國87年", "1998"),
        ("中華民國八十七年三月", "1998-03"),
        ("民國一百年", "2011"),
        ("民國一百年三月", "2011-03"),
        ("民國一百年三月二日", "2011-03-02"),
        ("民國百年三月二日", "2011-03-02"),
        ("民國一百零一年十二月廿五日", "2012-12-25"),
        ("民國一百〇一年三月二日", "2012-03-02"),
        ("民國一〇一年三月二日", "2012-03-02"),
        ("民国一百一十三年二月十二日", "2024-02-12"),
        ("民國一百十年元旦", "2021-01-01"),
        ("民國 113 年 2 月 12 日", "2024-02-12"),
        ("民國113/2/12", "2024-02-12"),
        ("民國前一年", "1911"),
        ("民國87年3月12日 下午9:30", "1998-03-12T21:30:00+08:00"),
        ("一九九八年十二月廿三日", "1998-12-23"),
        ("9:30 pm EST, March 12 1998", "1998-03-13T10:30:00+08:00"),
        ("12 July 1998, 9:30 pm ET", "1998-07-13T09:30:00+08:00"),
        ("12 July 1998 9:30 pm Hong Kong time", "1998-07-12T21:30:00+08:00"),
        ("9:30 pm (GMT), 12 March 1998", "1998-03-13T05:30:00+08:00"),
    ],
)
def test_months_years_the_republics_years_and_named_zones(text: str, iso: str) -> None:
    assert read_moment(text, HONG_KONG, spans=True).iso == iso


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Spring 1998", '"Spring" is no month in English; the year alone is a date: 1998'),
        ("1998-99", "there is no month 99; of two years write the first"),
        ("March 1998, 9:30 pm", "a time needs a day"),
        ("Monday, March 1998", "a weekday needs a day"),
        ("9:30 pm IST, 12 March 1998", "IST is +05:30 (India), +01:00 (Ireland) or +02:00 (Israel); write the offset"),
        ("十十月", "where the day is not known, as 2025-02 or 2025"),
    ],
)
def test_what_is_neither_a_day_nor_a_month_nor_a_year_says_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        read_moment(text, HONG_KONG, spans=True)


def test_a_month_or_a_year_is_published_as_given_and_filed_at_its_beginning(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "content/month.md": story("Of March", date="March 1998", slug="month"),
            "content/year.md": story("Of the year", date="1998", slug="year"),
            "content/alone.md": story("Of another year", date="民國五十六年", slug="alone"),
            "content/day.md": story("Of a day", date="1998-03-12", slug="day"),
        },
    )
    run = site.build()
    assert (run.code, run.err.count("warning")) == (0, 0), run.err
    page = site.page("1998/03/01/month.html")
    assert '<time class="published" datetime="1998-03">March 1998</time>' in page
    assert '"datePublished":"1998-03"' in page
    assert "DA  - 1998/03//" in page
    assert "1998-03-01" not in page.replace('data-published="1998-03-01"', "")
    assert '<time class="published" datetime="1998">1998</time>' in site.page("1998/01/01/year.html")
    files = site.published()
    assert "1998/03/12/index.html" in files
    assert not {"1998/01/index.html", "1998/01/01/index.html", "1998/03/01/index.html", "1967/01/index.html"} & files.keys()
    assert "Day not known" in site.page("1998/03/index.html")
    for path, title in (
        ("1998/03/index.html", "Of March"),
        ("1998/index.html", "Of the year"),
        ("1967/index.html", "Of another year"),
    ):
        assert title in site.page(path)
    assert "Of the year" not in site.page("1998/03/index.html")
    assert site.page("on-this-day/days.js") == 'morgue.calendarDays({"1967":"","1998":"","1998-03":"1kw"});\n'  # bit 11: the 12th
    items = json.loads(site.page("feed.json"))["items"]
    assert [item["title"] for item in items] == ["Of a day", "Of March", "Of the year", "Of another year"]
    assert items[1]["date_published"] == "1998-03-01T00:00:00+08:00"
    assert "<lastmod>1998-03</lastmod>" in site.page("sitemap.xml")
    for since, until, count in (("1998-03", "", 2), ("1998", "1998-02", 1), ("", "1967", 1)):
        arguments = [part for name, value in (("--since", since), ("--until", until)) if value for part in (name, value)]
        assert json.loads(site.run("search", "words", "--json", *arguments).out)["total"] == count


def test_many_stories_of_a_year_stand_on_pages_behind_it(tmp_path: Path) -> None:
    content = {f"content/{number}.md": story(date="1998", slug=f"s{number}") for number in range(101)}
    site = archive(tmp_path, content)
    assert site.build().code == 0
    assert 'href="../1998/index/2.html"' in site.page("1998/index.html")
    assert 'href="../../1998/01/01/s' in site.page("1998/index/2.html")


def test_chinese_pages_write_months_and_years_in_chinese(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "site.yml": "title: 燈籠\nurl: https://lantern.example/\nlanguage: zh-Hant\ntimezone: Asia/Hong_Kong\n",
            "content/a.md": story("三月號", date="1998年3月", slug="a"),
            "content/b.md": story("年刊", date="民國87年", slug="b"),
        },
    )
    assert site.build().code == 0
    assert '<time class="published" datetime="1998-03">1998年3月</time>' in site.page("1998/03/01/a.html")
    assert '<time class="published" datetime="1998">1998年</time>' in site.page("1998/01/01/b.html")
    assert "日期不詳" in site.page("1998/03/index.html")
    assert "月份不詳" in site.page("1998/index.html")


def test_the_date_of_a_files_name_stands_in_and_says_so(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "content/1998-03-12-ferry.md": story("Ferry", date=""),
            "content/19990401_fair.md": story("Fair", date=""),
            "content/2001.05.06 bridge/index.md": story("Bridge", date=""),
            "content/2002-01-01-late.md": story("Late", date="2002-01-03"),
        },
    )
    run = site.build()
    assert run.code == 0, run.err
    assert "date is missing and is taken from the file's name, 1998-03-12; write `date: 1998-03-12` if that is right" in run.err
    assert run.err.count("file's name") == 3
    page = site.page("1998/03/12/ferry.html")
    assert "Worked out, not given" in page
    assert {"1999/04/01/index.html", "2001/05/06/index.html", "2002/01/03/late.html"} <= site.published().keys()
    site.write({"content/2001-a-space-odyssey.md": story(date=""), "content/2020-10-things.md": story(date="")})
    assert site.build().err.count("date is missing; give it one") == 2


def test_a_date_that_lies_ahead_leads_nothing_and_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")  # June 2025
    site = archive(
        tmp_path,
        {
            "content/now.md": story("Now", date="2025-03-01", tags="[Ports]"),
            "content/ahead.md": story("Ahead", date="2205-03-01", tags="[Ports]"),
            "content/old.md": story("Old", date="0205-03-01"),
        },
    )
    run = site.build()
    assert "content/ahead.md:3:1: warning: date: 2205-03-01 lies ahead: is it right?" in run.err
    assert "0205-03-01 is before 1600" in run.err
    for path in ("feed.xml", "feed.json", "atom.xml", "tags/ports/feed.xml"):
        assert "Now" in site.page(path)
        assert "Ahead" not in site.page(path)
    front = site.page("index.html").partition("Latest stories")[2]
    assert "Now" in front
    assert "Ahead" not in front
    assert sum(path.startswith("feeds/") for path in site.published()) == 3
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "7450000000")  # 2206: its day has come
    assert "lies ahead" not in site.build().err
    assert "Ahead" in site.page("feed.xml")
    assert "Ahead" in site.page("index.html").partition("Latest stories")[2]


def test_the_way_down_to_a_month_and_a_day(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(date="1998-03", slug="a"), "content/b.md": story(date="1998-03-12", slug="b")})
    assert site.build().code == 0
    crumbs = [
        site.page(f"{path}index.html").partition('class="crumbs"')[2].partition("</nav>")[0] for path in ("1998/03/", "1998/03/12/")
    ]
    assert [re.findall(r'href="([^"]+)"', each) for each in crumbs] == [
        ["../../index.html", "../../1998/index.html"],
        ["../../../index.html", "../../../1998/index.html", "../../../1998/03/index.html"],
    ]


@pytest.mark.parametrize(
    ("text", "zone", "day"),
    [
        ("1890-05-05 00:00:10 +07:36:42", "Asia/Hong_Kong", "1890-05-05"),
        ("1898-02-01 00:00:41 +07:36:42", "Asia/Hong_Kong", "1898-02-01"),
        ("1882-06-07 23:59:50 -04:56:02", "America/New_York", "1882-06-07"),
        ("1880-03-04 00:00:01 +00:09:21", "Europe/Paris", "1880-03-04"),
    ],
)
def test_an_offset_with_seconds_keeps_the_day_that_was_written(text: str, zone: str, day: str) -> None:
    assert read_moment(text, zone).day == day
