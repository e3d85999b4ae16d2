"""Front matter without the library's help is byte for byte what the library writes."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from builder.articles.frontmatter import split
from builder.base.yaml_parsing import parse
from builder.importers.article_file import render, with_library

SIGNS = "aAzyYnoOfNTtrue05-:. ,'#&?*!%@[]{}|>/=~é渡–“" + '"' + chr(92)
WORDS = st.text(SIGNS, min_size=1, max_size=9).map(lambda text: " ".join(text.split())).filter(bool)
KNOWN = (
    "No",
    "yes",
    "null",
    "y",
    "on",
    "2020-01-02",
    "2020-01-02T10:00:00+00:00",
    "0x1f",
    "1e3",
    "a: b",
    "a:b",
    "a #b",
    "a#b",
    "end:",
    "1" * 64,
    "1e" * 32,
    "-",
    "- a",
    "https://quay.example/?a=1&b=%20",
)


PICTURES = st.lists(
    st.fixed_dictionaries(
        {"src": st.one_of(WORDS, st.just(""), st.sampled_from(KNOWN))},
        optional={word: st.one_of(WORDS, st.sampled_from(KNOWN)) for word in ("alt", "caption")},
    ),
    min_size=1,
    max_size=2,
)


@given(PICTURES)
def test_pictures_are_what_the_library_writes(pictures: list[dict[str, str]]) -> None:
    pictures = [{word: one[word] for word in ("src", "alt", "caption") if word in one} for one in pictures]
    front = split(render({"images": pictures}, "Words.")).front
    assert front.partition("captured_as:")[2].partition("\n")[2] == with_library({"images": pictures}).rstrip("\n")
    assert parse(front)["images"] == pictures


@given(
    st.dictionaries(
        st.sampled_from(["title", "byline", "tags", "date"]),
        st.one_of(WORDS, st.sampled_from(KNOWN), st.lists(st.one_of(WORDS, st.sampled_from(KNOWN)), min_size=1, max_size=3)),
        min_size=1,
    )
)
def test_front_matter_is_what_the_library_writes(values: dict[str, str | list[str]]) -> None:
    front = split(render(values, "Words.")).front
    ordered: dict[str, Any] = {word: values[word] for word in ("title", "date", "byline", "tags") if word in values}
    assert front.partition("captured_as:")[2].partition("\n")[2] == with_library(ordered).rstrip("\n")
    assert {word: value for word, value in parse(front).items() if word != "captured_as"} == ordered
