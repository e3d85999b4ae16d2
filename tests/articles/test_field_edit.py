"""One field set in an article, everything else as a person formatted it."""

from __future__ import annotations

from builder.articles.field_edit import set_field
from builder.articles.frontmatter import split

TEXT = "---\n# desk copy\ntitle:   'Ferry'  # as filed\nid:\ntags: [ a,b ]\n---\n\nid: is no field here.\n"


def test_an_empty_field_is_filled_where_it_stands() -> None:
    assert set_field(TEXT, "id", "ferry-1") == TEXT.replace("id:\n", "id: ferry-1\n", 1)


def test_a_new_field_is_the_last_line_of_the_front_matter() -> None:
    assert set_field(TEXT, "agency", "AFP") == TEXT.replace("tags: [ a,b ]\n", "tags: [ a,b ]\nagency: AFP\n")


def test_a_text_without_front_matter_gets_some_and_keeps_its_body() -> None:
    file = split(set_field("The ferry runs.\n", "id", "a").encode())
    assert file.front.strip() == "id: a"
    assert file.body.strip() == "The ferry runs."
