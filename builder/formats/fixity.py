"""Fixity: manifests of SHA-512 checksums in the format of `sha512sum`, and how the files that are there differ from one."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

from builder.archive import addresses
from builder.base.files import open_regular
from builder.base.problems import ConfigError

MANIFEST = addresses.MANIFEST
"""The manifest's name, in the published folder and in a bag (RFC 8493, 2.1.3)."""
PIECE = 1 << 20
"""Bytes read at a time: a file of any size costs this much memory."""
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r"})
HEX_DIGITS = 128
"""Of a SHA-512."""


class Difference(NamedTuple):
    """A file that is not as its manifest says: it `changed`, is `missing`, or is `new` (no line names it). A seal says more."""

    path: str
    kind: str
    is_fault: bool = True
    """False for what is worth saying, and no damage."""


def checksum_of(stream: BinaryIO, algorithm: str = "sha512") -> str:
    """Return the checksum of `stream` from here on, in hexadecimal, by an `algorithm` of hashlib; it is read in pieces."""
    digest = hashlib.new(algorithm)
    while piece := stream.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def manifest_lines(checksums: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines, each with its end, of a manifest of `checksums` (hexadecimal, by path), in the order of paths.

    A path with a backslash or a line end is escaped as GNU coreutils' `sha512sum` has it, with a backslash before the line.
    """
    for path in sorted(checksums):
        name = escape_path(path)
        yield f"{'' if name == path else chr(92)}{checksums[path]}  {name}\n"


def escape_path(path: str) -> str:
    """Return `path` as it stands in a line: with its backslashes and line ends escaped."""
    return path.translate(_ESCAPES)


def parse_manifest(text: str, name: str = MANIFEST) -> dict[str, str]:
    """Return the checksums by path of a manifest. Raises ConfigError, with `name` and line, for what is none.

    Lines end in LF or CRLF and in nothing else: what `str.splitlines` takes for line ends may stand in a file's name.
    """
    return dict(manifest_entries(text.split("\n"), name))


def read_manifest(stream: BinaryIO, name: str = MANIFEST, newline: str = "\n") -> dict[str, str]:
    """Return what `parse_manifest` does of the manifest in `stream`, without all of its text being in memory.

    `newline` is that of io.TextIOWrapper. Raises UnicodeDecodeError too.
    """
    lines = io.TextIOWrapper(stream, "utf-8", newline=newline)
    try:
        return dict(manifest_entries(lines, name))
    finally:
        lines.detach()  # who opened it closes it


def manifest_entries(lines: Iterable[str], name: str = MANIFEST) -> Iterator[tuple[str, str]]:
    """Yield path and checksum of each of a manifest's `lines`. Raises as `parse_manifest`."""
    for number, line in enumerate(lines, 1):
        entry = line.removesuffix("\n").removesuffix("\r")
        if not entry.strip():
            continue
        is_escaped = entry.startswith("\\")
        checksum, separator, path = entry.removeprefix("\\").partition(" ")
        path = path[1:] if path[:1] in {" ", "*"} else path
        if len(checksum) != HEX_DIGITS or not separator or not path:
            raise ConfigError(f"{name}:{number}:1: error: not a line of a SHA-512 manifest; it may be cut short or damaged")
        yield _unescape(path) if is_escaped else path, checksum.lower()


def _unescape(path: str) -> str:
    parts, rest = [], path
    while rest:
        before, backslash, rest = rest.partition("\\")
        parts.append(before)
        if backslash:
            parts.append({"n": "\n", "r": "\r", "\\": "\\"}.get(rest[:1], rest[:1]))
            rest = rest[1:]
    return "".join(parts)


def regular_files(folder: Path) -> Iterator[str]:
    """Yield the path of every regular file below `folder`, POSIX, in the order of paths; links and devices are passed over.

    In memory are the names of the folders on the way alone. Of a folder that cannot be read nothing is yielded.
    """
    yield from _regular_files(str(folder), "")


def _regular_files(folder: str, prefix: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            # a folder stands where its slash does among the others' characters: so paths come in their order
            names = sorted(
                f"{entry.name}/" if entry.is_dir(follow_symlinks=False) else entry.name
                for entry in entries
                if entry.is_dir(follow_symlinks=False) or entry.is_file(follow_symlinks=False)
            )
    except OSError:
        return
    for name in names:
        if name.endswith("/"):
            yield from _regular_files(f"{folder}/{name[:-1]}", f"{prefix}{name}")
        else:
            yield f"{prefix}{name}"


def differences(
    folder: Path, checksums: Mapping[str, str], present: Iterable[str], algorithm: str = "sha512"
) -> Iterator[Difference]:
    """Yield how the files of `folder` differ from `checksums` (by path); `present` are the paths that are there.

    Files are read one after the other, in the order of paths. One that cannot be read counts as changed.
    """

    def is_same(path: str) -> bool:
        try:
            with open_regular(folder / path) as stream:
                return checksum_of(stream, algorithm) == checksums[path]
        except OSError:
            return False

    yield from compare(checksums, present, is_same)


def compare(listing: Collection[str], present: Iterable[str], is_same: Callable[[str], bool]) -> Iterator[Difference]:
    """Yield how the paths that are `present` differ from those of `listing`; of one that is in both `is_same` tells the rest."""
    there = set(present)
    for path in sorted(there.union(listing)):
        if path not in there:
            yield Difference(path, "missing")
        elif path not in listing:
            yield Difference(path, "new")
        elif not is_same(path):
            yield Difference(path, "changed")
