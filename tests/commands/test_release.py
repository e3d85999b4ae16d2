"""Editions: what `morgue release` notes, which pages show it, and what sha512sum says of the checksum."""

from __future__ import annotations

import re
import subprocess
from html import unescape
from pathlib import Path

import pytest

from tests.links import dead_links
from tests.sites import SITE, Archive, archive, story


@pytest.fixture
def site(tmp_path: Path) -> Archive:
    settings = f"{SITE}publisher: Harbour Press\n"
    withdrawn = story("Gone", withdrawn="Wrong.")
    return archive(tmp_path, {"site.yml": settings, "content/a.md": story("First"), "content/b.md": withdrawn})


def test_an_edition_changes_the_pages_that_tell_of_it_and_no_other(site: Archive) -> None:
    assert site.build().code == 0
    assert "No edition was released." in site.page("releases.html")
    before = site.published()
    made = site.run("release", "All of 2025: “first” #1 <b>")
    assert (made.code, "1 story, 1 withdrawn" in made.out) == (0, True), made.err
    after = site.published()
    assert {path for path in after if after[path] != before.get(path)} == {"about.html", "releases.html", "manifest-sha512.txt"}
    assert "All of 2025: “first” #1 &lt;b&gt;" in site.page("releases.html")
    day = (site.folder / "releases.yml").read_text().split("date: ")[1][:10]
    about = unescape(site.page("about.html"))
    assert re.search(rf"Harbour Press\. The Lantern\. edition 1, \d+ \w+ {day[:4]}\. https://lantern\.example/", about)
    assert f"date = {{{day}}}" in site.page("releases.html")
    assert dead_links(site.folder / "public") == []
    assert site.build("--clean", "--output", "clean").code == 0
    assert site.published("clean") == after


def test_the_checksum_is_that_of_the_published_files(site: Archive) -> None:
    assert site.run("release", "One").code == 0
    page = unescape(site.page("releases.html"))
    command = re.findall(r"<code>(grep .*)</code>", page)[0]
    printed = subprocess.run(["sh", "-c", command], cwd=site.folder / "public", capture_output=True, text=True, check=True).stdout
    assert printed.split()[0] in page

    again = site.run("release", "Two")
    assert (again.code, "nothing that is published changed since edition 1" in again.err) == (2, True)
    site.write({"content/c.md": story("Second")})
    assert site.run("release", "第二版").code == 0
    page = site.page("releases.html")
    assert page.index("第二版") < page.index("One")
    assert printed.split()[0] in page, "the first edition's stays"


@pytest.mark.parametrize("note", ["", "  ", "x" * 2001, "a\x07b"])
def test_a_note_has_words_that_can_be_shown(site: Archive, note: str) -> None:
    made = site.run("release", note)
    assert (made.code, "NOTE: note" in made.err) == (2, True), made.err
    assert not (site.folder / "releases.yml").exists()


def test_every_fault_of_releases_yml_is_named_at_its_line(site: Archive) -> None:
    good = f"stories: 1, withdrawn: 0, sha512: {'a' * 128}"
    lines = [
        f"1: {{date: 2025-02-30, note: x, {good}}}",
        f"2: {{date: 2025-02-03, note: '', {good}}}",
        f"4: {{date: 2025-02-03, note: x, {good}}}",
        "4a: First",
        f"5: {{date: 2025-02-03, note: x, {good.replace('stories: 1', 'stories: many')}}}",
        f"6: {{date: 2025-02-03, note: x, {good[:-1]}}}",
    ]
    site.write({"releases.yml": "\n".join(lines) + "\n"})
    built = site.build()
    assert built.code == 2
    said = [line for line in built.err.splitlines() if line.startswith("releases.yml:")]
    assert [line.split(":")[1] for line in said] == ["1", "2", "3", "4", "5", "6"], built.err
    for line, words in zip(
        said, ("no day", "note is empty", "3 comes next", "4 comes next", "must be numbers", "128"), strict=True
    ):
        assert words in line
