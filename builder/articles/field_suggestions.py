"""The front-matter fields of other tools, and which field of an article each stands for."""

from __future__ import annotations

from typing import Any

from builder.articles.model import FIELD_NAMES
from builder.base.problems import suggestion

_FOREIGN = {
    "author": "byline", "authors": "byline", "by": "byline", "creator": "byline", "category": "section", "categories": "section",
    "keywords": "tags", "topics": "tags", "description": "summary", "excerpt": "summary", "standfirst": "summary",
    "lang": "language", "locale": "language", "published": "date", "pubdate": "date", "publishdate": "date", "published_at": "date",
    "created": "date", "date_published": "date",
    "lastmod": "updated", "last_modified_at": "updated", "modified": "updated", "updated_at": "updated",
    "headline": "title", "permalink": "slug", "redirect_from": "aliases", "guid": "id", "image": "images", "copyright": "rights",
    "expirydate": "expires", "source_url": "original_url", "publication": "source", "newspaper": "source", "wire": "agency",
}  # fmt: skip
"""Fields of other tools, and the article's field for each."""
_DRAFT_STATUSES = {"draft", "private", "pending", "auto-draft", "trash"}


def suggest_field(key: str) -> str:
    """Return ` (did you mean "byline"?)` for another tool's field or a near miss of a known one, else an empty text."""
    foreign = _FOREIGN.get(key.lower().replace("-", "_"))
    return f' (did you mean "{foreign}"?)' if foreign else suggestion(key, FIELD_NAMES)


def says_draft(key: str, value: Any) -> bool | None:
    """Return whether another tool's `published` or `status` holds the article back; None where the key says no such thing."""
    text = str(value).strip().lower()
    if key == "published" and text in {"true", "yes", "on", "false", "no", "off"}:
        return text in {"false", "no", "off"}
    if key == "status" and text in _DRAFT_STATUSES | {"publish", "published", "public"}:
        return text in _DRAFT_STATUSES
    return None
