"""What YAML takes for a sign of its own within a text: a warning at the sign, with the way to write it."""

from __future__ import annotations

import pytest

from tests.articles.test_parsing import article, read


def lines(front: str) -> list[str]:
    _, problems = read(f"---\ntitle: T\ndate: 2025-02-12\n{front}\n---\nx", undated="keep")
    return [problem.partition("a-story.md:")[2] for problem in problems]


@pytest.mark.parametrize(
    ("front", "line"),
    [
        ("summary: Bus #12 crashes", '4:14: warning: summary: "#12 crashes" is a comment to YAML and is left out; if it is meant, put the value in quotes: "Bus #12 crashes"'),
        ("byline: Desk # 4", '4:14: warning: byline: "# 4" is a comment'),
        ("byline:\n- Desk #4\n- B", '5:8: warning: byline.1: "#4" is a comment'),
        ("dateline: #here", '4:11: warning: dateline: "#here" is a comment to YAML and is left out; if it is meant, put the value in quotes: "#here"'),
        ("summary: 'It is' #1", '4:18: warning'),
        ("section: ! Warning", "4:10: warning: section: ! at the beginning is a sign of YAML and is left out"),
        ("agency: &Co Wire", "4:9: warning: agency: & at the beginning is a sign of YAML and is left out"),
        ("byline: Null", '4:9: warning: byline: Null is YAML\'s word for nothing; if it is a name, put it in quotes: "Null"'),
        ("tags: [a, ~, null]", '4:11: warning: tags.2: ~ is YAML\'s word for nothing'),
        ("images:\n- src: https://a.example/a.jpg\n  credit: A\n  alt: B\n  caption: Gulls\n    credit：Ada", "9:11: error: images.1.caption: a wide colon (：) after credit, so this line is text of the one above"),
        ("corrections:\n- text: Six, not five\n    date:2025-03-01", "6:9: error: corrections.1.text: no space after the colon of date"),
        ("corrections:\n- text：Six, not five", "5:7: error: corrections.1: a wide colon (：) after text: write `text: value`"),
        ('summary: "a\\e[31mb"', "4:1: warning: summary: an escape stands for the control character U+001B, which is left out"),
    ],
)  # fmt: skip
def test_signs_within_a_text_are_named_at_their_place(front: str, line: str) -> None:
    found = lines(front)
    if "'It is'" in front:
        assert found == [], "after quotes a # cannot be part of the text"
    else:
        assert found[0].startswith(line), found


@pytest.mark.parametrize(
    "front",
    [
        "section: World  # where it stood",
        "section: World         # where it stood",
        "# a line of its own\nsection: World",
        "tags: # our topics\n- a",
        "section: C#",
        "section: 'Bus #12'",
        "updated: null",
        "summary: |\n  Bus #12 crashes\n  again",
        "summary: |\n  title：a word\n  again",
        "summary: At\n  source://x and note：y",
        "summary: Hello! World & Co",
        "section: &s World\ndateline: *s",
    ],
)
def test_what_is_meant_is_not_asked_about(front: str) -> None:
    assert lines(front) == []


def test_a_control_character_by_escape_is_left_out_of_what_is_published() -> None:
    assert article('---\ntitle: "A\\x08 title\\e[0m"\ndate: 2025-02-12\n---\nx').title == "A title[0m"


def test_lines_are_counted_as_a_person_sees_them() -> None:
    _, problems = read("---\ntitle: A\u2028B\ndate: never\n---\nx")
    assert problems[0].startswith("content/2025/2025-02-12-a-story.md:3:1: error: date")
