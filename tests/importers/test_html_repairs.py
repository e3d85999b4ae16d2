"""Small repairs of foreign HTML: pictures that load late, players, dead links; what goes is returned."""

from __future__ import annotations

import pytest
from lxml import html as lxml_html

from builder.importers import html_repairs


def tree(html: str) -> lxml_html.HtmlElement:
    return lxml_html.fragment_fromstring(html, create_parent="div")


@pytest.mark.parametrize(
    ("image", "address"),
    [
        ('<img src="a.jpg">', "a.jpg"),
        ('<img src="data:image/gif;base64,R0" data-src="a.jpg">', "a.jpg"),
        ('<img src="/img/placeholder.gif" data-lazy-src="a.jpg">', "a.jpg"),
        ('<img src="/img/placeholder.gif" srcset="small.jpg 320w, a.jpg 1280w">', "a.jpg"),
    ],
)
def test_a_picture_has_the_address_that_a_reader_sees(image: str, address: str) -> None:
    assert html_repairs.best_source(tree(image)[0]) == address


def test_the_largest_picture_of_a_srcset_counts_by_width_or_density() -> None:
    assert html_repairs.largest("a.jpg 1x, b.jpg 2x") == "b.jpg"
    assert html_repairs.largest("a.jpg 900w, b.jpg 320w") == "a.jpg"


def test_links_become_absolute_but_for_those_within_the_page() -> None:
    root = tree('<a href="../pier.html">Pier</a><a href="#note">Note</a><img src="a.jpg">')
    html_repairs.absolute_links(root, "https://lantern.example/2025/ferry.html")
    assert [element.get("href") or element.get("src") for element in root] == [
        "https://lantern.example/pier.html",
        "#note",
        "https://lantern.example/2025/a.jpg",
    ]


def test_links_that_lead_nowhere_go_and_their_words_stay() -> None:
    root = tree(
        '<p><a href="javascript:open()">Open</a> <a href="#absent">there</a> <a href="#here">here</a></p><p id="here">Text</p>'
    )
    html_repairs.unwrap_dead_links(root)
    assert [element.get("href") for element in root.iter("a")] == ["#here"]
    assert root.text_content() == "Open there hereText"


def test_what_has_no_words_goes_and_the_text_that_it_had_is_returned() -> None:
    root = tree("<p>It ran.</p><nav>Home News</nav><script>track()</script><!-- note -->")
    assert [cut.text for cut in html_repairs.take_out(root)] == ["Home News", "note"]
    assert root.text_content() == "It ran."
