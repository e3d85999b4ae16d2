"""A large XML file to its items, one by one and without parsing it whole: a broken item costs no other, and memory stays flat."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias
from xml.etree import ElementTree

from lxml import etree

from builder.articles.frontmatter import without_controls
from builder.importers.encodings import declared_encoding, decode, utf16_of

CHUNK = 1 << 20
MAX_ITEM = 40_000_000
"""Bytes of one item; the longest real one has a thousandth."""
_MARGIN = 256
_OWN_NAMESPACE = "{urn:"
_USUAL_PREFIXES = ("wp", "dc", "content", "excerpt", "wfw", "atom", "itunes", "media")
_NAMED_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{1,30};")
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]*):")


XmlElement: TypeAlias = etree._Element | ElementTree.Element
"""An element of either library: they have tag, text, tail, attributes and children in the same way."""


class XmlBreakError(ValueError):
    """An item that is no sound XML: what is wrong, and the place in the item (from 1)."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.line, self.column = line, column


@dataclass(frozen=True, slots=True)
class XmlItem:
    """The bytes of an item, tags and all, and where it begins. `break_at` is the line and column where its end was due, or None."""

    data: bytes
    line: int
    column: int
    break_at: tuple[int, int] | None = None


@dataclass(slots=True)
class _Cursor:
    """Line and column (from 1, in characters) of an offset in a buffer that is read once, forwards."""

    offset: int = 0
    line: int = 1
    column: int = 1

    def move(self, buffer: bytes, offset: int) -> tuple[int, int]:
        """Go on to `offset`; return line and column there."""
        piece = buffer[self.offset : offset]
        lines = piece.count(b"\n")
        if lines:
            self.line, self.column = self.line + lines, 1
            piece = piece[piece.rfind(b"\n") + 1 :]
        self.column += len(piece.decode("utf-8", "replace"))
        self.offset = offset
        return self.line, self.column


class XmlItems:
    """The items of a file. `header` (what stands before the first one) is known once iteration has begun."""

    def __init__(self, file: Path, tag: str) -> None:
        self.file = file
        self.header = b""
        self.breaks_off: tuple[int, int] | None = None
        """Line and column of the end of a file that breaks off after an item; known once iteration has ended."""
        name = tag.encode()
        self._start, self._end = b"<" + name, b"</" + name
        self._token = re.compile(rb"<%b(?=[\s>])|</%b\s*>|<!\[CDATA\[|\]\]>|</(?:rss|channel)\s*>" % (name, name))
        self._next = re.compile(rb"\s*(?:<%b[\s>]|</(?:channel|feed|rss)\b)" % name)

    def __iter__(self) -> Iterator[XmlItem]:
        self.header, self.breaks_off = b"", None
        buffer, position, start, cursor, begin = b"", 0, -1, _Cursor(), (1, 1)
        in_cdata = in_items = is_at_end = is_closed = False
        with _open(self.file) as stream:
            while True:
                match = self._token.search(buffer, position)
                if not is_at_end and (match is None or match.end() > len(buffer) - _MARGIN):
                    if start >= 0 and len(buffer) - start > MAX_ITEM:
                        yield XmlItem(buffer[start : start + 1000], *begin, break_at=begin)
                        start, in_cdata = -1, False
                    position = match.start() if match else max(position, len(buffer) - _MARGIN)
                    length = start if start >= 0 else position
                    if not in_items and len(self.header) < MAX_ITEM:
                        self.header += buffer[:length]
                    cursor.move(buffer, length)
                    cursor.offset = 0
                    chunk = stream.read(CHUNK)
                    is_at_end = not chunk
                    buffer, position, start = buffer[length:] + chunk, position - length, 0 if start >= 0 else -1
                    continue
                if match is None:
                    break
                token, position = match[0], match.end()
                if token == b"]]>":
                    in_cdata = False
                elif token.startswith((b"</rss", b"</channel")):
                    is_closed = is_closed or not in_cdata
                elif in_cdata and not (token.startswith(b"</") and self._next.match(buffer, position)):
                    continue  # within CDATA; but an end tag that the next item follows says that the CDATA never ended
                elif token.startswith(b"<!"):
                    end_of_cdata = buffer.find(b"]]>", position)
                    if end_of_cdata < 0 or buffer.find(self._end, position, end_of_cdata) >= 0:
                        in_cdata = True
                    else:
                        position = end_of_cdata + 3
                else:
                    in_cdata = False
                    is_end = token.startswith(b"</")
                    here = cursor.move(buffer, match.start())
                    if start >= 0:
                        yield XmlItem(buffer[start : position if is_end else match.start()], *begin, None if is_end else here)
                    elif not in_items:
                        self.header += buffer[: match.start()]
                        in_items = True
                    start, begin = -1 if is_end else match.start(), here
                    if start >= 0:
                        end_of_item = self._end_of_sound_item(buffer, start)
                        if end_of_item > 0:
                            yield XmlItem(buffer[start:end_of_item], *begin)
                            start, position = -1, end_of_item
            end = cursor.move(buffer, len(buffer))
            if start >= 0:
                yield XmlItem(buffer[start:], *begin, break_at=end)
            elif not in_items:
                self.header += buffer
            elif not is_closed:
                self.breaks_off = end

    def _end_of_sound_item(self, buffer: bytes, start: int) -> int:
        """Return where the item that begins at `start` ends, 0 where that takes more than a look: nearly all items are plain."""
        end = buffer.find(self._end + b">", start)
        if end < 0 or buffer.find(self._start, start + 1, end) >= 0:
            return 0
        if buffer.rfind(b"<![CDATA[", start, end) > buffer.rfind(b"]]>", start, end):
            return 0  # within CDATA
        if buffer.find(b"</channel", start, end) >= 0 or buffer.find(b"</rss", start, end) >= 0:
            return 0
        return end + len(self._end) + 1


def _open(file: Path) -> BinaryIO:
    """Open `file` to be read as bytes in which tags can be found: UTF-16 is read as UTF-8."""
    stream = file.open("rb")
    encoding = utf16_of(stream.read(2048))
    stream.seek(0)
    if encoding:
        utf8_stream: BinaryIO = codecs.EncodedFile(stream, "utf-8", encoding, "replace")
        return utf8_stream
    return stream


def parse_item(data: bytes, encoding: str) -> tuple[XmlElement, str]:
    """Parse the bytes of one item; return its element, and a note on its encoding or "". Raises XmlBreakError with what is wrong.

    Entities are never expanded: there is no DTD here that could define one, and HTML's names are read as their characters.
    """
    text, note = decode(data, encoding)
    source = without_controls(text)
    text = _NAMED_ENTITY.sub(_character, source) if "&" in source else source
    item = None if "xmlns" in text else _parse_usual(text)
    return (_parse(text, source) if item is None else item), note


def _parse_usual(text: str) -> XmlElement | None:
    """Parse a sound item with the usual prefixes by Python's own parser, in a fraction of the time; None for others."""
    try:
        root = ElementTree.fromstring(f"{_USUAL_OPENING}{text}</items>")  # noqa: S314 (within an element nothing declares entities)
    except (ElementTree.ParseError, UnicodeEncodeError):
        return None
    return next(iter(root), None)


def _opening(prefixes: Iterable[str]) -> str:
    namespaces = "".join(f' xmlns:{prefix}="urn:{prefix}"' for prefix in prefixes)
    return f"<items{namespaces}>"


_USUAL_OPENING = _opening(_USUAL_PREFIXES)


def _parse(text: str, source: str) -> etree._Element:
    """Parse the `text` of an item, which was `source` before HTML's names became characters. Raises XmlBreakError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, strip_cdata=False)
    opening = _opening(sorted(set(_PREFIX.findall(text)) - {"xml"}))
    try:
        root = etree.fromstring(f"{opening}{text}</items>".encode(), parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        column = _column_as_given(source, line, max(1, column - (len(opening) if line == 1 else 0)))
        raise XmlBreakError(f"is broken XML: {str(error.msg or error).split(', line')[0]}", line, column) from None
    item = next((child for child in root if isinstance(child.tag, str)), None)
    if item is None:
        raise XmlBreakError("holds no element", 1, 1)
    return item


def _character(match: re.Match[str]) -> str:
    return html.unescape(match[0])


def _column_as_given(text: str, line: int, column: int) -> int:
    """Return the column in `text` of what stands at `column` of its `line` once HTML's names are characters."""
    lines = text.split("\n")
    for match in _NAMED_ENTITY.finditer(lines[line - 1]) if 0 < line <= len(lines) else ():
        if match.start() >= column - 1:
            break
        column += len(match[0]) - len(_character(match))
    return column


def encoding_of(header: bytes) -> str:
    """Return the encoding that the XML declaration names, or ""."""
    return declared_encoding(header)


def key_of(element: XmlElement) -> str:
    """Return an element's name with its prefix: `wp:post_name`."""
    tag: str = element.tag
    if tag[0] != "{":
        return tag
    if tag.startswith(_OWN_NAMESPACE):  # what `parse_item` declared: nearly all
        return tag[len(_OWN_NAMESPACE) :].replace("}", ":", 1)
    local = tag.rpartition("}")[2]
    prefix = getattr(element, "prefix", None)
    return f"{prefix}:{local}" if prefix else local


def text_in(element: XmlElement) -> str:
    """Return all text within an element."""
    return "".join(element.itertext()) if len(element) else element.text or ""


def texts_in(item: XmlElement) -> dict[str, str]:
    """Return the text of each element in `item` by its name with its prefix, of the last one where several are called alike."""
    return {key_of(child): text_in(child).strip() for child in item if isinstance(child.tag, str)}
