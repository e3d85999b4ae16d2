"""The pictures that an article names: found beside it, and given their place in the output."""

from __future__ import annotations

import posixpath
import stat
from functools import lru_cache
from pathlib import Path

from builder.articles.model import Article
from builder.articles.parse_context import ParseContext
from builder.base import files
from builder.base.imagetypes import IMAGE_TYPES
from builder.base.problems import CONTROL_CHARACTERS, Severity

Media = tuple[str, str, int, int]
"""A file that an article names: its content path, its output path ("" if it is missing), its size (-1) and mtime_ns."""


class ImagePlacer:
    """Gives each picture of one article its output path, and reports those that cannot be published."""

    def __init__(self, article: Article, path: str, content: Path, context: ParseContext) -> None:
        self._article, self._content, self._context = article, content, context
        self._folder = posixpath.dirname(path)
        self._media: dict[str, Media] = {}
        self._addresses: dict[str, str | None] = {}
        """What each name was answered: a picture that is missing twice is reported once."""

    @property
    def media(self) -> tuple[Media, ...]:
        """Every file that was asked for, in the order of asking."""
        return tuple(self._media.values())

    def place(self, src: str) -> str | None:
        """Return the output path of the picture `src` (a path from the article's folder, or from content/ after a slash).

        None where it cannot be published; a warning says why, once.
        """
        if src not in self._addresses:
            self._addresses[src] = self._place(src)
        return self._addresses[src]

    def _place(self, src: str) -> str | None:
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
            output = _media_path(self._content / target, status.st_size, status.st_mtime_ns)
        except FileNotFoundError:
            self._media[target] = (target, "", -1, 0)
            return self._reject(src, "is not there; put the file beside the article or mend its name")
        except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
            self._media[target] = (target, "", -1, 0)
            reason = error.strerror if isinstance(error, OSError) and error.strerror else "its links lead in a circle"
            return self._reject(src, f"cannot be read: {reason}")
        self._media[target] = (target, output, status.st_size, status.st_mtime_ns)
        return output

    def _reject(self, src: str, reason: str) -> str | None:
        """Report why `src` is left out; return None."""
        message = f"the picture {src} {reason}; the article is shown without it"
        numbers = [number for number, image in enumerate(self._article.images) if image.src == src]
        if numbers:
            self._context.report(Severity.WARNING, ("images", numbers[0], "src"), message)
        else:
            self._context.report_body(Severity.WARNING, src, message)
        return None


@lru_cache(maxsize=1024)
def _media_path(file: Path, size: int, mtime_ns: int) -> str:  # noqa: ARG001 (they tell one state of a file from the next)
    return f"media/{files.digest_of_file(file)[:20]}{file.suffix.lower()}"
