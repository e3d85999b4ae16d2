"""The data dictionary of a folder of tables (Data Package 2.0 and Table Schema 2.0, datapackage.org), and its terms as a text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from builder.archive.addresses import DATA, DATA_DICTIONARY, DATA_FIELDS, DATA_TERMS
from builder.articles.columns import RECORD_COLUMNS, Column, ValueKind
from builder.base.urls import absolute
from builder.config.site import Site
from builder.formats.fixity import MANIFEST
from builder.formats.records import NAME_SEPARATOR

NO_LICENCE = (
    "No general licence is given. What may be done with a story stands in its field rights; the copy of agencies and other "
    "sources is theirs."
)
"""A message id: the terms where none are given."""
_PROFILES = "https://datapackage.org/profiles/2.0"
_DATE = r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d(:\d\d)?|Z))?)?)?"
_TYPES: Mapping[ValueKind, dict[str, Any]] = {
    ValueKind.TEXT: {"type": "string"},
    ValueKind.DATE: {"type": "string", "constraints": {"pattern": _DATE}},
    ValueKind.FLAG: {"type": "boolean"},
    ValueKind.NAMES: {"type": "list", "delimiter": NAME_SEPARATOR},
    ValueKind.PART: {"type": "object"},
    ValueKind.PARTS: {"type": "array"},
    ValueKind.OBJECT: {"type": "object"},
}
"""What a cell of CSV is. A date is no `date`: it may be a month or a year alone."""
_JSON_LINES = (
    "One JSON object a line. The names and meanings of its fields are those of fields.json; lists are arrays, pictures, "
    "corrections, the withdrawal and unknown fields objects, and what is empty is left out."
)


def table_schema(columns: Iterable[Column] = RECORD_COLUMNS) -> dict[str, Any]:
    """Return the Table Schema of a CSV table of articles; `parts` (our own key) has the fields of objects in a cell."""
    return {"$schema": f"{_PROFILES}/tableschema.json", "fields": list(map(_field, columns)), "primaryKey": ["id"]}


def _field(column: Column) -> dict[str, Any]:
    field = {"name": column.name, **_TYPES[column.kind], "description": column.description}
    if column.parts:
        field["parts"] = [{"name": part.name, "description": part.description} for part in column.parts]
    return field


def data_package(files: Iterable[tuple[str, str, int]], terms: str, site: Site) -> dict[str, Any]:
    """Return the Data Package of `files`: name (`2024.csv.gz`), year ("" for undated articles), number of articles.

    `terms` are those of the settings. Checksums are in the manifest beside it.
    """
    host = urlsplit(site.url).hostname or "archive"
    package: dict[str, Any] = {
        "$schema": f"{_PROFILES}/datapackage.json",
        "name": f"{host.encode('idna').decode() if not host.isascii() else host}-stories",
        "title": site.title,
        "description": site.description,
        "homepage": site.url,
        "licenses": [{"path": DATA_TERMS, "title": terms.strip().partition("\n")[0] or "Terms"}],
        "contributors": [{"title": site.publisher or site.title, "roles": ["publisher"]}],
        "resources": [_resource(name, year, count) for name, year, count in files],
    }
    return {key: value for key, value in package.items() if value or key == "resources"}


def _resource(name: str, year: str, count: int) -> dict[str, Any]:
    stem, form, _ = name.rsplit(".", 2)
    resource = {
        "name": f"{stem}-{form}",
        "title": f"{'Undated stories' if not year else f'Stories of {year}'}: {count}",
        "path": name,
        "format": form,
        "compression": "gz",
        "encoding": "utf-8",
    }
    if form == "csv":
        return {**resource, "type": "table", "mediatype": "text/csv", "schema": DATA_FIELDS}
    return {**resource, "mediatype": "application/jsonl", "description": _JSON_LINES}


def terms_text(terms: str, level: str, exceptions: Mapping[str, Iterable[str]], site: Site, gettext: Callable[[str], str]) -> str:
    """Return the terms of the data as a text that goes with them, in the interface's language.

    `level` is the setting `data`; `exceptions` has the sources and agencies of which less is handed over, by their level.
    """
    _ = gettext
    lines = [f"{site.title}: {_('The archive as data')}", absolute(site.url, DATA.path), ""]
    lines += [_("Terms"), terms.strip() or _(NO_LICENCE), ""]
    if level == "metadata":
        lines += [_("The files have what is known of every story, without its text."), ""]
    for each, message in (("metadata", _("Without their text:")), ("none", _("Left out:"))):
        if names := list(exceptions.get(each, ())):
            lines += [message, *(f"- {name}" for name in names), ""]
    lines += [_("What each field means:") + f" {DATA_FIELDS}, {DATA_DICTIONARY} (Data Package 2.0)"]
    lines += [_("Whether the files are whole:") + f" sha512sum --check --quiet {MANIFEST}"]
    return "\n".join(lines) + "\n"


def to_json(value: dict[str, Any]) -> bytes:
    """Return `value` as the bytes of a JSON file that people read too."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
