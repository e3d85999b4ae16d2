"""The search language: what each text asks for, and that no text is too strange."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.search.text.query import And, FacetFilter, Not, Or, Period, QueryError, compose, parse
from builder.search.text.words import locate_tokens, term_of, written_words
from tests.search.trees import as_data

CASES = json.loads((Path(__file__).parents[1] / "cases.json").read_text(encoding="utf-8"))["queries"]


@pytest.mark.parametrize("case", CASES, ids=[case["query"][:30] or "empty" for case in CASES])
def test_queries_ask_for_what_the_table_says(case: dict[str, object]) -> None:
    assert as_data(parse(str(case["query"]))) == case["tree"]


@given(st.text() | st.text('ab "-*:中國OR\u0301'))
def test_every_text_is_a_query(text: str) -> None:
    json.dumps(as_data(parse(text)))


@pytest.mark.parametrize("piece", ['"', "-", "a:", '-"a b" ', "中", "a*", "OR ", "\u0301", "(", "x"])
def test_ten_thousand_characters_are_no_trouble(piece: str) -> None:
    as_data(parse(piece * (10_000 // len(piece))))


def test_filters_join_the_query() -> None:
    asked = compose("-oil", {"tag": ["AI summit", "ai-summit", "Seoul"], "agency": ["Harbour Wire", "B"]}, "2024", "2024-05-31")
    assert asked == And(
        (
            Not(parse("oil")),
            Or((FacetFilter("agency", "harbour-wire"), FacetFilter("agency", "b"))),
            FacetFilter("tag", "ai-summit"),
            FacetFilter("tag", "seoul"),
            Period("2024", "2024-05-31"),
        )
    )


@pytest.mark.parametrize("text", ["yesterday", "2024-13", "2023-02-29", "2024-5", "24", "2024-05-31T10:00", "٢٠٢٤"])
def test_a_date_that_is_none_is_said_to_be_none(text: str) -> None:
    with pytest.raises(QueryError, match=f'"{text}" is no date'):
        compose("oil", {}, since=text)
    with pytest.raises(QueryError):
        compose("oil", {}, until=text)


@pytest.mark.parametrize(
    ("period", "inside", "outside"),
    [
        (Period("2024", ""), "2024-01-01", "2023-12-31"),
        (Period("", "2024"), "2024-12-31", "2025-01-01"),
        (Period("2024-05", "2024-05"), "2024-05-31", "2024-06-01"),
        (Period("2024-05-02", "2024-05-02"), "2024-05-02", "2024-05-01"),
        (Period("2024", "2024"), "2024-02-29", ""),
    ],
)
def test_both_ends_of_a_period_are_in_it(period: Period, inside: str, outside: str) -> None:
    assert period.holds(inside)
    assert not period.holds(outside)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Vance's U.S. visit", ["vance", "s", "us", "visit"]),
        ("AI峰會2025", ["ai", "峰會", "會", "2025"]),
        ("café Ångström Ελλάδα ё Łódź", ["cafe", "angstrom", "ελλαδα", "е", "lodz"]),
        ("が が ガ", ["が", "が", "ガ"]),
        ("हिन्दी ไทยเป็น", ["हिन्दी", "ไท", "ทย", "ยเ", "เป", "ป็", "็น", "น"]),
        ("snake_case ½ x²", ["snake", "case", "1", "2", "x2"]),
        ("한국어", ["한국", "국어", "어"]),
    ],
)
def test_words_as_written(text: str, words: list[str]) -> None:
    assert written_words(text) == words


@given(st.text() | st.text("aé中がᄀ́ﬁ㍿ \u00ad.-\u200bกั้ำأٌـء٣שָ"))
def test_a_token_stands_where_it_is_said_to_stand(text: str) -> None:
    tokens = locate_tokens(text)
    assert [token.term for token in tokens] == [term_of(word) for word in written_words(text)]
    starts = [token.start for token in tokens]
    assert starts == sorted(starts)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
