"""Text to terms: the cases that hold in both languages, here in Python (tests/static/ has the browser's half)."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from builder.search.text.words import is_of_run, locate_tokens

CASES = json.loads((Path(__file__).parents[1] / "cases.json").read_text(encoding="utf-8"))["words"]


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:20] or "empty" for case in CASES])
def test_words_are_the_terms_that_the_table_says(case: dict[str, object]) -> None:
    assert [term for term, _, _ in locate_tokens(str(case["text"]))] == case["terms"]


@pytest.mark.parametrize(
    "script",
    "THAI CHARACTER|LAO LETTER|TIBETAN LETTER|MYANMAR LETTER|KHMER LETTER|KHMER INDEPENDENT VOWEL|TAI LE LETTER|NEW TAI LUE LETTER|"
    "TAI THAM LETTER|TAI VIET LETTER|AHOM LETTER|BALINESE LETTER|JAVANESE LETTER|BATAK LETTER|BUGINESE LETTER|CHAM LETTER|REJANG LETTER|"
    "MAKASAR LETTER|YI SYLLABLE|VAI SYLLABLE|TANGUT COMPONENT|NUSHU CHARACTER|KHITAN SMALL SCRIPT CHARACTER|BOPOMOFO LETTER|"
    "HIRAGANA LETTER|HENTAIGANA LETTER|KATAKANA LETTER|HANGUL SYLLABLE|CJK UNIFIED IDEOGRAPH".split("|"),
)  # fmt: skip
def test_letters_of_a_script_without_spaces_make_runs(script: str) -> None:
    letters = [
        chr(number)
        for number in range(0xE00, 0x1B300)
        if unicodedata.category(chr(number)) in {"Lo", "Lm"} and unicodedata.name(chr(number), "").startswith(script)
    ]
    letters = [letter for letter in letters if unicodedata.normalize("NFKC", letter) == letter]
    assert len(letters) > 10
    assert [letter for letter in letters if not is_of_run(letter)] == []


@pytest.mark.parametrize(
    "script", ["LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW", "DEVANAGARI", "ETHIOPIC", "CHEROKEE", "GEORGIAN"]
)
def test_letters_of_a_script_with_spaces_make_words(script: str) -> None:
    numbers = [number for number in range(0x41, 0x1B300) if unicodedata.name(chr(number), "").startswith(f"{script} ")]
    assert len(numbers) > 20
    assert [chr(number) for number in numbers if is_of_run(chr(number))] == []
