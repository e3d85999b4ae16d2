"""Bytes of unknown encoding to text: what is declared, what is proven, what is likely, in this order."""

from __future__ import annotations

import codecs
import json
import re
from typing import Any

_ENCODING_DECLARATION = re.compile(
    rb"""(?:<\?xml[^>]{0,200}?encoding|<meta[^>]{0,200}?charset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE
)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_MULTIBYTE = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")
_HALF = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_WIDER = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252", "latin-1": "cp1252",
    "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "shift_jis": "cp932", "euc-kr": "cp949", "iso-8859-9": "cp1254",
}  # fmt: skip
"""What browsers read under these names: supersets (WHATWG Encoding Standard)."""


def declared_encoding(data: bytes) -> str:
    """Return the encoding that XML or HTML `data` says it has, in Python's name for its superset, or ""."""
    match = _ENCODING_DECLARATION.search(data[:4096])
    name = match[1].decode("ascii", "replace").lower() if match else ""
    try:
        return codecs.lookup(_WIDER.get(name, name)).name if name else ""
    except LookupError:
        return ""


def decode(data: bytes, encoding: str = "") -> tuple[str, str]:
    """Return the text of `data`, and a note for a person where something had to be guessed or mended ("" else).

    A byte order mark counts first, then UTF-8 if all is valid, then `encoding` or what the data declares, then a
    guess (charset-normalizer). Stray Windows-1252 bytes within UTF-8 are read one by one. Never raises.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _clean(data.decode(name, "replace")), ""
    without_mark = utf16_of(data)
    if without_mark:
        return _clean(data.decode(without_mark, "replace")), ""
    try:
        return _clean(data.decode("utf-8")), ""
    except UnicodeDecodeError as error:
        first = error.start
    label = encoding or declared_encoding(data)
    if label and label not in {"utf-8", "utf-8-sig"}:
        try:
            return _clean(data.decode(label)), ""
        except UnicodeDecodeError:
            pass
    text, strays = _with_strays(data)
    if strays <= sum(map(len, _MULTIBYTE.findall(data))):
        some = f"{strays} bytes are" if strays > 1 else "a byte is"
        return text, f"{some} no UTF-8 within UTF-8 (the first is byte {first}), and read as Windows-1252"
    from charset_normalizer import from_bytes  # rare, and slow to import

    if _is_latin(data):  # where Western and Central European bytes are equally likely, the first
        best = from_bytes(data, cp_isolation=["cp1252"]).best()
        if best is not None:
            return _clean(str(best)), f"the encoding is not {label or 'given'} and was taken for cp1252"
    best = from_bytes(data, cp_isolation=["big5hkscs", "gb18030", "cp932", "cp949", "cp1252", "cp1250", "cp1251"]).best()
    if best is not None:
        return _clean(str(best)), f"the encoding is not {label or 'given'} and was taken for {best.encoding}"
    return _clean(data.decode(label or "cp1252", "replace")), f"the bytes are not wholly {label or 'of any known encoding'}"


def _is_latin(data: bytes) -> bool:
    """Whether bytes above 127 stand alone between ASCII letters, as accents do, and not in runs, as other scripts do."""
    runs = _HIGH_RUN.findall(data)
    return sum(len(run) == 1 for run in runs) * 10 > len(runs) * 6


def utf16_of(data: bytes) -> str:
    """Return Python's name of the UTF-16 that `data` is in, by its mark or by the zeros of its Latin letters; "" for others."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return ""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = data[:2048]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(sample) < 8 or max(even, odd) * 8 < len(sample) or min(even, odd) * 8 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _with_strays(data: bytes) -> tuple[str, int]:
    """Decode UTF-8, reading each byte that is none as Windows-1252; return the text and how many those were."""
    strays = 0

    def read_byte(error: UnicodeError) -> tuple[str, int]:
        nonlocal strays
        assert isinstance(error, UnicodeDecodeError)  # noqa: S101 (what a decoder gives to its handler)
        strays += 1
        return error.object[error.start : error.start + 1].decode("cp1252", "replace"), error.start + 1

    codecs.register_error("morgue-stray-bytes", read_byte)
    return _clean(data.decode("utf-8", "morgue-stray-bytes")), strays


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def parse_json(text: str) -> Any:
    """Return the value of JSON as programs write it, control characters in texts allowed. Raises ValueError, RecursionError.

    Half a pair of surrogates, which JSON can escape and UTF-8 cannot write, becomes U+FFFD.
    """
    value = json.loads(text, strict=False)
    return _without_halves(value) if _HALF.search(text) else value


def _without_halves(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_without_halves(key): _without_halves(item) for key, item in value.items()}
    return [_without_halves(item) for item in value] if isinstance(value, list) else value
