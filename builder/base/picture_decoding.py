"""Whether a picture's data can be decoded, and how much memory pictures take together while they are."""

from __future__ import annotations

import os
import struct
import tempfile
import zlib
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from filelock import FileLock

from builder.base.files import PIECE_BYTES, open_regular
from builder.base.picture_headers import PictureHeader, open_picture

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 50_000_000
"""A picture with more is not decoded; of a PNG the checksums are looked at."""
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_SHARED_BYTES = 64_000_000
"""A picture that takes more memory while it is decoded waits until no other process decodes such a one."""


def is_damaged(path: Path, header: PictureHeader) -> bool:
    """Whether the data behind the sound `header` of the picture at `path` break off a decoder before their end.

    A JPEG with wrong bytes is decoded to its end by every decoder; it counts as sound. Raises OSError where the file cannot be
    read.
    """
    with open_regular(path) as file:
        if header.format == "PNG" and not _has_sound_checksums(file):
            return True
        if header.width * header.height > MAX_PIXELS:
            return False
        try:
            file.seek(0)
            with open_picture(file) as image, limit_memory(image):
                image.draft(None, (image.width // 8, image.height // 8))  # a JPEG is read to its end and unpacked in part
                image.load()
        except MemoryError:
            raise
        except OSError as error:
            if error.errno is not None:
                raise
            return True
        except Exception:  # noqa: BLE001 (what decoders raise for damaged data has no end)
            return True
    return False


def _has_sound_checksums(file: BinaryIO) -> bool:
    """Whether the CRC of each critical chunk of the PNG in `file` is right (PNG, 5.3); browsers pass over the others."""
    file.seek(len(_PNG_SIGNATURE))
    while len(start := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", start)
        crc = zlib.crc32(kind)
        while length and (piece := file.read(min(length, PIECE_BYTES))):
            crc, length = zlib.crc32(piece, crc), length - len(piece)
        if file.read(4) != crc.to_bytes(4, "big") and kind[:1].isupper():
            return False
        if kind == b"IEND":
            break
    return True


def limit_memory(image: Image) -> AbstractContextManager[object]:
    """Return what to enter while `image` is decoded: a large one waits for those of the other processes of this machine.

    A plain JPEG is decoded at about the size that is asked, others whole.
    """
    is_small = image.format in {"JPEG", "MPO"} and not image.info.get("progressive")
    whole = image.width * image.height * (1 if is_small else 4)
    if whole <= MAX_SHARED_BYTES:
        return nullcontext()
    user = os.getuid() if hasattr(os, "getuid") else "0"
    try:
        return FileLock(Path(tempfile.gettempdir()) / f"morgue-large-picture-{user}.lock")
    except OSError:  # no folder for temporary files
        return nullcontext()
