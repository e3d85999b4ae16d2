"""A picture's file to what its header says: kind, dimensions as shown, animation, position, and whether it is whole.

No pixel is decoded. Pillow is imported here, when the first picture comes.
"""

from __future__ import annotations

import mmap
import re
import struct
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from builder.base.files import open_regular

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

ENDINGS = {"JPEG": ".jpg", "MPO": ".jpg", "PNG": ".png", "GIF": ".gif", "WEBP": ".webp", "AVIF": ".avif"}
"""The formats that browsers show, as Pillow names them, with the ending that each is published under."""
MAX_PIXELS = 300_000_000
"""A picture with more is not published: unpacked it takes a gigabyte of the reader's memory."""
ORIENTATION, _GPS = 0x0112, 0x8825
_LATITUDE, _LONGITUDE = 2, 4
_XMP_POSITION = re.compile(rb"[\w-]{1,40}:GPS(?:Latitude|Longitude)\b", re.IGNORECASE)
_JPEG_START_OF_SCAN, _JPEG_END = 0xDA, b"\xff\xd9"


class PictureError(ValueError):
    """A file that is no picture which browsers show. Its text says what it is, after the name."""


class PictureHeader(NamedTuple):
    """What the header of a picture says. `width` and `height` are pixels as shown, after its orientation is applied."""

    format: str
    """A key of ENDINGS."""
    width: int
    height: int
    mode: str
    """As Pillow names it: `RGB`, `CMYK`, `P`."""
    is_animated: bool
    has_position: bool
    """Whether its metadata (EXIF, XMP) tell where on Earth it was taken."""
    is_cut_short: bool
    """Whether the end of the file is missing (of a JPEG, PNG or GIF; one of another kind cannot be read at all then)."""
    is_damaged: bool = False
    """Whether its data cannot be decoded. The header does not tell: picture_decoding does."""


def read_header(path: Path) -> PictureHeader:
    """Return what the picture at `path` says of itself.

    Raises PictureError where it is none, OSError where it cannot be read.
    """
    with open_regular(path) as file:
        if not file.read(1):
            raise PictureError("is empty")
        file.seek(0)
        try:
            with open_picture(file) as image:
                exif = read_exif(image)
                width, height = image.size[::-1] if orientation_of(image, exif) >= 5 else image.size
                name, mode = str(image.format), image.mode
                is_animated = name not in {"JPEG", "MPO"} and bool(getattr(image, "is_animated", False))
                has_position = _has_position(image, exif)
        except OSError as error:
            if error.errno is not None:
                raise
            if type(error).__name__ == "UnidentifiedImageError":
                raise PictureError("is no picture that browsers show (JPEG, PNG, GIF, WebP, AVIF), or is damaged") from None
            raise PictureError(f"cannot be read as a picture, its file is damaged ({error})") from None
        except Exception as error:  # noqa: BLE001 (what decoders raise for a damaged header has no end)
            raise PictureError(f"cannot be read as a picture, its file is damaged ({error or type(error).__name__})") from None
        if width * height > MAX_PIXELS:
            raise PictureError(f"unpacks to {width * height / 1e6:,.0f} megapixels; more than {MAX_PIXELS / 1e6:.0f} are refused")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return PictureHeader(name, width, height, mode, is_animated, has_position, _is_cut_short(name, data))


def tells_position(data: bytes) -> bool:
    """Whether the metadata of the picture whose file is `data` tell where it was taken. True of what cannot be read."""
    try:
        with open_picture(BytesIO(data)) as image:
            return _has_position(image, read_exif(image))
    except Exception:  # noqa: BLE001 (what decoders raise for damaged data has no end)
        return True


def open_picture(file: BinaryIO) -> ImageFile:
    """Return the picture in `file`, opened by Pillow. It is imported here: a site without pictures does not pay for it."""
    from PIL import AvifImagePlugin, GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401

    Image.MAX_IMAGE_PIXELS = None  # the limits are our own, and nothing is decoded before they are asked
    return Image.open(file, formats=("JPEG", "PNG", "GIF", "WEBP", "AVIF"))


def read_exif(image: Any) -> Mapping[int, Any]:
    """Return the EXIF of an opened `image`; nothing where it is damaged, or would take decoding a PNG to its end."""
    if image.format == "PNG" and "exif" not in image.info:
        return {}
    try:
        exif: Mapping[int, Any] = image.getexif()
    except Exception:  # noqa: BLE001 (browsers pass over damaged metadata, too)
        return {}
    return exif


def orientation_of(image: Any, exif: Mapping[int, Any]) -> int:
    """Return how an opened `image` is turned to be shown, from 1 (as it is) to 8, as its `exif` has it.

    Chromium passes over the orientation of a WebP file, so that it is none.
    """
    orientation = exif.get(ORIENTATION, 1)
    return orientation if orientation in range(1, 9) and image.format != "WEBP" else 1


def _has_position(image: Any, exif: Any) -> bool:
    try:
        position = exif.get_ifd(_GPS) if _GPS in exif else {}
    except Exception:  # noqa: BLE001 (there is some, but it cannot be read here: another program may)
        return True
    xmp = image.info.get("xmp") or b""
    return bool({_LATITUDE, _LONGITUDE} & set(position)) or bool(
        _XMP_POSITION.search(xmp if isinstance(xmp, bytes) else str(xmp).encode())
    )


def _is_cut_short(name: str, data: mmap.mmap) -> bool:
    check = _ENDS.get(name)
    return check is not None and not check(data)


def _has_jpeg_end(data: mmap.mmap) -> bool:
    """Whether the end marker comes after the start of the scan (ITU-T T.81, B.1): previews among the metadata have one, too."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        if data[at + 1] == _JPEG_START_OF_SCAN:
            return data.rfind(_JPEG_END, at) >= 0
        if data[at + 1] == 0xFF:
            at += 1
        else:
            at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return False


_ENDS: Mapping[str, Callable[[mmap.mmap], bool]] = {
    "JPEG": _has_jpeg_end,
    "MPO": _has_jpeg_end,
    "PNG": lambda data: data.rfind(b"IEND") >= 0,
    "GIF": lambda data: data[max(0, len(data) - 64) :].rstrip(b"\0").endswith(b";"),
}
