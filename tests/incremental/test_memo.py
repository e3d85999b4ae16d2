"""What is kept of the last build's answers never stands where they are others: every case is held against a clean build."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.sites import Archive, archive, story

STORIES = {
    "content/a.md": story("Ferry runs aground", "2025-02-10", tags="[ferry, harbour]"),
    "content/b.md": story("Ferry is towed", "2025-02-11", tags="[ferry]", aliases="[/old/b.html]"),
    "content/c.md": story("Crane falls", "2025-02-12", tags="[harbour]", slugline="CRANE"),
    "content/d.md": story("Crane is raised", "2025-03-01", tags="[works]", slugline="CRANE"),
}


@pytest.fixture
def site(tmp_path: Path) -> Archive:
    made = archive(tmp_path / "site", STORIES)
    assert made.build().code == 0
    return made


def clean(site: Archive) -> dict[str, bytes]:
    folder = site.folder.parent / "clean"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(site.folder, folder, ignore=shutil.ignore_patterns("public", ".morgue"))
    assert Archive(folder).build().code == 0
    return Archive(folder).published()


def kept(site: Archive) -> dict[str, tuple[str, bytes]]:
    with sqlite3.connect(site.folder / ".morgue/state.sqlite") as state:
        return {name: (key, result) for name, key, result in state.execute("SELECT name, key, result FROM memo")}


@pytest.mark.parametrize(
    "files",
    [
        {"content/a.md": story("Ferry runs aground", "2025-02-10", tags="[tram]")},
        {"content/c.md": story("Crane falls", "2025-02-12", tags="[harbour]", slugline="FALL")},
        {"content/b.md": story("Ferry is towed", "2025-02-13", tags="[ferry]", aliases="[/old/b.html]")},
        {"content/0.md": story("An older ferry", "2025-01-01", tags="[ferry, works]")},
        {"content/a.md": None},
        {"content/d.md": story("Crane is raised", "2025-03-01", tags="[works]", slugline="CRANE", withdrawn="{reason: Wrong}")},
        {"content/d.md": story("Crane is raised", "2025-03-01", tags="[works]", slugline="CRANE", draft="true")},
    ],
)
def test_related_stories_follow_each_change(site: Archive, files: dict[str, str | None]) -> None:
    site.write(files)
    assert site.build().code == 0
    assert site.published() == clean(site)


def test_an_edit_of_words_takes_the_last_answers(site: Archive) -> None:
    before = kept(site)
    site.write({"content/a.md": story("Ferry runs aground", "2025-02-10", "Other words.", tags="[ferry, harbour]")})
    assert site.build().code == 0
    answers = {"clashes", "related stories"}
    assert before.keys() == answers | {"years of the search"}  # these have the versions of texts in them
    after = kept(site)
    assert [after[name] for name in answers] == [before[name] for name in answers]
    assert site.published() == clean(site)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"slug": "a"}, "content/a.md"),
        ({"aliases": "[/old/b.html]"}, "content/b.md"),
        ({"aliases": "[/2025/02/10/a.html]"}, "content/a.md"),
    ],
)
def test_what_clashes_is_reported_by_every_build_until_it_is_mended(site: Archive, words: dict[str, str], message: str) -> None:
    site.write({"content/e.md": story("Another", "2025-02-10", **words)})
    for _ in range(2):
        run = site.build()
        assert run.code == 1
        assert "content/e.md" in run.err
        assert message in run.err
    site.write({"content/e.md": story("Another", "2025-02-10")})
    assert site.build().code == 0
    assert site.published() == clean(site)


def test_former_addresses_lead_on_where_nothing_clashes_as_before(site: Archive) -> None:
    site.write({"content/a.md": story("Ferry runs aground", "2025-02-10", tags="[ferry, harbour]", slug="aground")})
    for _ in range(2):
        assert site.build().code == 0
        assert "aground.html" in site.page("2025/02/10/a.html")
    site.write({"content/b.md": story("Ferry is towed", "2025-02-11", "Other words.", tags="[ferry]", aliases="[/old/b.html]")})
    assert site.build().code == 0
    assert "aground.html" in site.page("2025/02/10/a.html")
    assert site.published() == clean(site)


@pytest.mark.parametrize("damage", ["result = x'00ff00ff'", "result = 'text'", "crc32 = 1", "key = ''", "result = NULL"])
def test_a_damaged_answer_is_found_anew(site: Archive, damage: str) -> None:
    before = site.published()
    with sqlite3.connect(site.folder / ".morgue/state.sqlite") as state:
        state.execute(f"UPDATE memo SET {damage}")
    assert site.build().code == 0
    assert site.published() == before
