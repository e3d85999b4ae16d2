"""SOURCE arguments to files on disk: folders walked, zips and tars unpacked safely, standard input put into a file."""

from __future__ import annotations

import os
import shutil
import stat
import tarfile
import zipfile
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
    def shown(self) -> str:
        """What messages call it."""
        return files.printable(self.label if self.is_alone else f"{self.label.rstrip('/')}/{self.path}")

    def head(self, size: int = 8192) -> bytes:
        """Return its first bytes."""
        with self.file.open("rb") as stream:
            return stream.read(size)


def whole_files(found: Sequence[SourceFile], kind: str) -> Iterator[Piece | Refusal]:
    """Yield each file as a piece of its own, with the time of its last change as the fact `changed` (seconds since 1970)."""
    for file in found:
        try:
            if file.file.stat().st_size > MOST_BYTES:
                yield Refusal(file.source, file.shown, 0, f"has more than {MOST_BYTES // 10**6} MB, which no story has")
                continue
            facts = {"changed": int(file.file.stat().st_mtime), "folder": str(file.file.parent), "name": file.path}
            yield Piece(file.source, kind, file.shown, file.file.read_bytes(), facts=facts)
        except OSError as error:
            yield Refusal(file.source, file.shown, 0, f"cannot be read: {error.strerror}")


def open_source(number: int, label: str, path: Path, scratch: Path) -> Iterator[SourceFile | Refusal]:
    """Yield the files of the source at `path`, and a refusal for each entry that may not be opened. `scratch` is for unpacking.

    Raises ConfigError where there is no such file.
    """
    if path.is_dir():
        yield from _walk(number, label, path)
    elif not path.exists():
        raise ConfigError(f"{label}: not found")
    elif not path.is_file():
        raise ConfigError(f"{label}: is no file or folder")
    else:
        folder = scratch / str(number)
        if zipfile.is_zipfile(path) and path.suffix.lower() not in {".wacz", ".epub", ".docx", ".xlsx", ".odt"}:
            yield from _unpack_zip(number, label, path, folder)
            yield from _walk(number, label, folder)
        elif _is_tar(path):
            yield from _unpack_tar(number, label, path, folder)
            yield from _walk(number, label, folder)
        else:
            yield SourceFile(number, label, path.parent, path.name, is_alone=True)


def _walk(number: int, label: str, folder: Path) -> Iterator[SourceFile | Refusal]:
    seen: list[Refusal] = []

    def refuse(error: OSError) -> None:
        name = Path(error.filename or "").relative_to(folder) if error.filename else ""
        seen.append(Refusal(number, f"{label.rstrip('/')}/{name}", 0, f"cannot be read: {error.strerror}"))

    for current, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(current) / name
            path = file.relative_to(folder).as_posix()
            if name.startswith("."):
                continue
            if file.is_symlink() and not file.resolve().is_relative_to(folder.resolve()):
                yield Refusal(number, files.printable(f"{label.rstrip('/')}/{path}"), 0, "is a link out of the source's folder")
                continue
            if file.is_file():
                yield SourceFile(number, label, folder, path)
    yield from seen


def _is_tar(path: Path) -> bool:
    try:
        return tarfile.is_tarfile(path) and path.suffix.lower() != ".xml"
    except OSError:
        return False


def _safe(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return bool(parts) and not name.startswith(("/", "\\")) and ".." not in parts and ":" not in parts[0] and "\0" not in name


def _unpack_zip(number: int, label: str, path: Path, folder: Path) -> Iterator[Refusal]:
    folder.mkdir(parents=True)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _refuse_bomb(label, sum(member.file_size for member in members), path)
            for member in members:
                shown = files.printable(f"{label}/{member.filename}")
                if member.is_dir():
                    continue
                if not _safe(member.filename):
                    yield Refusal(number, shown, 0, "has a path that leaves the archive (zip slip); left out")
                elif stat.S_ISLNK(member.external_attr >> 16):
                    yield Refusal(number, shown, 0, "is a link within an archive; left out")
                elif member.flag_bits & 1:
                    yield Refusal(number, shown, 0, "is encrypted; unpack it yourself and import the folder")
                else:
                    try:
                        target = Path(archive.extract(member, folder))
                    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
                        yield Refusal(number, shown, 0, f"cannot be unpacked: {error}")
                        continue
                    at = _zip_time(member)
                    if at:
                        os.utime(target, (at, at))
    except zipfile.BadZipFile as error:
        yield Refusal(number, label, 0, f"is a damaged zip: {error}")


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
                shown = files.printable(f"{label}/{member.name}")
                if member.isdir():
                    continue
                if not member.isfile():
                    yield Refusal(number, shown, 0, "is a link or a device within an archive; left out")
                    continue
                if not _safe(member.name):
                    yield Refusal(number, shown, 0, "has a path that leaves the archive; left out")
                    continue
                total += member.size
                _refuse_bomb(label, total, path)
                try:
                    archive.extract(member, folder, set_attrs=True, filter="data")
                except (OSError, tarfile.TarError) as error:
                    yield Refusal(number, shown, 0, f"cannot be unpacked: {error}")
    except (tarfile.TarError, EOFError, OSError) as error:
        yield Refusal(number, label, 0, f"is a damaged tar: {error}; what came before the damage is in")


def _refuse_bomb(label: str, size: int, path: Path) -> None:
    if size > 10**9 and size > MOST_UNPACKED * path.stat().st_size:
        raise ConfigError(f"{label}: would unpack to {size / 1e9:.0f} GB; unpack it yourself if that is right")
    if size > shutil.disk_usage(path.parent).free:
        raise ConfigError(f"{label}: would unpack to {size / 1e9:.1f} GB, for which the disk has no room")
