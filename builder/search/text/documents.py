"""An article as the searches see it: plain data that crosses processes and lies in the index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Document:
    """One article. Names are already canonical: what slugs alike is spelled alike."""

    id: str
    """Unique and stable: a document of the same id takes the place of the one before."""
    version: str
    """A digest of everything below: same version, same document."""
    url: str
    """Relative to the output folder, not percent-encoded."""
    title: str
    text: str
    """What is searched as its body (articles.article_summary.searched_text), paragraphs parted by line breaks."""
    language: str
    """BCP 47; may be empty."""
    timestamp: int | None
    """Seconds since 1970 UTC, negative before; None when undated."""
    day: str
    """`2025-02-12` in the site's time zone, empty when undated."""
    date: str
    """ISO 8601 as it is shown, empty when undated."""
    source: str = ""
    agency: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    section: str = ""
    type: str = ""
    tags: tuple[str, ...] = ()

    def to_stored(self) -> dict[str, Any]:
        """Return what the index keeps of it: every value that is not empty, by its name."""
        values = {name: getattr(self, name) for name in NAMES}
        return {name: value for name, value in values.items() if value not in ("", (), None)}

    @classmethod
    def from_stored(cls, fields: Mapping[str, Any]) -> Document:
        """Return the document of which `fields` was kept."""
        return cls(**{name: fields.get(name, empty) for name, empty in _EMPTY.items()})


NAMES = tuple(field.name for field in fields(Document))
_EMPTY: dict[str, Any] = {
    field.name: None if field.name == "timestamp" else "" if field.default is MISSING else field.default
    for field in fields(Document)
}
