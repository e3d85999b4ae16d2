"""Bags in a tar file (RFC 8493, 4): checked as they are read, in one pass."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from builder.base.problems import ConfigError
from builder.export.bag import TAG_MANIFEST, read_bag_manifest
from builder.formats.fixity import MANIFEST, PIECE, Difference, checksum_of, compare


def is_tar(file: Path) -> bool:
    """Whether `file` is called a tar file: one that is damaged is still meant to be one."""
    return file.suffix == ".tar" and file.is_file()


def verify_tar(file: Path) -> Iterator[Difference]:
    """Yield every file of the bag in the tar `file` that is not as its manifests say. Its seal, if it has one, is not looked at.

    Raises ConfigError where the tar file is damaged or cut short, or a manifest is: then nothing can be said of the files.
    """
    checksums: dict[str, str] = {}
    with ExitStack() as files:
        manifests: dict[str, BinaryIO] = {}
        try:
            tar = files.enter_context(tarfile.open(file, "r:"))
            while (entry := tar.next()) is not None:
                tar.members = []  # type: ignore[attr-defined]  # it remembers each entry, which nobody asks for here
                stream = tar.extractfile(entry) if entry.isreg() else None
                if stream is None:
                    continue
                path = entry.name.partition("/")[2]
                if path in {MANIFEST, TAG_MANIFEST}:
                    manifests[path] = files.enter_context(tempfile.TemporaryFile())
                    shutil.copyfileobj(stream, manifests[path], PIECE)
                    stream.seek(0)
                checksums[path] = checksum_of(stream)  # type: ignore[arg-type]
        except (tarfile.TarError, OSError, EOFError) as error:
            raise ConfigError(f"{file}: is damaged or cut short ({error}); the bag cannot be verified") from None
        for name in (MANIFEST, TAG_MANIFEST):
            if name not in manifests:
                raise ConfigError(f"{file}: has no {name}: it is cut short, or holds no bag")
            manifests[name].seek(0)
            listing = read_bag_manifest(manifests[name], name, file)
            there = {path for path in checksums if path.startswith("data/") is (name == MANIFEST)} - {TAG_MANIFEST}
            same_paths = {path for path, checksum in listing.items() if checksums.get(path) == checksum}
            yield from compare(listing, there, same_paths.__contains__)
