"""What stands in the place of a folder beside content/ is named, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sites import archive, story


@pytest.mark.parametrize("name", ["static", "templates", "originals"])
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.write_text("x"), "is not a folder"),
        (lambda path: path.symlink_to("/nowhere/at/all"), "is a link to what is not there"),
        (lambda path: path.symlink_to(path.parent / "site.yml"), "is not a folder"),
    ],
)
def test_what_is_no_folder_where_one_is_read_is_an_error_at_its_name(
    tmp_path: Path, name: str, make: Callable[[Path], None], message: str
) -> None:
    site = archive(tmp_path, {"content/a.md": story()})
    make(tmp_path / name)
    run = site.run("check")
    assert (run.code, f"{name}:1:1: error: {message}" in run.out + run.err) == (1, True)


def test_a_folder_in_other_capitals_is_named_and_the_right_one_is_not(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(), "Static/x.css": "", "templates/x.txt": "", "Templates/x.txt": ""})
    (tmp_path / "other").mkdir()
    (tmp_path / "originals").symlink_to(tmp_path / "other")
    run = site.build()
    assert run.code == 0
    assert [line.split(":")[0] for line in run.err.splitlines() if " warning: is not read" in line] == ["Static"]


@pytest.mark.parametrize("path", ["addresses.txt", "removals.yml", "releases.yml", "site.yml"])
def test_a_folder_in_the_place_of_a_file_is_called_a_folder(tmp_path: Path, path: str) -> None:
    site = archive(tmp_path, {"content/a.md": story()})
    (tmp_path / path).unlink(missing_ok=True)
    (tmp_path / path).mkdir()
    run = site.build()
    assert run.code in {2, 3}
    assert f"{path}: cannot be read: is a folder, not a file" in run.err


def test_a_folder_of_originals_that_is_out_of_reach_is_an_error_and_the_published_ones_stay(tmp_path: Path) -> None:
    digest = "ab" + "0" * 62
    site = archive(tmp_path, {"content/a.md": story(captured_sha256=digest), f"originals/ab/{digest}": "captured"})
    assert site.build().code == 0
    (tmp_path / "originals/ab").rename(tmp_path / "away")
    (tmp_path / "originals/ab").symlink_to("/nowhere/at/all")
    for option in ((), ("--keep-going",)):
        run = site.build(*option)
        assert run.code in {1, 3} and "originals/ab:1:1: error: cannot be read" in run.err
    assert f"originals/{digest}.bin" in site.published()


def test_what_is_no_file_in_the_place_of_an_original_is_named_at_its_digest(tmp_path: Path) -> None:
    digest = "cd" + "0" * 62
    site = archive(tmp_path, {"content/a.md": story(captured_sha256=digest)})
    (tmp_path / f"originals/cd/{digest}").mkdir(parents=True)
    run = site.build()
    assert f"content/a.md:4:1: warning: captured_sha256: the captured file originals/cd/{digest} is no regular file" in run.err
    assert run.code == 0


@pytest.mark.parametrize(
    ("path", "make", "message"),
    [
        ("static/photos", lambda path: path.symlink_to(path.parents[2]), "is a link to a folder, out of this one"),
        ("static/a.pdf", lambda path: path.symlink_to(path.parents[1] / "site.yml"), "is a link to a folder, out of this one"),
        ("static/deep/b.css", lambda path: path.symlink_to("/nowhere/at/all"), "is a link to a folder, out of this one"),
        (
            "templates/article.html",
            lambda path: path.symlink_to(path.parents[1] / "site.yml"),
            "is a link to a folder, out of this one",
        ),
        ("static/style.css", Path.mkdir, "is a folder, and the theme has a file of this name"),
        ("templates/home.html", Path.mkdir, "is a folder, and the theme has a file of this name"),
        ("static/search", lambda path: path.write_text("x"), "is a file, and the theme has a folder of this name"),
    ],
)
def test_what_would_be_passed_over_in_the_theme_of_ones_own_is_an_error(
    tmp_path: Path, path: str, make: Callable[[Path], None], message: str
) -> None:
    site = archive(tmp_path, {"content/a.md": story(), "static/own.css": "", "templates/partials/own.html": ""})
    (tmp_path / path).parent.mkdir(exist_ok=True)
    make(tmp_path / path)
    for command in (site.run("check"), site.build()):
        assert (command.code, f"{path}:1:1: error: {message}" in command.out + command.err) == (1, True), command


def test_links_within_a_folder_of_the_theme_are_followed(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(), "static/1.css": "p {}"})
    (tmp_path / "static/2.css").symlink_to("1.css")
    assert site.build().code == 0
    assert site.page("static/2.css") == "p {}"
