"""Front matter of any form to the same plain data, and the text below it."""

from __future__ import annotations

import pytest

from builder.importers.front_matter_forms import FormError, has_front_matter, take_apart

FORMS = {
    "yaml": "---\ntitle: Ferry\ntags: [a, b]\n---\nIt ran.\n",
    "toml": '+++\ntitle = "Ferry"\ntags = ["a", "b"]\n+++\nIt ran.\n',
    "json": '{"title": "Ferry", "tags": ["a", "b"]}\n\nIt ran.\n',
}


@pytest.mark.parametrize(("form", "text"), FORMS.items())
def test_every_form_gives_the_same(form: str, text: str) -> None:
    file = take_apart(text)
    assert (file.form, file.values["title"], file.values["tags"]) == (form, "Ferry", ["a", "b"])
    assert file.body.strip() == "It ran."
    assert has_front_matter(text)


def test_header_lines_are_read_and_a_plain_text_has_none() -> None:
    file = take_apart("Title: Ferry\nDate: 2020-01-02\n\nIt ran.\n")
    assert (file.form, file.body.strip()) == ("headers", "It ran.")
    assert (take_apart("It ran.\n").form, take_apart("It ran.\n").body.strip()) == ("", "It ran.")


@pytest.mark.parametrize("text", ["---\ntitle: [a\n---\nText\n", "+++\ntitle = \n+++\nText\n"])
def test_what_cannot_be_read_names_its_line(text: str) -> None:
    with pytest.raises(FormError) as error:
        take_apart(text)
    assert error.value.line >= 2
