"""Pasted text to paragraphs: wrapped lines are joined, and parts stay parted."""

from __future__ import annotations

from builder.importers.paragraphs import is_sentence, split


def test_wrapped_lines_are_one_paragraph_and_empty_lines_part_blocks() -> None:
    text = "The ferry to the outer islands runs again from Monday morning on,\nthe company said on Friday after a week of storms along the coast.\n\nPassengers were glad."
    assert [" ".join(block) for block in split(text)] == [text.partition("\n\n")[0].replace("\n", " "), "Passengers were glad."]


def test_invisible_characters_go() -> None:
    assert split("The\u200b fer\u00adry runs.\ufeff") == [["The ferry runs."]]


def test_a_sentence_ends_like_one() -> None:
    assert is_sentence("The ferry runs again today.") and is_sentence("離島渡輪早上恢復服務。")
    assert not is_sentence("Harbour news")
