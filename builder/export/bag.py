"""Bags: an archive laid out by BagIt 1.0 (RFC 8493), so that any repository can take it and check it."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Protocol

from builder.base import version
from builder.base.problems import ConfigError
from builder.config.site import Site
from builder.formats.fixity import MANIFEST, PIECE, Difference, differences, parse_manifest, regular_files

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
TAG_MANIFEST = "tagmanifest-sha512.txt"
PROFILE = "https://github.com/dpscollaborative/btr_bagit_profile/releases/download/1.0/btr-bagit-profile.json"
"""The Beyond-the-Repository profile: it asks for Source-Organization, Bagging-Date and Payload-Oxum, and takes no fetch.txt."""
_LINE_WIDTH = 79


class PayloadFile(NamedTuple):
    """A file to put into a bag: its path below `data/`, where it lies now, and its size in bytes."""

    path: str
    source: Path
    size: int


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

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._tar.close()
        if kind is None:
            self._staging.rename(self._file)
        else:
            self._staging.unlink()


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


def write_bag(destination: Destination, payload: Iterable[PayloadFile], info: BagInfo) -> int:
    """Write a bag of `payload` and return its payload's size in bytes.

    Each file is read once, in pieces; its checksum is of the bytes that were written. Raises OSError where a file cannot
    be read or written, and ConfigError where one changed its size meanwhile.
    """
    checksums: dict[str, str] = {}
    total = 0
    for item in payload:
        with item.source.open("rb") as stream:
            hashing = _Hashing(stream)
            destination.add(f"data/{item.path}", hashing, item.size)  # type: ignore[arg-type]
        if hashing.size != item.size:
            raise ConfigError(f"{item.source}: changed while it was bagged; try again when nobody writes there")
        checksums[f"data/{item.path}"] = hashing.digest.hexdigest()
        total += hashing.size
    tags = {
        "bagit.txt": DECLARATION,
        "bag-info.txt": _info_text(info, total, len(checksums)).encode(),
        MANIFEST: "".join(_manifest_lines(checksums)).encode(),
    }
    tag_checksums = {path: hashlib.sha512(data).hexdigest() for path, data in tags.items()}
    tags[TAG_MANIFEST] = "".join(_manifest_lines(tag_checksums)).encode()
    for path, data in tags.items():
        destination.add(path, io.BytesIO(data), len(data))
    return total


def parts_of(payload: Sequence[PayloadFile], max_size: int) -> list[list[PayloadFile]]:
    """Return `payload` in parts, in its order, each of at most `max_size` bytes (0: no limit) unless one file is bigger."""
    parts: list[list[PayloadFile]] = [[]]
    size = 0
    for item in payload:
        if max_size and parts[-1] and size + item.size > max_size:
            parts.append([])
            size = 0
        parts[-1].append(item)
        size += item.size
    return parts


def is_bag(folder: Path) -> bool:
    """Whether `folder` is a bag: it declares itself one, or has the tags of one that lost its declaration."""
    return (folder / "bagit.txt").is_file() or (folder / TAG_MANIFEST).is_file()


def verify_bag(folder: Path) -> Iterator[Difference]:
    """Yield every file of the bag at `folder` that is not as its manifests say: of the payload, then of the tags.

    Raises ConfigError where a manifest is not there or damaged: then nothing can be said of the files.
    """
    for name, is_payload in ((MANIFEST, True), (TAG_MANIFEST, False)):
        try:
            data = (folder / name).read_bytes()
        except OSError as error:
            raise ConfigError(f"{folder / name}: cannot be read: {error.strerror}; the bag cannot be verified") from None
        checksums = read_manifest(data, name, folder)
        present = (path for path in regular_files(folder) if path.startswith("data/") is is_payload)
        yield from differences(folder, checksums, present if is_payload else [path for path in present if path != TAG_MANIFEST])


def read_manifest(data: bytes, name: str, bag: Path) -> dict[str, str]:
    """Return the checksums by path of the manifest `data`, the file `name` of `bag`. Raises ConfigError for one that is damaged."""
    try:
        text = data.decode().replace("\r", "\n")  # a bag of others may have CR alone (RFC 8493, 2.1.3); empty lines are none
    except UnicodeDecodeError:
        raise ConfigError(f"{bag / name}: is damaged; the bag cannot be verified") from None
    return {_decode(path): checksum for path, checksum in parse_manifest(text, name).items()}


def _manifest_lines(checksums: Mapping[str, str]) -> Iterator[str]:
    """Yield a bag's manifest: line ends and percent signs of a path are percent-encoded, nothing else (RFC 8493, 2.1.3)."""
    for path in sorted(checksums):
        escape = path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")
        yield f"{checksums[path]}  {escape}\n"


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
