"""Changes to a folder: all of them, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.output.transaction import Transaction


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "public/a").mkdir(parents=True)
    (tmp_path / "public/a/old.html").write_text("old")
    (tmp_path / "public/gone.html").write_text("gone")
    (tmp_path / "staged").write_text("new")
    (tmp_path / "other").write_text("other")
    return tmp_path


def content(folder: Path) -> dict[str, str]:
    public = folder / "public"
    return {path.relative_to(public).as_posix(): path.read_text() for path in public.rglob("*") if path.is_file()}


def change(folder: Path) -> None:
    with Transaction(folder / "public", folder / "public/backups") as transaction:
        transaction.put(str(folder / "staged"), "a/old.html")
        transaction.make_folder("b")
        transaction.put(str(folder / "other"), "b/new.html")
        assert transaction.remove("gone.html")
        assert not transaction.remove("never-there.html")
        if (folder / "fail").exists():
            raise KeyboardInterrupt


def test_all_changes_are_there_at_the_end(folder: Path) -> None:
    change(folder)
    assert content(folder) == {"a/old.html": "new", "b/new.html": "other"}


def test_none_is_where_the_block_ends_by_an_exception(folder: Path) -> None:
    before = content(folder)
    (folder / "fail").touch()
    with pytest.raises(KeyboardInterrupt):
        change(folder)
    assert content(folder) == before
