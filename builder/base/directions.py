"""Which languages are written from right to left, by their tag (BCP 47)."""

from __future__ import annotations

_LANGUAGES = frozenset(
    "ar arc arz ary apc acm aeb ajp ars bal bgn bqi ckb dv fa glk haz he iw khw kmz ks lrc luz mzn nqo pnb prs ps rhg sd sdh "
    "skr syr ug ur ydd yi".split()
)
"""Written from right to left where the tag names no script."""
_SCRIPTS = frozenset("adlm arab aran hebr mand mend nkoo rohg samr syrc thaa yezi".split())


def is_right_to_left(language: str) -> bool:
    """Whether text of `language` is written from right to left: `ar`, `ur-PK`, `az-Arab`; not `ku-Latn` or `ar-Latn`."""
    first, *others = language.lower().replace("_", "-").split("-")
    script = next((part for part in others if len(part) == 4 and part.isalpha()), "")
    return script in _SCRIPTS if script else first in _LANGUAGES


def direction_of(language: str) -> str:
    """Return `rtl` or `ltr`, as HTML's `dir` has it."""
    return "rtl" if is_right_to_left(language) else "ltr"
