"""What a file packs, as streams: members of archives, records of WARC, columns of Parquet, the text in PDF and PNG."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import logging
import lzma
import re
import shutil
import sqlite3
import tarfile
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

Members = Iterator[tuple[str, Any]]
"""What each member is called, as it is put after the file's path, and a stream of its bytes."""

SQLITE = b"SQLite format 3\0"
HEAD = 512
"""Bytes that tell what kind of file it is."""
_GZIP, _BZIP2, _XZ, _PARQUET = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"PAR1"
_PNG, _PDF = b"\x89PNG\r\n\x1a\n", b"%PDF-"
_OPAQUE = {
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!": "RAR",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"ZIM\x04": "ZIM",
}
"""How files begin that nothing here unpacks."""
_PIECE = 8 << 20
_STREAM = re.compile(rb"stream\r?\n")
_STRINGS = re.compile(rb"\(((?:\\.|[^\\()])*)\)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"", b"f": b"", b"\n": b"", b"\r\n": b""}


class UnreadableError(Exception):
    """Why it cannot be said what a file packs, in words that follow its path."""


DAMAGE = (
    UnreadableError, zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, lzma.LZMAError, zlib.error, EOFError, sqlite3.Error,
    NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip
"""What is raised, while its members are read too, where a file is damaged, is encrypted, or packed as nothing here unpacks."""


def unpacker(head: bytes, path: str) -> Callable[[Any], Members] | None:
    """Return what gives the members of a file that begins with `head`, given a seekable stream of it; None where it packs nothing.

    Raises UnreadableError for a kind that nothing here unpacks. What the function returns raises one of DAMAGE.
    """
    if b"WARC/" in head[:16] or (head.startswith(_GZIP) and path.endswith((".warc.gz", ".warc"))):
        return _warc
    for start, members in _KINDS.items():
        if head.startswith(start):
            return members
    for start, name in _OPAQUE.items():
        if head.startswith(start):
            raise UnreadableError(f"is packed by {name}")
    return _tar if head[257:262] == b"ustar" else None


def _zip(stream: Any) -> Members:
    with zipfile.ZipFile(stream) as archive:
        for item in archive.infolist():
            with archive.open(item) as member:
                yield f": {item.filename}", member


def _tar(stream: Any) -> Members:
    with tarfile.open(fileobj=stream) as tar:
        while (entry := tar.next()) is not None:
            tar.members = []  # type: ignore[attr-defined]  # it remembers each entry, which nobody asks for here
            if entry.isreg() and (member := tar.extractfile(entry)) is not None:  # what a link leads to is an entry, too
                yield f": {entry.name}", member


def _gzip(stream: Any) -> Members:
    with gzip.open(stream) as content:
        yield "", content


def _bzip2(stream: Any) -> Members:
    with bz2.open(stream) as content:
        try:
            content.peek(1)
        except OSError:  # what bz2 raises for data that are none
            raise UnreadableError("is damaged") from None
        yield "", content


def _xz(stream: Any) -> Members:
    with lzma.open(stream) as content:
        yield "", content


def _warc(stream: Any) -> Members:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        for record in ArchiveIterator(stream):
            address = record.rec_headers.get_header("WARC-Target-URI") or record.rec_type
            yield f": {address}", io.BytesIO(f"{record.rec_headers}\n{record.http_headers or ''}".encode())
            with tempfile.SpooledTemporaryFile(_PIECE) as content:
                shutil.copyfileobj(record.content_stream(), content)
                content.seek(0)
                yield f": {address}", content
    except ArchiveLoadFailed:
        raise UnreadableError("is damaged") from None


def _sqlite(stream: Any) -> Members:
    with tempfile.NamedTemporaryFile(suffix=".sqlite") as file:
        shutil.copyfileobj(stream, file, _PIECE)
        file.flush()
        yield from database_tables(f"file:{file.name}?mode=ro&immutable=1")


def database_tables(uri: str) -> Members:
    """Yield what each row says of each table of the SQLite database at `uri`, unpacked. Raises sqlite3.Error."""
    connection = sqlite3.connect(uri, uri=True)
    connection.text_factory = bytes
    try:
        tables = [
            name.decode(errors="replace") for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        for table in tables:
            identifier = table.replace('"', '""')
            for row in connection.execute(f'SELECT * FROM "{identifier}"'):  # noqa: S608 (quoted)
                for value in row:
                    if isinstance(value, bytes):
                        for form in _forms(value):
                            yield f": {table}", io.BytesIO(form)
    finally:
        connection.close()


def _forms(value: bytes) -> Iterator[bytes]:
    """Yield what a column's `value` may say: its bytes, they unpacked, or read as terms (UTF-16)."""
    yield value
    if len(value) < 1000 and len(value) % 2 == 0:
        yield value.decode("utf-16-be", "replace").encode()
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        with suppress(zlib.error):
            yield zlib.decompress(value, bits)


def _parquet(stream: Any) -> Members:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise UnreadableError("is Parquet, which needs pyarrow to be read: pip install 'morgue[parquet]'") from None
    try:
        for batch in parquet.ParquetFile(stream).iter_batches(batch_size=1000):
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                lines = json.dumps(column.to_pylist(), ensure_ascii=False, default=str)
                yield f": {name}", io.BytesIO(lines.encode(errors="surrogatepass"))
    except (ArrowException, OSError):
        raise UnreadableError("is damaged") from None


def _png(stream: Any) -> Members:
    """Yield the text that a PNG packs (zTXt, iTXt); tEXt stands in it as it is."""
    stream.seek(len(_PNG))
    while len(head := stream.read(8)) == 8:
        size, kind = int.from_bytes(head[:4], "big"), head[4:]
        if kind in {b"zTXt", b"iTXt"}:
            text = stream.read(size)
            for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", text):
                with suppress(zlib.error):
                    yield " (its text)", io.BytesIO(zlib.decompressobj().decompress(text[start.start() :], _PIECE))
                    break
            size = 0
        stream.seek(size + 4, io.SEEK_CUR)


def _pdf(stream: Any) -> Members:
    """Yield what a PDF says: its unpacked streams and strings as they are, then the text of each page, read with its fonts.

    Raises UnreadableError for one that is encrypted, or without pypdf.
    """
    data = stream.read()
    for start in _STREAM.finditer(data):
        end = data.find(b"endstream", start.end())
        content = data[start.end() : end if end > 0 else len(data)]
        with suppress(zlib.error):
            content = zlib.decompressobj().decompress(content, _PIECE)
        yield " (its text)", io.BytesIO(content)
        yield " (its text)", io.BytesIO(b"".join(_pdf_strings(content)))
    yield " (its text)", io.BytesIO(b" ".join(_pdf_strings(data)))
    if b"/Encrypt" in data:
        raise UnreadableError("is encrypted")
    try:
        import pypdf
    except ImportError:
        raise UnreadableError("is PDF, whose text in fonts of its own needs pypdf to be read: pip install 'morgue[pdf]'") from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is odd about a file is not asked here
    try:
        for page in pypdf.PdfReader(stream).pages:
            yield " (its text)", io.BytesIO(unicodedata.normalize("NFKC", page.extract_text()).encode(errors="replace"))
    except Exception as error:  # noqa: BLE001 (a damaged file makes it raise whatever there is)
        raise UnreadableError(f"is a PDF that cannot be read to its end ({type(error).__name__})") from None


def _pdf_strings(content: bytes) -> Iterator[bytes]:
    """Yield the strings of a PDF's objects or text, in UTF-8; a blank where it begins a new line or word."""
    end = 0
    for match in _STRINGS.finditer(content):
        between = content[end : match.start()]
        if b"T" in between or any(int(number) < -180 for number in re.findall(rb"-\d{1,6}", between)):
            yield b" "
        end = match.end()
        text = _ESCAPE.sub(_unescape, match[1])
        if text.startswith(b"\xfe\xff"):
            yield text[2:].decode("utf-16-be", "replace").encode()
        else:
            yield text.decode("cp1252", "replace").encode()


def _unescape(match: re.Match[bytes]) -> bytes:
    letter = match[1]
    return bytes([int(letter, 8) & 255]) if letter[:1] in b"01234567" else _LETTERS.get(letter, letter)


_KINDS: dict[bytes, Callable[[Any], Members]] = {
    b"PK\x03\x04": _zip,
    SQLITE: _sqlite,
    _GZIP: _gzip,
    _BZIP2: _bzip2,
    _XZ: _xz,
    _PARQUET: _parquet,
    _PNG: _png,
    _PDF: _pdf,
}
