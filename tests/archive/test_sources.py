"""What stands in content/: only files are read, each by itself, and nothing passes unsaid."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pictures import picture
from tests.sites import archive, lacking, story

PLACES = ["content/pipe.md", "content/photo.jpg", "static/pipe.txt", "templates/pipe.html", "site.yml"]


@pytest.mark.parametrize("place", PLACES)
def test_a_fifo_never_makes_a_build_wait(tmp_path: Path, place: str) -> None:
    site = archive(tmp_path, {"content/a.md": story(body="![A photo](photo.jpg)"), "static/x.txt": "x", "templates/x.html": "x"})
    (tmp_path / place).unlink(missing_ok=True)
    os.mkfifo(tmp_path / place)
    run = site.build()
    assert run.code in {0, 1, 2}
    if place.startswith("content/pipe"):
        assert "content/pipe.md:1:1: error: is no regular file" in run.err
    elif place.startswith("content/photo"):
        assert "photo.jpg" in run.err
    elif not place.startswith("static"):
        assert "no regular file" in run.err


def test_a_socket_is_named_and_the_others_are_built(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story()})
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(tmp_path / "content")  # a socket's path is short
        try:
            listening.bind("s.md")
        finally:
            os.chdir(here)
        run = site.build("--keep-going")
    assert (run.code, "content/s.md:1:1: error: is no regular file" in run.err) == (1, True)
    assert "2025/02/12/a.html" in site.published()


@pytest.mark.parametrize(("name", "depth", "message"), [("d", 1100, ""), ("d" * 200, 25, "File name too long")])
def test_folders_may_be_nested_deeper_than_calls_and_paths_reach(tmp_path: Path, name: str, depth: int, message: str) -> None:
    site = archive(tmp_path / "site", {"content/a.md": story()})
    here = Path.cwd()
    try:
        os.chdir(site.folder / "content")
        for _ in range(depth):
            Path(name).mkdir()
            os.chdir(name)
        Path("deep.md").write_text(story("Deep", "2025-02-13"))
        os.chdir(here)
        run = site.build("--keep-going")
    finally:
        os.chdir(here)
        subprocess.run(["rm", "-rf", str(site.folder / "content")], check=True)  # deeper than shutil.rmtree reaches
    assert run.code == (1 if message else 0)
    assert message in run.err
    assert "2025/02/12/a.html" in site.published()
    assert ("2025/02/13/deep.html" in site.published()) == (not message)


MERE_MORTAL = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []


@pytest.mark.parametrize("folder", ["content/sub/deep", "static"])
def test_a_folder_that_may_not_be_read_takes_nothing_from_the_site(tmp_path: Path, folder: str) -> None:
    site = archive(tmp_path, {"content/a.md": story(), "content/sub/b.md": story("B"), "content/sub/deep/c.md": story("C")})
    (tmp_path / folder).mkdir(exist_ok=True)
    assert site.build().code == 0
    published = site.published()
    (tmp_path / folder).chmod(0)
    command = [*MERE_MORTAL, sys.executable, "-m", "builder", "-C", str(tmp_path), "build", "--jobs", "1", "--keep-going"]
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        lacking("setpriv is not there")
    finally:
        (tmp_path / folder).chmod(0o700)
    assert f"{folder}:1:1: error: cannot be read: Permission denied" in run.stderr
    assert f"{folder}: cannot be read; the last good site stands" in run.stderr
    assert (run.returncode, site.published() == published) == (3, True)
    assert site.build().code == 0
    assert site.published() == published


def test_files_that_are_no_articles_are_named_by_kind(tmp_path: Path) -> None:
    others = {
        f"content/{name}": "words" for name in ("b.txt", "a.txt", "sub/c.TXT", "old.mdown", "export.xml", "memo.docx", "x.rst")
    }
    site = archive(tmp_path, {"content/a.md": story(), "content/photo.jpg": b"x", **others})
    run = site.build()
    assert run.code == 0
    lines = [line for line in run.err.splitlines() if "not read as articles" in line]
    assert len(lines) == 5
    assert (
        "content/a.txt:1:1: warning: one of 3 .txt files, which are not read as articles: if they are Markdown, rename" in run.err
    )
    assert "content/export.xml:1:1: warning: a .xml file, which is not read as articles: `morgue import`" in run.err
    assert "photo.jpg" not in run.err


def test_check_prints_json_and_a_report_has_every_count(tmp_path: Path) -> None:
    site = archive(
        tmp_path, {"content/a.md": story(), "content/b.md": story("B", draft="true"), "content/c.md": "---\ndate: 1\n---\n"}
    )
    run = site.run("check", "--json")
    assert run.code == 1
    problems = json.loads(run.out)["problems"]
    assert {problem["path"] for problem in problems} == {"content/c.md"}
    assert problems[0].keys() == {"path", "line", "column", "severity", "field", "message"}
    for flags, published in (([], False), (["--keep-going"], True)):
        assert site.build("--report", str(tmp_path / "report.json"), *flags).code == 1
        report = json.loads((tmp_path / "report.json").read_text())
        assert (report["articles"], report["held"], report["published"]) == (1, 1, published)


def test_a_large_picture_is_published_as_it_is_in_little_memory(tmp_path: Path) -> None:
    data = picture() + os.urandom(1 << 20) * 20
    site = archive(tmp_path, {"content/a.md": story(body="![A photo](photo.jpg)"), "content/photo.jpg": data})
    assert site.build().code == 0
    published = site.published()
    assert [value for path, value in published.items() if path.startswith("media/")] == [data]
    assert site.build("--clean").code == 0
    assert site.published() == published
