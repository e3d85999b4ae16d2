"""Which kinds of source there are, and which one a file is: told from its bytes, a line for each kind."""

from __future__ import annotations

import contextlib
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from builder.importers.encodings import utf16_of
from builder.importers.ghost import is_export
from builder.importers.parquet import MAGIC
from builder.importers.settings import ReadSettings
from builder.importers.sources import SourceFile, is_wacz
from builder.importers.story import Piece, Refusal, Story
from builder.importers.text_signs import begins_as_html, begins_as_markdown, begins_as_table, has_json_front_matter, text_of_head


class Format(Protocol):
    """What the module of a kind offers. Both functions get and give plain data."""

    def split(self, files: Sequence[SourceFile], settings: ReadSettings) -> Iterator[Piece | Refusal]:
        """Cut the files of this kind, all those of one import, into pieces; cheap, as a stream. They may refer to one another."""

    def read(self, piece: Piece, settings: ReadSettings) -> Story | Refusal:
        """Return the story in a piece. Runs in a worker process, and never raises for what the piece holds."""


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A kind of source: its name, how a file of it is told (by its first bytes and its name), and the module that reads it."""

    name: str
    about: str
    matches: Callable[[SourceFile, bytes], bool]
    module: str

    @property
    def format(self) -> Format:
        """The module that reads it, imported when it is needed."""
        module: Any = import_module(f"builder.importers.{self.module}")
        format_: Format = module
        return format_


_XML = re.compile(rb"^\s*(?:\xef\xbb\xbf)?\s*<(?:\?xml|rss|feed|rdf)", re.IGNORECASE)
_FEED = re.compile(
    rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^<>]*(?:\[.*?\]\s*)?>\s*)*<(?:rss|feed|rdf:RDF)\b",
    re.DOTALL,
)
_HTML = re.compile(rb"<(?:!doctype html|html|head|body|article|amp-)\b", re.IGNORECASE)
_MHTML = re.compile(rb"\A(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related", re.IGNORECASE)


def _is_wxr(_: SourceFile, head: bytes) -> bool:
    return bool(_XML.search(_narrow(head))) and b"wordpress.org/export/" in _narrow(head)


def _is_page(file: SourceFile, head: bytes) -> bool:
    if any(head.startswith(mark) for mark, _ in _MARKS):
        return False  # a zip or PDF may hold tags
    if _HTML.search(_narrow(head)) or (file.suffix in {".html", ".htm", ".xhtml", ".shtml"} and not _is_binary(head)):
        return True
    return _says_nothing(file) and not _is_binary(head) and begins_as_html(text_of_head(head))


def _says_nothing(file: SourceFile) -> bool:
    """Whether a file's name does not say what it is: standard input, one without an ending, a text."""
    return file.suffix in {"", ".txt", ".text"}


def _is_warc(file: SourceFile, head: bytes) -> bool:
    if head.startswith(b"\x1f\x8b"):
        with contextlib.suppress(zlib.error):
            head = zlib.decompressobj(31).decompress(head, 16)
    if head.startswith(b"PK\x03\x04") and is_wacz(file.file):
        return True
    return head.startswith(b"WARC/") or file.suffix == ".wacz" or file.path.lower().endswith((".warc", ".warc.gz"))


def _is_feed(_: SourceFile, head: bytes) -> bool:
    head = _narrow(head)
    return bool(_FEED.search(head)) or (head.lstrip().startswith(b"{") and b"jsonfeed.org/version/" in head)


def _is_records(file: SourceFile, head: bytes) -> bool:
    if head.startswith(MAGIC):
        return True
    if file.suffix == ".json" and not file.is_alone and re.match(rb"[\s\xef\xbb\xbf]*\{\s*\n", head):
        return False  # one object over several lines, as programs leave beside pages
    if _is_binary(head):
        return False
    if file.suffix in {".csv", ".tsv"}:
        return True
    text = text_of_head(head) if _says_nothing(file) else ""
    if begins_as_table(text):
        return True
    may_be_json = _says_nothing(file) or file.suffix in {".jsonl", ".ndjson", ".json"}
    is_json = may_be_json and re.match(rb'\[?\s*\{\s*"', head.lstrip(b"\xef\xbb\xbf \t\r\n"))
    return bool(is_json) and not has_json_front_matter(text)


def _is_markdown(file: SourceFile, head: bytes) -> bool:
    if _is_binary(head):
        return False
    if file.suffix in MARKDOWN_SUFFIXES:
        return True
    if file.suffix in {".html", ".htm", ".njk", ".liquid"}:
        return head.startswith((b"---\n", b"---\r\n", b"+++\n"))
    return (_says_nothing(file) or file.is_alone) and begins_as_markdown(text_of_head(head))


def _is_text(file: SourceFile, head: bytes) -> bool:
    return (file.suffix in {".txt", ".text", ""} and not _is_binary(head)) and not _XML.search(head)


SOURCE_KINDS: tuple[SourceKind, ...] = (
    SourceKind("wxr", "a WordPress export (WXR)", _is_wxr, "wxr"),
    SourceKind("warc", "a web archive (WARC, WACZ)", _is_warc, "warcs"),
    SourceKind("ghost", "a Ghost export", lambda _, head: is_export(head), "ghost"),
    SourceKind("feed", "a feed (RSS, Atom, JSON Feed)", _is_feed, "feeds"),
    SourceKind("records", "records (JSON Lines, CSV, Parquet)", _is_records, "tables"),
    SourceKind("markdown", "Markdown or HTML with front matter", _is_markdown, "generators"),
    SourceKind("mhtml", "a page saved as one file (MHTML)", lambda _, head: bool(_MHTML.match(head.replace(b"\r", b""))), "pages"),
    SourceKind("html", "a saved web page", _is_page, "pages"),
    SourceKind("text", "pasted text", _is_text, "pasted"),
)
"""Tried in this order."""
MARKDOWN_SUFFIXES = (".md", ".markdown", ".mkd", ".mkdn", ".mdown", ".mdx")
STORY_SUFFIXES = (
    *MARKDOWN_SUFFIXES,
    ".html",
    ".htm",
    ".xhtml",
    ".shtml",
    ".xml",
    ".mht",
    ".mhtml",
    ".txt",
    ".doc",
    ".docx",
)
"""A file in a folder that ends so should be a story: where it is of no kind it is refused, and not left out and counted."""


_MARKS = (
    (b"%PDF", "a PDF"), (b"\x89PNG", "a picture (PNG)"), (b"\xff\xd8\xff", "a picture (JPEG)"), (b"GIF8", "a picture (GIF)"),
    (b"RIFF", "a picture or sound (RIFF)"), (b"PK\x03\x04", "a zip"), (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"SQLite", "a database"), (b"\x1f\x8b", "compressed (gzip)"), (b"7z\xbc\xaf", "a 7z archive"), (b"Rar!", "a RAR archive"),
)  # fmt: skip


def kind_of(file: SourceFile, head: bytes) -> SourceKind | None:
    """Return the kind of a file by its name and first bytes (8 kB), or None."""
    return next((kind for kind in SOURCE_KINDS if kind.matches(file, head)), None)


def kind_named(name: str) -> SourceKind | None:
    """Return the kind called `name`."""
    return next((kind for kind in SOURCE_KINDS if kind.name == name), None)


def describe(head: bytes) -> str:
    """Say what bytes are that are of no kind, for a message."""
    if head.startswith(b"PK\x03\x04") and (b"[Content_Types].xml" in head or b"mimetypeapplication/" in head):
        return "an Office document (Word, Excel, OpenDocument)"
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    return "empty" if not head.strip() else "binary" if _is_binary(head) else "text of no kind that is known here"


def _narrow(head: bytes) -> bytes:
    """Return UTF-16 text as ASCII: enough to find tags in it."""
    return head.replace(b"\0", b"") if utf16_of(head) else head


def _is_binary(head: bytes) -> bool:
    return any(head.startswith(mark) for mark, _ in _MARKS) or (b"\0" in head and not utf16_of(head))
