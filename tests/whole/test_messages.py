"""Mistakes that people make in front matter, told in their words at the place where they stand."""

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
        (
            "---\ntitle: F\ntags: - AI\n---\nx",
            "3:7: error: a hyphen behind the key: begin the list on the next line, or write it as [ … ]",
        ),
        (
            "---\ntitle: F\ntags: AI\n- ferry\n---\nx",
            "4:1: error: a list under a key that has a value: put that value into the list",
        ),
        ("---\ntitle: F\ntags: [AI, , ferry]\n---\nx", "3:12: error: a comma or bracket with nothing before it: take it out"),
        (
            "---\ntitle: F\ntags: [AI]]\n---\nx",
            "3:7: error: a [ at the beginning is a list: put the whole value in quotes, or take out",
        ),
        ("---\ntitle: F\nagency: [AFP, Reuters\nid: x\n---\nx", "3:9: error: the list [ … ] does not end"),
        ("---\ntitle: F\nsummary: | It runs.\n---\nx", "3:10: error: text behind a | or >: begin it on the next line, indented"),
        (
            "---\ntitle: F\nsummary: |\nIt runs.\n---\nx",
            "4:1: error: a line without `key:`; give it one, or indent it under its key",
        ),
        ('---\ntitle: F\nsummary: "It runs.\nid: x\n---\nx', "3:10: error: a quotation mark that opens here is never closed"),
        ("---\ntitle: *Ferry* runs\n---\nx", "2:8: error: a & or * at the beginning is a sign of YAML: put the value in quotes"),
        ("---\ntitle: ? Ferry\n---\nx", "2:8: error: a ? at the beginning is a sign of YAML: put the value in quotes"),
        (
            "---\ntitle: F\n ---\nx",
            "1:1: error: the front matter that begins here never ends; close it with a line --- (line 3 is none: three",
        ),
        (
            "---\ntitle: F\n----\nx",
            "1:1: error: the front matter that begins here never ends; close it with a line --- (line 3 is none: three",
        ),
        ("----\ntitle: F\n----\nx", "1:1: error: ---- begins no front matter; write three hyphens, here and at its end"),
        (
            "```yaml\ntitle: F\n```\nx",
            "1:1: error: ```yaml begins no front matter; write a line --- in its place, and one at its end",
        ),
        ("<!-- desk -->\n---\ntitle: F\n---\nx", "2:1: error: the front matter begins here and belongs at the top"),
        (
            "---\ntitle: F\ndate: 2025-02-12\ncorrections:\n- 2025-02-13: X\n---\nx",
            "5:3: error: corrections.1.2025-02-13: unknown field; what stands here has date and text",
        ),
        (
            "---\ntitle: F\ndate: 2025-02-12\nwithdrawn: {why: X}\n---\nx",
            "4:13: error: withdrawn.why: unknown field; what stands here has date and reason",
        ),
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
    ("front", "line"),
    [
        ("reason: A court order", '4:1: warning: reason: unknown field (did you mean "withdrawn: {date: …, reason: …}"?)'),
        ("caption: A pier", '4:1: warning: caption: unknown field (did you mean "images: [{src: …, alt: …'),
        ("作者: 陳大文", '4:1: warning: 作者: unknown field (did you mean "byline"?)'),
        ("標籤: [天氣]", '4:1: warning: 標籤: unknown field (did you mean "tags"?)'),
    ],
)
def test_fields_by_other_names_are_named(tmp_path: Path, front: str, line: str) -> None:
    site = archive(tmp_path, {"content/a.md": f"---\ntitle: F\ndate: 2025-02-12\n{front}\n---\nWords.\n"})
    assert f"content/a.md:{line}" in site.run("check").out


def test_a_list_without_hyphens_is_asked_about_and_a_folded_text_is_not() -> None:
    front = "title: A long\n  headline\ndate: 2025-02-12\nsummary: It runs\n  again\ntags:\n  AI\n  ferry\nbyline:\n- Ada\n- Bo\n"
    _, problems = read(f"---\n{front}---\nText")
    assert [problem.partition("a-story.md:")[2] for problem in problems] == [
        '8:3: warning: tags: its lines are read as one, "AI ferry"; for a list begin each with a hyphen and a space'
    ]


@pytest.mark.parametrize(
    "text", ["---\n\nA line above.", "{{ site.title }} is text", "Note: this is text.\nIt goes on.", "- a list\n- of two"]
)
def test_texts_without_front_matter_are_texts(text: str) -> None:
    _, problems = read(f"# A headline\n\n{text}", "a-story.md", undated="keep")
    assert len([problem for problem in problems if "which nothing reads here" not in problem]) == 1


@pytest.mark.parametrize(
    ("path", "data"),
    [("site.yml", b"title: x\npublisher: caf\xe9\n"), ("addresses.txt", b"# Addresses\n2012/a\xe9.html\turn:a\n")],
)
def test_bytes_that_are_no_text_are_named_at_their_line(tmp_path: Path, path: str, data: bytes) -> None:
    site = archive(tmp_path, {"content/a.md": story()})
    (site.folder / path).write_bytes(data)
    run = site.build()
    assert run.code == 2 and run.err.startswith(f"{path}:2:1: error: byte 0xE9 is not UTF-8; "), run.err
