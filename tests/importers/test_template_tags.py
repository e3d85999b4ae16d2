"""Template tags and shortcodes to Markdown; those that nobody knows stay and are named."""

from __future__ import annotations

import pytest

from builder.importers.template_tags import arguments, turn


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{{< figure src="/a.jpg" alt="The pier" >}}', "![The pier](/a.jpg"),
        ("{{< youtube abcdefghijk >}}", "youtube.com/watch?v=abcdefghijk"),
        ('[Pier]({{< ref "pier.md" >}})', "[Pier](/pier/)"),
        ("{% post_url 2020-01-02-pier %}", "/2020/pier/"),
        ("{{ page.author }}", "Ann Lee"),
    ],
)
def test_known_tags_become_markdown(text: str, words: str) -> None:
    expansion = turn(text, {"pier": "/pier/", "2020-01-02-pier": "/2020/pier/"}, {"author": "Ann Lee"})
    assert words in expansion.text
    assert not expansion.unknown


def test_unknown_tags_stay_as_they_were_written_and_are_named() -> None:
    expansion = turn('Before {{< weather-map region="north" >}} after.', {}, {})
    assert '{{< weather-map region="north" >}}' in expansion.text
    assert list(expansion.unknown) == ["weather-map"]


def test_arguments_are_positional_or_named() -> None:
    assert arguments('a.jpg "two words" alt="The pier" width=400') == (["a.jpg", "two words"], {"alt": "The pier", "width": "400"})
