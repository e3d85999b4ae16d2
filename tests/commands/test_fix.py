"""`morgue fix`: harmless repairs, shown before they are written."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.sites import SITE, archive

NAMED = ("gone", "latin", "pages/about", "undated", "yaml")
TEXT = "---\ndate: 2025-02-12   # by hand\n---\n# A ferry\n\nIt\u0007 came.\n"


def test_it_shows_every_change_and_writes_when_told_to(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": TEXT, "content/wrong.md": "---\ntitle: [\n---\n"})
    asked = site.run("fix", stdin="n\n")
    assert "Write these changes to 1 file?" in asked.out
    assert (tmp_path / "content/a.md").read_text() == TEXT
    run = site.run("fix", "--yes")
    assert (run.code, run.out.splitlines()[-1]) == (1, "1 file written.")
    assert "+title: A ferry" in run.out
    assert "\u0007" not in run.out
    fixed = (tmp_path / "content/a.md").read_text()
    assert "date: 2025-02-12   # by hand\n" in fixed
    assert "title: A ferry\n" in fixed and "id: " in fixed and "\u0007" not in fixed
    assert (tmp_path / "content/wrong.md").read_text() == "---\ntitle: [\n---\n"
    assert site.run("fix").out == "Nothing that can be repaired here.\n"
    site.write({"content/wrong.md": None})
    again = site.run("fix")
    assert (again.code, again.out, again.err) == (0, "Nothing to repair.\n", "")


def test_what_stays_broken_or_out_of_reach_is_named(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "site.yml": SITE + "pages: pages\n",
            "content/pages/about.md": "---\nmenu: perhaps\n---\nWords.\n",
            "content/undated.md": "---\ntitle: Ferry\n---\nWith \u0007 a bell.\n",
            "content/latin.md": "---\ntitle: Caf\u00e9\n---\n".encode("latin-1"),
            "content/yaml.md": "---\ntitle: [\n---\n",
            "content/gone.md": "",
        },
    )
    (tmp_path / "content/gone.md").unlink()
    (tmp_path / "content/gone.md").symlink_to("nowhere")
    run = site.run("fix", "--yes")
    assert (run.code, run.out.splitlines()[-1]) == (1, "1 file written.")
    errors = [line for line in run.err.splitlines() if ": error: " in line]
    assert [line.partition(":")[0] for line in errors] == sorted(f"content/{name}.md" for name in NAMED)
    assert run.err.splitlines()[-1] == "5 files with errors have to be mended by hand."
    assert "\u0007" not in (tmp_path / "content/undated.md").read_text()
    assert [line for line in site.run("check").out.splitlines() if ": error: " in line] == errors, "as check has them"


def test_without_its_content_there_is_nothing_to_say_but_that(tmp_path: Path) -> None:
    site = archive(tmp_path, {})
    run = site.run("fix", "--yes")
    assert (run.code, "content: not found" in run.err) == (2, True)


@contextmanager
def without_rights() -> Iterator[None]:
    """Let the block run as nobody, where it is root's, who may write everywhere."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="a system with other rights")
def test_in_a_folder_that_may_not_be_written_there_is_one_plain_line() -> None:
    folder = Path(tempfile.mkdtemp(prefix="morgue-fix-"))  # pytest's own folders are open to nobody else
    try:
        folder.chmod(0o755)
        site = archive(folder, {"content/a.md": TEXT, "content/b.md": TEXT})
        assert site.run("fix", stdin="n\n").code == 0  # what it imports lies where nobody may read
        (folder / "content").chmod(0o555)
        with without_rights():
            run = site.run("fix", "--yes")
        assert run.code == 3
        reason = "cannot be written: Permission denied; no file was changed; see who may write there, and run it again"
        assert run.err == f"{folder}/content/a.md: {reason}\n"
        assert (folder / "content/a.md").read_text() == TEXT
        (folder / "content/a.md").chmod(0)
        with without_rights():
            run = site.run("fix", "--yes")
        assert f"{folder}/content/b.md: cannot be written" in run.err
        (folder / "content").chmod(0)
        with without_rights():
            run = site.run("fix", "--yes")
        assert run.code == 3
        assert run.err == f"{folder}/content: cannot be read: Permission denied; see who may read there\n"
    finally:
        (folder / "content").chmod(0o755)
        shutil.rmtree(folder)
