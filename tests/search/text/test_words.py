"""Text to terms: the cases that hold in both languages, here in Python (tests/static/ has the browser's half)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builder.search.text.words import locate_tokens

CASES = json.loads((Path(__file__).parents[1] / "cases.json").read_text(encoding="utf-8"))["words"]


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:20] or "empty" for case in CASES])
def test_words_are_the_terms_that_the_table_says(case: dict[str, object]) -> None:
    assert [term for term, _, _ in locate_tokens(str(case["text"]))] == case["terms"]
