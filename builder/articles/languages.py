"""Language codes: which of them name a language, and which are a country's."""

from __future__ import annotations

import re
from functools import lru_cache

_COUNTRIES = {
    "cn": "zh-Hans", "tw": "zh-Hant", "hk": "zh-HK", "jp": "ja", "kr": "ko", "vn": "vi", "gr": "el", "cz": "cs", "dk": "da",
    "ua": "uk", "eng": "en", "chi": "zh", "us": "en-US", "gb": "en-GB",
}  # fmt: skip
"""Codes of countries (and of libraries) that are taken for codes of languages."""


def language_fault(code: str) -> str:
    """Return what is wrong with a language code whose form is right, "" for one that names a language (CLDR's list)."""
    primary = code.partition("-")[0].lower()
    if not primary or primary in {"en", "zh"} or primary in _languages():
        return ""
    likely = _COUNTRIES.get(primary)
    return f'"{code}" is no language{f"; {likely} is meant?" if likely else ""}; write a code like en or zh-Hant'


_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_IN_LATIN = frozenset("en fr de es it pt nl sv da nb no fi pl cs id ms tl vi tr ro hu".split())
MIN_LETTERS = 40, 12
"""Latin letters, Chinese characters from which on a text is in that script."""


def script_fault(code: str, text: str) -> str:
    """Say that `text` is in Latin letters and marked with a Chinese `code`, or the other way round; "" where neither is so."""
    primary, _, rest = code.lower().partition("-")
    han, latin = len(_HAN.findall(text)), len(_LATIN.findall(text))
    if primary in {"zh", "yue"} and "latn" not in rest and latin >= MIN_LETTERS[0] and han * 20 < latin:
        return f"is {code}, and the text is in Latin letters; write its language, such as en"
    if primary in _IN_LATIN and han >= MIN_LETTERS[1] and latin < han:
        return f"is {code}, and the text is in Chinese characters; write its language, such as zh-Hant"
    return ""


@lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    from babel import Locale  # slow to import; most archives need two languages

    return frozenset(Locale("en").languages) - _COUNTRIES.keys()
