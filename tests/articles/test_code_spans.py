"""Code spans end where Python-Markdown says that they end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markdown.inlinepatterns import BACKTICK_RE, BacktickInlineProcessor

from builder.articles.code_spans import CodeSpanProcessor


@given(st.text(alphabet="`a\\ ", max_size=40))
def test_spans_are_those_of_the_library(text: str) -> None:
    ours, theirs = CodeSpanProcessor(), BacktickInlineProcessor(BACKTICK_RE)
    for place, char in enumerate(text):
        if char == "`":
            assert ours.find_code_spans(place, text) == theirs.find_code_spans(place, text)
