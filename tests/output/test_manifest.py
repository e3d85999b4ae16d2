"""What is ours in the output folder is written in it: articles that are gone leave the site whatever else is lost or moved."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.sites import Archive, archive, story

GONE = "2025/02/13/b.html"


@pytest.fixture
def site(tmp_path: Path) -> Archive:
    stories = {"content/a.md": story("A", tags="[ferry]"), "content/b.md": story("B", "2025-02-13", tags="[tram, C++]")}
    made = archive(tmp_path / "site", stories)
    assert made.build().code == 0
    return made


def clean(site: Archive) -> dict[str, bytes]:
    """What a clean build of the same sources publishes, in another place."""
    copy = Archive(site.folder.parent / "clean")
    shutil.copytree(site.folder, copy.folder, ignore=shutil.ignore_patterns("public", ".morgue"))
    assert copy.build().code == 0
    return copy.published()


def test_the_manifest_names_every_other_file_with_its_checksum(site: Archive) -> None:
    files = site.published()
    text = files.pop("manifest-sha512.txt").decode()
    assert text == "".join(f"{hashlib.sha512(data).hexdigest()}  {path}\n" for path, data in sorted(files.items()))
    if shutil.which("sha512sum"):
        command = ["sha512sum", "--check", "--quiet", "--strict", "manifest-sha512.txt"]
        subprocess.run(command, cwd=site.folder / "public", check=True)


def test_it_follows_an_edit_and_is_left_alone_where_nothing_changed(site: Archive) -> None:
    before = (site.folder / "public/manifest-sha512.txt").stat().st_mtime_ns
    assert site.build().code == 0
    assert (site.folder / "public/manifest-sha512.txt").stat().st_mtime_ns == before
    site.write({"content/a.md": story("A", body="Other words.", tags="[ferry]")})
    assert site.build().code == 0
    assert site.published() == clean(site)


@pytest.mark.parametrize("text", [b"", b"no manifest\n", b"\xff\xfe", None])
def test_a_damaged_or_missing_manifest_is_made_again(site: Archive, text: bytes | None) -> None:
    before = site.published()
    site.write({"public/manifest-sha512.txt": text})
    assert site.build().code == 0
    assert site.published() == before


@pytest.mark.parametrize("loss", ["state", "moved", "moved without state", "home page and state", "clean"])
def test_an_article_that_is_gone_leaves_the_site_whatever_is_lost(site: Archive, loss: str) -> None:
    if "state" in loss:
        shutil.rmtree(site.folder / ".morgue")
    if "home page" in loss:
        site.write({"public/index.html": None})
    if "moved" in loss:
        site.folder.rename(site.folder.parent / "elsewhere")
        site = Archive(site.folder.parent / "elsewhere")
    site.write({"content/b.md": None})
    assert site.build(*(["--clean"] if loss == "clean" else [])).code == 0
    found = site.published()
    assert GONE not in found
    assert "tags/tram/index.html" not in found
    assert not (site.folder / "public/2025/02/13").exists()
    assert found == clean(site)


def test_nothing_outside_the_output_folder_is_removed_whatever_the_manifest_says(site: Archive, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mine.txt").write_text("mine")
    (site.folder / "public/link").symlink_to(outside)
    paths = [
        "../site.yml",
        "../content/a.md",
        "link/mine.txt",
        str(outside / "mine.txt"),
        "a/../../site.yml",
        "",
        ".",
        "..",
        "x" * 300,
    ]
    lines = "".join(f"{'0' * 128}  {path}\n" for path in paths)
    with (site.folder / "public/manifest-sha512.txt").open("a") as file:
        file.write(lines)
    shutil.rmtree(site.folder / ".morgue")
    assert site.build().code == 0
    assert (site.folder / "site.yml").exists()
    assert (site.folder / "content/a.md").exists()
    assert (outside / "mine.txt").read_text() == "mine"


def test_a_bag_s_manifest_makes_nothing_ours(tmp_path: Path) -> None:
    data = b"someone's record"
    site = archive(tmp_path, {"content/a.md": story(), "bag/data/record.txt": data})
    site.write({"bag/manifest-sha512.txt": f"{hashlib.sha512(data).hexdigest()}  data/record.txt\n"})
    run = site.build("--output", "bag")
    assert (run.code, "manifest-sha512.txt" in run.err) == (3, True)
    assert site.published("bag").keys() == {"data/record.txt", "manifest-sha512.txt"}


@pytest.mark.parametrize(
    "output", ["originals", "seals/new", "content/site", ".git/site", ".morgue", ".morgue/site", "static", ".", ".."]
)
def test_no_site_is_published_among_its_sources(site: Archive, output: str) -> None:
    assert site.build("--output", output).code == 2
