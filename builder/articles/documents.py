"""The documents that an article links to (PDFs, tables, recordings): found beside it, and given their place in the output."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from builder.articles.link_positions import find_address
from builder.articles.named_files import Media, NamedFileError, find_named_file
from builder.articles.parse_context import ParseContext
from builder.base import files
from builder.base.document_types import DOCUMENT_TYPES
from builder.base.picture_types import IMAGE_TYPES
from builder.base.problems import Severity
from builder.base.urls import quote, slugify

OWN_DOCUMENTS = re.compile(r"(?:robots|manifest-sha512)\.txt|(?:data|seal|static)/.+")
"""Paths at which the site may have files that are documents by their endings, and no article's."""
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
        self._addresses: dict[str, str | None] = {}
        """What each address was answered: a document that is missing twice is reported once."""

    @property
    def media(self) -> tuple[Media, ...]:
        """Every file that was asked for, in the order of asking."""
        return tuple(self._media.values())

    def place(self, address: str) -> str | None:
        """Return the output path of the document at `address`, as the article writes it (percent-encoded, without fragment).

        A path counts from the article's folder, or from content/ after a slash. None where `address` names no document, or one
        of the site's own (OWN_DOCUMENTS) that is not in content/; NO_ADDRESS for one that cannot be published: a warning at its
        place says why, once.
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

    def _place(self, name: str, address: str) -> str | None:
        try:
            file = find_named_file(self._content, self._folder, name)
            output = file.read(_published_path)
        except NamedFileError as error:
            if error.media is not None:
                self._media[error.media[0]] = error.media
                if OWN_DOCUMENTS.fullmatch(error.media[0]):
                    return None
            return self._reject(address, str(error))
        self._media[file.target] = file.published_as(output)
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
