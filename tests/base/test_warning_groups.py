"""Many warnings of one kind are one line, and no problem is lost from the report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builder.base.problems import Problem, Severity
from builder.base.warning_groups import group_warnings
from tests.sites import archive, story


def test_a_warning_that_many_articles_share_is_one_line_with_its_count_and_three_places(tmp_path: Path) -> None:
    files = {f"content/{number:02}.md": story(f"Story {number}", body=f"# Story {number}\n\nWords.") for number in range(30)}
    files |= {
        f"content/x{number}.md": story(f"X {number}", body=f"[y](gone {number}.md)", images=f"[lost-{number}.jpg]")
        for number in range(12)
    }
    files |= {"content/alone.md": story("Alone", rights_holder="x")}
    made = archive(tmp_path, files)
    run = made.build("--report", str(tmp_path / "report.json"))
    assert run.code == 0
    lines = run.err.splitlines()
    repeated = [line for line in lines if "the heading repeats the title" in line]
    assert len(repeated) == 1
    assert repeated[0].startswith("content/00.md:5:1: warning: ")
    assert "(29 more such warnings, as at content/01.md:5, content/02.md:5, content/03.md:5; --report names all)" in repeated[0]
    assert sum("is not there" in line for line in lines) == 1
    assert sum("unknown field" in line for line in lines) == 1
    report = json.loads((tmp_path / "report.json").read_text())
    assert sum("the heading repeats the title" in problem["message"] for problem in report["problems"]) == 30


def test_ten_of_a_kind_and_every_error_have_their_lines(tmp_path: Path) -> None:
    files = {f"content/{number:02}.md": story(f"Story {number}", body=f"# Story {number}\n\nWords.") for number in range(10)}
    files |= {f"content/e{number:02}.md": story(f"E {number}", date="never") for number in range(12)}
    run = archive(tmp_path, files).build()
    assert run.err.count("the heading repeats the title") == 10
    assert run.err.count(": error: date: ") == 12


@pytest.mark.parametrize(
    "message",
    [
        "the picture our {} at sea.jpg has no credit; say who made it",
        "the picture {} bild has no alt; say what it shows, as {{src: {} bild, alt: …}}",
        '"{0}, AFP" is read as one name; if they are 2, write agency: [{0}, AFP]',
        "has no id, so it counts as a new article; to keep it one, give it `id: tag:morgue,2025:{}`",
        "2025-03-01 is no {}; is the date right?",
        "/old//{} x/甲 has an empty part (//) and stands at /old/{} x/甲/index.html",
        '[gallery name="{}"] is a shortcode of WordPress',
    ],
)
def test_names_in_a_message_do_not_part_a_kind(message: str) -> None:
    names = ("Quay", "Pier", "Harbour", "Gull", "Ferry", "Lamp", "Tide", "甲", "乙丙", "Ünal", "Mole")
    problems = [Problem("content/a.md", 1, 1, Severity.WARNING, "", message.format(name, name)) for name in names]
    assert len(group_warnings(problems)) == 1
    faults = ("is huge", "has no alt")
    others = [Problem(f"content/{n}.md", 1, 1, Severity.WARNING, "", f"the picture a.jpg {faults[n % 2]}") for n in range(22)]
    assert len(group_warnings(others)) == 2
