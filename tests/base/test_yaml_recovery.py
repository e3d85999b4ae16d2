"""All mistakes of a text that is no YAML are named, each once and on its line."""

from __future__ import annotations

import pytest

from builder.base.yaml_parsing import YamlError, parse
from builder.base.yaml_recovery import MAX_ERRORS, recover


def mistakes(text: str) -> tuple[list[int], bool]:
    """The lines of the mistakes, and whether the text was read to its end."""
    with pytest.raises(YamlError) as raised:
        parse(text)
    found = recover(text, raised.value)
    return [error.line for error in found.errors], found.text is not None


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("title: Ferry\n  date: 2025-02-12\nsource：Lantern\ntags：[a, b]\n", [2, 3, 4]),
        ("\ttitle: Ferry\ntags: [a, b\nsection: News\nbyline: \"Ada\" Lam\n", [1, 2, 4]),
        ("title: a: b\ndate: 2025-02-12\nagency: @wire\nimages:\n  - src: a.jpg\n    caption: Dusk: the pier\n", [1, 3, 6]),
        ("title: Ferry\nno key here\ndateline: 'HONG KONG\nsection: News\n", [2, 3]),
        ("title: *star\ntags: - a\nsummary: | text\nbyline: %x\n", [1, 2, 3, 4]),
    ],
)  # fmt: skip
def test_each_mistake_is_named_on_its_line_and_the_rest_is_read(text: str, lines: list[int]) -> None:
    assert mistakes(text) == (lines, True)


def test_mistakes_without_end_are_cut_short() -> None:
    lines, is_whole = mistakes("\n".join(f"key{number}: @x" for number in range(3 * MAX_ERRORS)))
    assert (len(lines), is_whole) == (MAX_ERRORS + 1, False)


def test_what_can_be_read_stands_as_it_was() -> None:
    text = "title: Ferry\nsource：Lantern\nbyline: @ada\nsection: News\n"
    with pytest.raises(YamlError) as raised:
        parse(text)
    read = recover(text, raised.value).text
    assert read is not None
    assert parse(read) == {"title": "Ferry", "source": "Lantern", "byline": "x", "section": "News"}
