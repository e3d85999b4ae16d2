"""ninjs 2.x (IPTC) to records in the archive's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def is_ninjs(record: Mapping[str, Any]) -> bool:
    """Whether a JSON object is an item of ninjs 2: it has an identifier, and headlines or bodies in arrays."""
    return isinstance(record.get("uri"), str) and any(isinstance(record.get(name), list) for name in ("headlines", "bodies"))


def from_ninjs(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a ninjs item in the words of front matter, with its text as `body` or `html`; what is not known keeps its name."""
    ids = {each.get("role"): each.get("value") for each in _objects(record, "altids")}
    sources = _objects(record, "infosources")
    subjects = _objects(record, "subjects")
    words = _objects(record, "descriptions")
    bodies = {each.get("contenttype", ""): each.get("value") for each in _objects(record, "bodies")}
    result = {
        "id": ids.get("id") or record["uri"],
        "title": _first(_objects(record, "headlines"), "value") or record.get("title"),
        "slugline": record.get("slugline"),
        "language": record.get("language"),
        "byline": [each["name"] for each in _objects(record, "people") if each.get("rel") == "author" and each.get("name")]
        or record.get("by"),
        "dateline": record.get("located"),
        "date": record.get("contentcreated") or record.get("firstcreated") or record.get("versioncreated"),
        "updated": record.get("versioncreated"),
        "embargo": record.get("embargoed"),
        "expires": record.get("expires"),
        "rights": record.get("copyrightnotice"),
        "summary": _first([each for each in words if each.get("role") != "correction"], "value"),
        "corrections": [each["value"] for each in words if each.get("role") == "correction"],
        "agency": [each["name"] for each in sources if each.get("role") != "source" and each.get("name")],
        "source": _first([each for each in sources if each.get("role") == "source"], "name"),
        "tags": [each["name"] for each in subjects if each.get("rel") != "section" and each.get("name")],
        "section": _first([each for each in subjects if each.get("rel") == "section"], "name"),
        "type": _first(_objects(record, "genres"), "name"),
        "url": ids.get("url"),
        "original_url": ids.get("original"),
        "archived_url": ids.get("archived"),
        "images": [picture for each in _objects(record, "associations") if (picture := _picture(each))],
        "body": bodies.get("text/markdown") or bodies.get("text/plain") or bodies.get(""),
        "html": bodies.get("text/html"),
    }
    if record.get("pubstatus") == "canceled":
        result["withdrawn"] = True
    if result["updated"] == result["date"]:
        del result["updated"]
    return {name: value for name, value in result.items() if value}


def others_in(record: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return what an item says of a field besides its first value: the field, the item's name for it, the text."""
    places = (("title", "headlines", "value"), ("summary", "descriptions", "value"), ("type", "genres", "name"))
    return [
        (word, name, str(each[key]))
        for word, name, key in places
        for each in [each for each in _objects(record, name) if each.get(key) and each.get("role") != "correction"][1:]
    ]


def _picture(item: Mapping[str, Any]) -> dict[str, str]:
    if item.get("type") not in {"picture", "graphic"}:
        return {}
    texts = {each.get("role"): each.get("value") for each in _objects(item, "descriptions")}
    address = _first(_objects(item, "renditions"), "href") or ""
    picture = {
        "src": address,
        "caption": texts.get("caption") or texts.get(None),
        "alt": texts.get("alt"),
        "credit": item.get("by"),
    }
    return {name: str(value) for name, value in picture.items() if value} if address else {}


def _objects(record: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value = record.get(name)
    items = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    return [each for each in items if all(isinstance(each.get(key), str | None) for key in ("role", "rel", "contenttype", "type"))]


def _first(objects: list[dict[str, Any]], name: str) -> Any:
    return next((each[name] for each in objects if each.get(name)), None)
