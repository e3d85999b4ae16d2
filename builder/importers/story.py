"""What passes from step to step of an import: a piece of a source, the story read from it, and what was left out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from builder.articles.model import FIELD_NAMES
from builder.base.problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes of what should be one story, cut from its source without being understood. Plain data: it goes to workers."""

    source: int
    """Which row of the report counts it."""
    kind: str
    path: str
    """What messages call it: the path of its file, and within an archive the path there."""
    data: bytes
    line: int = 1
    """The line of the file on which it begins."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What the file as a whole says of it (its site's title, the display names of its authors …)."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Text of the source's story that is in neither body nor front matter, and the rule that took it."""

    rule: str
    text: str


@dataclass(slots=True)
class Refusal:
    """A piece that is no story, or that could not be read."""

    source: int
    path: str
    line: int
    message: str
    column: int = 1


@dataclass(slots=True)
class Story:
    """A story of a source. `values` hold front matter by field (dates as texts, lists as lists, pictures as mappings)."""

    source: int
    path: str
    line: int = 1
    values: dict[str, Any] = field(default_factory=dict)
    inferred: list[str] = field(default_factory=list)
    """The words whose values were worked out."""
    dropped: list[str] = field(default_factory=list)
    """Keys of the source that found no word, or words whose value could not be used."""
    kept: list[str] = field(default_factory=list)
    """Keys and marks of the source that stay as they are (shortcodes that nobody knows)."""
    markdown: str = ""
    cut: list[Cut] = field(default_factory=list)
    kept_as_html: list[str] = field(default_factory=list)
    """The names of the HTML tags in `markdown`."""
    files: dict[str, str] = field(default_factory=dict)
    """Local copies of its pictures: address as the body has it → path on this machine."""
    original: bytes = b""
    """The bytes that it was read from, where they are to be kept; else empty."""
    ask_title: bool = False
    """Whether a person at the terminal may be asked for the headline."""
    problems: list[Problem] = field(default_factory=list)

    def give(self, word: str, value: Any, *, inferred: bool = False) -> None:
        """Set a word that has no value yet. An empty value sets nothing."""
        if value in (None, "", [], ()) or self.values.get(word) not in (None, "", [], ()):
            return
        self.values[word] = value
        if inferred:
            self.inferred.append(word)

    def give_from(self, word: str, key: str, value: Any, *, keep_unknown: bool) -> None:
        """Set a word from the source's `key`. Where the word has another value, this one is kept or named, as unknown keys are.

        It goes to `extra` by its key with `keep_unknown`; else the key counts as dropped and the text stands under cut.
        """
        present = self.values.get(word)
        if present in (None, "", [], ()):
            self.give(word, value)
        elif squeeze(str(value)).casefold() == squeeze(str(present)).casefold():
            return
        elif keep_unknown and key not in FIELD_NAMES:
            self.values.setdefault("extra", {})[key] = value
        else:
            self.dropped.append(key)
            self.cut_out(f"second-{word}", ", ".join(map(str, value)) if isinstance(value, list) else str(value))

    def cut_out(self, rule: str, text: str) -> None:
        """Say that `text` was left out by `rule`."""
        text = " ".join(text.split())
        if text:
            self.cut.append(Cut(rule, text))

    def take_body(self, markdown: str, kept_as_html: list[str], cut: list[Cut]) -> None:
        """Set the body, with the names of the HTML tags in it and what was cut from it."""
        self.markdown, self.kept_as_html = markdown, kept_as_html
        self.cut += cut

    def warn(self, field_: str, message: str) -> None:
        """Add a warning about this story."""
        self.problems.append(Problem(self.path, self.line, 1, Severity.WARNING, field_, message))


def squeeze(text: str) -> str:
    """Return the letters and digits of `text`, by which texts are compared."""
    return re.sub(r"[\W_]+", "", text)


def sha256_of(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def unique(items: Iterable[str]) -> list[str]:
    """Return `items` without repetitions and empty ones, in their order."""
    return [item for item in dict.fromkeys(items) if item]
