"""An import's memory does not grow with its stories, and articles are written together, each whole."""

from __future__ import annotations

import json
import tracemalloc
from io import StringIO
from pathlib import Path

import pytest

from builder.base.file_batch import FileBatch
from builder.base.urls import slugify
from builder.importers.report import ImportReport
from builder.importers.story import Story
from builder.importers.writer import Writer

FEW, MANY = 300, 1_200


def story(number: int) -> Story:
    made = Story(0, f"export.xml item {number}", number)
    made.values = {
        "title": f"Ferry number {number} leaves the pier late", "date": "2020-03-05", "id": f"https://quay.example/?p={number}",
        "original_url": f"https://quay.example/2020/03/ferry-number-{number}/", "captured_sha256": f"{number:064x}",
        "aliases": [f"/2020/03/ferry-number-{number}/"],
    }  # fmt: skip
    made.markdown = f"The pier {number} stays closed until summer, the harbour master said. " * 10
    made.cut_out("share-links", f"Share ferry number {number} with your friends and with those of your friends")
    return made


def test_what_stays_in_memory_does_not_grow_with_the_stories(tmp_path: Path) -> None:
    report = ImportReport()
    report.row("export.xml", "wxr")
    sizes = {}
    tracemalloc.start()
    try:
        with Writer(tmp_path / "content", "", dry_run=True) as writer:
            for number in range(1, MANY + 1):
                made = story(number)
                report.count(made, writer.put(made))
                if number in {FEW, MANY}:
                    slugify.cache_clear()  # it has a bound of its own
                    sizes[number] = tracemalloc.get_traced_memory()[0]
            assert writer.put(story(7)).path == writer.put(story(7)).path
    finally:
        tracemalloc.stop()
    assert report.rows[0].written == MANY
    assert (sizes[MANY] - sizes[FEW]) / (MANY - FEW) < 150  # bytes a story: a dictionary of keys alone has more
    out = StringIO()
    report.write_json(out)
    data = json.loads(out.getvalue())
    assert [entry["source"] for entry in data["stories"]] == [f"export.xml item {number}" for number in range(1, MANY + 1)]
    assert f"share-links {MANY:,}" in "\n".join(report.lines())


def test_files_of_a_batch_are_in_their_places_when_it_is_full_and_at_its_end(tmp_path: Path) -> None:
    def there() -> list[str]:
        return sorted(file.name for file in tmp_path.rglob("*") if file.is_file() and not file.name.startswith("."))

    batch = FileBatch(3)
    for name in "ab":
        batch.write(tmp_path / name / f"{name}.md", name.encode())
    assert there() == []
    assert tmp_path / "a" / "a.md" in batch
    batch.write(tmp_path / "c.md", b"c")
    assert there() == ["a.md", "b.md", "c.md"]
    batch.write(tmp_path / "d.md", b"first")
    batch.write(tmp_path / "d.md", b"second")
    batch.finish()
    assert (tmp_path / "d.md").read_bytes() == b"second"
    assert not list(tmp_path.rglob(".*"))


def test_a_batch_that_cannot_be_finished_leaves_whole_files_only(tmp_path: Path) -> None:
    batch = FileBatch()
    batch.write(tmp_path / "a.md", b"a")
    batch.write(tmp_path / "b.md", b"b")
    batch.write(tmp_path / "c.md", b"c")
    (tmp_path / "b.md").mkdir()
    with pytest.raises(OSError, match=r"b\.md"):
        batch.finish()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.md", "b.md"]
    assert (tmp_path / "a.md").read_bytes() == b"a"


def test_an_import_that_ends_early_keeps_what_was_written(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), Writer(tmp_path / "content", "") as writer:
        placed = writer.put(story(1))
        raise KeyboardInterrupt
    assert [file.relative_to(tmp_path / "content").as_posix() for file in tmp_path.rglob("*") if file.is_file()] == [placed.path]
