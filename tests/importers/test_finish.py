"""The last steps of a story: dates of a month or a year stay what they are in every kind of source."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importers.imports import bring_in
from tests.importers.test_media import page, write

FEED = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Quay</title>'
    "<item><title>Ferry</title><guid>x1</guid><dc:date>1998-03</dc:date><description>The ferry sailed.</description></item></channel></rss>"
)


@pytest.mark.parametrize(
    ("name", "text", "date"),
    [
        ("a.csv", "title,date,body\nFerry,March 1998,The ferry sailed.\n", "1998-03"),
        ("a.csv", "title,date,body\nFerry,1998,The ferry sailed.\n", "1998"),
        ("a.csv", "title,date,body\nFerry,1998年3月,The ferry sailed.\n", "1998-03"),
        ("_posts/ferry.md", "---\ntitle: Ferry\ndate: 1998\n---\nThe ferry sailed.\n", "1998"),
        ("content/ferry.md", "+++\ntitle = 'Ferry'\ndate = '1998-03'\n+++\nThe ferry sailed.\n", "1998-03"),
        ("a.txt", "Ferry sails at last\nBy Ada Lam\nMarch 1998\n\nThe ferry sailed at noon, the harbour master said.\n", "1998-03"),
        ("a.txt", "碼頭重開\n1998年3月\n\n碼頭今日重開，居民表示歡迎，渡輪恢復服務。\n", "1998-03"),
        ("a.html", page("https://quay.example/a.jpg").replace("2020-03-05T10:00:00Z", "1998-03"), "1998-03"),
        ("feed.xml", FEED, "1998-03"),
    ],
)
def test_a_month_or_a_year_is_a_date(tmp_path: Path, name: str, text: str, date: str) -> None:
    done = bring_in(tmp_path, str(write(tmp_path / "in", {name: text})))
    [(path, (words, body))] = done.articles.items()
    assert words["date"] == date
    assert "date" not in words.get("inferred", [])
    assert date not in body
    assert path.startswith(f"{date.replace('-', '/')}/")
    assert not path.rpartition("/")[2].startswith("1998")  # it would be part of the address
    assert done.archive.run("check").code == 0
