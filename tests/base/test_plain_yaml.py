"""What is read a line at a time is what a parser of the whole language reads, and anything else is left to that."""

from __future__ import annotations

import time
from itertools import pairwise
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.base import yaml_parsing
from builder.base.plain_yaml import read_plain
from tests.effort import effort

SIGNS = [
    ":", ": ", " #", "#", "- ", "-", "'", '"', "''", '""', "\\", "\\n", "[", "]", "{", "}", ",", ", ", "&a", "*a", "!", "!!int ", "|", ">",
    "%", "@", "`", "?", "? ", "~", "=", "<<", "null", "Null", "NULL", "yes", "1e3", "007", "---", "...", " ", "  ", "\t", "\n", "\r",
    "\u3000", "\xa0", "\x85", "\u2028", "\ufeff", "\x07", "\x7f", "(", "/", "$", "+", ".", ";", "^", "_", "…", "新聞", "é", "🌊", "ก", "१",
]  # fmt: skip
values = st.lists(st.one_of(st.sampled_from(SIGNS), st.text(max_size=3)), max_size=6).map("".join)
quoted_values = st.one_of(values, values.map("'{}'".format), values.map('"{}"'.format))
flow_lists = st.lists(quoted_values, max_size=4).map(lambda items: f"[{', '.join(items)}]")
names = st.one_of(st.sampled_from(["title", "tags", "a-b", "_x", "null", "x1", "1x", "日期", "a b"]), st.text(max_size=3))
lines = st.one_of(
    st.builds("{}:{}{}".format, names, st.sampled_from(["", " ", "   "]), st.one_of(quoted_values, flow_lists)),
    st.builds("{}- {}".format, st.sampled_from(["", "  ", "    "]), quoted_values),
    values,
)
texts = st.lists(lines, max_size=6).map("\n".join)


def parse_whole(text: str) -> object:
    """What the parser of the whole language says of `text`, or that it is none or has something odd in it."""
    findings: list[yaml_parsing.Finding] = []
    try:
        with patch.object(yaml_parsing, "read_plain", lambda _: None):
            fields = yaml_parsing.parse(text, findings)
    except yaml_parsing.YamlError:
        return "no YAML"
    return "something odd" if findings else list(fields.items())


@settings(max_examples=effort(300, 5_000))
@given(texts)
def test_lines_say_what_the_whole_language_says(text: str) -> None:
    fields = read_plain(text)
    if fields is not None:
        assert list(fields.items()) == parse_whole(text)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("title: Ferry: a story?", None),
        ("title: Ferry runs again  \ndate: 1998-03", {"title": "Ferry runs again", "date": "1998-03"}),
        ('title: "Ferry: again #2"\nby: \'the "desk"\'\n', {"title": "Ferry: again #2", "by": 'the "desk"'}),
        ("tags: [sea,  night ferry , \"a, b\", 'c']\n", {"tags": ["sea", "night ferry", "a, b", "c"]}),
        ("tags: []\nslug: a:b#c", {"tags": [], "slug": "a:b#c"}),
        ("tags:\n  - sea\n  - 'a: b'\nby:\n- 甲　乙\nend:", {"tags": ["sea", "a: b"], "by": ["甲　乙"], "end": None}),
        ("url: https://lantern.example/a?b=c&d", {"url": "https://lantern.example/a?b=c&d"}),
    ],
)
def test_what_front_matter_is_made_of_is_read(text: str, fields: dict[str, object] | None) -> None:
    assert read_plain(text) == fields
    if fields is not None:
        assert parse_whole(text) == list(fields.items())


@pytest.mark.parametrize(
    "text",
    [
        "title: a\ntitle: a", "title: a # b", "a: ~", "a: null", "a: [null]", "a: &b c", "a: |\n  b", "a:\n  b: c", "a: b\n  c", "a: b\n- c",
        "a:\n  - b\n - c", "a:\n  - b: c", "a:\n  - b\n\n  - c", 'a: "b\\n"', "a: 'it''s'", "a: [b: c]", "a: [[b]]", "a: {b: c}", "- a", "a",
        "a:b", "# a", "a: !b c", "a: b:", "a: - b", "a: ? b", "a: b\tc", "a: [b, ]",
    ],
)  # fmt: skip
def test_anything_else_is_left_to_the_parser(text: str) -> None:
    assert read_plain(text) is None


@pytest.mark.parametrize("piece", ["a: [b , ", "a: 'b ", 'a: "b ', "a: b ", "[x ,", "a , "])
def test_the_time_is_linear(piece: str) -> None:
    def cost(count: int) -> float:
        text = "a: [" + piece * count + "!"
        return min(_seconds(text) for _ in range(5))

    read_plain("a: [" + piece * 10 + "!")  # the pattern is compiled
    costs = [cost(2_000 * 4**step) for step in range(3)]
    assert all(later < 12 * earlier + 0.001 for earlier, later in pairwise(costs)), costs


def _seconds(text: str) -> float:
    begun = time.perf_counter()
    read_plain(text)
    return time.perf_counter() - begun
