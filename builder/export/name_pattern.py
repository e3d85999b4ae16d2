"""A name as a regular expression over bytes: in every way in which the files of an archive and its site write it."""

from __future__ import annotations

import json
import re
import unicodedata
from contextlib import suppress
from urllib.parse import quote

from builder.base.problems import ConfigError
from builder.search.text.words import is_of_run

_GAP = rb"""(?:[\s\-_+./,]|%20|%2[Dd]|&nbsp;|&#160;|&#xa0;|\xc2\xa0|\xe3\x80\x80|\\[ntr]|\\u00a0|</?[A-Za-z][^<>]{0,300}>)"""
"""What may stand between two words of a name: spaces of all kinds, hyphens (in addresses), tags."""


def name_pattern(name: str) -> re.Pattern[bytes]:
    """Return the pattern of `name`, in any letter case: as UTF-8 (composed or not), percent-encoded, escaped in JSON or HTML.

    Between its words may stand spaces, hyphens or tags. So they may between two characters of Han, kana or Hangul, whose names are
    set with spaces or without (`王　明`), and need not. Raises ConfigError for a name of fewer than two characters.
    """
    words = unicodedata.normalize("NFC", name).split()
    if len("".join(words)) < 2:
        raise ConfigError(f'"{name}": is too short; give the name as it is written')
    text = " ".join(re.sub(r"[-_.,]+", "-", word).strip("-") for word in words)
    body, before = b"", ""
    for at, char in enumerate(text):
        after = text[at + 1 : at + 2]
        if char in " -" and before and after:
            is_optional = char == "-" or (is_of_run(before) and is_of_run(after))
            body += _GAP + (b"{0,6}" if is_optional else b"{1,6}")
        elif char not in " -":
            is_within = at and text[at - 1] not in " -" and is_of_run(before) and is_of_run(char)
            body += (_GAP + b"{0,6}" if is_within else b"") + _character(char)
            before = char
    end = rb"(?![A-Za-z])" if words[-1][-1].isascii() else b""
    return re.compile(body + end, re.IGNORECASE)


def legacy_pattern(name: str) -> re.Pattern[bytes] | None:
    """Return the pattern of `name` in older encodings, for files that are no UTF-8; None where none has a form of its own."""
    forms = set()
    spelling = " ".join(unicodedata.normalize("NFC", name).split())
    for encoding in ("big5hkscs", "gb18030", "shift_jis", "euc_jp", "euc_kr", "cp1252", "mac_roman", "utf-16-le", "utf-16-be"):
        for case in {spelling, spelling.upper(), spelling.lower()}:
            for form in (case, unicodedata.normalize("NFD", case)):
                with suppress(UnicodeEncodeError):
                    forms.add(form.encode(encoding))
    forms = {form for form in forms if not form.isascii() or b"\0" in form}  # what name_pattern finds
    return re.compile(b"|".join(sorted(map(re.escape, forms)))) if forms else None


def _character(char: str) -> bytes:
    """Return the alternatives of one character."""
    if char.isascii():
        return re.escape(char.encode())
    cases = {char, char.lower(), char.upper()}
    forms = {form for each in cases for form in (each, unicodedata.normalize("NFD", each))}
    spellings: set[bytes] = set()
    for form in forms:
        spellings |= {form.encode(), quote(form).encode(), json.dumps(form)[1:-1].encode()}
        spellings |= {"".join(f"&#{ord(part)};" for part in form).encode(), "".join(f"&#x{ord(part):x};" for part in form).encode()}
    return b"(?:" + b"|".join(sorted(map(re.escape, spellings))) + b")"
