"""Excerpts: the words around the hits, and marks that stand on them."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.search.text.excerpts import Excerpt, excerpt
from builder.search.text.query import Part, QueryTerm, parse, phrases
from builder.search.text.words import term_of, written_words

CASES = json.loads((Path(__file__).parents[1] / "cases.json").read_text(encoding="utf-8"))["excerpts"]


def terms_in(text: str) -> object:
    """What each part stands for where `text` is the whole archive."""

    def terms_of(part: Part) -> Collection[str]:
        if isinstance(part, QueryTerm):
            return (part.text,)
        return {term_of(word) for word in written_words(text) if word.startswith(part.text)}

    return terms_of


def cut(text: str, query: str) -> Excerpt:
    return excerpt(text, list(phrases(parse(query))), terms_in(text))  # type: ignore[arg-type]


def marked(text: str, query: str) -> list[str]:
    found = cut(text, query)
    return [found.text[start:end] for start, end in found.marks]


@pytest.mark.parametrize("case", CASES, ids=[f"{case['query']}: {case['text'][:20]}" for case in CASES])
def test_marks_stand_on_what_was_found(case: dict[str, Any]) -> None:
    assert marked(case["text"], case["query"]) == case["marks"]


def test_the_piece_is_around_the_best_hits() -> None:
    text = (
        "Filler words go here. " * 40
        + "Oil rose. "
        + "More filler words follow. " * 40
        + "The price of crude oil fell."
        + " And so on." * 40
    )
    found = cut(text, "crude oil price")
    assert "The price of crude oil fell" in found.text
    assert found.text.startswith("…")
    assert found.text.endswith("…")
    assert 20 <= len(found.text.split()) <= 34


def test_chinese_pieces_are_as_long_as_they_should_be() -> None:
    found = cut("天氣報告說明天有雨。" * 50 + "人工智能峰會閉幕。" + "天氣報告說明天有雨。" * 50, "峰會")
    assert "人工智能峰會閉幕" in found.text
    assert 50 <= len(found.text) <= 75


def test_without_a_hit_it_is_the_beginning() -> None:
    assert cut("One\ntwo\r\nthree", "oil") == Excerpt("One two  three", [])


def test_an_endless_word_is_cut() -> None:
    assert len(cut("x" * 100_000 + " oil", "xx*").text) <= 402


@given(
    st.text(max_size=400) | st.text("oils 中國é\u0301.\n", max_size=400),
    st.sampled_from(["oil", "中", "中國", "o*", '"oil 中國"', "s i", "é"]),
)
def test_marks_are_ordered_and_inside(text: str, query: str) -> None:
    found = cut(text, query)
    assert found.text.strip("…") in "".join(" " if char.isspace() else char for char in text)
    assert "\n" not in found.text
    last = 0
    for start, end in found.marks:
        assert last <= start < end <= len(found.text)
        last = end
