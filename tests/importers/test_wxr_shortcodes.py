"""Shortcodes in square brackets: their attributes, and what they enclose."""

from __future__ import annotations

from builder.importers.wxr_shortcodes import attributes_of, without_shortcodes


def test_what_a_shortcode_encloses_stays() -> None:
    assert (
        without_shortcodes('A [caption id="a1" width="300"]The pier[/caption] b [gallery ids="1,2"] c').split()
        == "A The pier b c".split()
    )


def test_attributes_have_names_and_an_address_may_have_none() -> None:
    assert attributes_of('src="https://a.example/x" width=300') == {"src": "https://a.example/x", "width": "300"}
    assert attributes_of("https://a.example/x")["0"] == "https://a.example/x"
