"""The setting `pictures` of site.yml: smaller versions of pictures, and what is taken out of them."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

WIDTHS = (400, 800, 1600)
MIN_WIDTH, MAX_WIDTH, MAX_WIDTHS = 50, 4000, 6


def _as_list(value: object) -> object:
    return [] if value in (None, "") else value if isinstance(value, list | tuple) else [value]


def _check_widths(widths: tuple[int, ...]) -> tuple[int, ...]:
    if len(widths) > MAX_WIDTHS or any(not MIN_WIDTH <= width <= MAX_WIDTH for width in widths):
        raise ValueError(f"must be up to {MAX_WIDTHS} widths in pixels, from {MIN_WIDTH} to {MAX_WIDTH}, such as [400, 800, 1600]")
    return tuple(sorted(set(widths)))


class PictureSettings(BaseModel):
    """What is published of the archive's pictures beside themselves."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sizes: Annotated[tuple[int, ...], BeforeValidator(_as_list), AfterValidator(_check_widths)] = Field(
        WIDTHS, description="The widths in pixels of the smaller versions (WebP) that are made of pictures of more than 100 kB "
        "which are at least a quarter wider; `[]` makes none."
    )  # fmt: skip
    strip_location: bool = Field(
        False, description="Whether the position is taken out of what is published: out of EXIF and XMP, all else byte for byte. "
        "The files in `content/` stay as they are."
    )  # fmt: skip


def read_pictures(value: object) -> object:
    """Return the setting as a mapping: `false` makes no smaller versions."""
    word = str(value).lower() if isinstance(value, str | bool) else ""
    return {"sizes": []} if word in {"false", "no", "off"} else {} if word in {"true", "yes", "on"} else value
