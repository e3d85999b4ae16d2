"""`morgue import` at the command line: the editor for a paste, and a report that cannot be written."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from builder.commands import import_
from tests.sites import Archive, archive


def editor(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have EDITOR run a shell script, whose first argument is the file to edit."""
    file = folder / "editor"
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(import_, "_has_terminal", lambda: True)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(file))


def articles(there: Archive) -> list[Path]:
    return list((there.folder / "content").rglob("*.md"))


@pytest.mark.skipif(os.name != "posix", reason="the editor is a shell script")
@pytest.mark.parametrize(
    "text",
    [
        "The harbour opened\\nBy Ada Lam\\n\\nIt was late by a year.",
        "It was late by a year.\\r\\n",
        "The caf\\351 by the pier opened, late by a year.",
    ],
)
def test_what_is_pasted_into_the_editor_comes_in(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    editor(tmp_path, f'cp "$1" "$1.old"; printf \'{text}\' > "$1"; cat "$1.old" >> "$1"; rm "$1.old"', monkeypatch)
    there = archive(tmp_path / "a", {})
    run = there.run("import", "--paste", "--jobs", "1")
    assert run.code == 0, run.err
    (article,) = articles(there)
    assert "Paste the story" not in article.read_text(encoding="utf-8")
    assert ("The café by the pier opened" if "351" in text else "It was late by a year.") in article.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["false", "/nowhere/ed", "ed 'x"])
def test_an_editor_that_fails_or_is_not_there_is_told(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_, "_has_terminal", lambda: True)
    monkeypatch.setenv("VISUAL", name)
    there = archive(tmp_path / "a", {})
    run = there.run("import", "--paste", "--jobs", "1")
    assert run.code == 3
    assert run.err.startswith("--paste: no text came from the editor (")
    assert "nothing was imported" in run.err
    assert len(run.err.strip().split("\n")) == 1
    assert not articles(there)


@pytest.mark.skipif(os.name != "posix", reason="the editor is a shell script")
def test_an_editor_that_is_closed_without_a_paste_is_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor(tmp_path, ":", monkeypatch)
    there = archive(tmp_path / "a", {})
    run = there.run("import", "--paste", "--jobs", "1")
    assert (run.code, "nothing was pasted" in run.err) == (2, True)


@pytest.mark.skipif(os.name != "posix", reason="the editor is a command of the shell")
def test_without_a_terminal_no_editor_opens(tmp_path: Path) -> None:
    there = archive(tmp_path / "a", {})
    command = [sys.executable, "-m", "builder", "-C", str(there.folder), "import", "--paste"]
    done = subprocess.run(
        command,
        env={**os.environ, "VISUAL": "sleep 50"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--paste: opens an editor, which needs a terminal; import the text as a file, or from standard input" in done.stderr
    assert not articles(there)


@pytest.mark.parametrize("place", ["gone/report.json", "file/report.json"])
def test_a_report_that_cannot_be_written_stops_before_the_import(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "paste.txt").write_text("The harbour opened. It was late.\n", encoding="utf-8")
    there = archive(tmp_path / "a", {})
    run = there.run("import", str(tmp_path / "paste.txt"), "--report", str(tmp_path / place), "--jobs", "1")
    assert (run.code, run.out) == (2, "")
    assert "cannot be written" in run.err
    assert "nothing was imported" in run.err
    assert not articles(there)


def test_a_report_that_is_there_stays_where_the_import_cannot_be_done(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    there = archive(tmp_path / "a", {})
    for before in (None, "{}\n"):
        if before:
            report.write_text(before, encoding="utf-8")
        run = there.run("import", "--kind", "nothing", str(tmp_path), "--report", str(report), "--jobs", "1")
        assert run.code == 2
        assert (report.read_text(encoding="utf-8") if report.exists() else None) == before
