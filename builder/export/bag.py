"""Bags: an archive laid out by BagIt 1.0 (RFC 8493), so that any repository can take it and check it."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Protocol

from builder.base import version
from builder.base.problems import ConfigError
from builder.config.site import Site
from builder.export.sorted_lines import SortedLines
from builder.formats.fixity import MANIFEST, PIECE, Difference, differences, read_manifest, regular_files

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
TAG_MANIFEST = "tagmanifest-sha512.txt"
PROFILE = "https://github.com/dpscollaborative/btr_bagit_profile/releases/download/1.0/btr-bagit-profile.json"
"""The Beyond-the-Repository profile: it asks for Source-Organization, Bagging-Date and Payload-Oxum, and takes no fetch.txt."""
_LINE_WIDTH = 79


class PayloadFile(NamedTuple):
    """A file to put into a bag: its path below `data/`, where it lies now, and its size in bytes."""

    path: str
    source: str | Path
    size: int


class BagSize(NamedTuple):
    """How much a bag's payload is: files, and bytes in all of them."""

    files: int
    bytes: int


class BagInfo(NamedTuple):
    """What bag-info.txt says of where a bag comes from; empty texts are left out (RFC 8493, 2.2.2)."""

    source_organization: str
    external_description: str
    external_identifier: str
    bagging_date: str
    group: str = ""
    """Bag-Group-Identifier: what bags of one archive have in common."""
    position: str = ""
    """Bag-Count, as `2 of 3`."""


class Destination(Protocol):
    """Where a bag's files go to: a folder, or one tar file."""

    def add(self, path: str, stream: BinaryIO, size: int) -> None:
        """Write the `size` bytes of `stream` as the file `path`."""


class _Hashing(io.RawIOBase):
    """A stream that counts and digests what is read from it, so that each file is read once."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha512()
        self.size = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        piece = self._stream.read(size)
        self.digest.update(piece)
        self.size += len(piece)
        return piece


class FolderDestination(AbstractContextManager["FolderDestination"]):
    """A bag as a folder. It is made under another name and gets its own when it is whole; a failed one leaves nothing."""

    def __init__(self, folder: Path) -> None:
        if folder.exists():
            raise ConfigError(f"{folder}: is there already; a bag is written into a new folder")
        self._folder = folder
        self._staging = folder.with_name(f".{folder.name}.unfinished")
        self._staging.mkdir(parents=True)

    def add(self, path: str, stream: BinaryIO, size: int) -> None:  # noqa: ARG002 (a tar needs it)
        """Write `stream` as the file `path`, and see that it is on the disk."""
        file = self._staging / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as target:
            while piece := stream.read(PIECE):
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._staging.rename(self._folder)
            return
        for parent, folders, names in os.walk(self._staging, topdown=False):
            for name in names:
                Path(parent, name).unlink()
            for name in folders:
                Path(parent, name).rmdir()
        self._staging.rmdir()


class TarDestination(AbstractContextManager["TarDestination"]):
    """A bag as one uncompressed tar file that holds its folder (RFC 8493, 4: serialization)."""

    def __init__(self, file: Path) -> None:
        if file.exists():
            raise ConfigError(f"{file}: is there already; a bag is written into a new file")
        self._file = file
        self._staging = file.with_name(f".{file.name}.unfinished")
        self._tar = tarfile.open(self._staging, "w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 (closed on exit)

    def add(self, path: str, stream: BinaryIO, size: int) -> None:
        """Write the `size` bytes of `stream` as the file `path`."""
        entry = tarfile.TarInfo(f"{self._file.stem}/{path}")
        entry.size = size
        self._tar.addfile(entry, stream)
        self._tar.members = []  # type: ignore[attr-defined]  # it remembers each file that it wrote

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self._tar.close()
            if kind is None:
                self._staging.rename(self._file)
        finally:
            self._staging.unlink(missing_ok=True)


def bag_info(site: Site, group: str = "", position: str = "") -> BagInfo:
    """Return what bag-info.txt says of the archive with the settings `site`; dated today, in UTC."""
    return BagInfo(
        source_organization=site.publisher or site.title,
        external_description=site.description or f"The news archive {site.title}, with its site",
        external_identifier=site.url,
        bagging_date=datetime.now(UTC).date().isoformat(),
        group=group,
        position=position,
    )


def write_bag(destination: Destination, payload: Iterable[PayloadFile], info: BagInfo) -> BagSize:
    """Write a bag of `payload` and return how much that is.

    Each file is read once, in pieces; its checksum is of the bytes that were written, and waits on disk for the manifest: a bag
    of any number of files costs the same memory. Raises OSError where a file cannot be read or written, ConfigError where
    one changed its size meanwhile.
    """
    total = 0
    with SortedLines() as manifest, tempfile.TemporaryFile() as manifest_file:
        for item in payload:
            with open(item.source, "rb") as stream:  # noqa: PTH123 (a Path for each of many files costs as much again)
                size, checksum = _add(destination, f"data/{item.path}", stream, item.size)
            if size != item.size:
                raise ConfigError(f"{item.source}: changed while it was bagged; try again when nobody writes there")
            manifest.add(f"data/{item.path}", _manifest_line(f"data/{item.path}", checksum))
            total += size
        for line in manifest:
            manifest_file.write(line.encode())
        tags: dict[str, BinaryIO] = {
            "bagit.txt": io.BytesIO(DECLARATION),
            "bag-info.txt": io.BytesIO(_info_text(info, total, manifest.count).encode()),
            MANIFEST: manifest_file,
        }
        checksums = {path: _add(destination, path, stream, _size_of(stream))[1] for path, stream in tags.items()}
        lines = "".join(_manifest_line(path, checksums[path]) for path in sorted(checksums)).encode()
        destination.add(TAG_MANIFEST, io.BytesIO(lines), len(lines))
        return BagSize(manifest.count, total)


def _add(destination: Destination, path: str, stream: BinaryIO, size: int) -> tuple[int, str]:
    """Write `stream` as the file `path`; return how many bytes it had, and their SHA-512 in hexadecimal."""
    hashing = _Hashing(stream)
    destination.add(path, hashing, size)  # type: ignore[arg-type]
    return hashing.size, hashing.digest.hexdigest()


def _size_of(stream: BinaryIO) -> int:
    """Return the size of `stream` in bytes, and stand at its beginning."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return size


def part_lengths(sizes: Iterable[int], max_size: int) -> list[int]:
    """Return of how many files each part has to be, that files of `sizes` bytes are put into in their order.

    No part is bigger than `max_size` bytes unless one file alone is.
    """
    lengths = [0]
    part_size = 0
    for size in sizes:
        if lengths[-1] and part_size + size > max_size:
            lengths.append(0)
            part_size = 0
        lengths[-1] += 1
        part_size += size
    return lengths


def is_bag(folder: Path) -> bool:
    """Whether `folder` is a bag: it declares itself one, or has the tags of one that lost its declaration."""
    return (folder / "bagit.txt").is_file() or (folder / TAG_MANIFEST).is_file()


def verify_bag(folder: Path) -> Iterator[Difference]:
    """Yield every file of the bag at `folder` that is not as its manifests say: of the payload, then of the tags.

    Raises ConfigError where a manifest is not there or damaged: then nothing can be said of the files.
    """
    for name, is_payload in ((MANIFEST, True), (TAG_MANIFEST, False)):
        try:
            with (folder / name).open("rb") as stream:
                checksums = read_bag_manifest(stream, name, folder)
        except OSError as error:
            raise ConfigError(f"{folder / name}: cannot be read: {error.strerror}; the bag cannot be verified") from None
        present = (path for path in regular_files(folder) if path.startswith("data/") is is_payload)
        yield from differences(folder, checksums, present if is_payload else [path for path in present if path != TAG_MANIFEST])


def read_bag_manifest(stream: BinaryIO, name: str, bag: Path) -> dict[str, str]:
    """Return the checksums by path of the manifest in `stream`, the file `name` of `bag`. Raises ConfigError where it is damaged.

    Lines of others' bags may end in CR alone (RFC 8493, 2.1.3).
    """
    try:
        return {_decode(path): checksum for path, checksum in read_manifest(stream, name, newline="").items()}
    except UnicodeDecodeError:
        raise ConfigError(f"{bag / name}: is damaged; the bag cannot be verified") from None


def _manifest_line(path: str, checksum: str) -> str:
    """Return a line of a manifest: line ends and percent signs of the path are percent-encoded, nothing else (RFC 8493, 2.1.3)."""
    escape = path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")
    return f"{checksum}  {escape}\n"


def _decode(path: str) -> str:
    return path.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def _info_text(info: BagInfo, size: int, files: int) -> str:
    lines = {
        "BagIt-Profile-Identifier": PROFILE,
        "Source-Organization": info.source_organization,
        "Bagging-Date": info.bagging_date,
        "Payload-Oxum": f"{size}.{files}",
        "Bag-Size": _readable_size(size),
        "External-Description": info.external_description,
        "External-Identifier": info.external_identifier,
        "Bag-Group-Identifier": info.group,
        "Bag-Count": info.position,
        "Bag-Software-Agent": f"Morgue {version.version()}",
    }
    return "".join(_fold(f"{label}: {' '.join(value.split())}") for label, value in lines.items() if value)


def _fold(line: str) -> str:
    """Return `line` with its end, broken between words: what continues it begins with a space (RFC 8493, 2.2.2)."""
    rows = [""]
    for word in line.split(" "):
        if rows[-1] and len(rows[-1]) + 1 + len(word) > _LINE_WIDTH:
            rows.append(f" {word}")
        else:
            rows[-1] = f"{rows[-1]} {word}" if rows[-1] else word
    return "\n".join(rows) + "\n"


def _readable_size(size: int) -> str:
    amount = float(size)
    for unit in ("bytes", "KB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"
