"""ninjs: items are what the standard asks for, and come back in by `morgue import`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from builder.base.yaml_parsing import parse
from tests.sites import archive, story
from tests.validators.ninjs import faults


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
        assert list(faults(item)) == []
        assert all(each["value"] for name in ("headlines", "bodies", "descriptions") for each in item.get(name, []))
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
    for name in by_title["First"].keys() - {"altids", "slugline"}:
        assert item[name] == by_title["First"][name], name


@pytest.mark.parametrize(
    ("id_", "src"),
    [
        ("tag:quay.example,2019:渡輪", "https://wire.example/渡輪 1.jpg"),
        ("100% ours", "https://wire.example/50%.jpg"),
        ("urn:x-quay:a%20b", "https://wire.example/a%20b.jpg?w=1&h=[2]"),
        ('"<quoted>"', "https://wire.example/a|b.jpg"),
    ],
)
def test_ids_and_addresses_of_any_kind_become_uris_and_ids_come_back(tmp_path: Path, id_: str, src: str) -> None:
    text = story(
        "First", id=json.dumps(id_, ensure_ascii=False), images=json.dumps([{"src": src, "alt": "A pier"}], ensure_ascii=False)
    )
    site = archive(tmp_path / "site", {"content/a.md": text})
    assert site.build().code == 0
    assert site.run("export", str(tmp_path / "items.json"), "--format", "ninjs").code == 0
    (item,) = json.loads((tmp_path / "items.json").read_text())
    assert list(faults(item)) == []
    again = archive(tmp_path / "again", {})
    assert again.run("import", str(tmp_path / "items.json")).code == 0
    (file,) = (again.folder / "content").rglob("*.md")
    assert parse(file.read_text(encoding="utf-8").split("---\n")[1], [])["id"] == id_


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"uri": "no uri"}, "$.uri"),
        ({"uri": None}, "$.uri"),
        ({"pubStatus": "usable"}, "$"),
        ({"pubstatus": "cancelled"}, "$.pubstatus"),
        ({"type": "article"}, "$.type"),
        ({"urgency": 0}, "$.urgency"),
        ({"versioncreated": "2025-02-12"}, "$.versioncreated"),
        ({"headlines": ["A headline"]}, "$.headlines[0]"),
        ({"bodies": [{"contenttype": "text/plain"}]}, "$.bodies[0]"),
        ({"associations": [{"uri": "urn:x:1", "type": "picture"}]}, "$.associations[0]"),
        (
            {"associations": [{"name": "a", "uri": "urn:x:1", "renditions": [{"name": "b", "width": "800"}]}]},
            "$.associations[0].renditions[0].width",
        ),
        ({"subjects": [{"name": "a", "confidence": 101}]}, "$.subjects[0].confidence"),
    ],
)
def test_the_rules_of_the_standard_refuse_what_it_has_not(change: dict[str, Any], place: str) -> None:
    item = {"uri": "urn:x:1", "type": "text", "headlines": [{"value": "A headline"}]}
    assert list(faults(item)) == []
    assert [fault.partition(": ")[0] for fault in faults(item | change)] == [place]


def test_an_export_is_checked_from_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "items.json").write_text(json.dumps([{"uri": "urn:x:1"}, {"headline": "x"}]))
    command = [sys.executable, "-m", "tests.validators.ninjs", str(tmp_path / "items.json")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr.count("2: $: ")) == (1, 2)
