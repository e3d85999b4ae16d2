"""SOURCE arguments to files on disk: folders walked, zips and tars unpacked safely, standard input put into a file."""

from __future__ import annotations

import errno
import gzip
import lzma
import os
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from builder.base import files
from builder.base.problems import ConfigError
from builder.importers.story import Piece, Refusal

MOST_BYTES = 60_000_000
"""Of a file that holds one story: a page saved with its pictures has a tenth of it."""
MOST_UNPACKED = 200
"""How many times its own size an archive may unpack to, above a gigabyte: a bomb grows a thousandfold."""
ARCHIVE_SUFFIXES = (".zip", ".tar", ".tgz", ".tbz", ".txz", ".gz", ".bz2", ".xz", ".zst", ".7z", ".rar")
"""An archive within a source is not opened (it may hold others without end): it is named."""
PACKED_TABLES = (".jsonl.gz", ".ndjson.gz", ".csv.gz", ".tsv.gz")
"""Tables that are packed as one file, as sites hand over their data."""
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a source: `source` numbers the SOURCE argument, `path` is its path from the folder `root`."""

    source: int
    label: str
    """The SOURCE argument, as messages call it."""
    root: Path
    path: str
    is_alone: bool = False
    """Whether it is the SOURCE itself and not found in a folder: then it is refused where it is no story, not passed over."""

    @property
    def file(self) -> Path:
        """Where it is on this machine."""
        return self.root / self.path

    @property
    def suffix(self) -> str:
        """The end of its name, lower case, with the dot."""
        return PurePosixPath(self.path).suffix.lower()

    @property
    def printable(self) -> str:
        """What messages call it."""
        return files.printable(self.label if self.is_alone else f"{self.label.rstrip('/')}/{self.path}")

    def head(self, size: int = 8192) -> bytes:
        """Return its first bytes."""
        with self.file.open("rb") as stream:
            return stream.read(size)


def whole_files(files: Sequence[SourceFile], kind: str) -> Iterator[Piece | Refusal]:
    """Yield each file as a piece of its own, with the time of its last change as the fact `changed` (seconds since 1970)."""
    for file in files:
        try:
            if file.file.stat().st_size > MOST_BYTES:
                yield Refusal(file.source, file.printable, 0, f"has more than {MOST_BYTES // 10**6} MB, which no story has")
                continue
            facts = {
                "changed": int(file.file.stat().st_mtime),
                "folder": str(file.file.parent),
                "name": file.path,
                "root": str(file.root),
            }
            yield Piece(file.source, kind, file.printable, file.file.read_bytes(), facts=facts)
        except OSError as error:
            yield Refusal(file.source, file.printable, 0, f"cannot be read: {error.strerror}")


def open_source(number: int, label: str, path: Path, scratch: Path) -> Iterator[SourceFile | Refusal]:
    """Yield the files of the source at `path`, and a refusal for each entry that may not be opened. `scratch` is for unpacking.

    Raises ConfigError where there is no such file, OSError where the disk has no room for what is unpacked.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise ConfigError(f"{label}: not found") from None
    except (OSError, RuntimeError, ValueError) as error:
        yield Refusal(number, label, 0, _why_unreadable(error))
        return
    if stat.S_ISDIR(mode):
        yield from _walk(number, label, path)
    elif not stat.S_ISREG(mode):
        raise ConfigError(f"{label}: is no file or folder")
    else:
        folder = scratch / str(number)
        if _is_zip(path):
            yield from _unpack_zip(number, label, path, folder)
            yield from _walk(number, label, folder)
        elif _is_tar(path):
            yield from _unpack_tar(number, label, path, folder)
            yield from _walk(number, label, folder)
        elif path.name.lower().endswith(PACKED_TABLES) or _is_gzip(path):
            yield from _unpack_gzip(number, label, path, folder)
        else:
            yield SourceFile(number, label, path.parent, path.name, is_alone=True)


def _walk(number: int, label: str, folder: Path) -> Iterator[SourceFile | Refusal]:
    unreadable: list[Refusal] = []
    inside = folder.resolve()

    def printable(path: str | bytes | None) -> str:
        relative = os.path.relpath(os.fsdecode(path), folder) if path else ""
        return files.printable(f"{label.rstrip('/')}/{relative}")

    def refuse(error: OSError) -> None:
        unreadable.append(Refusal(number, printable(error.filename), 0, _why_unreadable(error)))

    for current, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            link = Path(current, name)
            if link.is_symlink() and not link.resolve().is_relative_to(inside):
                yield Refusal(number, printable(str(link)), 0, "is a link out of the source's folder")
        for name in sorted(names):
            if name.startswith("."):
                continue
            file = Path(current, name)
            reason = _why_no_file(file, inside)
            if reason:
                yield Refusal(number, printable(str(file)), 0, reason)
            else:
                yield SourceFile(number, label, folder, file.relative_to(folder).as_posix())
    yield from unreadable


def _why_no_file(file: Path, inside: Path) -> str:
    """Return why what is at `file` is not opened: a link that leaves the folder `inside`, a pipe …; "" for a file."""
    try:
        if file.is_symlink() and not file.resolve(strict=True).is_relative_to(inside):
            return "is a link out of the source's folder"
        return "" if stat.S_ISREG(file.stat().st_mode) else "is no regular file (a pipe, a device or a socket)"
    except FileNotFoundError:
        return "is a link to nothing"
    except (OSError, RuntimeError) as error:
        return _why_unreadable(error)


def _why_unreadable(error: Exception) -> str:
    code = getattr(error, "errno", None)
    if isinstance(error, RuntimeError) or code == errno.ELOOP:  # pathlib raises RuntimeError for a circle before Python 3.13
        return "cannot be read: links in a circle"
    return f"cannot be read: {getattr(error, 'strerror', None) or error}"


def _is_zip(path: Path) -> bool:
    """Whether the file at `path` is a zip of stories, and not a document that happens to be stored as a zip."""
    if path.suffix.lower() in {".wacz", ".epub", ".docx", ".xlsx", ".pptx", ".odt"} or not zipfile.is_zipfile(path):
        return False
    with path.open("rb") as stream:
        if stream.read(2) != b"PK":
            return False  # a page or picture with a zip at its end
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return True  # damaged: to be told when it is unpacked
    return not names & {"[Content_Types].xml", "mimetype"} and not _is_web_archive(names)


def is_wacz(path: Path) -> bool:
    """Whether the zip at `path` is a web archive (WACZ), whatever it is called."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _is_web_archive(set(archive.namelist()))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _is_web_archive(names: set[str]) -> bool:
    return "datapackage.json" in names and any(
        name.startswith("archive/") and name.endswith((".warc", ".warc.gz")) for name in names
    )


def _is_gzip(path: Path) -> bool:
    """Whether the file at `path`, of a name that ends in .gz or has no ending, is packed, and no web archive."""
    if path.suffix.lower() not in {"", ".gz"} or path.name.lower().endswith(".warc.gz"):
        return False
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
        return head.startswith(b"\x1f\x8b") and not zlib.decompressobj(31).decompress(head, 16).startswith(b"WARC/")
    except (OSError, zlib.error):
        return False


def _is_tar(path: Path) -> bool:
    try:
        return tarfile.is_tarfile(path) and path.suffix.lower() != ".xml"
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):  # what is packed, and damaged: it is looked at as such
        return False


def _safe(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return bool(parts) and not name.startswith(("/", "\\")) and ".." not in parts and ":" not in parts[0] and "\0" not in name


def _unpack_zip(number: int, label: str, path: Path, folder: Path) -> Iterator[Refusal]:
    folder.mkdir(parents=True)
    names: set[str] = set()
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            too_large = _why_too_large(sum(member.file_size for member in members), path, folder)
            if too_large:
                yield Refusal(number, label, 0, f"{too_large}; nothing of it is read")
                return
            for member in members:
                if member.is_dir():
                    continue
                printable = files.printable(f"{label}/{member.filename}")
                reason = _why_not_unpacked(member) or ("has the name of an entry before it" if member.filename in names else "")
                names.add(member.filename)
                if reason:
                    yield Refusal(number, printable, 0, f"{reason}; left out")
                    continue
                try:
                    target = Path(archive.extract(member, folder))
                except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
                    yield Refusal(number, printable, 0, _why_not_written(error))
                    continue
                at = _zip_time(member)
                if at:
                    os.utime(target, (at, at))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        yield Refusal(number, label, 0, f"is a damaged zip: {error}")


def _why_not_unpacked(member: zipfile.ZipInfo) -> str:
    if not _safe(member.filename):
        return "has a path that leaves the archive (zip slip)"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "is a link within an archive"
    return "is encrypted (unpack it yourself and import the folder)" if member.flag_bits & 1 else ""


def _why_not_written(error: Exception) -> str:
    """Return why an entry is left out. Raises OSError where the disk has no room: that is not the archive's fault."""
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        raise error
    return f"cannot be unpacked: {getattr(error, 'strerror', None) or error}"


def _zip_time(member: zipfile.ZipInfo) -> float:
    from datetime import UTC, datetime

    try:
        return datetime(*member.date_time, tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0


def _unpack_tar(number: int, label: str, path: Path, folder: Path) -> Iterator[Refusal]:
    folder.mkdir(parents=True)
    total = 0
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                printable = files.printable(f"{label}/{member.name}")
                if member.isdir():
                    continue
                if not member.isfile():
                    yield Refusal(number, printable, 0, "is a link or a device within an archive; left out")
                    continue
                if not _safe(member.name):
                    yield Refusal(number, printable, 0, "has a path that leaves the archive; left out")
                    continue
                total += member.size
                too_large = _why_too_large(total, path, folder)
                if too_large:
                    yield Refusal(number, printable, 0, f"{too_large}; this entry and those after it are not read")
                    return
                try:
                    archive.extract(member, folder, set_attrs=True, filter="data")
                except (OSError, tarfile.TarError, ValueError) as error:
                    yield Refusal(number, printable, 0, _why_not_written(error))
            if archive.fileobj is not None:
                archive.fileobj.seek(archive.offset)  # tarfile takes a file that ends at an entry's end for a whole one
                if len(archive.fileobj.read(tarfile.BLOCKSIZE)) < tarfile.BLOCKSIZE:
                    yield Refusal(number, label, 0, "breaks off; the entries before the break are in")
    except (tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError) as error:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise
        yield Refusal(number, label, 0, f"is a damaged tar: {error}; what came before the damage is in")


def _unpack_gzip(number: int, label: str, path: Path, folder: Path) -> Iterator[SourceFile | Refusal]:
    folder.mkdir(parents=True)
    target, size = folder / path.stem, 0
    try:
        with gzip.open(path) as source, target.open("wb") as stream:
            while piece := source.read(files.PIECE_BYTES):
                size += len(piece)
                if too_large := _why_too_large(size, path, folder):
                    yield Refusal(number, label, 0, f"{too_large}; nothing of it is read")
                    return
                stream.write(piece)
    except (OSError, EOFError, zlib.error) as error:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise
        yield Refusal(number, label, 0, f"is a damaged gzip file: {error}; what came before the damage is in")
    yield SourceFile(number, label, folder, target.name, is_alone=True)


def _why_too_large(size: int, path: Path, folder: Path) -> str:
    """Return why the archive at `path` may not unpack to `size` bytes in `folder`, "" where it may."""
    if size > 10**9 and size > MOST_UNPACKED * path.stat().st_size:
        return f"would unpack to {size / 1e9:,.0f} GB, {size // path.stat().st_size:,} times its size"
    if size > shutil.disk_usage(folder).free:
        return f"would unpack to {size / 1e9:,.1f} GB, for which {folder.parent.parent} has no room (TMPDIR names another folder)"
    return ""
