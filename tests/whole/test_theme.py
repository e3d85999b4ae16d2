from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from builder.archive import listings
from builder.base.version import theme_folder
from builder.plan import outputs
from builder.plan.model import PlanPart
from builder.render.renderer import DATE_FILTERS
from tests.sites import SITE, Archive, archive, story

TEMPLATES = theme_folder("templates")
CONTRACT = (TEMPLATES / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Archive:
    return archive(tmp_path / "site", {"content/a.md": story(), "content/b.md": story("Old", "2024-01-01")})


def names_in(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


def rows(heading: str) -> dict[str, str]:
    """The rows of the first table below a heading, by the names in their first cell."""
    section = CONTRACT.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return {name: line for line in lines for name in names_in(line.split("|")[1])}


RENDERED = {
    "about.html": {"cite", "page", "body", "pages", "page.html"},
    "page.html": {"page", "body", "pages", "title", "description", "language", "updated"},
    "releases.html": {"cite"},
    "corrections.html": {"notes", "correction", "article"},
    "data.html": {"full", "metadata", "data"},
}
"""What the renderer adds, and words of the description that are no names."""


def test_every_template_is_told_of_with_all_that_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, set[str]] = {}
    plan: Callable[..., Iterable[PlanPart]] = outputs.plan

    def watched(*arguments: Any) -> Iterator[PlanPart]:
        for part in plan(*arguments):
            for page in part.pages():
                given.setdefault(page.renderer, set()).update(page.context)
            yield part

    monkeypatch.setattr(outputs, "plan", watched)
    files = {f"content/{number}.md": story(f"Story {number}", "2024-05-01", tags="[all]") for number in range(102)}
    monkeypatch.setattr(listings, "PER_PAGE", 1)
    extra = {
        "content/m1.md": story(date="2024-04"),
        "content/m2.md": story(date="2024-04"),
        "content/u.md": "---\ntitle: No date\n---\nx\n",
        "content/pages/contact.md": "# Contact\n",
        "content/w.md": story("Gone", withdrawn="true", aliases="[/old.html]"),
    }
    assert (
        archive(tmp_path / "big", {"site.yml": SITE + "undated: keep\ndata: metadata\npages: pages\n", **files, **extra})
        .build()
        .code
        == 0
    )
    told = rows("Templates")
    for template in (name for name in given if name.endswith(".html")):
        assert given[template] <= names_in(told[template]), template
        own = RENDERED.get(template, set())
        assert names_in(told[template]) - given[template] - own - {template, "02-12", "2025-02", "2025-02-12"} == set(), template
    own = {path.name for path in TEMPLATES.glob("*.html")} - {"base.html"}
    assert set(told) == own
    assert all(f"`{path.relative_to(TEMPLATES).as_posix()}`" in CONTRACT for path in TEMPLATES.rglob("*.html"))


def test_every_block_filter_macro_and_property_is_told_of() -> None:
    blocks = rows("Blocks")
    for path in TEMPLATES.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        defined = set(re.findall(r"\{% block (\w+)", text))
        own = defined if path.name == "base.html" else defined - names_in(blocks["base.html"])
        assert own == names_in(blocks.get(path.name, "")) - {path.name}, path.name
    assert set(DATE_FILTERS) | {"link", "sources", "asset", "absolute", "groupby_month", "groupby_year"} == set(rows("Filters"))
    macros = CONTRACT.split("## Macros\n")[1].split("\n## ")[0]
    for path in (TEMPLATES / "macros").glob("*.html"):
        for name in re.findall(r"\{% macro (\w+)", path.read_text(encoding="utf-8")):
            assert f"`{name}`" in macros, name
    style = (theme_folder("static") / "style.css").read_text(encoding="utf-8")
    properties = set(re.findall(r"^  (--[\w-]+):", style.split("}")[0], re.MULTILINE))
    assert properties == set(rows("Colours and type: static/custom.css"))


def test_rules_of_ones_own_come_last_in_the_style_sheet(site: Archive) -> None:
    site.write({"static/custom.css": ":root { --accent: #123456; }\n"})
    assert site.build().code == 0
    style = site.page("static/style.css")
    assert style.endswith(":root { --accent: #123456; }\n")
    assert len(style) > 10_000
    assert "static/custom.css" not in site.published()
    site.write({"static/custom.css": ":root { --accent: #654321; }\n"})
    site.build()
    assert site.page("static/style.css").endswith("#654321; }\n")


def test_a_template_is_copied_changed_and_used(site: Archive) -> None:
    run = site.run("theme", "copy", "redirect.html")
    assert (run.code, run.out) == (0, f"{site.folder}/templates/redirect.html\n")
    again = site.run("theme", "copy", "templates/redirect.html")
    assert (again.code, "is there already" in again.err) == (2, True)
    site.run("theme", "copy", "404.html")
    own = site.folder / "templates/404.html"
    own.write_text(
        own.read_text(encoding="utf-8").replace("{% block main %}", "{% block main %}<p>Ask the librarian.</p>"), encoding="utf-8"
    )
    assert site.build().code == 0
    assert "Ask the librarian." in site.page("404.html")
    assert "templates/article.html" in site.run("theme", "list").out.splitlines()


@pytest.mark.parametrize(("name", "message"), [("artcle.html", 'did you mean "article.html"?'), ("nothing", "morgue theme list")])
def test_what_is_no_file_of_the_theme_is_said(site: Archive, name: str, message: str) -> None:
    run = site.run("theme", "copy", name)
    assert (run.code, message in run.err) == (2, True), run.err


def test_copying_into_no_archive_leaves_no_trace(tmp_path: Path) -> None:
    run = Archive(tmp_path).run("theme", "copy", "article.html")
    assert (run.code, list(tmp_path.iterdir())) == (2, [])


def test_a_template_that_no_page_uses_is_named(site: Archive) -> None:
    site.write({"templates/artikel.html": "x", "templates/box.html": "y", "templates/404.html": '{% include "box.html" %}'})
    run = site.run("check")
    assert 'templates/artikel.html:1:1: warning: no page uses this template (did you mean "article.html"?)' in run.out
    assert "box.html" not in run.out
