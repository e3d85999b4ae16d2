"""Where a name still stands in all that an archive keeps and publishes: indexes, databases and archives decoded."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import sqlite3
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from builder.archive.addresses import SEARCH_INDEX
from builder.base.files import open_regular
from builder.base.problems import BuildUnavailableError
from builder.export.name_pattern import legacy_pattern, name_pattern
from builder.export.shard_reader import ShardReader, script_payload
from builder.search.sync import FOLDER as WHOOSH
from builder.search.whoosh_index.index import IndexMissingError, Manifest
from builder.search.whoosh_index.searcher import SegmentSearcher
from builder.search.whoosh_index.segments import DAMAGE
from builder.state.state import FOLDER as STATE_FOLDER

MAX_WHOLE = 64 * 1024 * 1024
"""Bytes of a file that is decoded as one; a bigger one is looked through in windows, as it is, and unpacked if it is an archive."""
_WINDOW, _OVERLAP = 8 << 20, 1 << 14
_MAX_DEPTH = 5
_HEAD = 512
"""Bytes that tell what kind of file it is."""
_GZIP = b"\x1f\x8b"
_VERSION_CONTROL_FOLDERS = {".git", ".hg", ".svn"}
"""Version control packs its own way: what it keeps of a name is not looked for."""
_INDEX_KINDS = ("/t/", "/p/", "/v/")


class NameScan:
    """Looks for one name."""

    def __init__(self, name: str) -> None:
        self._pattern = name_pattern(name)
        self._legacy = legacy_pattern(name)
        self._new_reader = partial(ShardReader, name, self._pattern)
        self._indexes: dict[str, ShardReader] = {}
        """What reads each browser's index that is met, by its place: the site's, and those in packed copies of it."""

    def occurrences(self, folder: Path, output: Path) -> Iterator[str]:
        """Yield each place at or below the archive's `folder`, and in the site at `output`, where the name stands.

        A place is a path from `folder`, and within an archive or a database what is in it. Raises BuildUnavailableError for a
        file that cannot be read: nothing can be said of it.
        """
        roots = [folder] if output.resolve().is_relative_to(folder.resolve()) else [folder, output]
        for root in roots:
            for file in _files(root):
                path = file.relative_to(root).as_posix()
                if self._pattern.search(path.encode(errors="surrogateescape")):
                    yield f"{path} (its name)"
                try:
                    yield from dict.fromkeys(self._in_file(file, path))
                except OSError as error:
                    raise BuildUnavailableError(f"{file}: cannot be read: {error.strerror}; nothing can be said of it") from None
        yield from (f"{place} ({reason})" for place, reader in self._indexes.items() for reason in reader.leftovers())
        yield from self._in_whoosh(folder / STATE_FOLDER / WHOOSH, f"{STATE_FOLDER}/{WHOOSH}")

    def _in_file(self, file: Path, path: str) -> Iterator[str]:
        with open_regular(file) as stream:
            if stream.read(16).startswith(b"SQLite format 3\0"):
                yield from self._in_database(file, path)
            stream.seek(0)
            yield from self._in_stream(stream, path, 0)

    def _in_stream(self, stream: Any, path: str, depth: int) -> Iterator[str]:
        """Yield where the name stands in the file `stream`, and in what it packs; no more than MAX_WHOLE bytes are in memory."""
        data = stream.read(MAX_WHOLE + 1)
        if len(data) <= MAX_WHOLE:
            yield from self._in_data(data, path, depth)
            return
        if self._stands_in_windows(data, stream):
            yield path
        if depth >= _MAX_DEPTH or not stream.seekable():
            return
        del data
        stream.seek(0)
        head = stream.read(_HEAD)
        stream.seek(0)
        if (unpack := self._unpacker(head, path)) is not None:
            yield from unpack(stream, path, depth)
        elif head.startswith(_GZIP):
            with suppress(OSError, EOFError, zlib.error), gzip.open(stream) as data:
                if self._stands_in_windows(b"", data):
                    yield path

    def _stands_in_windows(self, window: bytes, stream: Any) -> bool:
        """Whether the name stands in what `stream` still has, after the bytes of `window`."""
        while not self._stands_in(window):
            piece = stream.read(_WINDOW)
            if not piece:
                return False
            window = window[-_OVERLAP:] + piece
        return True

    def _in_data(self, data: bytes, path: str, depth: int) -> Iterator[str]:
        """Yield where the name stands in the file `data`, and in what it packs."""
        if self._stands_in(data):
            yield path
        if depth >= _MAX_DEPTH:
            return
        if (unpack := self._unpacker(data[:_HEAD], path)) is not None:
            yield from unpack(io.BytesIO(data), path, depth)
        elif data.startswith(_GZIP):
            with suppress(OSError, EOFError, zlib.error):
                yield from self._in_data(gzip.decompress(data), path, depth + 1)
        elif (script := script_payload(data)) is not None:
            name, payload = script
            lines = payload.replace(b"\n", b"\0") if f"/{name.partition('/')[0]}/" in _INDEX_KINDS else payload
            if self._pattern.search(lines):
                yield path
            place = path[: path.rfind(f"{SEARCH_INDEX}/") + len(SEARCH_INDEX)]
            self._indexes.setdefault(place, self._new_reader()).add(name, payload)

    def _unpacker(self, head: bytes, path: str) -> Callable[[Any, str, int], Iterator[str]] | None:
        """Return what looks into the archive that begins with `head`, None where it is none."""
        if b"WARC/" in head[:16] or (head.startswith(_GZIP) and path.endswith((".warc.gz", ".warc"))):
            return self._in_warc
        if head.startswith(b"PK\x03\x04"):
            return self._in_zip
        return self._in_tar if head[257:262] == b"ustar" else None

    def _in_zip(self, stream: Any, path: str, depth: int) -> Iterator[str]:
        with suppress(zipfile.BadZipFile), zipfile.ZipFile(stream) as archive:
            for item in archive.infolist():
                with archive.open(item) as member:
                    yield from self._in_stream(member, f"{path}: {item.filename}", depth + 1)

    def _in_tar(self, stream: Any, path: str, depth: int) -> Iterator[str]:
        with suppress(tarfile.TarError), tarfile.open(fileobj=stream) as tar:
            while (entry := tar.next()) is not None:
                tar.members = []  # type: ignore[attr-defined]  # it remembers each entry, which nobody asks for here
                member = tar.extractfile(entry) if entry.isreg() else None  # what a link leads to is an entry, too
                if member is not None:
                    yield from self._in_stream(member, f"{path}: {entry.name}", depth + 1)

    def _stands_in(self, data: bytes) -> bool:
        if self._pattern.search(data):
            return True
        if self._legacy is None or self._legacy.search(data) is None:
            return False
        try:
            data.decode()
        except UnicodeDecodeError:
            return True
        return False

    def _in_warc(self, stream: Any, path: str, depth: int) -> Iterator[str]:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed

        with suppress(ArchiveLoadFailed):
            for record in ArchiveIterator(stream):
                address = record.rec_headers.get_header("WARC-Target-URI") or record.rec_type
                headers = str(record.http_headers or "").encode()
                if self._stands_in(headers) or self._stands_in(str(record.rec_headers).encode()):
                    yield f"{path}: {address}"
                with tempfile.SpooledTemporaryFile(_WINDOW) as content:
                    shutil.copyfileobj(record.content_stream(), content)
                    content.seek(0)
                    yield from self._in_stream(content, f"{path}: {address}", depth + 1)

    def _in_database(self, file: Path, path: str) -> Iterator[str]:
        """Yield each table of an SQLite database that has the name, rows unpacked."""
        with suppress(sqlite3.Error), closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for table in tables:
                identifier = table.replace('"', '""')
                for row in connection.execute(f'SELECT * FROM "{identifier}"'):  # noqa: S608 (quoted)
                    if any(self._stands_in(form) for value in row for form in _forms(value)):
                        yield f"{path}: {table}"
                        break

    def _in_whoosh(self, folder: Path, path: str) -> Iterator[str]:
        """Yield `path` where a document that the index stores, a deleted one too, has the name."""
        encode = msgspec.json.Encoder().encode
        try:
            segments = [SegmentSearcher(folder, segment) for segment in Manifest.read(folder).segments]
            for segment in segments:
                if any(self._stands_in(encode(segment.document(number))) for number in range(len(segment.live))):
                    yield f"{path} (stored documents)"
                    return
        except (IndexMissingError, *DAMAGE):
            return


def _files(root: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _VERSION_CONTROL_FOLDERS)
        yield from (file for name in sorted(names) if (file := Path(parent, name)).is_file() and not file.is_symlink())


def _forms(value: object) -> Iterator[bytes]:
    """Yield what a column's `value` may say: its text, its bytes, its bytes unpacked, or read as terms (UTF-16)."""
    if isinstance(value, str):
        yield value.encode(errors="surrogatepass")
    elif isinstance(value, bytes):
        yield value
        if len(value) < 1000 and len(value) % 2 == 0:
            yield value.decode("utf-16-be", "replace").encode()
        for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
            with suppress(zlib.error):
                yield zlib.decompress(value, bits)
