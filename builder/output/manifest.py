"""The manifest of the output folder: every published file with its SHA-512. What it names is ours, wherever the folder goes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from builder.base import files
from builder.base.problems import ConfigError
from builder.formats.fixity import HEX_DIGITS, MANIFEST, checksum_of, escape_path, manifest_lines, parse_manifest

HOME = "index.html"
OWN_PAGES = (HOME, "404.html")
"""What tells that a folder is Morgue's: either is enough, should somebody have lost or replaced the other."""
GENERATOR_META = b'name="generator" content="Morgue"'
MIN_KEPT_SHARE = 16
"""With more than one line in so many another, all lines are written anew."""
_PATH_AT = HEX_DIGITS + 2
"""Where the path begins in a line."""
PENDING = "pending.txt"
"""In the staging folder: names, a line each, what a build is about to write, should it be killed before the manifest says so."""


def read_manifest(folder: Path, own_digest: str = "") -> dict[str, str]:
    """Return the SHA-512 in hexadecimal of each file that the manifest in `folder` names, by path; {} where there is none.
    One whose bytes have the digest `own_digest` is what we wrote, and read without a look at each line.

    A damaged line is passed over, and so is a path that leaves the folder: whatever the manifest says, nothing outside is ours.
    """
    try:
        data = files.read_regular(folder / MANIFEST)
        if own_digest and files.digest(data) == own_digest and _is_plain(data):
            return {line[_PATH_AT:]: line[: _PATH_AT - 2] for line in data.decode().split("\n")[:-1]}
        text = data.decode()
    except (OSError, UnicodeDecodeError):
        return {}
    try:
        checksums = parse_manifest(text)
    except ConfigError:
        checksums = dict(_sound_lines(text.split("\n")))
    return {path: checksum for path, checksum in checksums.items() if is_inside(path)}


def _is_plain(data: bytes) -> bool:
    """Whether every line of a manifest of ours has a checksum, and no path is escaped."""
    return b"\\" not in data and b"\n " not in data and data[:1] != b" "


def owned_by_manifest(folder: Path) -> set[str]:
    """Return the paths in `folder` that are Morgue's by the manifest there, itself among them; none where the manifest is
    another's: a bag has one of the same name, and what lies there is not ours to remove.
    """
    checksums = read_manifest(folder)
    if not checksums or not (has_generator_meta(folder) or _sha512_of_file(folder / HOME) == checksums.get(HOME)):
        return set()
    return {*checksums, MANIFEST}


def has_generator_meta(folder: Path) -> bool:
    """Whether a page in `folder` that every site has says that Morgue made it."""
    for page in OWN_PAGES:
        try:
            if GENERATOR_META in files.read_regular(folder / page):
                return True
        except OSError:
            continue
    return False


def read_pending(staging: Path) -> set[str]:
    """Return the paths that a build which was killed may have written."""
    try:
        lines = files.read_regular(staging / PENDING).decode().split("\n")
    except (OSError, UnicodeDecodeError):
        return set()
    return {path for path in lines[:-1] if is_inside(path)}  # a last line without its end was cut short


def write_pending(staging: Path, paths: Iterable[str]) -> None:
    """Name the `paths` that are about to be written."""
    files.write_whole(staging / PENDING, "".join(f"{path}\n" for path in sorted(paths)).encode())


def checksums_of(folder: Path, paths: Collection[str], new: Mapping[str, str], last: Mapping[str, str]) -> dict[str, str]:
    """Return the SHA-512 of each of the `paths` paths: of what was `new`, else by the `last` manifest.

    Only what neither knows (the manifest was damaged or lost) is read.
    """
    checksums = {}
    for path in paths:
        checksum = new.get(path) or last.get(path)
        if checksum is None:
            checksum = _sha512_of_file(folder / path)
        checksums[path] = checksum
    return checksums


def update_manifest(folder: Path, own_digest: str, new: Mapping[str, str], obsolete: Collection[str]) -> bytes | None:
    """Return the manifest in `folder` with the checksums of `new` and without the paths `obsolete`.

    None where its bytes do not have the digest `own_digest`, or where it is quicker to write all lines anew.
    """
    data = files.read_regular(folder / MANIFEST)
    if files.digest(data) != own_digest or not _is_plain(data) or any(escape_path(path) != path for path in new):
        return None
    lines = data.split(b"\n")[:-1]
    if len(new) + len(obsolete) > len(lines) // MIN_KEPT_SHARE:
        return None
    for path in obsolete:
        at, is_there = _find_line(lines, path.encode())
        del lines[at : at + is_there]
    for path, checksum in new.items():
        at, is_there = _find_line(lines, path.encode())
        lines[at : at + is_there] = [f"{checksum}  {path}".encode()]
    return b"\n".join((*lines, b""))


def _find_line(lines: list[bytes], path: bytes) -> tuple[int, bool]:
    """Return where among `lines` that of `path` stands, or would, and whether it does."""
    at = bisect_left(lines, path, key=lambda line: line[_PATH_AT:])
    return at, at < len(lines) and lines[at][_PATH_AT:] == path


def manifest_bytes(checksums: Mapping[str, str]) -> bytes:
    """Return the manifest of `checksums` (hexadecimal, by path)."""
    return "".join(manifest_lines(checksums)).encode()


def is_inside(path: str) -> bool:
    """Whether `path` names a file below the folder that it is relative to."""
    parts = path.split("/")
    return not path.startswith("/") and ".." not in parts and "\0" not in path and any(part not in {"", "."} for part in parts)


def _sha512_of_file(file: Path) -> str:
    """Return the SHA-512 of `file`, "" where it cannot be read."""
    try:
        with files.open_regular(file) as stream:
            return checksum_of(stream)
    except OSError:
        return ""


def _sound_lines(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        try:
            yield from parse_manifest(line).items()
        except ConfigError:
            continue
