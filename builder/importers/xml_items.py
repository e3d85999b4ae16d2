"""A large XML file to its items, one by one and without parsing it whole: a broken item costs no other, and memory stays flat."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from builder.articles.frontmatter import CONTROL
from builder.importers.encodings import declared, decode

CHUNK = 1 << 20
MAX_ITEM = 40_000_000
"""Bytes of one item; the longest real one has a thousandth."""
_MARGIN = 256
_XML_ENTITIES = {"amp", "lt", "gt", "quot", "apos"}
_NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]*):")


@dataclass(frozen=True, slots=True)
class XmlItem:
    """The bytes of an item, tags and all, and the line on which it begins. `is_whole` is false where its end is missing."""

    data: bytes
    line: int
    is_whole: bool = True


class XmlItems:
    """The items of a file. `header` (what stands before the first one) is known once iteration has begun."""

    def __init__(self, file: Path, tag: str) -> None:
        self.file = file
        self.header = b""
        name = tag.encode()
        self._token = re.compile(rb"<%b(?=[\s>])|</%b\s*>|<!\[CDATA\[|\]\]>" % (name, name))
        self._next = re.compile(rb"\s*(?:<%b[\s>]|</(?:channel|feed|rss)\b)" % name)

    def __iter__(self) -> Iterator[XmlItem]:
        self.header = b""
        buffer, position, line, start = b"", 0, 1, -1
        in_cdata = in_items = ended = False
        with self.file.open("rb") as stream:
            while True:
                match = self._token.search(buffer, position)
                if not ended and (match is None or match.end() > len(buffer) - _MARGIN):
                    if start >= 0 and len(buffer) - start > MAX_ITEM:
                        yield XmlItem(buffer[start : start + 1000], line + buffer.count(b"\n", 0, start), is_whole=False)
                        start, in_cdata = -1, False
                    position = match.start() if match else max(position, len(buffer) - _MARGIN)
                    done = start if start >= 0 else position
                    if not in_items and len(self.header) < MAX_ITEM:
                        self.header += buffer[:done]
                    line += buffer.count(b"\n", 0, done)
                    chunk = stream.read(CHUNK)
                    ended = not chunk
                    buffer, position, start = buffer[done:] + chunk, position - done, 0 if start >= 0 else -1
                    continue
                if match is None:
                    break
                token, position = match[0], match.end()
                if token == b"]]>":
                    in_cdata = False
                elif in_cdata and not (token.startswith(b"</") and self._next.match(buffer, position)):
                    continue  # within CDATA; but an end tag that the next item follows says that the CDATA never ended
                elif token.startswith(b"<!"):
                    in_cdata = True
                else:
                    in_cdata = False
                    is_end = token.startswith(b"</")
                    if start >= 0:
                        data = buffer[start : position if is_end else match.start()]
                        yield XmlItem(data, line + buffer.count(b"\n", 0, start), is_whole=is_end)
                    elif not in_items:
                        self.header += buffer[: match.start()]
                        in_items = True
                    start = -1 if is_end else match.start()
            if start >= 0:
                yield XmlItem(buffer[start:], line + buffer.count(b"\n", 0, start), is_whole=False)
            elif not in_items:
                self.header += buffer


def parse_item(data: bytes, encoding: str) -> tuple[etree._Element, str]:
    """Parse the bytes of one item; return its element, and a note on its encoding or "". Raises ValueError with what is wrong.

    Entities are never expanded: there is no DTD here that could define one, and HTML's names are read as their characters.
    """
    text, note = decode(data, encoding)
    text = CONTROL.sub("", text)
    text = _NAMED_ENTITY.sub(lambda match: match[0] if match[1] in _XML_ENTITIES else html.unescape(match[0]), text)
    namespaces = "".join(f' xmlns:{prefix}="urn:{prefix}"' for prefix in sorted(set(_PREFIX.findall(text)) - {"xml"}))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, strip_cdata=False)
    try:
        root = etree.fromstring(f"<items{namespaces}>{text}</items>".encode(), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"is broken XML: {str(error.msg or error).split(', line')[0]}") from None
    item = next((child for child in root if isinstance(child.tag, str)), None)
    if item is None:
        raise ValueError("holds no element")
    return item, note


def header_of(file: Path, tag: str) -> bytes:
    """Return what stands in `file` before its first item."""
    items = XmlItems(file, tag)
    next(iter(items), None)
    return items.header


def encoding_of(header: bytes) -> str:
    """Return the encoding that the XML declaration names, or ""."""
    return declared(header)


def key_of(element: etree._Element) -> str:
    """Return an element's name with its prefix: `wp:post_name`."""
    local = etree.QName(element).localname
    return f"{element.prefix}:{local}" if element.prefix else local
