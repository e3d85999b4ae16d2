"""Where a name still stands in all that an archive keeps and publishes: indexes, databases and archives decoded."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from builder.archive.addresses import SEARCH_INDEX
from builder.base.files import open_regular
from builder.base.problems import BuildUnavailableError
from builder.export.name_pattern import legacy_pattern, name_pattern
from builder.export.packed_files import DAMAGE, HEAD, SQLITE, UnreadableError, database_tables, unpacker
from builder.export.shard_reader import ShardReader, script_payload
from builder.search.sync import FOLDER as WHOOSH
from builder.search.whoosh_index.index import IndexMissingError, Manifest
from builder.search.whoosh_index.searcher import SegmentSearcher
from builder.search.whoosh_index.segments import DAMAGE as INDEX_DAMAGE
from builder.state.state import FOLDER as STATE_FOLDER

MAX_WHOLE = 64 * 1024 * 1024
"""Bytes of a file that is decoded as one; a bigger one is looked through in windows, as it is, and unpacked if it is an archive."""
_WINDOW, _OVERLAP = 8 << 20, 1 << 14
_MAX_DEPTH = 5
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
        self.unread: dict[str, str] = {}
        """Places that could not be looked into, and why: damaged, encrypted, or packed in a way that nothing here unpacks."""

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
            if stream.read(len(SQLITE)) == SQLITE:  # at its place, where what was not yet moved into it lies beside it
                try:
                    for place, content in database_tables(f"{file.absolute().as_uri()}?mode=ro"):
                        if self._stands_in(content.getvalue()):
                            yield f"{path}{place}"
                except DAMAGE as error:
                    self._note_unread(path, error)
            stream.seek(0)
            yield from self._in_stream(stream, path, 0)

    def _in_stream(self, stream: Any, path: str, depth: int) -> Iterator[str]:
        """Yield where the name stands in the file `stream`, and in what it packs; no more than MAX_WHOLE bytes are in memory."""
        data = stream.read(MAX_WHOLE + 1)
        is_whole = len(data) <= MAX_WHOLE
        if self._stands_in(data) if is_whole else self._stands_in_windows(data, stream):
            yield path
        if is_whole and (script := script_payload(data)) is not None:
            yield from self._in_script(*script, path)
        if depth < _MAX_DEPTH and (is_whole or stream.seekable()):
            whole = io.BytesIO(data) if is_whole else stream
            del data
            yield from self._in_members(whole, path, depth)

    def _in_members(self, stream: Any, path: str, depth: int) -> Iterator[str]:
        """Yield where the name stands in what the file `stream` packs."""
        try:
            stream.seek(0)
            head = stream.read(HEAD)
            unpack = unpacker(head, path)
            if unpack is None or (depth == 0 and head.startswith(SQLITE)):
                return
            stream.seek(0)
            for name, member in unpack(stream):
                yield from self._in_stream(member, f"{path}{name}", depth + 1)
        except DAMAGE as error:
            self._note_unread(path, error)

    def _in_script(self, name: str, payload: bytes, path: str) -> Iterator[str]:
        """Yield `path` where the search script `name` has the name in its `payload`, and take that in for `leftovers`."""
        lines = payload.replace(b"\n", b"\0") if f"/{name.partition('/')[0]}/" in _INDEX_KINDS else payload
        if self._pattern.search(lines):
            yield path
        place = path[: path.rfind(f"{SEARCH_INDEX}/") + len(SEARCH_INDEX)]
        self._indexes.setdefault(place, self._new_reader()).add(name, payload)

    def _note_unread(self, path: str, error: Exception) -> None:
        reason = str(error) if isinstance(error, UnreadableError) else f"is damaged or encrypted ({error})"
        self.unread.setdefault(path, reason)

    def _stands_in_windows(self, window: bytes, stream: Any) -> bool:
        """Whether the name stands in what `stream` still has, after the bytes of `window`."""
        while not self._stands_in(window):
            piece = stream.read(_WINDOW)
            if not piece:
                return False
            window = window[-_OVERLAP:] + piece
        return True

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

    def _in_whoosh(self, folder: Path, path: str) -> Iterator[str]:
        """Yield `path` where a document that the index stores, a deleted one too, has the name."""
        encode = msgspec.json.Encoder().encode
        try:
            segments = [SegmentSearcher(folder, segment) for segment in Manifest.read(folder).segments]
            for segment in segments:
                if any(self._stands_in(encode(segment.document(number))) for number in range(len(segment.live))):
                    yield f"{path} (stored documents)"
                    return
        except (IndexMissingError, *INDEX_DAMAGE):
            return


def _files(root: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _VERSION_CONTROL_FOLDERS)
        yield from (file for name in sorted(names) if (file := Path(parent, name)).is_file() and not file.is_symlink())
