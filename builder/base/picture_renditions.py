"""Renditions of a picture, its smaller versions: which ones there are, how they are called, and their bytes, always the same.

Which there are follows from the header and the settings, so that pages name them before one is made. The name holds the encoder:
what was made once is right for ever.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import metadata
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from builder.base.files import digest, open_regular
from builder.base.picture_decoding import MAX_PIXELS, limit_memory
from builder.base.picture_headers import PictureHeader, open_picture, orientation_of, read_exif

if TYPE_CHECKING:
    from PIL.Image import Image

MIN_BYTES = 100_000
"""A picture of fewer is no burden."""
MIN_RATIO = 1.25
"""How many times as wide as a smaller version its original is at least."""
MAX_SIDE = 16_383
"""Pixels of a WebP file in each direction (RFC 9649, 2.6)."""
QUALITY = 80
_MODES = frozenset(("1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr"))
"""Of 8 bits or fewer; scans of 16 lose too much."""
_WIDTH = re.compile(r"media/[0-9a-f]{20}(?:-[a-z-]+)?-(\d+)-[0-9a-f]{8}\.webp")
_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
"""Pillow's names of what brings a picture of each EXIF orientation upright."""


def list_sizes(output: str, header: PictureHeader, size: int, widths: Iterable[int]) -> tuple[tuple[int, str], ...]:
    """Return the smaller versions of the picture that is published as `output` and has `size` bytes: widths and output paths.

    `widths` are those that site.yml asks for. There are none of a picture that is small, animated, damaged, cut short or enormous.
    """
    pixels = header.width * header.height
    if size < MIN_BYTES or pixels > MAX_PIXELS or header.is_animated or header.is_cut_short or header.is_damaged:
        return ()
    if header.mode not in _MODES:
        return ()
    stem = output.rpartition(".")[0]
    fitting = (
        width for width in widths if width * MIN_RATIO <= header.width and _height(width, header.width, header.height) <= MAX_SIDE
    )
    return tuple((width, f"{stem}-{width}-{_encoder_key()}.webp") for width in fitting)


def _height(width: int, whole_width: int, whole_height: int) -> int:
    """Return the height of a version that is `width` wide, in pixels."""
    return max(1, round(width * whole_height / whole_width))


def width_of(output: str) -> int:
    """Return the width of the smaller version that is published as `output`, 0 for a path of anything else."""
    match = _WIDTH.fullmatch(output)
    return int(match[1]) if match else 0


@lru_cache(maxsize=1)
def _encoder_key() -> str:
    """Return what decides the bytes of a smaller version beside its original and its width."""
    from PIL import features

    pillow = metadata.version("pillow")
    return digest("1", str(QUALITY), str(MIN_RATIO), pillow, str(features.version("webp")), str(features.version("jpg")))[:8]


def shrink(path: Path, width: int) -> bytes:
    """Return the picture at `path` as WebP, `width` pixels wide, upright, in its own colours.

    Raises OSError where the file cannot be read, or not be decoded, which is known before (picture_decoding) unless it changed.
    """
    with open_regular(path) as file:
        try:
            with open_picture(file) as image, limit_memory(image):
                return _encode(image, width)
        except MemoryError:
            raise
        except Exception as error:  # what decoders raise for damaged data has no end
            reason = f"no smaller version can be made of it ({error}); save it anew, or set `pictures: false` in site.yml"
            raise OSError(errno.EINVAL, reason, str(path)) from error


def _encode(image: Image, width: int) -> bytes:
    from PIL import Image as Images

    orientation = orientation_of(image, read_exif(image))
    size = image.size[::-1] if orientation >= 5 else image.size
    target = (width, _height(width, *size))
    stored_size = target[::-1] if orientation >= 5 else target
    profile = image.info.get("icc_profile")
    image.draft(None, (2 * stored_size[0], 2 * stored_size[1]))  # a JPEG is decoded at a half, a quarter or an eighth
    if image.mode in {"1", "P", "PA", "LA", "YCbCr"} or "transparency" in image.info:
        has_alpha = image.mode in {"PA", "LA"} or "transparency" in image.info
        image, profile = image.convert("RGBA" if has_alpha else "RGB"), None if image.mode in {"1", "LA"} else profile
    small = image.resize(stored_size, Images.Resampling.LANCZOS, reducing_gap=2.0)
    if small.mode not in {"RGB", "RGBA"}:
        small, profile = _to_srgb(small, profile), None
    if orientation in _TURNS:
        small = small.transpose(Images.Transpose[_TURNS[orientation]])
    data = BytesIO()
    small.save(data, "WEBP", quality=QUALITY, method=4, **({"icc_profile": profile} if profile else {}))
    return data.getvalue()


def _to_srgb(image: Image, profile: bytes | None) -> Image:
    """Return `image`, grey or of four inks, in sRGB, as its `profile` has it if there is a sound one."""
    if profile:
        from PIL import ImageCms

        try:
            srgb = ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError):
            srgb = None
        if srgb is not None:
            return srgb
    return image.convert("RGB")
