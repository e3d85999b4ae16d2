"""A story to the bytes of its article's file: front matter in the contract's order, then Markdown."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import yaml

from builder.articles.frontmatter import CONTROL, without_controls
from builder.articles.model import Article

ORDER = tuple(Article.model_fields)
_PLACES = {word: place for place, word in enumerate(ORDER) if word != "extra"}
_EMPTY: tuple[Any, ...] = (None, "", [], (), {})
_IMAGE_ORDER = ("src", "alt", "caption", "credit")
_NEWLINES = re.compile(r"\A(?:[ \t]*\n)+")
_SEAL = re.compile(rb"^captured_as: [0-9a-f]{64}\n", re.MULTILINE)
_RECORD = re.compile(rb"^(?:captured_at|captured_by|captured_sha256|captured_as): .*\n", re.MULTILINE)


class _Dumper(yaml.SafeDumper):
    """Writes dates bare, lists of words on one line, and lists of mappings on lines of their own."""

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:  # noqa: ARG002
        return super().represent_sequence(tag, sequence, flow_style=all(isinstance(item, str) for item in sequence))

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 (lists are indented always)
        super().increase_indent(flow, False)


_Dumper.yaml_implicit_resolvers = {
    first: [rule for rule in rules if rule[0] != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


_LETTER = "A-Za-z\u00c0-\u024f\u4e00-\u9fff"
_DAY = r"\d{4}-\d\d-\d\d(?:T[\d:]+(?:[+-]\d\d:\d\d)?)?"
_DIGEST = r"(?=\d*[a-f])[\da-f]{64}"
_SIMPLE = re.compile(rf"(?:[{_LETTER}](?:[{_LETTER}\d .,/()'’“”…—–;=?!%&@+_-]|:(?=\S))*(?<! )|{_DIGEST}|{_DAY})")
_SIMPLE_IN_LIST = re.compile(rf"[/{_LETTER}][{_LETTER}\d ./()'’“”…—–;=!%&@+_-]*(?<! )")
_NEEDS_QUOTES = re.compile(r": | #|^[\[\]{},#&*!|>'\"%@`]|:$")
"""What a text cannot have, or begin with, without quotation marks."""
_KEY = re.compile(r"[a-z]{3,}(?:_[a-z]+)*")
_NO_TEXT = frozenset(("y", "n", "yes", "no", "true", "false", "on", "off", "null"))


def _line(key: str, value: Any) -> str:
    """Return the YAML of one entry. What is plain, or clearly needs quotes, does without the library: a tenth of the time."""
    yaml_text = None
    if isinstance(value, str):
        yaml_text = _scalar(value, _SIMPLE)
    elif isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        items = [_scalar(item, _SIMPLE_IN_LIST) for item in value]
        yaml_text = None if None in items else f"[{', '.join(filter(None, items))}]"
    elif isinstance(value, list) and value and all(isinstance(item, dict) and item for item in value):
        yaml_text = _mappings(value)
    if yaml_text is None:
        return with_library({key: value})
    return f"{key}:{yaml_text}\n" if yaml_text.startswith("\n") else f"{key}: {yaml_text}\n"


def _mappings(items: list[dict[str, Any]]) -> str | None:
    """Return the YAML of mappings of texts (pictures), None where the library has to write them."""
    lines = [""]
    for item in items:
        for index, (key, value) in enumerate(item.items()):
            yaml_text = _scalar(value, _SIMPLE) if isinstance(value, str) else None
            if yaml_text is None or not _KEY.fullmatch(key):
                return None
            lines.append(f"    {key}: {yaml_text}" if index else f"  - {key}: {yaml_text}")
    return "\n".join(lines)


def _scalar(text: str, simple: re.Pattern[str]) -> str | None:
    """Return a text as YAML has it, None where the library has to say."""
    if simple.fullmatch(text):
        return text if text.lower() not in _NO_TEXT else None
    if not text or (_NEEDS_QUOTES.search(text) and text.isprintable() and text == text.strip(" ")):
        return "'" + text.replace("'", "''") + "'"
    return None


def with_library(values: dict[str, Any]) -> str:
    """Return the YAML of a mapping as the library writes it."""
    return yaml.dump(values, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**9)


def render(values: dict[str, Any], markdown: str) -> bytes:
    """Return the file of an article with these words and this text, sealed with its own digest (`captured_as`)."""
    words = sorted((word for word, value in values.items() if value not in _EMPTY and word in _PLACES), key=_PLACES.__getitem__)
    front = "".join([_line(word, _clean(word, values[word])) for word in words])
    extra = {key: _clean(key, value) for key, value in values.get("extra", {}).items() if key not in ORDER}
    front += with_library(extra) if extra else ""
    plain = f"---\n{front}---\n\n{_NEWLINES.sub('', without_controls(markdown).rstrip())}\n".encode(errors="replace")
    seal = f"captured_as: {hashlib.sha256(plain).hexdigest()}\n".encode()
    before = b"\ncaptured_sha256: "
    at = plain.find(before)
    at = plain.index(b"\n", at + 1) + 1 if at >= 0 else len(b"---\n")
    return plain[:at] + seal + plain[at:]


def is_untouched(data: bytes) -> bool:
    """Whether a file is byte for byte as the import wrote it."""
    seal = _SEAL.search(data)
    return seal is not None and hashlib.sha256(_SEAL.sub(b"", data, count=1)).hexdigest().encode() in seal[0]


def says_the_same(one: bytes, other: bytes) -> bool:
    """Whether two files differ in nothing but how and when they were captured."""
    return _RECORD.sub(b"", one) == _RECORD.sub(b"", other)


def _clean(word: str, value: Any) -> Any:
    if isinstance(value, str):
        if value.isprintable() and "  " not in value and value == value.strip(" "):
            return value  # as most are: printable is no control character, no mark, no other space
        return " ".join(
            CONTROL.sub("", value)
            .replace("\x85", " ")
            .replace("\ufeff", "")
            .replace("\u00ad", "")
            .encode(errors="ignore")
            .decode()
            .split()
        )
    if isinstance(value, dict):
        order = {name: index for index, name in enumerate(_IMAGE_ORDER)}
        names = sorted(value, key=lambda name: order.get(name, 99)) if word == "images" else list(value)
        return {name: _clean("", value[name]) for name in names if name == "src" or value[name] not in (None, "")}
    if isinstance(value, list | tuple):
        return [_clean(word, item) for item in value if item not in (None, "")]
    return value
