"""How an article is cited."""

from __future__ import annotations

import re
from typing import Any

import pytest

from builder.base.locales import Localization
from builder.formats import citations
from tests.formats.articles import CHINESE, ENGLISH, SITE, make_article


def cited(words: Localization = ENGLISH, **front: Any) -> citations.Cite:
    """How an article of these words is cited."""
    return citations.cite(*make_article(**front), SITE, words)


def test_a_citation_for_people() -> None:
    text = cited(title="Ferries stop", byline=["Ann Wong", "Ben Li"], agency="Harbour Wire", source="The Ferry Daily").text
    assert text == (
        "Ann Wong, Ben Li. “Ferries stop”. The Ferry Daily / Harbour Wire. 12 February 2025. In: The Lantern. "
        "https://lantern.example/2025/02/12/a.html"
    )
    chinese = cited(CHINESE, title="渡輪停航", byline="陳大文", source="渡輪日報", language="zh-Hant").text
    assert chinese == "陳大文,〈渡輪停航〉,渡輪日報,2025年2月12日,The Lantern。https://lantern.example/2025/02/12/a.html"


def test_bibtex_braces_hold() -> None:
    bibtex = cited(title=r"50% of A&B_C {x} #1 \ $5 ~ ^", byline="Ann", archived_url="https://web.example/1").bibtex
    assert r"title = {{50\% of A\&B\_C \{x\} \#1 \textbackslash{} \$5 \textasciitilde{} \textasciicircum{}}}" in bibtex
    bare = re.sub(r"\\[{}]", "", bibtex)
    assert bare.count("{") == bare.count("}")
    assert "web.example/1" in bibtex


@pytest.mark.parametrize(
    "titles",
    [("渡輪停航", "天文台改發八號"), ("AI 峰會", "AI 外交"), ("Leaders meet " * 9 + "today", "Leaders meet " * 9 + "again")],
)
def test_bibtex_keys_of_one_day_differ(titles: tuple[str, str]) -> None:
    keys = [cited(title=title, id=title, agency="Harbour Wire").bibtex.partition("{")[2].partition(",")[0] for title in titles]
    assert len(set(keys)) == 2
    assert all(re.fullmatch(r"[a-z0-9-]{1,80}", key) for key in keys)
    assert cited(title=titles[0], id=titles[0], agency="Harbour Wire").bibtex.partition("{")[2].startswith(keys[0]), "stable"


def test_ris_is_read_back_line_by_line() -> None:
    ris = cited(
        byline=["Ann Wong", "Ben Li"],
        tags=["AI", "Ferries"],
        original_url="https://wire.example/1",
        archived_url="https://web.example/1",
    ).ris
    lines = ris.split("\r\n")
    assert (lines[0], lines[-2:]) == ("TY  - NEWS", ["ER  - ", ""])
    pairs = [re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line) for line in lines[:-1]]
    assert all(pairs)
    values = [(pair[1], pair[2]) for pair in pairs if pair]
    assert [value for name, value in values if name == "AU"] == ["Ann Wong", "Ben Li"]
    assert [value for name, value in values if name == "L2"] == ["https://wire.example/1", "https://web.example/1"]
    assert ("DA", "2025/02/12/") in values
    assert ("UR", "https://lantern.example/2025/02/12/a.html") in values


def test_an_undated_story_without_a_name_can_be_cited() -> None:
    cite = cited(date="", byline=[], agency=[], title="渡輪")
    assert cite.text == "“渡輪”. In: The Lantern. https://lantern.example/2025/02/12/a.html"
    assert "date" not in cite.bibtex and "DA" not in cite.ris
