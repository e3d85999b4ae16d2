"""Where a link stands in the source: the address of a link, not words that look like it."""

from __future__ import annotations

from builder.articles.link_positions import find_address


def test_the_first_address_counts_and_words_do_not() -> None:
    text = "See b.md for more: [the ferry](a.md) and [the pier](b.md).\n"
    assert find_address(text, ["b.md"]) == text.index("b.md)")
    assert find_address(text, ["a.md", "b.md"]) == text.index("a.md)")


def test_html_and_reference_links_are_found_and_nothing_is_none() -> None:
    html = 'A <a href="b.md">pier</a> and <img src="c.jpg" alt="">.'
    assert find_address(html, ["c.jpg"]) == html.index("c.jpg")
    reference = "[the pier][1]\n\n[1]: b.md\n"
    assert find_address(reference, ["b.md"]) == reference.index("b.md")
    assert find_address("No link to b.md here.", ["b.md"]) is None
