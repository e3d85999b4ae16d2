"""Language codes: which of them name a language, and which are a country's."""

from __future__ import annotations

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


@lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    from babel import Locale  # slow to import; most archives need two languages

    return frozenset(Locale("en").languages) - _COUNTRIES.keys()
