"""Markdown extensions: those that are installed run, and no Python of an archive's folder or the current one ever does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from builder.base.version import PROGRAM_FOLDER
from tests.sites import SITE, Archive, archive, story

EVIL = """
from pathlib import Path
Path(__file__).with_name("ran").touch()
from markdown.extensions import Extension
class Evil(Extension):
    def extendMarkdown(self, md):
        pass
def makeExtension(**settings):
    return Evil(**settings)
"""
METADATA = "Metadata-Version: 2.1\nName: evil\nVersion: 1\n"
POINTS = "[markdown.extensions]\nnice = evil:makeExtension\n"
FORMS = [
    ("evil", {"evil.py": EVIL}),
    ("evil:Evil", {"evil.py": EVIL}),
    ("evil", {"evil/__init__.py": EVIL}),
    ("evil.words", {"evil/__init__.py": EVIL, "evil/words.py": EVIL}),
    ("evil.words", {"evil/words.py": EVIL}),
    ("nice", {"evil.py": EVIL, "evil-1.dist-info/METADATA": METADATA, "evil-1.dist-info/entry_points.txt": POINTS}),
]


def evil_archive(folder: Path, name: str, files: dict[str, str]) -> Archive:
    """An archive that asks for the extension `name`, beside `files`."""
    return archive(folder, {"site.yml": f"{SITE}markdown: ['{name}']\n", "content/a.md": story(), **files})


def python(folder: Path, *arguments: str, path: str = "") -> subprocess.CompletedProcess[str]:
    """Run Python in `folder`, which finds the program and what lies in `path`."""
    search_path = os.pathsep.join(filter(None, [str(PROGRAM_FOLDER.parent), path]))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"} | {"PYTHONPATH": search_path}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(("name", "files"), FORMS, ids=[f"{name} {len(files)}" for name, files in FORMS])
def test_an_extension_in_the_folder_of_the_archive_is_an_error_and_never_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, files: dict[str, str]
) -> None:
    site = evil_archive(tmp_path, name, files)
    monkeypatch.syspath_prepend(str(tmp_path))  # as far as anyone can go who asks for it
    run = site.build()
    assert run.code == 2
    assert run.err.startswith(f'site.yml:4:1: error: markdown: "{name}" is not run: {tmp_path}')
    assert not list(tmp_path.rglob("ran"))
    assert "evil" not in sys.modules


def test_an_extension_in_the_current_folder_is_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = archive(tmp_path / "site", {"site.yml": f"{SITE}markdown: [evil]\n", "content/a.md": story()})
    (tmp_path / "evil.py").write_text(EVIL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    run = site.run("check")
    assert (run.code, '"evil" is not run' in run.err + run.out) == (2, True)
    assert not (tmp_path / "ran").exists()


def test_python_m_does_not_look_in_the_current_folder(tmp_path: Path) -> None:
    evil_archive(tmp_path, "evil", {"evil.py": EVIL, "yaml.py": EVIL, "click.py": EVIL, "markdown/__init__.py": EVIL})
    run = python(tmp_path, "-m", "builder", "check")
    assert run.returncode == 2
    assert 'site.yml:4:1: error: markdown: "evil" is no Markdown extension that is installed' in run.stdout + run.stderr
    assert not list(tmp_path.rglob("ran"))


def test_worker_processes_do_not_look_in_the_current_folder(tmp_path: Path) -> None:
    script = tmp_path / "program/work.py"
    work = "    with WorkerPool(2) as pool:\n        print(*pool.run(len, [[1], [2, 3], []]))\n"
    files = dict.fromkeys(("pickle.py", "multiprocessing/__init__.py", "struct.py"), EVIL)
    archive(tmp_path / "current", files)
    archive(script.parent, {script.name: f"from builder.parallel.pool import WorkerPool\n\nif __name__ == '__main__':\n{work}"})
    run = python(tmp_path / "current", str(script))
    assert (run.stdout, run.stderr) == ("1 2 0\n", "")
    assert not list(tmp_path.rglob("ran"))


def test_an_installed_extension_runs_where_the_environment_lies_in_the_folder_of_the_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / ".venv/lib/site-packages"
    site = evil_archive(tmp_path, "well_known", {".venv/lib/site-packages/well_known.py": EVIL})
    monkeypatch.setattr("site.getsitepackages", lambda: [str(installed)])
    monkeypatch.syspath_prepend(str(installed))
    assert site.build().code == 0
    assert (installed / "ran").exists()
