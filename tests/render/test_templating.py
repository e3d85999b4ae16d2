"""A site's own templates run in a sandbox: they show what they are given and reach nothing else of the program."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest
from markupsafe import Markup, escape

from builder.base.version import theme_folder
from builder.render import templating
from tests.sites import SITE, archive, story

ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ cached_include.__globals__ }}",
    "{{ self.__init__.__globals__ }}",
    "{{ site.__class__.__init__.__globals__['sys'].modules }}",
    "{{ '{0.__class__.__mro__}'.format(site) }}",
    "{{ _.__func__.__globals__ }}",
]


class SubText(str):
    """A text that is no plain one."""

    __slots__ = ()


class Named(str):
    """One that says itself what it is in HTML."""

    __slots__ = ()

    def __html__(self) -> str:
        return "<named>"


@pytest.mark.parametrize("text", ESCAPES)
def test_a_template_cannot_leave_what_it_is_given(tmp_path: Path, text: str) -> None:
    site = archive(tmp_path, {"content/a.md": story(), "templates/day.html": text})
    run = site.build()
    assert run.code == 2, site.page("2025/02/12/index.html")
    assert run.err.startswith("templates/day.html:1:1: error: ")
    assert not (tmp_path / "public/index.html").exists()


def test_the_program_s_own_templates_do_with_it(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(tags="[ferry]", byline="Ada")})
    assert site.build().code == 0
    assert "Ada" in site.page("2025/02/12/a.html")


def test_the_program_s_own_templates_are_trusted_as_long_as_an_archive_adds_none(tmp_path: Path) -> None:
    theme = str(theme_folder("templates"))
    trusted, strange = templating.open_environment([theme]), templating.open_environment([str(tmp_path), theme])
    assert (trusted.sandboxed, strange.sandboxed) == (False, True)
    codes = {each.get_template("base.html").root_render_func.__code__ for each in (trusted, strange, trusted, strange)}
    assert len(codes) == 2, "code that asks no sandbox never runs in one"
    with pytest.raises(jinja2.exceptions.SecurityError):
        strange.from_string("{{ ''.__class__.__mro__ }}").render()


@pytest.mark.parametrize("value", ["plain 文", "a & b", "<i>", "\"'", Markup("<b>"), 7, None, ["<"], Named("<i>"), SubText("<i>")])
def test_what_is_printed_is_escaped_once(value: object) -> None:
    template = templating.open_environment([]).from_string("{{ value }}{% macro m(x) %}{{ x }}{% endmacro %}{{ m(value) }}")
    assert template.render(value=value) == str(escape(value)) * 2


def test_the_form_of_a_reference_tells_what_parsing_does_of_the_program_s_own_templates() -> None:
    folder = theme_folder("templates")
    sources = {file.relative_to(folder).as_posix(): file.read_text() for file in folder.rglob("*.html")}
    references = {name: templating._references_by_form(source) for name, source in sources.items()}
    assert references == {name: templating._references(source) for name, source in sources.items()}
    assert {"base.html", "macros/lists.html", "partials/nav.html"} <= frozenset().union(*references.values())


def test_templates_compiled_for_one_archive_are_not_those_of_another(tmp_path: Path) -> None:
    english = archive(tmp_path / "en", {"content/a.md": story()})
    moved = archive(tmp_path / "moved", {"content/a.md": story(), "site.yml": SITE.replace("lantern", "torch")})
    chinese = archive(tmp_path / "zh", {"content/a.md": story(), "site.yml": SITE + "language: zh-Hant\n"})
    for site, address, word in (
        (english, "lantern.example/feeds.opml", "Feeds"),
        (moved, "torch.example/feeds.opml", "Feeds"),
        (chinese, "lantern.example/feeds.opml", "訂閱"),
    ):
        site.build()
        assert address in site.page("feeds.html")
        assert word in site.page("feeds.html")


def test_a_template_that_changes_between_two_builds_of_a_process_is_compiled_anew(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story()})
    for word in ("One", "Two"):
        site.write({"templates/about.html": f'{{% extends "base.html" %}}{{% block main %}}{word}{{% endblock %}}'}).build()
        assert word in site.page("about.html")


def test_a_template_that_is_no_text_is_named_with_all_others_that_are_wrong(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "content/a.md": story(),
        "templates/day.html": b"One\n\xff",
        "templates/month.html": "{% if %}",
    }
    run = archive(tmp_path, files).build()
    assert (run.code, len(run.err.splitlines())) == (2, 2)
    assert run.err.startswith("templates/day.html:2:1: error: byte 0xFF is not UTF-8; save the file as UTF-8")


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("{{ 'x' * 99999999999 }}", "MemoryError"),
        ("{% for i in range(999999999) %}x{% endfor %}", "OverflowError: Range too big"),
        ("{{ 1 / 0 }}", "ZeroDivisionError: division by zero"),
        ("{{ 'a' + 1 }}", "TypeError: can only concatenate"),
        ("{{ none|link }}", "AttributeError: "),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "RecursionError"),
        ("{{ nothing.here }}", "'nothing' is undefined"),
    ],
)
def test_an_expression_that_fails_is_an_error_at_its_line(tmp_path: Path, expression: str, fault: str) -> None:
    run = archive(tmp_path, {"content/a.md": story(), "templates/releases.html": f"<p>\n{expression}"}).build()
    assert run.code == 2 and f"templates/releases.html:2:1: error: {fault}" in run.err, run.err
    assert run.err.rstrip().endswith("(while releases.html was rendered)")
