"""Language codes: those that name a language, and texts that are clearly in another script."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.base.languages import language_fault, script_fault
from builder.base.problems import Severity
from tests.sites import SITE, archive, story


@pytest.mark.parametrize("code", ["en", "zh-Hant", "zh-Hant-HK", "pt-BR", "yue", "sr-Latn", "no", "nqo", "my", "si"])
def test_codes_of_languages_have_no_fault(code: str) -> None:
    assert language_fault(code) is None


@pytest.mark.parametrize(
    ("code", "severity", "words"),
    [
        ("cn", Severity.ERROR, '"cn" is no language; zh-Hans is meant?'),
        ("jp-JP", Severity.ERROR, '"jp-JP" is no language; ja is meant?'),
        ("xx", Severity.ERROR, '"xx" is no language; write a code like en'),
        ("iw", Severity.ERROR, '"iw" is an old or long form of a code; write he'),
        ("in", Severity.ERROR, "write id"),
        ("ji", Severity.ERROR, "write yi"),
        ("mo", Severity.ERROR, "write ro"),
        ("eng", Severity.ERROR, "write en"),
        ("ger-AT", Severity.ERROR, "write de"),
        ("prs", Severity.ERROR, "write fa-AF"),
        ("kr", Severity.WARNING, '"kr" is a rare language; ko is meant?'),
        ("qqx", Severity.WARNING, '"qqx" is no language that is known here; is it right?'),
    ],
)
def test_codes_of_countries_old_codes_and_codes_of_nothing_have_one(code: str, severity: Severity, words: str) -> None:
    fault = language_fault(code)
    assert fault is not None and fault[0] is severity and words in fault[1]


@pytest.mark.parametrize("code", ["iw", "jp", "zz"])
def test_a_site_whose_language_is_none_is_told_once(tmp_path: Path, code: str) -> None:
    run = archive(tmp_path, {"site.yml": f"{SITE}language: {code}\n", "content/a.md": story(), "content/b.md": story()}).build()
    assert (run.code, run.err.count(f'site.yml:4:1: error: language: "{code}"'), run.err.count("error:")) == (2, 1, 1)


def test_a_text_in_another_script_is_told_and_a_short_one_is_not() -> None:
    english, chinese = (
        "The ferry to the outer islands runs again from Monday morning. " * 2,
        "離島渡輪星期一早上恢復服務，乘客毋須再繞道。" * 2,
    )
    assert script_fault("zh-Hant", english) and script_fault("en", chinese)
    assert script_fault("en", english) == script_fault("zh-Hant", chinese) == script_fault("zh-Hant", "Ferry") == ""
