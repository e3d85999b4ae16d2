"""Bytes of unknown encoding to text: what is declared, what is proven, what is likely, in this order."""

from __future__ import annotations

import codecs
import re

_DECLARED = re.compile(
    rb"""(?:<\?xml[^>]{0,200}?encoding|<meta[^>]{0,200}?charset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE
)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_MULTIBYTE = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")
_WIDER = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252", "latin-1": "cp1252",
    "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "shift_jis": "cp932", "euc-kr": "cp949", "iso-8859-9": "cp1254",
}  # fmt: skip
"""What browsers read under these names: supersets (WHATWG Encoding Standard)."""


def declared(data: bytes) -> str:
    """Return the encoding that XML or HTML `data` says it has, in Python's name for its superset, or ""."""
    match = _DECLARED.search(data[:4096])
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
    try:
        return _clean(data.decode("utf-8")), ""
    except UnicodeDecodeError as error:
        first = error.start
    said = encoding or declared(data)
    if said and said not in {"utf-8", "utf-8-sig"}:
        try:
            return _clean(data.decode(said)), ""
        except UnicodeDecodeError:
            pass
    text, strays = _with_strays(data)
    if strays <= len(_MULTIBYTE.findall(data)):
        some = f"{strays} bytes are" if strays > 1 else "a byte is"
        return text, f"{some} no UTF-8 within UTF-8 (the first is byte {first}), and read as Windows-1252"
    from charset_normalizer import from_bytes  # rare, and slow to import

    best = from_bytes(data, cp_isolation=["big5hkscs", "gb18030", "cp932", "cp949", "cp1252", "cp1250", "cp1251"]).best()
    if best is not None:
        return _clean(str(best)), f"the encoding is not given and was taken for {best.encoding}"
    return _clean(data.decode(said or "cp1252", "replace")), f"the bytes are not wholly {said or 'of any known encoding'}"


def _with_strays(data: bytes) -> tuple[str, int]:
    """Decode UTF-8, reading each byte that is none as Windows-1252; return the text and how many those were."""
    parts: list[str] = []
    strays = at = 0
    while at < len(data):
        try:
            parts.append(data[at:].decode("utf-8"))
            break
        except UnicodeDecodeError as error:
            parts.append(data[at : at + error.start].decode("utf-8"))
            parts.append(data[at + error.start : at + error.start + 1].decode("cp1252", "replace"))
            strays += 1
            at += error.start + 1
            if strays > 10_000:
                parts.append(data[at:].decode("utf-8", "replace"))
                break
    return _clean("".join(parts)), strays


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
