"""The pictures that an article names: found beside it, and given their place in the output."""

from __future__ import annotations

import posixpath
import stat
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from builder.articles.article_html import PlacedPicture
from builder.articles.model import Article
from builder.articles.near_files import did_you_mean, nearest_file
from builder.articles.parse_context import ParseContext
from builder.base import files
from builder.base.geotags import path_without_position, without_position
from builder.base.picture_headers import ENDINGS, PictureError, PictureHeader, read_header, tells_position
from builder.base.picture_renditions import MAX_PIXELS, MIN_RATIO, list_sizes
from builder.base.picture_types import IMAGE_TYPES
from builder.base.problems import CONTROL_CHARACTERS, Severity
from builder.config.picture_settings import PictureSettings

Media = tuple[str, str, int, int]
"""A file that an article names: its content path, its output path ("" if it is missing), its size (-1) and mtime_ns. Of a
picture each smaller version is one more (picture_renditions.width_of tells them by their output paths)."""

LARGE_BYTES, LARGE_PIXELS = 8_000_000, MAX_PIXELS
"""What readers wait for: a picture of more bytes is named. One of more pixels is named, too, and gets no smaller sizes."""


class ImagePlacer:
    """Gives each picture of one article its output path, and reports those that cannot be published."""

    def __init__(self, article: Article, path: str, content: Path, context: ParseContext, settings: PictureSettings) -> None:
        self._article, self._content, self._context, self._settings = article, content, context, settings
        self._folder = posixpath.dirname(path)
        self._media: dict[str, Media] = {}
        self._pictures: dict[str, PlacedPicture | None] = {}
        """What each name was answered: a picture that is missing twice is reported once."""

    @property
    def media(self) -> tuple[Media, ...]:
        """Every file that was asked for, in the order of asking."""
        return tuple(self._media.values())

    def place(self, src: str) -> PlacedPicture | None:
        """Return what is published of the picture `src` (a path from the article's folder, or from content/ after a slash).

        None where it cannot be published; a warning says why, once.
        """
        if src not in self._pictures:
            self._pictures[src] = self._place(src)
        return self._pictures[src]

    def _place(self, src: str) -> PlacedPicture | None:
        if CONTROL_CHARACTERS.search(src):
            return self._reject(src, "has a control character in its name")
        target = posixpath.normpath(src.lstrip("/") if src.startswith("/") else posixpath.join(self._folder, src))
        try:
            if not (self._content / target).exists():
                target = files.find_spelled(self._content, target) or target
            if target.startswith("../") or not (self._content / target).resolve().is_relative_to(self._content.resolve()):
                return self._reject(src, "leaves the content folder")
            if not target.lower().endswith(tuple(IMAGE_TYPES)):
                return self._reject(src, f"is not one of {', '.join(IMAGE_TYPES)}")
            status = (self._content / target).stat()
            if not stat.S_ISREG(status.st_mode):
                return self._reject(src, "is no regular file (a folder, pipe, device or socket)")
            file = self._content / target
            output, header = _look_at(file, status.st_size, status.st_mtime_ns)
            if header.has_position and self._settings.strip_location and tells_position(without_position(files.read_regular(file))):
                raise PictureError("tells where it was taken in a way that cannot be taken out here; take it out of its file")
        except FileNotFoundError:
            self._media[target] = (target, "", -1, 0)
            near = did_you_mean(nearest_file(self._content, self._folder, target))
            return self._reject(src, f"is not there{near}; put the file beside the article or mend its name")
        except PictureError as error:
            self._media[target] = (target, "", status.st_size, status.st_mtime_ns)
            return self._reject(src, str(error))
        except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
            self._media[target] = (target, "", -1, 0)
            reason = error.strerror if isinstance(error, OSError) and error.strerror else "its links lead in a circle"
            return self._reject(src, f"cannot be read: {reason}")
        if header.has_position and self._settings.strip_location:
            output = path_without_position(output)
        self._media[target] = (target, output, status.st_size, status.st_mtime_ns)
        for remark in _remarks(target, status.st_size, header, self._settings.strip_location):
            self._report(src, f"the picture {src} {remark}")
        sizes = list_sizes(output, header, status.st_size, self._settings.sizes)
        for _, smaller in sizes:
            self._media[smaller] = (target, smaller, status.st_size, status.st_mtime_ns)
        if sizes and header.width < MIN_RATIO * max(self._settings.sizes):  # the largest is not among them
            sizes += ((header.width, output),)
        return PlacedPicture(output, header.width, header.height, sizes)

    def _reject(self, src: str, reason: str) -> PlacedPicture | None:
        """Report why `src` is left out; return None."""
        self._report(src, f"the picture {src} {reason}; the article is shown without it")
        return None

    def _report(self, src: str, message: str) -> None:
        """Warn at the place where the article names the picture `src`."""
        numbers = [number for number, image in enumerate(self._article.images) if image.src == src]
        if numbers:
            self._context.report(Severity.WARNING, ("images", numbers[0], "src"), message)
        else:
            self._context.report_body(Severity.WARNING, src, message)


def _remarks(name: str, size: int, header: PictureHeader, strips_position: bool) -> Iterator[str]:
    """Yield what is odd about a picture that is published, each to be read after its name."""
    if header.is_cut_short:
        yield "is cut short: the end of its file is missing; put the whole file in its place"
    ending, pixels = ENDINGS[header.format], header.width * header.height
    if IMAGE_TYPES[posixpath.splitext(name)[1].lower()] != IMAGE_TYPES[ending]:
        yield f"is a {ending[1:].upper()} file by its content and is published as {ending}; rename it"
    if size > LARGE_BYTES or pixels > LARGE_PIXELS:
        large = f"{size / 1e6:.0f} MB" if size > LARGE_BYTES else f"{pixels / 1e6:.0f} megapixels"
        yield f"is large ({large}); readers who open it load all of it"
    if header.has_position and not strips_position:
        yield (
            "tells where it was taken (a GPS position), and that is published with it; "
            "`pictures: {strip_location: true}` in site.yml takes it out of what is published"
        )


@lru_cache(maxsize=1024)
def _look_at(file: Path, size: int, mtime_ns: int) -> tuple[str, PictureHeader]:  # noqa: ARG001 (they tell one state of a file from the next)
    """Return the output path of a picture's file, by the digest of its bytes, and its header."""
    header = read_header(file)
    ending = ENDINGS[header.format]
    if IMAGE_TYPES.get(file.suffix.lower()) == IMAGE_TYPES[ending]:
        ending = file.suffix.lower()  # .jpeg stays
    return f"media/{files.digest_of_file(file)[:20]}{ending}", header
