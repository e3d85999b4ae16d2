"""Mistakes that people make in front matter and site.yml, told in their words at the place where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.articles.test_parsing import read
from tests.sites import archive, story


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: Ferry\n\tdate: 2025-02-12\n---\nx", "3:1: error: a tab at the beginning: indent with spaces"),
        ("---\ntitle: Ferry\n  date: 2025-02-12\n---\nx", "3:3: error: is indented as if it belonged to the line above"),
        ('---\ntitle: "Ferry" is back\ndate: 2025-02-12\n---\nx', "2:16: error: text after the closing quotation mark"),
        ("---\ntitle：Ferry\ndate: 2025-02-12\n---\nx", "2:6: error: a wide colon (：) after the key: write : and a space"),
        ("---\ntitle:Ferry\ndate: 2025-02-12\n---\nx", "2:6: error: no space after the colon: write `key: value`"),
        ("title: Ferry\ndate: 2025-02-12\n---\nx", "1:1: error: the front matter has no line --- above it"),
        ("Title: Ferry\nDate: 2025-02-12\n\nx", "1:1: error: the front matter has no line --- above it"),
        ("———\ntitle: Ferry\n———\nx", "1:1: error: ——— begins no front matter (a word processor made it of ---)"),
        ('+++\ntitle = "Ferry"\n+++\nx', "1:1: error: the front matter is TOML; `morgue import` reads it"),
        ('{"title": "Ferry"}\n\nx', "1:1: error: the front matter is JSON; `morgue import` reads it"),
        ("---\ntitle:Ferry\ndate:2025-02-12\n---\nx", "2:6: error: no space after the colon"),
        ("---\n# a note\ntitle = Ferry\ndate = 2025\n---\nx", "3:7: error: an = after the key: write `key: value`"),
        ("---\n- title: Ferry\n- date: 2025-02-12\n---\nx", "2:1: error: a hyphen before the key: take it out"),
        ("---\ntitle: [Breaking] Ferry\n---\nx", "2:8: error: a [ at the beginning is a list: put the whole value in quotes"),
        ("---\ndate: 2025-02-12\nsummary: {Corrected} it runs\n---\nx", "3:10: error: a { at the beginning is a mapping"),
        ("PK\x03\x04\x14\0\x06\0", "1:1: error: is a Word or OpenDocument file (a zip), not text; save the article as plain text"),
        ("{\\rtf1\\ansi Ferry}", "1:1: error: is an RTF file, not text"),
        ("---\ntitle: A: B\ndate: 2025-02-12\n---\nx", "2:9: error: a colon in the text: put the whole value in quotes"),
    ],
)
def test_the_usual_mistakes_are_errors_at_their_place(text: str, line: str) -> None:
    parsed, problems = read(text)
    assert parsed.article is None
    assert problems[0].startswith(f"content/2025/2025-02-12-a-story.md:{line}"), problems


def test_blank_lines_at_the_top_and_capital_keys_are_mended_with_a_warning() -> None:
    parsed, problems = read("\n\n---\nTitle: Ferry\nDate: 2025-02-12\nupdated: 2025-02-11\n---\nText")
    assert parsed.article is not None
    assert (parsed.article.title, parsed.article.date, parsed.unknown) == ("Ferry", "2025-02-12", ())
    assert [problem.partition("a-story.md:")[2] for problem in problems] == [
        "1:1: warning: blank lines before the front matter are passed over; take them out",
        "4:1: warning: Title: is read as title; write it in small letters",
        "5:1: warning: Date: is read as date; write it in small letters",
        "6:1: warning: updated: 2025-02-11 is before its date, 2025-02-12; is one of them wrong?",
    ]


@pytest.mark.parametrize(
    "text", ["---\n\nA line above.", "{{ site.title }} is text", "Note: this is text.\nIt goes on.", "- a list\n- of two"]
)
def test_texts_without_front_matter_are_texts(text: str) -> None:
    _, problems = read(f"# A headline\n\n{text}", "a-story.md", undated="keep")
    assert len([problem for problem in problems if "which nothing reads here" not in problem]) == 1


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("language: French", 'language: "French" is not a language code like en or zh-Hant'),
        ("agencies: [x]", "agencies: must be `key: value` lines below it"),
        ("agencies: {X: [y]}", "agencies.X: must be `key: value` lines below it"),
        ("agencies: {X: {url: y}}", 'agencies.X.url: "y" is not an address that begins with https://'),
        ("fields: x", "fields: must be `key: value` lines below it"),
        ("description: [a]", "description: must be one text, not a list or a mapping"),
    ],
)
def test_site_yml_speaks_no_programmers_words(tmp_path: Path, setting: str, message: str) -> None:
    run = archive(tmp_path, {"site.yml": f"title: x\n{setting}\n", "content/a.md": story()}).build()
    assert run.code == 2
    assert run.err.startswith("site.yml:2:")
    assert run.err.rstrip().endswith(f"error: {message}"), run.err
