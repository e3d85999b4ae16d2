"""The pictures that an article names: found beside it, and given their place in the output."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from builder.articles.article_html import PlacedPicture
from builder.articles.model import Article
from builder.articles.named_files import Media, NamedFile, NamedFileError, find_named_file, find_static_file
from builder.articles.parse_context import ParseContext
from builder.articles.time_budget import pause_limit
from builder.base import files
from builder.base.geotags import path_without_position, without_position
from builder.base.picture_decoding import MAX_PIXELS, is_damaged
from builder.base.picture_headers import ENDINGS, PictureError, PictureHeader, read_header, tells_position
from builder.base.picture_renditions import MIN_RATIO, list_sizes
from builder.base.picture_types import IMAGE_TYPES
from builder.base.problems import Severity
from builder.config.picture_settings import PictureSettings

LARGE_BYTES, LARGE_PIXELS = 8_000_000, MAX_PIXELS
"""What readers wait for: a picture of more bytes is named. One of more pixels is named, too, and gets no smaller sizes."""


class ImagePlacer:
    """Gives each picture of one article its output path, and reports those that cannot be published."""

    def __init__(self, article: Article, path: str, content: Path, context: ParseContext, settings: PictureSettings) -> None:
        self._content, self._context, self._settings = content, context, settings
        self._folder = posixpath.dirname(path)
        self._numbers = {image.src: number for number, image in reversed([*enumerate(article.images)])}
        """Of each name the first of the article's pictures that has it."""
        self._media: dict[str, Media] = {}
        self._pictures: dict[str, PlacedPicture | None] = {}
        """What each name was answered: a picture that is missing twice is reported once."""

    @property
    def media(self) -> tuple[Media, ...]:
        """Every file that was asked for, in the order of asking."""
        return tuple(self._media.values())

    def place(self, src: str) -> PlacedPicture | None:
        """Return what is published of the picture `src`: a path from the article's folder, after a slash from content/, or
        `/static/…` where content/ has no such file.

        None where it cannot be published; a warning says why, once.
        """
        if src not in self._pictures:
            self._pictures[src] = self._place(src)
        return self._pictures[src]

    def _place(self, src: str) -> PlacedPicture | None:
        try:
            file = find_named_file(self._content, self._folder, src, IMAGE_TYPES)
        except NamedFileError as error:
            static_file = find_static_file(self._content, src)
            if not isinstance(static_file, NamedFile):
                if static_file is not None:
                    self._add(static_file)
                return self._reject(src, error)
            if error.media is not None:
                self._add(error.media)  # should it come
            file = static_file
        try:
            output, header = file.read(_look_at)
            if header.has_position and self._settings.strip_location:
                if file.read(_keeps_position):
                    raise PictureError("tells where it was taken in a way that cannot be taken out here; take it out of its file")
                output = path_without_position(output)
            sizes = list_sizes(output, header, file.size, self._settings.sizes)
            is_known = sizes and sizes[0][1] in self._context.known_outputs  # its name holds the digest of what was decoded
            if not (is_known or header.is_cut_short) and file.read(_cannot_be_decoded):
                header, sizes = header._replace(is_damaged=True), ()
        except PictureError as error:
            return self._reject(src, NamedFileError(str(error), file.published_as("")))
        except NamedFileError as error:
            return self._reject(src, error)
        self._add(file.published_as(output))
        for remark in _remarks(file.target, file.size, header, self._settings.strip_location):
            self._report(src, f"the picture {src} {remark}")
        for _, smaller in sizes:
            self._add(file.published_as(smaller))
        if sizes and header.width < MIN_RATIO * max(self._settings.sizes):  # the largest is not among them
            sizes += ((header.width, output),)
        return PlacedPicture(output, header.width, header.height, sizes)

    def _add(self, media: Media) -> None:
        self._media[media[1] or media[0]] = media

    def _reject(self, src: str, error: NamedFileError) -> PlacedPicture | None:
        """Report why `src` is left out; return None."""
        if error.media is not None:
            self._add(error.media)
        self._report(src, f"the picture {src} {error}; the article is shown without it")
        return None

    def _report(self, src: str, message: str) -> None:
        """Warn at the place where the article names the picture `src`."""
        if src in self._numbers:
            self._context.report(Severity.WARNING, ("images", self._numbers[src], "src"), message)
        else:
            self._context.report_body(Severity.WARNING, src, message)


def _remarks(name: str, size: int, header: PictureHeader, strips_position: bool) -> Iterator[str]:
    """Yield what is odd about a picture that is published, each to be read after its name."""
    if header.is_cut_short:
        yield "is cut short: the end of its file is missing; put the whole file in its place"
    if header.is_damaged:
        yield "is damaged: not all of it can be decoded, and browsers show a part of it or nothing; put a sound file in its place"
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


@lru_cache(maxsize=1024)
def _cannot_be_decoded(file: Path, size: int, mtime_ns: int) -> bool:
    with pause_limit():  # an article may have a hundred large ones
        return is_damaged(file, _look_at(file, size, mtime_ns)[1])


def _keeps_position(file: Path, size: int, mtime_ns: int) -> bool:  # noqa: ARG001
    """Whether a picture's metadata tell where it was taken even without what can be taken out."""
    return tells_position(without_position(files.read_regular(file)))
