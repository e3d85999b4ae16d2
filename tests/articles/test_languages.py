"""Language codes: those that name a language, and texts that are clearly in another script."""

from __future__ import annotations

import pytest

from builder.articles.languages import language_fault, script_fault


@pytest.mark.parametrize("code", ["en", "zh-Hant", "zh-Hant-HK", "pt-BR", "yue", "sr-Latn"])
def test_codes_of_languages_have_no_fault(code: str) -> None:
    assert language_fault(code) == ""


@pytest.mark.parametrize("code", ["cn", "jp", "xx", "qqx"])
def test_codes_of_countries_and_of_nothing_have_one(code: str) -> None:
    assert language_fault(code)


def test_a_text_in_another_script_is_told_and_a_short_one_is_not() -> None:
    english, chinese = (
        "The ferry to the outer islands runs again from Monday morning. " * 2,
        "離島渡輪星期一早上恢復服務，乘客毋須再繞道。" * 2,
    )
    assert script_fault("zh-Hant", english) and script_fault("en", chinese)
    assert script_fault("en", english) == script_fault("zh-Hant", chinese) == script_fault("zh-Hant", "Ferry") == ""
