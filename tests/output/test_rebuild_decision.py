"""What decides that a page is made again: its key, its file, and the fingerprint of the part of the plan that it is of."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from builder.incremental import fingerprints
from builder.output.rebuild_decision import OutdatedPageFinder
from builder.plan.model import Page, PlanPart
from builder.render.theme import Theme
from builder.state.state import OutputRecord, PartRecord

THEME = Theme((), "theme", "program", {"day.html": "template"}, {"": "inputs"})


def page(path: str, title: str = "A") -> Page:
    """A page that shows `title` alone."""
    return Page(path, "day.html", {"title": title})


def never() -> Sequence[Page]:
    """A part that nobody may plan."""
    raise AssertionError("a part with the same fingerprint was planned")


class LastBuild:
    """An output folder as a build left it, with what the state says of it."""

    def __init__(self, folder: Path, *pages: Page) -> None:
        self.folder, self.outputs = folder, {}
        for each in pages:
            file = folder / each.path
            file.write_text("published", encoding="utf-8")
            status = file.stat()
            self.outputs[each.path] = OutputRecord(each.path, THEME.page_key(each), status.st_size, status.st_mtime_ns)
        key = fingerprints.part_key(THEME.digest, "same")
        self.parts = {"calendar": PartRecord("calendar", key, "\n".join(self.outputs))}

    def find(self, fingerprint: str, pages: Callable[[], Sequence[Page]], theme: Theme = THEME) -> tuple[list[str], set[str]]:
        """The paths that are outdated, and all that are planned, where the part of the calendar has `pages`."""
        finder = OutdatedPageFinder(self.folder, self.outputs, self.parts)
        part = PlanPart("calendar", fingerprint, pages)
        return [outdated.page.path for outdated in finder.find([part], theme)], finder.planned_paths


@pytest.fixture
def last(tmp_path: Path) -> LastBuild:
    """Two pages that were published."""
    return LastBuild(tmp_path, page("a.html"), page("b.html"))


def test_a_part_with_the_same_fingerprint_is_passed_over_whole(last: LastBuild) -> None:
    assert last.find("same", never) == ([], {"a.html", "b.html"})


def test_of_a_part_with_another_fingerprint_only_pages_that_show_something_else_are_made(last: LastBuild) -> None:
    pages = [page("a.html"), page("b.html", "B"), page("c.html")]
    assert last.find("other", lambda: pages) == (["b.html", "c.html"], {"a.html", "b.html", "c.html"})


def test_another_theme_looks_at_every_page_of_the_part(last: LastBuild) -> None:
    theme = Theme((), "another theme", "program", {"day.html": "another template"}, {"": "inputs"})
    assert last.find("same", lambda: [page("a.html"), page("b.html")], theme)[0] == ["a.html", "b.html"]


@pytest.mark.parametrize("change", ["missing", "size", "time"])
def test_a_file_that_is_not_as_it_was_left_is_made_again(last: LastBuild, change: str) -> None:
    file = last.folder / "a.html"
    status = file.stat()
    if change == "missing":
        file.unlink()
    elif change == "size":
        file.write_text("published by hand", encoding="utf-8")
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    else:
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert last.find("same", lambda: [page("a.html"), page("b.html")]) == (["a.html"], {"a.html", "b.html"})


def test_a_part_without_a_fingerprint_is_planned_each_time(last: LastBuild) -> None:
    looks: list[str] = []

    def pages() -> Iterator[Page]:
        looks.append("planned")
        yield page("a.html")

    for _ in range(2):
        assert last.find("", lambda: list(pages())) == ([], {"a.html"})
    assert looks == ["planned", "planned"]
