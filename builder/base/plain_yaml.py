"""The YAML that nearly all front matter is made of, read a line at a time: names with a text or a list of texts."""

from __future__ import annotations

import re

_CHARACTER = "[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"
"""One that may stand in YAML, on one line, without an escape."""
_IN_DOUBLE = rf'(?:(?!["\\]){_CHARACTER})*+'
_IN_SINGLE = rf"(?:(?!'){_CHARACTER})*+"
_PLAIN = rf"[\w(/$+.;](?:(?!:(?: |$)| \#){_CHARACTER})*+"
"""Begins with no sign of YAML's, and has no colon before a space and no hash after one. No quantifier here gives back what it took,
so that the time is linear."""
_SCALAR = f"""(?:"(?P<double>{_IN_DOUBLE})"|'(?P<single>{_IN_SINGLE})'|(?P<plain>{_PLAIN}))"""
_FLOW_ITEM = rf"""(?:"{_IN_DOUBLE}"|'{_IN_SINGLE}'|\w(?:(?![][{{}},:#?"']){_CHARACTER})*+)"""
_FLOW = rf"\[ *+(?P<flow>{_FLOW_ITEM} *+(?:, *+{_FLOW_ITEM} *+)*+)?\]"
_FIELD = re.compile(rf"(?P<name>[A-Za-z_][A-Za-z0-9_-]*):(?: +(?:{_SCALAR}|(?P<list>{_FLOW})))? *")
_ITEM = re.compile(rf"(?P<indent> *- +){_SCALAR} *")
_IN_FLOW = re.compile(_FLOW_ITEM)
_NOTHING = frozenset({"null", "Null", "NULL"})


def read_plain(text: str) -> dict[str, str | list[str] | None] | None:
    """Return what YAML 1.1 says of `text`, with all scalars as texts, or None where a parser of the whole language has to.

    Read are lines of `name: text`, of `name: [text, text]`, and of `name:` with a list of `- text` below; a text may be in quotes
    that hold no quotes of their kind and no backslash.
    """
    fields: dict[str, str | list[str] | None] = {}
    items: list[str] | None = None
    indent = ""
    name = ""
    for line in text.removesuffix("\n").split("\n"):
        if field := _FIELD.fullmatch(line):
            name, items, indent = field["name"], None, ""
            if name in fields or name in _NOTHING:
                return None
            if field["list"] is not None:
                values = [_unquote(item) for item in _IN_FLOW.findall(field["flow"] or "")]
                if not _NOTHING.isdisjoint(values):
                    return None
                fields[name] = values
                continue
            value = _scalar(field)
            if value in _NOTHING:
                return None
            fields[name] = value
        elif (item := _ITEM.fullmatch(line)) and name and (fields[name] is None or fields[name] is items):
            value = _scalar(item)
            if value is None or value in _NOTHING or (items is not None and item["indent"] != indent):
                return None
            if items is None:
                items, indent = [], item["indent"]
                fields[name] = items
            items.append(value)
        else:
            return None
    return fields


def _scalar(match: re.Match[str]) -> str | None:
    """Return the text that `match` found, None where it found none."""
    plain: str | None = match["plain"]
    if plain is not None:
        return plain.rstrip(" ")
    return match["double"] if match["double"] is not None else match["single"]


def _unquote(item: str) -> str:
    return item[1:-1] if item[0] in "\"'" else item.rstrip(" ")
