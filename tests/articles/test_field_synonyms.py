"""Other tools' fields: which of ours each stands for, and which of them hold an article back."""

from __future__ import annotations

import pytest

from builder.articles.field_synonyms import says_draft, suggest_field


@pytest.mark.parametrize(
    ("key", "field"), [("author", "byline"), ("categories", "section"), ("agancy", "agency"), ("permalink", "slug")]
)
def test_a_field_is_suggested_for_another_tools_or_a_near_miss(key: str, field: str) -> None:
    assert suggest_field(key) == f' (did you mean "{field}"?)'


def test_nothing_is_suggested_for_a_word_of_ones_own() -> None:
    assert suggest_field("desk_colour_code") == ""


@pytest.mark.parametrize(
    ("key", "value", "is_draft"),
    [
        ("published", "no", True),
        ("published", "yes", False),
        ("hidden", "true", True),
        ("status", "private", True),
        ("status", "publish", False),
        ("weight", "3", None),
    ],
)
def test_what_was_not_for_everybody_is_held_back(key: str, value: str, is_draft: bool | None) -> None:
    assert says_draft(key, value) == is_draft
