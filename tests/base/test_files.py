"""Files whole or not at all, walks in one order, and names that could do harm as they can be printed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from builder.base import files


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_whole_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.txt"
    files.write_whole(path, b"old")
    path.chmod(0o640)
    files.write_whole(path, b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o640)
    assert names(path.parent) == ["b.txt"]


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "inner").write_bytes(b"")
    with pytest.raises(OSError):
        files.write_whole(tmp_path / "a", b"a folder stands there")
    assert names(tmp_path) == ["a"]


def test_a_walk_is_in_the_order_of_paths_and_leaves_dot_files_out(tmp_path: Path) -> None:
    for name in ("b.md", "a/z.md", "a/.hidden.md", ".git/x.md", "c.txt", "a-b.md"):
        files.write_whole(tmp_path / name, b"")
    others: list[str] = []
    assert [entry.path for entry in files.walk(tmp_path, (".md",), others)] == ["a/z.md", "a-b.md", "b.md"]
    assert others == ["c.txt"]


def test_links_out_of_the_folder_are_told_and_not_followed(tmp_path: Path) -> None:
    files.write_whole(tmp_path / "secret.md", b"")
    files.write_whole(tmp_path / "site" / "a.md", b"")
    (tmp_path / "site" / "b.md").symlink_to(tmp_path / "secret.md")
    (tmp_path / "site" / "round").symlink_to(tmp_path / "site")
    assert [(entry.path, entry.is_outside) for entry in files.walk(tmp_path / "site")] == [
        ("a.md", False),
        ("b.md", True),
        ("round", True),
    ]


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError):
        files.read_regular(tmp_path / "pipe")


def test_a_file_above_the_limit_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert files.read_regular(tmp_path / "a", 5) == b"12345"
    with pytest.raises(OSError):
        files.read_regular(tmp_path / "a", 4)


def test_parts_of_a_digest_are_kept_apart() -> None:
    assert files.digest("ab", "c") != files.digest("a", "bc") != files.digest("abc")
    assert files.digest("é") == files.digest("é".encode())


def test_a_name_moves_no_cursor_and_forges_no_line() -> None:
    assert files.printable("a\x1b[2Jb\nc") == files.printable("a\x1b[2Jb\nc").strip()
    assert not set("\x1b\n") & set(files.printable("a\x1b[2Jb\nc"))
    assert files.printable("海港.md") == "海港.md"


def test_a_removed_file_takes_the_folders_that_it_leaves_empty_with_it(tmp_path: Path) -> None:
    files.write_whole(tmp_path / "top/a/b/c.txt", b"")
    files.write_whole(tmp_path / "top/a/d.txt", b"")
    files.remove(tmp_path / "top/a/b/c.txt", tmp_path / "top")
    assert names(tmp_path / "top/a") == ["d.txt"]
    files.remove(tmp_path / "top/a/d.txt", tmp_path / "top")
    assert names(tmp_path / "top") == []
