"""The data files of a year: an edit makes a part of them anew, and they are those of a clean build."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest

from builder.formats import records
from tests.sites import SITE, archive, settle, story


def test_an_edit_reads_a_few_articles_of_its_year_and_the_files_are_those_of_a_clean_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builder.render.data_files.CHUNK_ARTICLES", 4)
    files = {f"content/{number}.md": story(f"Story {number}", f"2024-05-{number + 1:02}", id=f"id{number}") for number in range(28)}
    site = archive(tmp_path, {"site.yml": SITE + "data: full\n", **files})
    assert site.build("--jobs", "1").code == 0
    read: list[str] = []
    read_body = records.read_body

    def note(file: str) -> str:
        read.append(Path(file).stem)
        return read_body(file)

    monkeypatch.setattr(records, "read_body", note)
    changes: list[dict[str, str | bytes | None]] = [
        {"content/7.md": story("Story 7", "2024-05-08", "Another text.", id="id7")},
        {"content/7.md": None},
        {"content/new.md": story("New", "2024-05-20", id="new")},
        {"public/data/2024.csv.gz": b"damaged", "content/9.md": story("Retitled", "2024-05-10", id="id9")},
        {"site.yml": SITE + "data: full\nsources: {The Lantern: {data: none}}\n"},
    ]
    for change in changes:
        settle(site)
        read.clear()
        assert site.write(change).build("--jobs", "1").code == 0
        if not {"site.yml", "public/data/2024.csv.gz"} & change.keys():
            assert 0 < len(set(read)) < 20, read
        incremental = site.published()
        shutil.rmtree(tmp_path / ".morgue")
        shutil.rmtree(tmp_path / "public")
        assert site.build("--jobs", "1").code == 0
        assert site.published() == incremental
    rows = [json.loads(line) for line in gzip.decompress(incremental["data/2024.jsonl.gz"]).splitlines()]
    assert [row["id"] for row in rows][-2:] == ["id26", "id27"] and "Retitled" in {row["title"] for row in rows}
