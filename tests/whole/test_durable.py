"""What commands write into an archive is on the disk before it takes the place of what was there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.sites import archive, story

PASTED = (
    "A new pier\n\nBy Ana Bako\n\nHARBOUR, Jan 3 2021 (Harbour Wire) - It opened this morning, and three ships came to see it.\n"
)


@pytest.mark.parametrize(
    ("commands", "changed"),
    [
        ([["new", "A story of mine"]], ["content/"]),
        ([["fix", "--yes"]], ["content/a.md"]),
        ([["import", "PASTED", "--jobs", "1"]], ["content/"]),
        ([["build", "--jobs", "1"]], ["addresses.txt"]),
        ([["build", "--jobs", "1"], ["withdraw", "content/a.md", "--reason", "Wrong."]], ["addresses.txt", "content/a.md"]),
        ([["release", "First"]], ["releases.yml"]),
        ([["build", "--jobs", "1"], ["remove", "content/a.md", "--yes", "--reason", "other"]], ["removals.yml"]),
    ],
    ids=lambda value: value[-1][0] if isinstance(value[0], list) else "",
)
def test_a_file_of_the_archive_is_synced_before_it_is_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commands: list[list[str]], changed: list[str]
) -> None:
    site = archive(tmp_path / "site", {"content/a.md": story(), "content/b.md": story("Two")})
    (tmp_path / "pasted.txt").write_text(PASTED, encoding="utf-8")
    synced: set[tuple[int, int]] = set()
    in_place: dict[str, bool] = {}
    sync = os.fsync

    def fsync(descriptor: int) -> None:
        sync(descriptor)
        status = os.fstat(descriptor)
        synced.add((status.st_ino, status.st_size))

    def watch(name: str) -> None:
        original = getattr(os, name)

        def rename(source: str, target: str, **options: object) -> None:
            status = os.stat(source)  # noqa: PTH116 (a path or a text)
            path = os.path.relpath(target, site.folder)
            if not path.startswith((".morgue", "public")):
                in_place[path] = in_place.get(path, True) and (status.st_ino, status.st_size) in synced
            original(source, target, **options)

        monkeypatch.setattr(os, name, rename)

    monkeypatch.setattr(os, "fsync", fsync)
    watch("replace")
    watch("rename")
    for command in commands:
        run = site.run(*(str(tmp_path / "pasted.txt") if part == "PASTED" else part for part in command))
        assert run.code == 0, run
    assert in_place and all(in_place.values()), in_place
    for path in changed:
        assert any(each.startswith(path) for each in in_place), in_place
