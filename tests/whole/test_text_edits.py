"""An edit of an article's text alone takes a shorter way to the same site; any other edit takes the whole way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from builder import build as builds
from builder.plan import outputs
from builder.state.last_build import look_at_inputs
from tests.sites import SITE, Archive, Run, archive, story

FILES = {
    "site.yml": SITE + "data: full\nredirects: netlify\npages: pages\n",
    "content/2024/ferry.md": story("Ferry", "2024-02-01", tags="[Boats, Piers]", source="Lantern", aliases="/old.html"),
    "content/2024/pier.md": story("Pier", "2024-02-01T10:00", tags="[Boats]", byline="Ann Lee", agency="[AFP, Reuters]"),
    "content/2024/mended.md": story("Mended", "2024-03-09", corrections="[{date: 2024-03-10, text: It was Tuesday.}]"),
    "content/2025/linked.md": story("Linked", "2025-01-02", body="See [it](../2024/ferry.md#part).\n\n## Part\n\nWords."),
    "content/2025/chinese.md": story("渡輪", "2025-01-03", body="今天渡輪停航。", language="zh-Hant", section="World"),
    "content/2025/odd.md": story("Odd", "2025-01-04", colour="red", tags="[boats]"),
    "content/2025/gone.md": story("Gone", "2025-01-05", withdrawn="2025-02-01"),
    "content/2025/soon.md": story("Soon", "2025-01-06", embargo="2035-01-01"),
    "content/undated.md": story("Undated", ""),
    "content/pages/contact.md": story("Contact", ""),
}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    files = {**FILES, "site.yml": FILES["site.yml"] + "undated: keep\n"}
    made = archive(tmp_path, files)
    for file in tmp_path.rglob("*"):
        os.utime(file, (1_700_000_000, 1_700_000_000))
    settle(made)
    assert made.build().code == 0
    return made


def settle(site: Archive) -> None:
    """Wait until no file is so young that a change could go unseen."""
    while not look_at_inputs(site.folder / name for name in builds.INPUTS).is_settled:
        pass


def edit(site: Archive, path: str, old: str, new: str) -> None:
    text = (site.folder / path).read_text(encoding="utf-8")
    assert old in text
    site.write({path: text.replace(old, new, 1)})
    settle(site)


def is_quick(site: Archive, monkeypatch: pytest.MonkeyPatch) -> tuple[bool, Run]:
    """Build, and return whether that planned no more than what shows texts, and the run."""
    plans = []
    plan_texts = outputs.plan_texts

    def spy(*arguments: object) -> object:
        plans.append(arguments)
        return plan_texts(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(outputs, "plan_texts", spy)
        run = site.build()
    return bool(plans), run


def assert_as_clean(site: Archive) -> None:
    """Assert that the site is what a build of all makes, in its bytes and in what it says of them."""
    published = site.published()
    (site.folder / ".morgue/last-build").unlink()
    again = site.build()
    assert " 0 files written" in again.out
    assert " 0 removed" in again.out
    site.build("--clean")
    assert site.published() == published


TEXTS = ["2024/ferry", "2024/pier", "2024/mended", "2025/linked", "2025/chinese", "2025/gone", "2025/soon", "undated"]


def test_texts_alone_take_the_shorter_way_to_the_same_site(site: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    before = site.published()
    for path in TEXTS:
        text = (site.folder / f"content/{path}.md").read_text(encoding="utf-8")
        site.write({f"content/{path}.md": f"{text}\nZebra.\n"})
        if "summary" not in text and path != "2025/gone":
            edit(site, f"content/{path}.md", "---\n", "---\nsummary: The same.\n")
    settle(site)
    assert not is_quick(site, monkeypatch)[0], "the summaries are new"
    for path in TEXTS:
        edit(site, f"content/{path}.md", "Zebra.", "Quagga.")
        quick, run = is_quick(site, monkeypatch)
        assert quick, path
        assert "content/2025/odd.md:4:1: warning: colour: unknown field" in run.err
    assert site.published() != before
    assert "Quagga" in site.page("atom.xml")
    assert '"total": 2' in site.run("search", "--json", "quagga boats").out
    assert_as_clean(site)


def test_several_texts_at_once(site: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(site, "content/2025/linked.md", "Words.", "More words, and a zebra.")
    edit(site, "content/2025/linked.md", "See ", "Do see ")
    is_quick(site, monkeypatch)
    edit(site, "content/2025/linked.md", "zebra", "quagga")
    edit(site, "content/2024/ferry.md", "\ntags: [Boats, Piers]", "\ntags: [Boats, Piers]\ndateline: OSLO")
    assert is_quick(site, monkeypatch)[0]
    assert "OSLO" in site.page("2024/02/01/ferry.html")
    assert_as_clean(site)


OTHERS = {
    "a title": ("content/2024/pier.md", "Pier", "Jetty"),
    "a tag": ("content/2024/pier.md", "[Boats]", "[Boats, Piers]"),
    "first words": ("content/2024/pier.md", "Some words", "Other words"),
    "a heading": ("content/2025/linked.md", "## Part", "## Piece"),
    "a link": ("content/2025/linked.md", "ferry.md", "pier.md"),
    "what a warning names": ("content/2025/odd.md", "---\n", "---\nrights: Ours\n"),
    "a page of the archive's own": ("content/pages/contact.md", "Some", "Our"),
    "an alias": ("content/2024/ferry.md", "/old.html", "/older.html"),
    "an embargo": ("content/2025/soon.md", "2035", "2025"),
    "settings": ("site.yml", "The Lantern", "The Lamp"),
    "a fault": ("content/2024/pier.md", "title: Jetty", "title: ["),
}


def test_other_edits_take_the_whole_way(site: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, change in OTHERS.items():
        edit(site, *change)
        assert not is_quick(site, monkeypatch)[0], name
    edit(site, "content/2024/pier.md", "Other words", "Other words ")
    assert not is_quick(site, monkeypatch)[0], "the last build published nothing"
    assert site.build().code == 1
