"""WARC files, and those in WACZ packages, as a stream of the records in them; what is broken is passed over and named."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from builder.base.picture_types import IMAGE_TYPES
from builder.importers.downloads import picture_ending
from builder.importers.sources import MOST_BYTES, SourceFile

_BLOCK = 1 << 16
_BEGIN = 2048
"""Bytes of a body that tell its kind where no header does."""
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_GZIP = b"\x1f\x8b\x08"
_PACKAGE_ERRORS = (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, ValueError, OSError)
"""What a damaged package provokes, when it is opened or read."""
_ERRORS = (ArchiveLoadFailed, AttributeError, TypeError, *_PACKAGE_ERRORS)
"""What warcio lets through where a file is damaged."""


@dataclass(frozen=True, slots=True)
class WebRecord:
    """What one record holds of one address. `date` is ISO 8601 in UTC, `status` "" for what is no HTTP response."""

    number: int
    kind: str
    url: str
    date: str
    status: str = ""
    mime: str = ""
    charset: str = ""
    location: str = ""
    digest: str = ""
    size: int = 0
    payload: bytes = b""
    """The body without its transfer and content encodings, where it was asked for."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A place where a file cannot be read: `name` is the WARC within a package, `message` says what is wrong."""

    name: str
    message: str


def records(file: SourceFile, numbers: set[int] | None = None) -> Iterator[WebRecord | Damage]:
    """Yield the records of web addresses in a WARC or WACZ, numbered from 0 through all of the file.

    Payloads are read of the records numbered in `numbers`; all others are read through and dropped.
    """
    number = 0
    for name, stream in _warcs(file):
        if isinstance(stream, Damage):
            yield stream
            continue
        with stream:
            for record in _records_of(name, stream, number, numbers or set()):
                if isinstance(record, WebRecord):
                    number = record.number + 1
                yield record


def _warcs(file: SourceFile) -> Iterator[tuple[str, BinaryIO | Damage]]:
    if not zipfile.is_zipfile(file.file):
        yield "", file.file.open("rb")
        return
    try:
        with zipfile.ZipFile(file.file) as package:
            for name in sorted(package.namelist()):
                if re.search(r"\.warc(?:\.gz)?$", name):
                    try:
                        stream: Any = package.open(name)
                    except (*_PACKAGE_ERRORS, RuntimeError) as error:  # RuntimeError: a password is needed
                        stream = Damage(name, f"cannot be read ({str(error)[:80]})")
                    yield name, stream
    except _PACKAGE_ERRORS as error:
        yield "", Damage("", f"is a damaged package ({str(error)[:80]})")


def _records_of(name: str, stream: BinaryIO, number: int, numbers: set[int]) -> Iterator[WebRecord | Damage]:
    start = 0
    while True:
        at = start
        try:
            stream.seek(start)
            iterator = ArchiveIterator(stream)
            iterator.INC_RECORD = ""  # what it would print
            for record in iterator:
                at = iterator.offset  # get_record_offset() would read the record away
                fault = _fault_of_length(record)
                if fault:
                    yield Damage(name, f"cannot be read at byte {at} ({fault}); the records after it are looked for")
                    break
                entry = _web_record(record, number, number in numbers)
                if entry is None:
                    continue
                if entry.size < 0:
                    yield Damage(name, f"breaks off within the record at byte {at} ({entry.url})")
                    break
                yield entry
                number += 1
            else:
                if not name and _breaks_off(stream, at):  # to go back in a package takes as long as to read it again
                    yield Damage(name, f"breaks off after the record at byte {at}; the records before this place are in")
                return
        except _ERRORS as error:
            is_ours = isinstance(error, AttributeError | TypeError)  # warcio asks a header that is not there
            reason = "a header is cut off" if is_ours else str(error)[:80].strip() or type(error).__name__
            yield Damage(name, f"cannot be read at byte {at} ({reason}); the records after it are looked for")
        try:
            start = _next_record(stream, at + 1)
        except _PACKAGE_ERRORS:  # a package's file is read from its beginning: nothing behind the damage can be
            return
        if start < 0:
            return


def _fault_of_length(record: Any) -> str:
    """Return what is wrong with the length that a WARC record says it has, or "": without one its end is not known."""
    length = record.rec_headers.get_header("Content-Length")
    if record.format != "warc" or (length or "").strip().isdigit():
        return ""
    url = record.rec_headers.get_header("WARC-Target-URI") or "a record without an address"
    what = f'"{length}", which is no number of bytes' if length else "missing"
    return f"Content-Length is {what}; {url}"


def _breaks_off(stream: BinaryIO, at: int) -> bool:
    """Whether something stands behind the last whole record, which begins at byte `at`, or that is cut: warcio ends in silence.

    A record that is not packed ends with two empty lines, and a gzip member with its checksum.
    """
    stream.seek(at)
    first = stream.read(_BLOCK)
    if not first.startswith(_GZIP):
        end = first
        while part := stream.read(_BLOCK):
            end = end[-16:] + part
        return bool(end) and not end.endswith((b"\r\n\r\n", b"\n\n"))
    member, rest = zlib.decompressobj(31), first
    while rest or (rest := stream.read(_BLOCK)):
        try:
            member.decompress(rest)
        except zlib.error:
            return False  # padding, or damage that was named where it was met
        rest = member.unused_data
        if member.eof:
            if not rest:
                rest = stream.read(_BLOCK)
            if not rest:
                return False
            member = zlib.decompressobj(31)
    return True


def _web_record(record: Any, number: int, with_payload: bool) -> WebRecord | None:
    headers = record.rec_headers
    url = headers.get_header("WARC-Target-URI") or ""
    if record.rec_type not in {"response", "revisit", "resource"} or not url.startswith(("http://", "https://")):
        record.raw_stream.read() if record.rec_type == "request" else _read_through(record.raw_stream)
        return None
    http = record.http_headers
    content_type = (http.get_header("Content-Type") if http else headers.get_header("Content-Type")) or ""
    begin = b"" if content_type or with_payload else record.content_stream().read(_BEGIN)
    content_type = content_type or _type_of(begin)
    charset = re.search(r"charset=[\"']?([\w.:-]+)", content_type, re.IGNORECASE)
    payload = b""
    if with_payload:
        payload = record.content_stream().read(MOST_BYTES)
        size = len(payload)
    else:
        size = len(begin) + _read_through(record.raw_stream)
    if getattr(record.raw_stream, "limit", 0) > 0 and not with_payload:
        size = -1
    return WebRecord(
        number=number,
        kind=record.rec_type,
        url=url,
        date=(headers.get_header("WARC-Date") or "").strip(),
        status=http.get_statuscode() if http else "200" if record.rec_type == "resource" else "",
        mime=content_type.partition(";")[0].strip().lower(),
        charset=charset[1] if charset else "",
        location=(http.get_header("Location") or "") if http else "",
        digest=headers.get_header("WARC-Payload-Digest") or headers.get_header("WARC-Refers-To") or "",
        size=size,
        payload=payload,
    )


def _type_of(data: bytes) -> str:
    """Return the media type of a body that came without one, by its first bytes: a page's, a picture's, or ""."""
    return "text/html" if _PAGE.search(data) else IMAGE_TYPES.get(picture_ending(data), "")


def _read_through(stream: Any) -> int:
    size = 0
    while part := stream.read(_BLOCK):
        size += len(part)
    return size


def _next_record(stream: BinaryIO, at: int) -> int:
    """Return where the next record begins at or after byte `at`, or -1: a gzip member that holds one, or its first line."""
    stream.seek(at)
    rest = b""
    base = at
    while True:
        part = stream.read(1 << 20)
        window = rest + part
        for match in re.finditer(rb"\x1f\x8b\x08|(?<=\r\n\r\n)WARC/1\.", window):
            offset = base + match.start()
            if match[0] != _GZIP or _is_member(stream, offset):
                return offset
        if not part:
            return -1
        rest = window[-64:]
        base += len(window) - len(rest)
        stream.seek(base + len(rest))


def _is_member(stream: BinaryIO, offset: int) -> bool:
    stream.seek(offset)
    try:
        return zlib.decompressobj(31).decompress(stream.read(4096), 16).startswith(b"WARC/")
    except zlib.error:
        return False
