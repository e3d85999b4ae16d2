"""A long text is cleaned in pieces to what it is cleaned to at once."""

from __future__ import annotations

import nh3
import pytest

from builder.articles.long_texts import clean_in_pieces
from builder.articles.markdown import sanitise


@pytest.mark.parametrize(
    "unit", ["&amp;", "½", "новость &amp; ", "新聞", "a &lt; b &notanentity &#x41;&#66 ", "word\n", "&" * 7, "&ampere;"]
)
@pytest.mark.parametrize(
    "form",
    [
        "<p>{}</p>",
        "{}",
        "<p>x<b>{}</b></p>",
        "<textarea>{}</textarea>",
        "<title>{}</title>",
        "<pre>\n{}</pre>",
    ],
)
def test_a_long_text_is_cleaned_to_the_same(unit: str, form: str) -> None:
    html = form.format(unit * (20_000 // len(unit)))
    assert clean_in_pieces(nh3.Cleaner(tags={"p", "b", "pre"}).clean, html) == nh3.clean(html, tags={"p", "b", "pre"})


def test_no_sign_of_the_pieces_is_left() -> None:
    for html in ("<p>" + "½ &amp; " * 5000, "<title>" + "x " * 9000):
        assert "\x04" not in sanitise(html) and "!--" not in sanitise(html)
