"""The documents that an article links to (PDFs, tables, recordings): found beside it, and given their place in the output."""

from __future__ import annotations

import posixpath
import stat
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from builder.articles.images import Media
from builder.articles.link_places import find_address
from builder.articles.near_files import did_you_mean, nearest_file
from builder.articles.parse_context import ParseContext
from builder.base import files
from builder.base.document_types import DOCUMENT_TYPES
from builder.base.picture_types import IMAGE_TYPES
from builder.base.problems import CONTROL_CHARACTERS, Severity
from builder.base.urls import quote, slugify

NO_ADDRESS = ""
"""What the placer says of a link whose document cannot be published: its words stay, without the link."""


class DocumentPlacer:
    """Gives each document that one article links to its output path, and reports those that cannot be published.

    `types` are the endings that are published beside DOCUMENT_TYPES. A link to a picture goes to `place_image`, which
    publishes the picture as the text shows it.
    """

    def __init__(
        self, path: str, content: Path, context: ParseContext, types: Iterable[str], place_image: Callable[[str], str | None]
    ) -> None:
        self._content, self._context, self._place_image = content, context, place_image
        self._folder = posixpath.dirname(path)
        self._types = DOCUMENT_TYPES.union(types)
        self._media: dict[str, Media] = {}
        self._addresses: dict[str, str] = {}
        """What each address was answered: a document that is missing twice is reported once."""

    @property
    def media(self) -> tuple[Media, ...]:
        """Every file that was asked for, in the order of asking."""
        return tuple(self._media.values())

    def place(self, address: str) -> str | None:
        """Return the output path of the document at `address`, as the article writes it (percent-encoded, without fragment).

        A path counts from the article's folder, or from content/ after a slash. None where `address` names no document,
        NO_ADDRESS for one that cannot be published; a warning at its place says why, once.
        """
        name = unquote(address)
        ending = posixpath.splitext(name)[1].lower()
        if ending in IMAGE_TYPES:
            return self._place_image(name) or NO_ADDRESS
        if ending not in self._types:
            return None
        if address not in self._addresses:
            self._addresses[address] = self._place(name, address)
        return self._addresses[address]

    def _place(self, name: str, address: str) -> str:
        if CONTROL_CHARACTERS.search(name):
            return self._reject(address, "has a control character in its name")
        target = posixpath.normpath(name.lstrip("/") if name.startswith("/") else posixpath.join(self._folder, name))
        try:
            if not (self._content / target).exists():
                target = files.find_spelled(self._content, target) or target
            if target.startswith("../") or not (self._content / target).resolve().is_relative_to(self._content.resolve()):
                return self._reject(address, "leaves the content folder")
            status = (self._content / target).stat()
            if not stat.S_ISREG(status.st_mode):
                return self._reject(address, "is no regular file (a folder, pipe, device or socket)")
            output = _published_path(self._content / target, status.st_size, status.st_mtime_ns)
        except FileNotFoundError:
            self._media[target] = (target, "", -1, 0)
            near = did_you_mean(nearest_file(self._content, self._folder, target))
            return self._reject(address, f"is not there{near}; put the file beside the article or mend its name")
        except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
            self._media[target] = (target, "", -1, 0)
            reason = error.strerror if isinstance(error, OSError) and error.strerror else "its links lead in a circle"
            return self._reject(address, f"cannot be read: {reason}")
        self._media[target] = (target, output, status.st_size, status.st_mtime_ns)
        return output

    def _reject(self, address: str, reason: str) -> str:
        """Report why the document at `address` is not published, where the text links to it."""
        name = unquote(address)
        at = find_address(self._context.source.body, dict.fromkeys((address, name, quote(name))))
        message = f"the document {name} {reason}; its words stay, without the link"
        self._context.report_at(Severity.WARNING, at or 0, message)
        return NO_ADDRESS


def is_document(output: str) -> bool:
    """Whether the output path of an article's file is that of a document: its name stands in a folder of its digest."""
    return output.startswith("media/") and output.count("/") == 2


def documents_of(media: Iterable[Media]) -> list[str]:
    """Return the output paths of the documents among an article's files."""
    return [output for _, output, _, _ in media if is_document(output)]


@lru_cache(maxsize=1024)
def _published_path(file: Path, size: int, mtime_ns: int) -> str:  # noqa: ARG001 (they tell one state of a file from the next)
    """Return where a document is published: under its digest, by its own name, as whoever saves it wants to have it."""
    return f"media/{files.digest_of_file(file)[:20]}/{slugify(file.stem) or 'document'}{file.suffix.lower()}"
