"""ninjs: items are what the standard asks for, and come back in by `morgue import`."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.sites import archive, story

TEXTS = {"uri", "type", "representationtype", "pubstatus", "language", "slugline", "by", "located", "copyrightnotice", "name"}
MOMENTS = {"contentcreated", "versioncreated", "embargoed", "expires"}
OBJECTS = {
    "headlines": {"role", "contenttype", "value"},
    "descriptions": {"role", "contenttype", "value"},
    "bodies": {"role", "contenttype", "charcount", "wordcount", "value"},
    "people": {"name", "rel", "uri", "literal", "contactinfo"},
    "infosources": {"name", "role", "uri", "literal", "contactinfo"},
    "subjects": {"name", "rel", "uri", "literal", "creator", "relevance", "confidence"},
    "genres": {"name", "uri", "literal"},
    "altids": {"role", "value"},
    "renditions": {"name", "href", "contenttype", "title", "height", "width", "sizeinbytes", "duration", "format"},
}
"""Of each array of ninjs 2.1 that we write, what its objects may have; all but renditions and altids of texts here."""


def assert_is_ninjs(item: dict[str, Any]) -> None:
    """Hold `item` to the rules of the standard for all that it has."""
    assert re.match(r"[a-z][a-z0-9+.-]*:\S+$", item["uri"])
    assert set(item) <= {*TEXTS, *MOMENTS, *OBJECTS, "standard", "associations"}
    assert all(isinstance(item[name], str) for name in (TEXTS | MOMENTS) & set(item))
    assert all(datetime.fromisoformat(item[name]).utcoffset() is not None for name in MOMENTS & set(item))
    assert item["type"] in {"text", "picture"}
    assert item.get("representationtype", "full") in {"full", "partial"}
    assert item.get("pubstatus", "usable") in {"usable", "withheld", "canceled"}
    for name in OBJECTS.keys() & item.keys():
        for each in item[name]:
            assert set(each) <= OBJECTS[name]
            assert all(isinstance(value, str) for value in each.values())
    assert all(each["value"] for name in ("headlines", "bodies", "descriptions") for each in item.get(name, []))
    for each in item.get("associations", []):
        assert each["name"]
        assert_is_ninjs(each)


def test_what_is_exported_is_ninjs_and_imports_again(tmp_path: Path) -> None:
    words = {
        "byline": "[Ada Lam, 李明]",
        "agency": "Harbour Wire",
        "source": "The Lantern",
        "section": "World",
        "tags": "[Ferry, 渡輪]",
        "type": "analysis",
        "dateline": "HONG KONG",
        "summary": "In short.",
        "rights": "© Harbour Wire",
        "updated": "2025-02-13",
        "original_url": "https://wire.example/1",
        "corrections": "[It was 3 ships.]",
        "images": "[{src: 'https://wire.example/a.jpg', alt: A pier, caption: The pier, credit: Cara Ho}]",
        "language": "zh-Hant",
    }
    files = {
        "content/a.md": story("First", "2025-02-12 09:30", "Some **words**.", id="not a uri", **words),
        "content/b.md": story("Second", "1998-03"),
        "content/c.md": story("Gone", withdrawn="Wrong."),
    }
    site = archive(tmp_path / "site", files)
    assert site.build().code == 0
    assert site.run("export", str(tmp_path / "items.json"), "--format", "ninjs").code == 0
    items = json.loads((tmp_path / "items.json").read_text())
    for item in items:
        assert_is_ninjs(item)
    by_title = {item["headlines"][0]["value"]: item for item in items}
    assert by_title["Gone"]["pubstatus"] == "canceled"
    assert by_title["First"]["standard"]["version"] == "2.1"

    again = archive(tmp_path / "again", {})
    (tmp_path / "one.json").write_text(json.dumps([by_title["First"]]))
    imported = again.run("import", str(tmp_path / "one.json"))
    assert imported.code == 0, imported.err
    assert again.build().code == 0
    assert again.run("export", str(tmp_path / "again.json"), "--format", "ninjs").code == 0
    item = json.loads((tmp_path / "again.json").read_text())[0]
    for name in by_title["First"].keys() - {"altids", "slugline", "uri"}:
        assert item[name] == by_title["First"][name], name
