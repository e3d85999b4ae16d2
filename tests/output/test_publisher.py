"""A build publishes all or nothing: what fails on the way leaves the site, the search and the state as they were."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.sites import SITE, Archive, archive, story


@pytest.fixture
def site(tmp_path: Path) -> Archive:
    made = archive(tmp_path, {f"content/{name}.md": story(f"Story {name}", tags=f"[{name}]") for name in "abc"})
    assert made.build().code == 0
    return made


def titles(site: Archive, query: str) -> list[str]:
    return [hit["title"] for hit in json.loads(site.run("search", "--json", query).out)["results"]]


def failing(call: Callable[..., Any], after: int) -> Callable[..., Any]:
    """Return `call` as a disk fills after so many calls."""
    left = [after]

    def fail(*arguments: Any, **options: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(arguments[0]))
        return call(*arguments, **options)

    return fail


@pytest.mark.parametrize(("call", "after"), [("replace", 0), ("replace", 3), ("replace", 9), ("mkdir", 0), ("link", 2)])
def test_what_fails_at_publishing_takes_back_what_was_done(
    site: Archive, call: str, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = site.published()
    site.write({"content/a.md": None, "content/b.md": story("Changed", tags="[b, d]"), "content/e.md": story("New", "2020-01-01")})
    with monkeypatch.context() as patch:
        calls: dict[str, Callable[..., Any]] = {"replace": os.replace, "link": os.link, "mkdir": os.mkdir}
        patch.setattr("builder.output.transaction.os", SimpleNamespace(**calls | {call: failing(calls[call], after)}))
        run = site.build()
    if call == "link":  # a file system that has no hard links: nothing is taken back, and nothing fails
        assert run.code == 0
    else:
        assert (run.code, "the last good site stands" in run.err) == (3, True)
        assert {path: data for path, data in site.published().items() if not path.startswith(".morgue")} == before
        assert titles(site, "story") == ["Story c", "Story b", "Story a"]
        assert titles(site, "changed") == []
    assert site.build().code == 0
    assert titles(site, "changed") == ["Changed"]
    built = site.published()
    assert site.build("--clean").code == 0
    assert site.published() == built


def test_an_index_that_cannot_be_put_in_place_takes_the_site_back_too(site: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    before = site.published()
    site.write({"content/b.md": story("Changed")})
    with monkeypatch.context() as patch:
        patch.setattr("builder.search.whoosh_index.index.write_whole", failing(max, 0))
        assert site.build().code == 3
    assert {path: data for path, data in site.published().items() if not path.startswith(".morgue")} == before
    assert titles(site, "changed") == []
    assert site.build().code == 0
    assert titles(site, "changed") == ["Changed"]


def many(number: int) -> dict[str, str | bytes | None]:
    return {f"content/{index}.md": story(f"Story {index}", f"2025-03-{1 + index % 9:02}") for index in range(number)}


@pytest.mark.parametrize("lost", [False, True])
def test_a_build_that_would_remove_much_asks_first(tmp_path: Path, lost: bool) -> None:
    site = archive(tmp_path, {}).write(many(50))
    assert site.build().code == 0
    before = site.published()
    site.write(dict.fromkeys(list(many(50))[:25]))
    if lost:
        (tmp_path / ".morgue").rename(tmp_path.parent / f"{tmp_path.name}-state")
    run = site.build()
    assert run.code == 3
    assert "--allow-removals" in run.err
    assert "25 of 50 published articles" in run.err or lost
    assert site.published() == before
    assert site.build("--allow-removals").code == 0
    assert len(site.published()) < len(before)
    assert site.build().code == 0


def test_as_many_other_articles_in_the_place_of_many_ask_first(tmp_path: Path) -> None:
    site = archive(tmp_path, {}).write(many(20))
    assert site.build().code == 0
    site.write(dict.fromkeys(many(20)) | {f"content/other-{n}.md": story(f"Other {n}", "2024-01-02") for n in range(20)})
    run = site.build()
    assert (run.code, "20 of 20 published articles would be removed" in run.err) == (3, True)
    assert "Story 7" in site.page("2025/03/08/7.html")
    assert site.build("--allow-removals").code == 0


def test_few_removals_drafts_and_other_addresses_need_no_leave(tmp_path: Path) -> None:
    site = archive(tmp_path, {}).write(many(40))
    assert site.build().code == 0
    site.write(dict.fromkeys(list(many(40))[:8]))
    assert site.build().code == 0
    site.write({"site.yml": SITE + "permalink: stories/{slug}.html\n"})
    assert site.build().code == 0
    site.write({path: story("Draft", draft="true") for path in list(many(40))[8:24]})
    assert site.build().code == 0


@pytest.mark.parametrize("kind", ["missing", "another case", "a file"])
def test_without_content_nothing_is_published(site: Archive, kind: str) -> None:
    before = site.published()
    if kind == "another case":
        (site.folder / "content").rename(site.folder / "Content")
    else:
        (site.folder / "content").rename(site.folder / "away")
    if kind == "a file":
        (site.folder / "content").write_text("a file")
    for command in ("build", "check"):
        run = site.run(command)
        assert run.code == 2
        assert run.err.startswith(f"{site.folder / 'content'}: ")
    assert ("Content/" in run.err) == (kind == "another case")
    assert site.published() == before


@pytest.mark.parametrize("command", ["build", "check", "fix", "search", "new"])
def test_a_folder_that_is_no_archive_is_left_as_it_was(tmp_path: Path, command: str) -> None:
    run = Archive(tmp_path).run(command, *(["word"] if command in {"search", "new"} else []))
    assert (run.code, "site.yml: not found" in run.err) == (2, True)
    assert not list(tmp_path.iterdir())
