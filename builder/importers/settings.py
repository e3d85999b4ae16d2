"""What reading a piece depends on, as plain data that goes to workers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.articles.model import FIELD_NAMES
from builder.base.document_types import DOCUMENT_TYPES
from builder.base.problems import ConfigError, suggestion
from builder.importers.rules import Rules, compile_rules


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """The settings of one import."""

    rules_json: str
    """ImportRules as JSON."""
    timezone: str
    language: str
    """The site's language: what need not be said of a story."""
    now: str
    """When the import began, ISO 8601 in the site's zone."""
    tool: str = "morgue"
    """What takes the copies: a program and its version."""
    keep_originals: bool = False
    drafts: bool = False
    comments: bool = False
    """Whether comments are kept as text below the story."""
    keep_unknown: bool = False
    """Whether unknown fields are kept in front matter (`unknown_fields: keep`)."""
    fields: tuple[tuple[str, str], ...] = ()
    """What records call the archive's fields (`--fields ours=theirs`), as pairs."""
    scratch: str = ""
    """A folder that lives as long as the import, for pictures that lie within a file of the source; "" for none."""
    documents: tuple[str, ...] = tuple(sorted(DOCUMENT_TYPES))
    """The endings of the documents that the archive publishes (`.pdf`)."""
    take_pictures: bool = False
    """Whether copies of pictures and documents that are on the web are taken too (`--media`)."""

    @property
    def rules(self) -> Rules:
        """The rules, compiled."""
        return compile_rules(self.rules_json)


def picture_file(scratch: Path, address: str) -> Path:
    """Return where below `scratch` a web archive's picture of the address `address` is put for the time of the import."""
    return scratch / "pictures" / hashlib.sha256(address.partition("://")[2].encode(errors="replace")).hexdigest()


BODY_WORDS = ("body", "html")
"""Names in a record for its text: Markdown, and HTML that becomes it."""


def read_fields(arguments: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of `ours=theirs` texts. Raises ConfigError for one that is no pair, or names an unknown field."""
    fields = FIELD_NAMES | set(BODY_WORDS)
    pairs = []
    for pair in arguments:
        field, equals, theirs = pair.partition("=")
        if not equals or not theirs.strip():
            raise ConfigError(f"--fields {pair}: write it as ours=theirs, as in --fields title=headline")
        if field.strip() not in fields:
            raise ConfigError(f'--fields {pair}: there is no field "{field.strip()}"{suggestion(field.strip(), fields)}')
        pairs.append((field.strip(), theirs.strip()))
    return tuple(pairs)
