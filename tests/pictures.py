"""Small pictures for tests, made by Pillow."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image

ORIENTATION, GPS = 0x0112, 0x8825


@lru_cache(maxsize=64)
def picture(width: int = 30, height: int = 20, kind: str = "JPEG", mode: str = "RGB", colour: int = 0) -> bytes:
    """The bytes of a picture of one colour."""
    return encoded(Image.new(mode, (width, height), (colour,) * len(Image.new(mode, (1, 1)).getbands())), kind)


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The bytes of `image` as a file of a kind that Pillow knows."""
    target = BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def exif(orientation: int = 1, position: bool = False) -> Image.Exif:
    """EXIF of a camera, with or without its position."""
    values = Image.Exif()
    values[ORIENTATION] = orientation
    values[0x010F] = "Example Cameras"
    if position:
        values[GPS] = {1: "N", 2: (22.0, 17.0, 7.5), 3: "E", 4: (114.0, 10.0, 8.25)}
    return values


def photo(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture that does not compress well, as photos do, brighter at its top left corner."""
    noise = Image.effect_noise((width, height), 80)
    bright = noise.point(lambda value: 200 + value // 8)
    noise = noise.point(lambda value: value // 4)
    noise.paste(bright.crop((0, 0, width // 2, height // 2)), (0, 0))
    return noise.convert(mode)
