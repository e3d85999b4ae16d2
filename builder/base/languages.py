"""Language codes: which of them name a language, and which are a country's."""

from __future__ import annotations

import re
from functools import lru_cache

from builder.base.problems import Severity

_COUNTRIES = {
    "cn": "zh-Hans", "tw": "zh-Hant", "hk": "zh-HK", "jp": "ja", "kr": "ko", "vn": "vi", "gr": "el", "cz": "cs", "dk": "da",
    "ua": "uk", "us": "en-US", "gb": "en-GB", "at": "de-AT", "il": "he", "ir": "fa", "irn": "fa", "pk": "ur", "bd": "bn",
    "rs": "sr", "al": "sq", "ge": "ka", "kz": "kk", "np": "ne", "lk": "si", "mx": "es-MX",
}  # fmt: skip
"""Codes of countries that are taken for codes of languages."""


def language_fault(code: str) -> tuple[Severity, str] | None:
    """Return what is wrong with a language code whose form is right, None for one that names a language (CLDR's list).

    Of three letters CLDR knows a part of the codes that there are: one that it does not know is warned of, as is a code
    that is a language's and more often a country's.
    """
    primary = code.partition("-")[0].lower()
    if not primary or primary in {"en", "zh"}:
        return None
    languages, new_codes = _languages()
    country = _COUNTRIES.get(primary)
    if primary in languages and country is None:
        return None
    if country is None and primary in new_codes:
        return Severity.ERROR, f'"{code}" is an old or long form of a code; write {new_codes[primary]}'
    if primary not in languages and (country or len(primary) < 3):
        hint = f"{country} is meant?" if country else "write a code like en or zh-Hant"
        return Severity.ERROR, f'"{code}" is no language; {hint}'
    hint = f"{country} is meant?" if country else "is it right? Languages have codes like en or zh-Hant"
    return Severity.WARNING, f'"{code}" is {"a rare language" if country else "no language that is known here"}; {hint}'


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
def _languages() -> tuple[frozenset[str], dict[str, str]]:
    """Return the codes that CLDR names, and for those that it does not use any more the new ones."""
    from babel import Locale  # slow to import; most archives need two languages
    from babel.core import get_global

    languages = frozenset(Locale("en").languages)
    aliases = get_global("language_aliases").items()
    return languages, {old: new.replace("_", "-") for old, new in aliases if old not in languages}
