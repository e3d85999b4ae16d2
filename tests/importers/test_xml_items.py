"""A large XML file by its items: a broken one costs no other, and says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.importers.xml_items import XmlBreakError, XmlItems, parse_item, texts_in


def items(path: Path, text: str) -> XmlItems:
    path.write_text(text, encoding="utf-8")
    return XmlItems(path, "item")


def test_items_come_one_by_one_with_their_lines(tmp_path: Path) -> None:
    found = items(
        tmp_path / "a.xml", "<rss>\n<channel>\n<item><t>One</t></item>\n<item><t>Two &amp; a half</t></item>\n</channel></rss>"
    )
    read = [(item.line, texts_in(parse_item(item.data, "")[0])) for item in found]
    assert read == [(3, {"t": "One"}), (4, {"t": "Two & a half"})]
    assert found.header.startswith(b"<rss>") and found.breaks_off is None


def test_a_tag_within_cdata_ends_nothing(tmp_path: Path) -> None:
    found = list(
        items(tmp_path / "a.xml", "<rss><channel><item><t><![CDATA[a </item> b]]></t></item><item><t>c</t></item></channel></rss>")
    )
    assert [texts_in(parse_item(item.data, "")[0])["t"] for item in found] == ["a </item> b", "c"]


def test_a_broken_item_costs_itself_alone(tmp_path: Path) -> None:
    found = list(items(tmp_path / "a.xml", "<rss><channel><item><t>One</item><item><t>Two</t></item></channel></rss>"))
    with pytest.raises(XmlBreakError):
        parse_item(found[0].data, "")
    assert texts_in(parse_item(found[1].data, "")[0]) == {"t": "Two"}


def test_a_file_that_breaks_off_says_where(tmp_path: Path) -> None:
    found = items(tmp_path / "a.xml", "<rss><channel><item><t>One</t></item>\n<item><t>Tw")
    assert [item.break_at for item in found] == [None, (2, 12)]
