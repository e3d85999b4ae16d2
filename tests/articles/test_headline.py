"""The headline of an article: its title, else the heading that its text begins with, once."""

from __future__ import annotations

import pytest

from builder.articles.headline import split_title


@pytest.mark.parametrize(
    ("title", "body", "headline", "text"),
    [
        ("", "# Ferry runs again\n\nIt ran.\n", "Ferry runs again", "It ran."),
        ("", "Ferry runs again\n=====\n\nIt ran.\n", "Ferry runs again", "It ran."),
        ("Ferry runs again", "# Ferry runs again\n\nIt ran.\n", "Ferry runs again", "It ran."),
        ("Ferry runs again", "# At the pier\n\nIt ran.\n", "Ferry runs again", "# At the pier\n\nIt ran."),
        ("", "It ran.\n\n# Later\n", "", "It ran.\n\n# Later"),
    ],
)
def test_the_headline_stands_once(title: str, body: str, headline: str, text: str) -> None:
    found, rest = split_title(title, body)
    assert (found, rest.strip()) == (headline, text)
