"""`morgue check`: every problem at once, at its place, for people and for programs; nothing is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.sites import SITE, archive, story


def test_every_problem_has_its_line_and_nothing_is_written(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "content/a.md": story(date="never", agancy="x"),
            "content/b.md": story("B", body="[dead](gone.md)", tags="[Harbor]"),
            "content/c.md": story("C", slug="c"),
        },
    )
    run = site.run("check")
    assert run.code == 1
    lines = run.out.splitlines()
    assert any(line.startswith("content/a.md:3:") and ": error: date: " in line for line in lines)
    assert any(line.startswith("content/a.md:4:") and ": warning: agancy: " in line and "agency" in line for line in lines)
    assert any(line.startswith("content/b.md:") and "gone.md" in line for line in lines)
    assert "1 error" in run.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content", "site.yml"]


def test_programs_read_the_same(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(date="never")})
    problems = json.loads(site.run("check", "--json").out)["problems"]
    assert [(problem["path"], problem["line"], problem["severity"], problem["field"]) for problem in problems] == [
        ("content/a.md", 3, "error", "date")
    ]


def test_without_problems_it_says_so(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story()})
    run = site.run("check")
    assert (run.code, run.out, run.err) == (0, "No problems.\n", "")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("Words.\n\nSee [it](gone.md).", "7:10"),
        ("See [it](<gone.md>) now.", "5:11"),
        ('A <a href="gone.md">link</a>.', "5:12"),
        ("See [it][1].\n\n[1]: gone.md", "7:6"),
        ("gone.md is named, [here](sub/../gone.md) it is linked.", "5:26"),
        ("See [down](#nowhere).", "5:12"),
        ("See [報](%E6%96%B0.md).", "5:9"),
    ],
)
def test_a_dead_link_is_named_at_its_place(tmp_path: Path, body: str, place: str) -> None:
    run = archive(tmp_path, {"content/a.md": story(body=body)}).run("check")
    assert run.out.startswith(f"content/a.md:{place}: warning: the link to "), run.out


def test_what_is_wrong_with_templates_and_translations_is_told_as_a_build_tells_it(tmp_path: Path) -> None:
    messages = "templates/locales/zh_Hant/LC_MESSAGES/messages.po"
    files = {"content/a.md": story(), "templates/page.html": "<p>\n{% if %}", messages: 'msgid "Search"\nmsgstr "%(x)s"\n'}
    site = archive(tmp_path, {"site.yml": f"{SITE}language: zh-Hant\n", **files})
    run = site.run("check")
    assert run.code == 1
    assert "templates/page.html:2:1: error: Expected an expression" in run.out
    assert run.out.count(f"{messages}:1:1: error: its translation has a %") == 1
