"""The rules of IPTC ninjs 2.1 as a JSON Schema (2020-12) of our own: `python -m tests.validators.ninjs FILE` checks an export.

Names, types and values are the standard's (iptc.org/std/ninjs, 2.1.1), the wording of the schema is not. `places` may have any
`geojson`: the standard refers to another schema there.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

FORMATS = FormatChecker(formats=())


def _is_moment(value: object) -> bool:
    """RFC 3339: day, time and offset."""
    if not isinstance(value, str):
        return True
    is_written_so = re.fullmatch(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", value)
    return bool(is_written_so) and datetime.fromisoformat(value.upper()).tzinfo is not None


def _is_uri(value: object) -> bool:
    """RFC 3986: a scheme, and none but the characters that it allows."""
    if not isinstance(value, str):
        return True
    return bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+", value))


FORMATS.checks("date-time", raises=ValueError)(_is_moment)
FORMATS.checks("uri")(_is_uri)
TEXT, NUMBER = {"type": "string"}, {"type": "number"}
URI, MOMENT = {"type": "string", "format": "uri"}, {"type": "string", "format": "date-time"}
PERCENT = {"type": "integer", "minimum": 0, "maximum": 100}


def _one_of(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


def _object(properties: dict[str, Any], *required: str, **others: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False, **others}


def _texts(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, TEXT)


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _concept(**others: Any) -> dict[str, Any]:
    """Something that the content speaks of, or that had a part in it."""
    return _array(_object({**_texts("name", "rel", "literal"), "uri": URI, **others}))


_ADDRESS = _object({"lines": _array(TEXT), **_texts("locality", "area", "postalcode", "country")})
_CONTACT = _array(
    _object(
        {**_texts("type", "role", "lang", "name", "value"), "address": _ADDRESS},
        oneOf=[{"required": ["value"]}, {"required": ["address"]}],
    )
)
_MARKED_TEXT = _array(_object(_texts("role", "contenttype", "value"), "value"))
_SYMBOL = _object({**_texts("ticker", "exchange", "symbol"), "symboltype": URI})
_RENDITION = _object(
    {
        **_texts("name", "contenttype", "title", "format"),
        **dict.fromkeys(("height", "width", "sizeinbytes", "duration"), NUMBER),
        "href": URI,
    },
    "name",
)
_ITEM: dict[str, Any] = {
    **_texts("profile", "version", "copyrightholder", "copyrightnotice", "usageterms", "ednote", "language"),
    **_texts("title", "by", "slugline", "located"),
    **dict.fromkeys(("firstcreated", "versioncreated", "contentcreated", "embargoed", "expires"), MOMENT),
    "uri": URI,
    "type": _one_of("text", "audio", "video", "picture", "graphic", "composite", "component"),
    "representationtype": _one_of("full", "partial"),
    "pubstatus": _one_of("usable", "withheld", "canceled"),
    "urgency": {"type": "integer", "minimum": 1, "maximum": 9},
    "standard": _object({**_texts("name", "version"), "schema": URI}),
    "headlines": _MARKED_TEXT,
    "descriptions": _MARKED_TEXT,
    "bodies": _array(_object({**_texts("role", "contenttype", "value"), "charcount": NUMBER, "wordcount": NUMBER}, "value")),
    "people": _concept(contactinfo=_CONTACT),
    "organisations": _concept(contactinfo=_CONTACT, symbols=_array(_SYMBOL)),
    "places": _concept(contactinfo=_CONTACT, geojson={"type": "object"}),
    "subjects": _concept(creator=TEXT, relevance=PERCENT, confidence=PERCENT),
    "events": _concept(),
    "objects": _concept(),
    "infosources": _array(_object({**_texts("name", "role", "literal"), "uri": URI, "contactinfo": _CONTACT})),
    "genres": _array(_object(_texts("name", "uri", "literal"))),
    "altids": _array(_object(_texts("role", "value"))),
    "trustindicators": _array(_object({"role": URI, "title": TEXT, "href": URI})),
    "renditions": _array(_RENDITION),
    "rightsinfo": {
        "type": "object",
        "properties": {"langid": URI, "linkedrights": URI, "encodedrights": TEXT},
        "oneOf": [{"required": ["linkedrights"]}, {"required": ["encodedrights"]}],
    },
    "associations": _array({"$ref": "#/$defs/association"}),
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_object(_ITEM, "uri"),
    "$defs": {"association": _object({**_ITEM, "name": TEXT}, "name", "uri")},
}
_VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FORMATS)


def faults(item: Any) -> Iterator[str]:
    """Yield what is wrong with an item, each with its place in it."""
    for error in _VALIDATOR.iter_errors(item):
        yield f"{error.json_path}: {error.message[:120]}"


if __name__ == "__main__":
    found = [
        f"{number}: {fault}" for number, item in enumerate(json.loads(Path(sys.argv[1]).read_bytes()), 1) for fault in faults(item)
    ]
    sys.exit("\n".join(found) or 0)
