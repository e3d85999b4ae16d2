"""Front matter in the words of other generators to ours: which key is which word, and what its value means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from builder.articles.model import FIELD_NAMES
from builder.base.dates import is_empty_date
from builder.importers.copy_marks import split_names
from builder.importers.settings import ReadSettings
from builder.importers.story import Story, unique

SYNONYMS: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "date": ("date", "published", "publishdate", "pubdate", "published_at", "date_published", "created", "created_at"),
    "updated": ("updated", "lastmod", "modified", "last_modified_at", "last_modified", "date_modified", "updated_at"),
    "byline": ("byline", "author", "authors"),
    "summary": ("summary", "standfirst", "excerpt", "description", "subtitle", "deck"),
    "section": ("section",),
    "slug": ("slug", "basename"),
    "language": ("language", "lang", "locale"),
    "original_url": ("original_url", "canonical_url", "canonicalurl", "canonical", "external_url", "source_url"),
    "rights": ("rights", "copyright", "license", "licence"),
    "expires": ("expires", "expirydate", "expiry_date", "unpublishdate"),
    "id": ("id", "guid"),
}
"""Our word → keys that say it, the surest first. Keys are compared in lower case."""
_CATEGORIES = ("category", "categories")
_TAGS = ("tags", "tag", "keywords")
_ADDRESSES = ("permalink", "url", "aliases", "alias", "redirect_from", "path", "save_as")
_PICTURES = (
    "images",
    "image",
    "featured_image",
    "featuredimage",
    "cover",
    "thumbnail",
    "banner",
    "hero",
    "hero_image",
    "header",
    "feature_image",
)
_PICTURE_FILE = ("src", "path", "url", "image", "feature", "file", "name")
_FORMS = frozenset("post posts page pages blog default article single book docs section list".split())
"""Values of `type` that name a template and no story type."""
_PUBLICATION = frozenset(("draft", "published", "status"))
_FLAT = ("taxonomies", "extra", "params")
"""Mappings whose keys count as if they stood at the top (Zola, Hugo)."""
_PATTERN = re.compile(r"[:{}]|\$|^(?:pretty|ordinal|none|date)$")


def is_draft(values: Mapping[str, Any]) -> bool:
    """Whether front matter says that a text is not to be published."""
    states = {str(key).lower(): str(value).strip().lower() for key, value in values.items() if isinstance(value, str | bool)}
    return (
        states.get("draft") in {"true", "yes", "on", "1"}
        or states.get("published") in {"false", "no", "off", "0"}
        or states.get("status") in {"draft", "hidden", "pending", "private", "future", "trash"}
    )


def give_fields(story: Story, values: Mapping[str, Any], settings: ReadSettings, by_spaces: bool = True) -> None:
    """Give `story` what front matter says, in the archive's fields; unknown ones are counted as dropped, or go to `extra`.

    `by_spaces` tells that words in one text are parted by spaces (Jekyll), where no comma does it.
    """
    fields = {key.lower(): value for key, value in _flat(values) if value not in (None, "", [], {})}
    words = set(_PUBLICATION)
    for word, keys in SYNONYMS.items():
        for key in keys:
            if key in fields and key not in words and (value := _value(word, fields[key])):
                words.add(key)
                story.give_from(word, key, value, keep_unknown=settings.keep_unknown)
    categories = [name for key in _CATEGORIES if key in fields for name in _words(fields[key], by_spaces and key.endswith("s"))]
    tags = [name for key in _TAGS if key in fields for name in _words(fields[key], by_spaces and key == "tags")]
    if categories and not story.values.get("section"):
        story.give("section", categories.pop(0))
    story.give("tags", unique([*tags, *(name for name in categories if name != story.values.get("section"))]))
    story.give("aliases", unique(_addresses(story, fields)))
    story.give("images", list(_pictures(fields)))
    words |= {*_CATEGORIES, *_TAGS, *_ADDRESSES, *(key for key in _PICTURES if key in fields)}
    words |= {f"{key}{end}" for key in _PICTURES for end in _SIDE_KEYS}
    if str(fields.get("type", "")).lower() in _FORMS:
        story.dropped.append("type")
        words.add("type")
    for key, value in fields.items():
        if key in words:
            continue
        if key in FIELD_NAMES:
            story.give(key, value)
        elif settings.keep_unknown:
            story.values.setdefault("extra", {})[key] = value
        else:
            story.dropped.append(key)


_SIDE_KEYS = {"_alt": "alt", "alt": "alt", "_caption": "caption", "caption": "caption", "_credit": "credit", "credit": "credit"}


def _flat(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if str(key).lower() in _FLAT and isinstance(value, dict):
            yield from ((str(inner), item) for inner, item in value.items() if inner not in values)
        else:
            yield str(key), value


def _value(word: str, value: Any) -> Any:
    """Return what a key's value gives `word`, or "" where it says something else."""
    if word == "byline":
        people = value if isinstance(value, list) else [value]
        return unique(name for person in people for name in _names(person))
    if isinstance(value, dict | list):
        return ""
    text = str(value).strip()
    if word in {"date", "updated", "expires"}:
        return (
            "" if text.lower() in {"true", "false", "yes", "no", "on", "off"} or (word != "date" and is_empty_date(text)) else text
        )
    if word == "original_url":
        return text if text.startswith(("http://", "https://")) else ""
    return text.replace("_", "-") if word == "language" else text


def _names(person: Any) -> list[str]:
    if isinstance(person, dict):
        return [str(person.get("name") or person.get("display_name") or "").strip()]
    return split_names(str(person))


def _words(value: Any, by_spaces: bool) -> list[str]:
    if isinstance(value, list):
        return [str(item.get("name", "")) if isinstance(item, dict) else str(item).strip() for item in value if item]
    if isinstance(value, dict):
        return []
    text = str(value)
    return unique(part.strip() for part in (text.split(",") if "," in text or not by_spaces else text.split()))


def _addresses(story: Story, fields: Mapping[str, Any]) -> Iterator[str]:
    """Yield the addresses that front matter gives; a pattern (`/:year/:title/`) is none, and its key counts as dropped."""
    for key in _ADDRESSES:
        value = fields.get(key, [])
        for address in value if isinstance(value, list) else [value]:
            text = str(address).strip()
            is_address = "/" in text.strip("/") or text.startswith("/") or "." in text
            if is_address and text.strip("/") and not _PATTERN.search(text.partition("://")[2] or text):
                yield text if "://" in text or text.startswith("/") else f"/{text}"
            elif text and text not in {"/", "False", "None"}:
                story.dropped.append(key)


def _pictures(fields: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    addresses = set()
    for key in _PICTURES:
        value = fields.get(key, [])
        beside = {word: str(fields[f"{key}{end}"]) for end, word in _SIDE_KEYS.items() if fields.get(f"{key}{end}")}
        for item in value if isinstance(value, list) else [value]:
            picture = {**beside, **(_picture(item) if isinstance(item, dict) else {"src": str(item).strip()})}
            if (picture.get("src") or picture.get("caption")) and picture.get("src") not in addresses:
                addresses.add(picture.get("src"))
                yield {"src": "", **picture}


def _picture(item: Mapping[str, Any]) -> dict[str, str]:
    src = next((str(item[key]) for key in _PICTURE_FILE if isinstance(item.get(key), str) and item[key]), "")
    words = {word: str(item[word]) for word in ("alt", "caption", "credit") if isinstance(item.get(word), str) and item[word]}
    return {"src": src, **words}
