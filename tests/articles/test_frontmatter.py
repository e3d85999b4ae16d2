"""The bytes of a file taken apart: what can be repaired without loss is, and said; the rest names its line."""

from __future__ import annotations

import pytest

from builder.articles.frontmatter import FrontMatterError, split


def test_front_matter_and_body_know_their_lines() -> None:
    file = split(b"---\ntitle: A\ndate: 2025-02-12\n---\n\nThe ferry runs.\n")
    assert (file.front, file.front_line) == ("title: A\ndate: 2025-02-12", 2)
    assert file.body.strip() == "The ferry runs."
    assert file.body_line == 5


def test_a_file_without_front_matter_is_all_body() -> None:
    file = split(b"The ferry runs.\n\n---\n\nAgain.\n")
    assert (file.front, file.body) == ("", "The ferry runs.\n\n---\n\nAgain.\n")


def test_a_byte_order_mark_and_windows_line_ends_are_read_as_nothing_and_as_line_ends() -> None:
    assert split(b"\xef\xbb\xbf---\r\ntitle: A\r\n---\r\nText\r\n").front == "title: A"


def test_control_characters_go_and_are_reported() -> None:
    file = split(b"---\ntitle: A\n---\nThe\x00 fer\x07ry\x0cruns.\n")
    assert file.body.strip() == "The ferry runs."
    assert file.repairs


@pytest.mark.parametrize(("data", "line"), [(b"---\ntitle: A\n\nText\n", 1), (b"---\ntitle: A\n---\nCaf\xe9\n", 4)])
def test_what_cannot_be_taken_apart_says_on_which_line(data: bytes, line: int) -> None:
    with pytest.raises(FrontMatterError) as error:
        split(data)
    assert error.value.line == line
