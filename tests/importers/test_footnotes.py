"""Footnotes of an HTML text: each note with its references, and no other link."""

from __future__ import annotations

from lxml import html as lxml_html

from builder.importers.footnotes import take

TEXT = """<div><p>It ran<sup><a href="#fn1" id="ref1">1</a></sup> twice, see <a href="#more">more below</a>.</p>
<p id="more">More.</p><ol><li id="fn1">On Monday. <a href="#ref1">back</a></li></ol></div>"""


def test_a_note_leaves_the_text_and_keeps_its_number() -> None:
    root = lxml_html.fragment_fromstring(TEXT)
    notes = take(root)
    assert len(notes.references) == len(notes.texts) == 1
    assert "On Monday." not in root.text_content()
    assert "more below" in root.text_content() and root.xpath("//p[@id='more']")


def test_a_text_without_notes_stays_as_it_is() -> None:
    root = lxml_html.fragment_fromstring("<div><p>It ran <a href='#x'>below</a>.</p><p id='x'>There.</p></div>")
    before = lxml_html.tostring(root)
    assert not take(root).texts
    assert lxml_html.tostring(root) == before
