"""Nobody who writes a file reads pydantic's own words."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from pydantic_core.core_schema import ErrorType

from builder.base.pydantic_messages import explain_in_words
from tests.sites import SITE, archive, story

LIMITS = dict.fromkeys(("gt", "ge", "lt", "le", "min_length", "max_length"), 7)
SENTENCE = "Input should be a valid thing"


@pytest.mark.parametrize("kind", [kind for kind in get_args(ErrorType) if kind != "value_error"])
def test_no_sentence_of_pydantic_comes_through(kind: str) -> None:
    words = explain_in_words({"type": kind, "loc": ("x",), "input": "v", "msg": SENTENCE, "ctx": LIMITS})
    assert words
    assert SENTENCE.lower() not in words.lower()


def test_what_our_validators_raise_is_said_as_they_say_it() -> None:
    detail = {
        "type": "value_error",
        "loc": ("x",),
        "input": "v",
        "msg": "Value error, Is odd",
        "ctx": {"error": ValueError("Is odd")},
    }
    assert explain_in_words(detail) == "is odd"


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("article_seconds: -4", "4:1: error: article_seconds: must be more than 0"),
        ("article_megabytes: 1000", "4:1: error: article_megabytes: must be at most 100"),
        ("article_megabytes: many", "4:1: error: article_megabytes: must be a number"),
        ("title: ''", "4:1: error: title: must not be empty"),
    ],
)
def test_settings_are_refused_in_plain_words(tmp_path: Path, setting: str, message: str) -> None:
    settings = SITE.replace("title: The Lantern\n", "description: Old news\n") if setting.startswith("title") else SITE
    run = archive(tmp_path, {"site.yml": settings + setting + "\n", "content/a.md": story()}).run("check")
    assert f"site.yml:{message}" in run.out + run.err
    assert run.code == 2
