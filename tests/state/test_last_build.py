"""A build that finds all as the last one left it says the same and decodes nothing; whatever changed, it sees."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from builder import build as builds
from builder.base import version
from builder.state.last_build import FILE
from tests.sites import SITE, Archive, Run, archive, settle, story

FILES = {
    "content/a.md": story("One", tags="[ferry]", body="Words."),
    "content/b.md": story("Two", colour="red"),
    "content/c.md": story("Held back", embargo="2030-01-01"),
    "static/custom.css": "p { color: red }",
    "templates/about.html": '{% extends "base.html" %}{% block main %}Us{% endblock %}',
}
EPOCH = 1_800_000_000


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH))
    made = archive(tmp_path, FILES)
    for file in tmp_path.rglob("*"):
        os.utime(file, (1_700_000_000, 1_700_000_000))
    settle(made)
    return made


def is_decoded(site: Archive, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> bool:
    """Build, and return whether that went beyond a look."""
    decoded = []
    whole = builds._build

    def spy(*arguments: object) -> builds.Report:
        decoded.append(True)
        return whole(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(builds, "_build", spy)
        site.build(*arguments)
    return bool(decoded)


def said(run: Run) -> str:
    """What a run printed, but for how long it took."""
    return re.sub(r"\d+ files? written, \d+ unchanged|in [\d.]+ s", "", run.out + run.err)


def test_an_unchanged_archive_is_not_decoded_and_says_the_same(site: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    first, published = site.build(), site.published()
    again = site.build()
    assert not is_decoded(site, monkeypatch)
    assert "content/b.md:4:1: warning: colour: unknown field" in again.err
    assert said(first) == said(again)
    assert f"0 files written, {len(published)} unchanged, 0 removed" in again.out
    (site.folder / ".morgue" / FILE).unlink()
    assert said(site.build()) == said(again), "as it does without the record"
    assert site.published() == published


def overwrite(path: str, old: bytes, new: bytes) -> Callable[[Archive], None]:
    def change(site: Archive) -> None:
        file = site.folder / path
        status = file.stat()
        data = file.read_bytes()
        assert old in data
        file.write_bytes(data.replace(old, new))
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))

    return change


CHANGES = {
    "an article, of equal size and time": overwrite("content/a.md", b"Words", b"Sword"),
    "a new article": lambda site: site.write({"content/d.md": story("Three")}),
    "an article gone": lambda site: site.write({"content/a.md": None}),
    "a picture nobody names": lambda site: site.write({"content/x.png": b"x"}),
    "a new folder": lambda site: (site.folder / "content/more").mkdir(),
    "a template": overwrite("templates/about.html", b"Us", b"We"),
    "a style sheet": overwrite("static/custom.css", b"red", b"tan"),
    "site.yml": lambda site: site.write({"site.yml": SITE + "description: Old news\n"}),
    "the ledger": lambda site: (site.folder / "addresses.txt").unlink(),
    "a removal": lambda site: site.write({"removals.yml": "- {address: old.html, date: 2024-01-01, reason: privacy}\n"}),
    "an edition": lambda site: site.write({"releases.yml": ""}),
    "a page": overwrite("public/index.html", b"One", b"1ne"),
    "a page gone": lambda site: (site.folder / "public/index.html").unlink(),
    "a file beside the pages": lambda site: site.write({"public/CNAME": "lantern.example"}),
    "the state": overwrite(".morgue/state.sqlite", b"SQLite", b"SQLitf"),
    "the index": lambda site: next((site.folder / ".morgue/whoosh").iterdir()).unlink(),
    "the record": overwrite(f".morgue/{FILE}", b"\n", b" "),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_is_seen(change: Callable[[Archive], object], site: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    site.build()
    assert not is_decoded(site, monkeypatch)
    change(site)
    assert is_decoded(site, monkeypatch)


def test_options_and_what_the_program_is_are_seen(site: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    site.build()
    assert is_decoded(site, monkeypatch, "--drafts")
    assert is_decoded(site, monkeypatch, "--keep-going")
    assert is_decoded(site, monkeypatch, "--output", "elsewhere")
    assert is_decoded(site, monkeypatch)
    assert not is_decoded(site, monkeypatch)
    assert is_decoded(site, monkeypatch, "--explain")
    assert not is_decoded(site, monkeypatch)
    assert is_decoded(site, monkeypatch, "--clean")
    assert not is_decoded(site, monkeypatch)
    monkeypatch.setattr(version, "code_fingerprint", lambda: "another")
    assert is_decoded(site, monkeypatch)


def test_a_moment_at_which_something_opens_is_seen(site: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    site.build()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH + 1000))
    assert not is_decoded(site, monkeypatch)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH - 1))
    assert is_decoded(site, monkeypatch), "an earlier moment may hold back more"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")
    assert is_decoded(site, monkeypatch)
    assert "Held back" in site.page("index.html")


def test_an_article_as_young_as_the_build_is_looked_into_again(site: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write({"content/a.md": story("Young")})
    os.utime(site.folder / "content/a.md", (2_000_000_000, 2_000_000_000))
    assert is_decoded(site, monkeypatch)
    assert is_decoded(site, monkeypatch)


def test_what_is_said_once_is_not_said_again(site: Archive) -> None:
    site.build()
    (site.folder / "content/a.md").rename(site.folder / "content/z.md")
    assert "was content/a.md at the last build" in site.build().err
    settle(site)
    for _ in range(2):
        assert "was content/a.md at the last build" not in site.build().err


def test_a_build_with_errors_leaves_nothing_to_repeat(site: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write({"content/bad.md": "---\ntitle: [\n---\n"})
    settle(site)
    for _ in range(2):
        assert is_decoded(site, monkeypatch)
    kept = site.build("--keep-going")
    assert said(site.build("--keep-going")) == said(kept)
    assert kept.code == 1
    assert not is_decoded(site, monkeypatch, "--keep-going")
