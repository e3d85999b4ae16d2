"""Data in scripts: any bytes come through the characters that a script may hold."""

from __future__ import annotations

import zlib

from hypothesis import given
from hypothesis import strategies as st

from builder.export.shard_reader import script_payload
from builder.search.browser.data_scripts import data_script, script


@given(st.binary(max_size=300))
def test_any_bytes_come_back(data: bytes) -> None:
    assert script_payload(script("t/abc", zlib.compress(data, 9, wbits=-15))) == ("t/abc", data)


def test_no_character_of_a_script_ends_its_line_or_its_text() -> None:
    text = script("a", bytes(range(256)) * 4).decode("utf-16", "surrogatepass")
    assert not set("\r\n\u2028\u2029") & set(text.rstrip("\n"))


def test_the_same_data_gives_the_same_script() -> None:
    assert data_script("a", (b"x", b"y")) == data_script("a", (b"x", b"y"))
