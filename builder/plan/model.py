"""What a plan is made of: pages, parts whose pages are skipped together, and files that are copied."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from builder.articles.model import ArticleSummary

PICTURE_SIZE, PICTURE_WITHOUT_POSITION = "picture_size", "picture_without_position"
"""The renderers of a picture's smaller version, and of one without its position: path and context tell all that makes the file."""


Shows = Callable[[Iterable[ArticleSummary]], bool]
"""Tells whether a part that shows these articles in full has to be planned."""


def shows_any(_articles: Iterable[ArticleSummary]) -> bool:
    """Return True: whatever is shown may have changed."""
    return True


class Page(NamedTuple):
    """One output file. `renderer` is a template or a name in render.RENDERERS; `context` is plain data, all that the file shows.

    Two pages of one path, renderer and repr of the context are the same page, byte for byte.
    """

    path: str
    renderer: str
    context: dict[str, Any]


class PlanPart(NamedTuple):
    """Pages that show the same articles. If the fingerprint is unchanged, the whole part is skipped."""

    name: str
    fingerprint: str
    """A digest of all that `pages` look at; "" where it is not worth it, and they are planned each time."""
    pages: Callable[[], Iterable[Page]]


class Asset(NamedTuple):
    """What is published as it is: its output path, the files that it is made of one after the other, and what tells their
    versions apart."""

    path: str
    parts: tuple[str, ...]
    stat: str
    renderer: str = "copy"
    """What makes it of them: as they are, PICTURE_SIZE or PICTURE_WITHOUT_POSITION."""
    width: int = 0
    """Of a smaller version of a picture."""


def asset_page(asset: Asset) -> Page:
    """Return `asset` as an output file."""
    context = {"parts": asset.parts, "stat": asset.stat}
    return Page(asset.path, asset.renderer, {**context, "width": asset.width} if asset.width else context)


def uncached_part(name: str, pages: Iterable[Page]) -> PlanPart:
    """Return `pages` as a part that is planned each time."""
    return PlanPart(name, "", lambda: pages)
