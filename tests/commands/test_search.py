"""`morgue search`: from articles to answers, as people meet them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.search.answers import find
from tests.effort import effort
from tests.sites import SITE, Archive

ARTICLES = {
    "content/a.md": "---\ntitle: Oil prices fall\ndate: 2024-05-31T23:30:00+08:00\nagency: [Harbour Wire, Meridian]\ntags: [Energy, 'Oil & gas']\n"
    "source: The Lantern\nsection: World\ntype: news\nbyline: Ada Lo\n---\n\nCrude **oil** fell <em>sharply</em> in London.\n",
    "content/b.md": "---\ntitle: Gas\ndate: 2024-06-01T00:30:00+08:00\nagency: Harbour Wire\ntags: [energy]\ncorrections:\n- date: 2024-06-02\n"
    "  text: The minister is Ms Quince.\nimages:\n- {src: 'https://example.org/p.jpg', alt: A, caption: The Zeppelin hangar, credit: C}\n---\n\nNo oil here.\n",
    "content/峰會.md": "---\ntitle: 人工智能峰會閉幕\ndate: 2025-02-11\nlanguage: zh-Hant\n---\n\n約六十個國家在AI峰會簽署聲明。\n",
    "content/w.md": "---\ntitle: Withdrawn oil\ndate: 2024-01-01\nwithdrawn: {date: 2024-01-02, reason: Wrong}\n---\n\nOil.\n",
    "content/d.md": "---\ntitle: Draft oil\ndate: 2024-01-01\ndraft: true\n---\n\nOil.\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    made = Archive(tmp_path_factory.mktemp("site")).write({"site.yml": SITE, **ARTICLES})
    assert made.build().code == 0
    yield made


def search(archive: Archive, *arguments: str) -> dict[str, Any]:
    run = archive.run("search", "--json", *arguments)
    assert run.code == 0, run.err
    found: dict[str, Any] = json.loads(run.out)
    return found


def titles(archive: Archive, *arguments: str) -> list[str]:
    return [result["title"] for result in search(archive, *arguments)["results"]]


def test_an_answer_has_what_the_design_says(archive: Archive) -> None:
    found = search(archive, "峰會")
    (result,) = found["results"]
    assert (found["query"], found["total"]) == ("峰會", 1)
    assert list(result) == ["title", "url", "date", "source", "agency", "tags", "score", "excerpt", "marks"]
    assert result["url"] == "2025/02/11/%E5%B3%B0%E6%9C%83.html"
    assert result["date"].startswith("2025-02-11")
    assert result["agency"] == []
    assert [result["excerpt"][start:end] for start, end in result["marks"]] == ["峰會"]
    assert result["score"] > 0


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["oil"], ["Oil prices fall", "Gas"]),
        (["title:oil"], ["Oil prices fall"]),
        (["oil -gas"], []),
        (["crude sharply"], ["Oil prices fall"]),
        (["quince"], ["Gas"]),
        (["zeppelin"], ["Gas"]),
        (["meridian"], ["Oil prices fall"]),
        (["agency:harbour-wire", "--sort", "oldest"], ["Oil prices fall", "Gas"]),
        (["", "--agency", "Meridian", "--agency", "nobody"], ["Oil prices fall"]),
        (["", "--tag", "Energy", "--tag", "oil-gas"], ["Oil prices fall"]),
        (["", "--tag", "ENERGY"], ["Gas", "Oil prices fall"]),
        (["", "--language", "zh"], ["人工智能峰會閉幕"]),
        (["oil", "--until", "2024-05"], ["Oil prices fall"]),
        (["oil", "--since", "2024-06-01"], ["Gas"]),
        (["", "--since", "2024", "--until", "2024", "--sort", "newest"], ["Gas", "Oil prices fall"]),
        (["-oil"], ["人工智能峰會閉幕"]),
        (["", "--limit", "1"], ["人工智能峰會閉幕"]),
        (["byline:'Ada"], []),
        (['byline:"ada lo" type:news section:world source:the-lantern'], ["Oil prices fall"]),
    ],
)  # fmt: skip
def test_queries_and_filters_find(archive: Archive, arguments: list[str], found: list[str]) -> None:
    assert titles(archive, *arguments[1:], "--", arguments[0]) == found


def test_total_counts_all_and_limit_cuts(archive: Archive) -> None:
    found = search(archive, "--limit", "0", "oil")
    assert (found["total"], found["results"]) == (2, [])


def test_a_name_is_spelled_as_its_listing_spells_it(archive: Archive) -> None:
    assert [result["tags"] for result in search(archive, "title:gas")["results"]] == [["Energy"]]


def test_a_bad_date_is_refused_in_plain_words(archive: Archive) -> None:
    run = archive.run("search", "oil", "--since", "last week")
    assert run.code == 2
    assert '"last week" is no date: write 2024, 2024-05 or 2024-05-31' in run.err


def test_no_hits_is_done(archive: Archive) -> None:
    run = archive.run("search", "xyzzy")
    assert run.code == 0
    assert run.out.startswith("0 articles")


@settings(max_examples=effort(10, 100), deadline=None)
@given(st.text(max_size=60).filter(lambda text: "\0" not in text) | st.just('"oil - OR agency:' * 600))
def test_no_query_is_too_strange(archive: Archive, query: str) -> None:
    assert archive.run("search", "--json", "--", query).code == 0


def test_without_an_index_it_says_what_to_do(tmp_path: Path) -> None:
    run = Archive(tmp_path).write({"site.yml": SITE}).run("search", "oil")
    assert run.code == 3
    assert "`morgue build` makes it" in run.err


def test_an_edit_a_rename_and_a_deletion_reach_the_index(tmp_path: Path) -> None:
    archive = Archive(tmp_path).write({"site.yml": SITE, **ARTICLES})
    archive.build()
    archive.write({"content/a.md": ARTICLES["content/a.md"].replace("London", "Bergen"), "content/b.md": None})
    archive.build()
    assert titles(archive, "oil") == ["Oil prices fall"]
    assert titles(archive, "bergen") == ["Oil prices fall"]
    assert titles(archive, "london") == []
    archive.write({"content/a.md": ARTICLES["content/a.md"].replace("source: The", "withdrawn: true\nsource: The")})
    archive.build()
    assert titles(archive, "oil") == []


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.9])
def test_a_damaged_index_is_said_to_be_damaged_and_mended_by_the_next_build(tmp_path: Path, part: float) -> None:
    archive = Archive(tmp_path).write({"site.yml": SITE, **ARTICLES})
    archive.build()
    (file,) = (tmp_path / ".morgue/whoosh").glob("*.seg")
    data = file.read_bytes()
    at = int(len(data) * part)
    file.write_bytes(data[:at] + bytes(byte ^ 0xFF for byte in data[at : at + 400]) + data[at + 400 :])
    run = archive.run("search", "oil")
    assert run.code in {0, 3}  # where the damage is not met, the answer is right
    if run.code == 3:
        assert "the search index is damaged" in run.err
    assert archive.build().code == 0
    assert len(titles(archive, "oil")) == 2


def test_an_error_of_our_own_is_no_damaged_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path).write({"site.yml": SITE, **ARTICLES})
    archive.build()

    def fail(*_: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr("builder.search.answers.excerpt", fail)
    with pytest.raises(KeyError, match="a bug"):
        find(tmp_path, "oil")


@pytest.mark.parametrize(
    ("text", "found", "lost"),
    [
        ("นายกรัฐมนตรีเปิดสะพานใหม่", ["สะพาน", "รัฐมนตรี", "ก", '"เปิดสะพาน"'], ["รถไฟ", "สะพานเปิด"]),
        ("ນາຍົກລັດຖະມົນຕີ", ["ລັດ"], ["ລາວ"]),
        ("នាយករដ្ឋមន្ត្រី", ["រដ្ឋ"], ["ខ្មែរ"]),
        ("ဝန်ကြီးချုပ်", ["ကြီး"], ["မြန်"]),
        ("افتتح الوزير مدرسةً في القاهرة سنة ١٩٨٧، إلى", ["مدرسه", "مدرسة", "مَدْرَسَة", "1987", "الي"], ["مدارس"]),
        ("וַיֹּאמֶר שָׁלוֹם", ["שלום", "שָׁלוֹם", "ויאמר"], ["שלם"]),
        ("वर्ष १९८७", ["1987", "१९८७", "۱۹۸۷"], ["1988"]),
        ("zero\u200bwidth", ["zerowidth"], ["zero", "width"]),
        ("The U.S. sent an e-mail", ["US", "u.s.", "email", "e-mail", '"US sent"'], ["mailbox"]),
        ("The US sent an email", ["US", "U.S.", "email", "e-mail", '"an e-mail"'], ["mailbox"]),
    ],
)
def test_every_script_is_found_as_it_is_asked_for(tmp_path: Path, text: str, found: list[str], lost: list[str]) -> None:
    archive = Archive(tmp_path).write(
        {"site.yml": SITE, "content/a.md": f"---\ntitle: One\ndate: 2020-01-02\nsource: The Lantern\n---\n\n{text}\n"}
    )
    assert archive.build().code == 0
    assert {query: titles(archive, query) for query in found} == {query: ["One"] for query in found}
    assert {query: titles(archive, query) for query in lost} == {query: [] for query in lost}
