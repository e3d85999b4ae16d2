"""HTML to Markdown that shows the same: text that looks like Markdown stays text."""

from __future__ import annotations

import pytest

from builder.importers.to_markdown import convert


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>It <em>ran</em> <strong>again</strong>.</p>", "It *ran* **again**."),
        ('<p>See <a href="/pier">the pier</a>.</p>', "See [the pier](https://lantern.example/pier)."),
        ("<h2>Later</h2><ul><li>One</li><li>Two</li></ul>", "## Later"),
        ("<p>5 * 3 and *stars*</p>", "5 * 3 and \\*stars"),
    ],
)
def test_the_markdown_is_what_a_person_would_have_written(html: str, markdown: str) -> None:
    assert markdown in convert(html, "https://lantern.example/").text


def test_what_markdown_cannot_say_stays_as_html_and_is_named() -> None:
    converted = convert("<p>H<sub>2</sub>O</p>")
    assert "<sub>2</sub>" in converted.text
    assert "sub" in converted.kept_as_html
