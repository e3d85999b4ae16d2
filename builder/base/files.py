"""Files as the archive needs them: walked in one order, digested, written whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO, NamedTuple

from builder.base.claims import claim
from builder.base.problems import escape_controls
from builder.base.urls import canonical

ARTICLE_SUFFIXES = (".md", ".markdown")
_TEMPORARY = re.compile(r"\.morgue-\d+-[0-9a-f]{16}")
PIECE_BYTES = 1 << 20
_TO_WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
_NAME = attrgetter("name")
_NOT_REGULAR = "is no regular file (a pipe, a device or a socket)"


class FileEntry(NamedTuple):
    """A file under a folder: its POSIX path from there, and what the file system says of it without opening it."""

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int = 0
    is_outside: bool = False
    """Whether it is a symbolic link that leaves the folder (or a dead one)."""
    error: str = ""
    """Why it cannot be read, "" where it can."""
    is_closed_folder: bool = False
    """Whether it is a folder that may not be read, or whose disk is away: nobody knows what is in it."""


def walk(
    folder: Path, suffixes: tuple[str, ...] = (), others: list[str] | None = None, is_flat: bool = False
) -> Iterator[FileEntry]:
    """Yield every file below `folder` in the order of paths; names that begin with a dot are passed over.

    Links to files are followed when they stay inside `folder`, links to folders never (they could go in circles):
    they come out with `is_outside` set, what cannot be read with `error`, so that the caller can say so.
    The paths of files without one of `suffixes` go to the list `others`. `is_flat`: the folders in it are passed over.
    """
    inside = folder.resolve()
    stack = [iter([*_entries(str(folder))])] if folder.is_dir() else []  # no recursion: folders may be nested by the thousand
    prefixes = [""]
    while stack:
        entry = next(stack[-1], None)
        if entry is None:
            stack.pop()
            prefixes.pop()
            continue
        path = prefixes[-1] + entry.name
        has_suffix = not suffixes or entry.name.lower().endswith(suffixes)
        try:
            if entry.is_symlink():
                target = Path(entry.path).resolve()
                if target.is_dir() or not target.is_relative_to(inside) or not target.exists():
                    if target.is_dir() or has_suffix:
                        yield FileEntry(path, 0, 0, is_outside=True)
                    continue
            elif entry.is_dir():
                if is_flat:
                    continue
                try:
                    stack.append(iter(_entries(entry.path)))
                except OSError as refusal:
                    is_closed = refusal.errno != errno.ENAMETOOLONG
                    yield FileEntry(path, 0, 0, error=f"cannot be read: {refusal.strerror}", is_closed_folder=is_closed)
                else:
                    prefixes.append(f"{path}/")
                continue
            if not has_suffix:
                if others is not None:
                    others.append(path)
            else:
                status = entry.stat()
                error = "" if stat.S_ISREG(status.st_mode) else _NOT_REGULAR
                yield FileEntry(path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, error=error)
        except (OSError, RuntimeError) as error:  # a path that is too long, links in a circle
            reason = getattr(error, "strerror", "") or "links in a circle"
            yield FileEntry(path, 0, 0, error=f"cannot be read: {reason}")


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted((entry for entry in entries if entry.name[0] != "."), key=_NAME)


def open_regular(path: Path) -> BinaryIO:
    """Open the file at `path` to be read. Raises OSError where it is none, also for a FIFO, device or socket: to open one can
    wait for ever.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
            raise OSError(errno.EINVAL, "is a folder, not a file" if is_folder else _NOT_REGULAR, str(path))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_regular(path: Path, limit: int | None = None) -> bytes:
    """Return the bytes of the file at `path`. Raises OSError where it is no file (open_regular) or has more than `limit`."""
    with open_regular(path) as file:
        data = file.read() if limit is None else file.read(limit + 1)
    if limit is not None and len(data) > limit:
        raise OSError(errno.EFBIG, f"is larger than {limit / 1e6:.0f} MB", str(path))
    return data


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """Yield the rest of `file` in pieces: a file of any size costs the memory of one."""
    while piece := file.read(PIECE_BYTES):
        yield piece


def is_file(path: Path) -> bool:
    """Return whether there is a file at `path`, whose name may be anything that a text has (too long, with zeros)."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def find_spelled(folder: Path, path: str) -> str | None:
    """Return the file below `folder` that `path` names in another spelling (percent-encoding, Unicode normal form).

    The result is the path from `folder` as the file system spells it, None where there is no such file.
    """
    current, names = folder, []
    for name in path.split("/"):
        if name == "..":
            return None
        try:
            spelling = (
                name if os.path.lexists(current / name) else _spellings(current, current.stat().st_mtime_ns).get(canonical(name))
            )
        except (OSError, ValueError):
            return None
        if spelling is None:
            return None
        names.append(spelling)
        current = current / spelling
    return "/".join(names) if current.is_file() else None


@lru_cache(maxsize=64)
def _spellings(folder: Path, mtime_ns: int) -> dict[str, str]:  # noqa: ARG001 (it tells one state of a folder from the next)
    return {canonical(name): name for name in sorted((entry.name for entry in folder.iterdir()), reverse=True)}


def is_utf8(name: str) -> bool:
    """Return whether the name of a file, as the file system gave it, is UTF-8."""
    return name.isascii() or name == name.encode(errors="backslashreplace").decode()


def printable(name: str) -> str:
    """Return the name of a file as it can be written in a message: what is no UTF-8 and control characters written out."""
    return escape_controls(name.encode(errors="backslashreplace").decode())


def digest(*parts: bytes | str) -> str:
    """Return a short fingerprint (32 hexadecimal digits of BLAKE2b) of `parts`, each kept apart from the next."""
    fingerprint = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        fingerprint.update(len(data).to_bytes(8, "big"))
        fingerprint.update(data)
    return fingerprint.hexdigest()


def digest_of_file(path: Path) -> str:
    """Return `digest` of the bytes of the file at `path`, read in pieces. Raises OSError where it is no file (open_regular)."""
    with open_regular(path) as file:
        fingerprint = hashlib.blake2b(os.fstat(file.fileno()).st_size.to_bytes(8, "big"), digest_size=16)
        for piece in pieces(file):
            fingerprint.update(piece)
    return fingerprint.hexdigest()


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that nobody ever meets half of it, after a power cut neither: under a temporary name, synced
    to the disk, then renamed. A file that is replaced keeps its permissions.

    Folders are made as needed. Raises OSError when the disk is full or may not be written; nothing is left behind.
    """
    _put_whole(*open_beside(path, data), path)


def copy_whole(source: Path, path: Path) -> None:
    """Write the bytes of the file `source` to `path` as `write_whole` does, however many they are. Raises OSError like it."""
    temporary, descriptor = open_beside(path, b"")
    with _removing_on_failure(temporary):
        try:
            shutil.copyfile(source, temporary)
        except BaseException:
            os.close(descriptor)
            raise
    _put_whole(temporary, descriptor, path)


def _put_whole(temporary: Path, descriptor: int, path: Path) -> None:
    with _removing_on_failure(temporary):
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        put_in_place(temporary, path)


def open_beside(path: Path, data: bytes) -> tuple[Path, int]:
    """Write `data` under a temporary name beside `path`. Return that, and the descriptor of the file, which stays open: until
    it is closed `remove_unfinished` leaves the file.

    Folders are made as needed. Raises OSError when the disk is full or may not be written; nothing is left behind.
    """
    temporary = path.with_name(f".morgue-{os.getpid()}-{digest(path.name)[:16]}")
    with _removing_on_failure(temporary):
        try:
            descriptor = os.open(temporary, _TO_WRITE, 0o666)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(temporary, _TO_WRITE, 0o666)
        try:
            with suppress(OSError):  # a disk that knows no locks
                claim(descriptor)
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        except BaseException:
            os.close(descriptor)
            raise
    return temporary, descriptor


def remove_unfinished(*folders: Path) -> None:
    """Remove the temporary files below `folders` whose writers ended before they had put them in their places.

    A writer's claim ends with it. Its number says less: it may be another process's by now, or that of one that is dead.
    """
    for folder in folders:
        for current, _, names in os.walk(folder):
            for name in names:
                if _TEMPORARY.fullmatch(name):
                    with suppress(OSError):
                        _remove_unclaimed(Path(current, name))


def _remove_unclaimed(temporary: Path) -> None:
    """Remove a temporary file. Raises OSError where a process writes it, or the disk does not say."""
    with temporary.open("r+b") as file:
        claim(file.fileno())
    temporary.unlink()


@contextmanager
def _removing_on_failure(temporary: Path) -> Iterator[None]:
    """Delete the file `temporary` where the block fails."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def sync(path: Path) -> None:
    """Wait until the bytes of the file at `path` are on the disk. Raises OSError where they do not get there."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def put_in_place(temporary: Path, path: Path) -> None:
    """Rename the whole file `temporary` to `path`. A file that is replaced keeps its permissions."""
    if path.exists():
        shutil.copymode(path, temporary)
    temporary.replace(path)


def remove(path: Path, top: Path) -> None:
    """Delete the file at `path` and then the folders above it that this leaves empty, up to `top`, which stays."""
    path.unlink(missing_ok=True)
    for parent in path.parents:
        if parent == top or top not in parent.parents:
            break
        try:
            parent.rmdir()
        except OSError:
            break
