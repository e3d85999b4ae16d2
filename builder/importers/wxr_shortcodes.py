"""Shortcodes in square brackets (WordPress's): found with their attributes and what they enclose."""

from __future__ import annotations

import re

_NAMES = r"[a-z][a-z0-9_]*(?:[-_][a-z0-9_]+)*"
SHORTCODE = re.compile(
    rf"(?P<open>\[(?=\[))?\[(?P<name>{_NAMES})(?P<attributes>(?:\s+[\w-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\]\"']+)"
    rf"|\s+https?://[^\s\]]+|=https?://[^\s\]]+)*)\s*/?\]"
    rf"(?:(?P<inner>(?:(?!\[/?(?P=name)\b).)*?)\[/(?P=name)\])?(?(open)\])",
    re.DOTALL | re.IGNORECASE,
)
"""A word in brackets alone (`[sic]`, `[laughter]`) looks like one, too: it stays as it is, and is counted."""
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\]\"']+))|=?(https?://[^\s\]]+)")


def without_shortcodes(text: str) -> str:
    """Return `text` with what its shortcodes enclose, and without themselves."""
    return SHORTCODE.sub(lambda match: f" {match['inner'] or ''} ", text) if "[" in text else text


def attributes_of(text: str) -> dict[str, str]:
    """Return a shortcode's attributes; an address without a name is "0"."""
    return {match[1] or "0": match[2] or match[3] or match[4] or match[5] or "" for match in _ATTRIBUTE.finditer(text)}
