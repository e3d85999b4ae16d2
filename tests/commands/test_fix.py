"""`morgue fix`: harmless repairs, shown before they are written."""

from __future__ import annotations

from pathlib import Path

from tests.sites import archive

TEXT = "---\ndate: 2025-02-12   # by hand\n---\n# A ferry\n\nIt\u0007 came.\n"


def test_it_shows_every_change_and_writes_when_told_to(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": TEXT, "content/wrong.md": "---\ntitle: [\n---\n"})
    asked = site.run("fix", stdin="n\n")
    assert "Write these changes to 1 file?" in asked.out
    assert (tmp_path / "content/a.md").read_text() == TEXT
    run = site.run("fix", "--yes")
    assert (run.code, run.out.splitlines()[-1]) == (0, "1 file written.")
    assert "+title: A ferry" in run.out
    assert "\u0007" not in run.out
    fixed = (tmp_path / "content/a.md").read_text()
    assert "date: 2025-02-12   # by hand\n" in fixed
    assert "title: A ferry\n" in fixed and "id: " in fixed and "\u0007" not in fixed
    assert (tmp_path / "content/wrong.md").read_text() == "---\ntitle: [\n---\n"
    assert site.run("fix").out == "Nothing to repair.\n"
