"""Bytes to text: what is proven goes before what is declared, what is declared before a guess."""

from __future__ import annotations

import pytest

from builder.importers.encodings import declared_encoding, decode, utf16_of


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Café 海港".encode(), "Café 海港"),
        ("\ufeffCafé".encode(), "Café"),
        ("Café".encode("utf-16"), "Café"),
        (
            b'<?xml version="1.0" encoding="iso-8859-1"?><a>Caf\xe9 \x93pier\x94</a>',
            '<?xml version="1.0" encoding="iso-8859-1"?><a>Café “pier”</a>',
        ),
        ('<meta charset="big5"><p>離島渡輪</p>'.encode("big5"), '<meta charset="big5"><p>離島渡輪</p>'),
        (b'<meta charset="latin-1"><p>\xe6\xb5\xb7\xe6\xb8\xaf</p>', '<meta charset="latin-1"><p>海港</p>'),
    ],
)
def test_texts_are_read_as_what_they_are(data: bytes, text: str) -> None:
    assert decode(data)[0] == text


def test_what_was_mended_is_said_and_what_was_sound_is_not() -> None:
    assert decode("Café".encode())[1] == ""
    text, note = decode("Café ".encode() * 40 + b"\x93pier\x94")
    assert text.endswith("“pier”") and note


@pytest.mark.parametrize("data", [b"", bytes(range(256)), b"\xff\xfe\x00", b"\xed\xa0\x80"])
def test_nothing_raises(data: bytes) -> None:
    assert isinstance(decode(data)[0], str)


def test_declarations_are_read_and_unknown_ones_are_none() -> None:
    assert declared_encoding(b'<?xml version="1.0" encoding="GB2312"?>').lower().replace("-", "") in {"gb18030", "gbk"}
    assert declared_encoding(b'<meta charset="no-such-thing">') == ""
    assert utf16_of("Ferry".encode("utf-16-le")) and utf16_of(b"Ferry") == ""
