"""`morgue build --explain`: for each thing that can change, the line that a person reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from builder.incremental.rebuild_reasons import CONTEXT_REASONS
from builder.plan import outputs
from tests.sites import SITE, Archive, archive, story

LINKING = "Words. [next](b.md)"


@pytest.fixture
def site(tmp_path: Path) -> Archive:
    """An archive of four stories, a template of its own and a static file, built once."""
    made = archive(
        tmp_path / "site",
        {
            "content/a.md": story("First", "2024-01-01", LINKING, tags="[Harbour]"),
            "content/b.md": story("Second", "2024-02-02", tags="[Market]"),
            "content/c.md": story("Third", "2024-03-03", tags="[Market]"),
            "content/deep/d.md": story("Fourth", "2024-04-04", tags="[Sea]"),
            "templates/day.html": '<!doctype html>{% include "partials/own.html" %}',
            "templates/partials/own.html": "<p>One</p>",
            "static/own.css": "a{}",
        },
    )
    assert made.build().code == 0
    return made


def explained(site: Archive, *arguments: str) -> dict[str, str]:
    """Build, and return the reason of each path that is told of."""
    run = site.build("--explain", *arguments)
    assert run.code == 0, run.err
    lines = run.out.splitlines()[:-1]
    if lines[-1].startswith("4 articles"):  # a line with the count of warnings follows it
        lines = lines[:-1]
    else:
        assert run.out.splitlines()[-1].startswith("4 articles")
    return dict(line.split(": ", 1) for line in lines)


A, B, C, D = "2024/01/01/a.html", "2024/02/02/b.html", "2024/03/03/c.html", "2024/04/04/d.html"
LINES: list[tuple[str, dict[str, str | bytes | None], str, str]] = [
    ("a text", {"content/b.md": story("Second", "2024-02-02", "Other words.", tags="[Market]")}, B, "the article changed: summary or first words"),
    ("a headline", {"content/b.md": story("Other", "2024-02-02", tags="[Market]")}, B, "the article changed: title; perhaps its text too"),
    ("the story before", {"content/b.md": story("Other", "2024-02-02", tags="[Market]")}, C, "the story before it changed, or is another one"),
    ("the story after", {"content/b.md": story("Other", "2024-02-02", tags="[Market]")}, A, "the story after it changed, or is another one"),
    ("a related story", {"content/b.md": story("Other", "2024-02-02", tags="[Market]")}, C, "its related stories changed"),
    ("a list's story", {"content/b.md": story("Other", "2024-02-02", tags="[Market]")}, "tags/market/index.html", "its stories changed"),
    ("a link", {"content/b.md": story("Second", "2024-02-02", tags="[Market]", slug="elsewhere")}, A, "the links in its text lead elsewhere"),
    ("a chart", {"content/c.md": story("Third", "2024-05-03", tags="[Market]")}, "tags/market/index.html", "its chart changed"),
    ("a count", {"content/c.md": story("Third", "2024-02-03", tags="[Market]")}, "2024/02/index.html", "its number of stories changed"),
    ("settings", {"site.yml": SITE.replace("Lantern", "Torch")}, A, "site.yml changed"),
    ("an include", {"templates/partials/own.html": "<p>Two</p>"}, "2024/01/01/index.html", "its template changed, or one that it includes"),
    ("a template of its own", {"templates/about.html": "<!doctype html>"}, "about.html", "its template changed, or one that it includes"),
    ("translations", {"templates/locales/en/LC_MESSAGES/morgue.po": 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'}, A, "the translations changed"),
    ("a static file", {"static/own.css": "b{color:red}"}, "static/own.css", "the file that it copies changed"),
    ("a new name", {"content/b.md": story("Second", "2024-02-02", tags="[Storm]")}, "tags/storm/index.html", "new"),
    ("a name that is gone", {"content/a.md": story("First", "2024-01-01", LINKING)}, "tags/harbour/index.html", "removed"),
    ("a page spoilt", {"public/about.html": "spoilt"}, "about.html", "the published file was changed by something else"),
    ("a page gone", {"public/about.html": None}, "about.html", "the published file was missing"),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "path", "why"), [line[1:] for line in LINES], ids=[line[0] for line in LINES])
def test_each_change_has_its_line(site: Archive, edit: dict[str, str | bytes | None], path: str, why: str) -> None:
    site.write(edit)
    assert why in explained(site)[path]
    after = "no file of the site, and no article that is published" if why == "removed" else "up to date"
    assert explained(site, path) == {path: after}


def test_a_text_far_below_what_lists_show_is_told_as_such(site: Archive) -> None:
    long = "Words of a story. " * 60
    site.write({"content/b.md": story("Second", "2024-02-02", long, tags="[Market]")})
    site.build()
    site.write({"content/b.md": story("Second", "2024-02-02", f"{long}\n\nOne more.", tags="[Market]")})
    said = explained(site)
    assert said[B] == "the article's text or front matter changed"
    assert A not in said and C not in said


def test_nothing_changed_says_so(site: Archive) -> None:
    assert site.build("--explain").out.splitlines()[0] == "Nothing was made again: every file of the site is up to date."
    assert explained(site, A) == {A: "up to date"}
    assert explained(site, "content/b.md") == {"content/b.md": "up to date"}


@pytest.mark.parametrize(
    ("prepare", "arguments", "why"),
    [
        (lambda site: (site.folder / ".morgue/state.sqlite").unlink(), (), "what earlier builds knew was lost"),
        (lambda site: (site.folder / ".morgue/state.sqlite").write_bytes(b"noise" * 999), (), "what earlier builds knew was lost"),
        (lambda site: None, ("--clean",), "made anew, as --clean asks"),
        (lambda site: None, ("--output", "other"), "the last build had another output folder"),
    ],
    ids=["deleted", "damaged", "clean", "moved"],
)
def test_what_is_not_known_is_told(
    site: Archive, prepare: Callable[[Archive], object], arguments: tuple[str, ...], why: str
) -> None:
    for suffix in ("-wal", "-shm"):
        (site.folder / f".morgue/state.sqlite{suffix}").unlink(missing_ok=True)
    prepare(site)
    said = explained(site, *arguments)
    assert {A, "index.html", "feed.xml", "static/own.css"} <= said.keys()
    assert all(reason.startswith(why) for reason in said.values())


def test_the_first_build_says_that_it_is_the_first(tmp_path: Path) -> None:
    run = archive(tmp_path / "site", {"content/a.md": story()}).build("--explain", "index.html")
    assert run.out.splitlines()[0] == "index.html: the first build"


def test_a_path_limits_what_is_told(site: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site.folder)
    for number, (path, told) in enumerate(
        [
            (A, {A}),
            (f"public/{A}", {A}),
            (str(site.folder / "public" / A), {A}),
            ("2024/01", {A, "2024/01/index.html", "2024/01/01/index.html"}),
            ("public/2024/01/", {A, "2024/01/index.html", "2024/01/01/index.html"}),
        ]
    ):
        site.write({"content/a.md": story(f"Other {number}", "2024-01-01", LINKING, tags="[Harbour]")})
        site.write({"site.yml": SITE.replace("Lantern", f"Torch {number}")})
        assert explained(site, path).keys() == told, path
    assert explained(site, "nowhere.html") == {"nowhere.html": "no file of the site, and no article that is published"}
    assert explained(site, "content/nowhere.md")["content/nowhere.md"].startswith("no file")


@pytest.mark.parametrize("path", ["content/deep/d.md", "deep/d.md", "content/deep", "./content/deep/"])
def test_an_article_tells_of_the_pages_that_show_it(site: Archive, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site.folder)
    site.write({"content/deep/d.md": story("Fifth", "2024-04-04", tags="[Sea]")})
    site.write({"public/about.html": "spoilt"})
    said = explained(site, path)
    assert said[D] == "the article changed: title; perhaps its text too"
    assert {C, "index.html", "feed.xml", "tags/sea/index.html", "2024/04/index.html"} <= said.keys()
    assert not {A, "about.html", "2024/01/index.html"} & said.keys()


def test_a_page_that_came_out_the_same_says_so(site: Archive) -> None:
    own = (site.folder / "templates/day.html").read_text()
    site.write({"templates/day.html": own + "{# a remark #}"})
    assert explained(site)["2024/01/01/index.html"] == "its template changed, or one that it includes (and it came out the same)"


def test_many_files_are_told_by_reason_and_none_is_left_out(site: Archive) -> None:
    site.write(
        {
            f"content/{number}.md": story(f"Story {number}", f"2023-{1 + number % 12:02}-{1 + number % 28:02}")
            for number in range(250)
        }
    )
    site.build()
    site.write({"site.yml": SITE.replace("Lantern", "Torch")})
    lines = site.build("--explain").out.splitlines()[:-1]
    files = sum(path.is_file() for path in (site.folder / "public").rglob("*"))
    assert len(lines) < 6
    assert lines.pop() == "manifest-sha512.txt: the files that it lists changed"
    assert sum(int(line.split(" files, such as ")[0].replace(",", "")) for line in lines) == files - 1
    assert all(": site.yml changed" in line for line in lines)
    site.write({"site.yml": SITE})
    assert len(site.build("--explain", ".").out.splitlines()) == files + 1


def test_the_program_is_told_of(site: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builder.base.version.code_fingerprint", lambda: "another")
    assert explained(site)[A].startswith("the program changed (Morgue or a library)")


def test_a_build_with_errors_explains_nothing(site: Archive) -> None:
    site.write({"content/b.md": story("Second", "never")})
    run = site.build("--explain")
    assert (run.code, run.out) == (1, "")


def test_every_part_of_every_page_has_words(site: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    said: set[str] = set()
    plan = outputs.plan

    def watched(*arguments: Any) -> Iterator[Any]:
        for part in plan(*arguments):
            pages = list(part.pages())
            said.update(word for page in pages for word in page.context)
            yield part._replace(pages=partial(iter, pages))

    monkeypatch.setattr(outputs, "plan", watched)
    site.write(
        {f"content/x{number}.md": story(f"X {number}", "2022-02-02", tags="[Sea]") for number in range(120)}
        | {
            "content/u.md": story("Undated", ""),
            "content/w.md": story("W", withdrawn="true", aliases="[/old]"),
            "site.yml": f"{SITE}undated: keep\n",
        }
    )
    site.build()
    assert said - {"story"} <= CONTEXT_REASONS.keys()


def test_inputs_cost_nothing_where_nothing_changed(site: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def noted(*given: object) -> str:
        asked.append(given)
        return "{}"

    monkeypatch.setattr("builder.incremental.rebuild_reasons.inputs_of", noted)
    assert " 0 files written" in site.build().out
    assert asked == []
    site.write({"site.yml": SITE.replace("Lantern", "Torch")})
    site.build()
    assert asked, "it is never asked"
