"""The captured bytes of an article, where they are kept: originals/ beside content/, by the first two digits of their digest."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable
from pathlib import Path

from builder.articles.named_files import Media, NamedFileError

ORIGINALS = "originals"
_FROM_CONTENT = f"../{ORIGINALS}/"
_SHA256 = re.compile(r"[0-9a-f]{64}")


def find_original(content: Path, digest: str) -> tuple[Media, ...]:
    """Return the original of the SHA-256 `digest` as a file of its article: one entry, without an output path where it is missing.

    It is published as .bin, which no browser opens: captured pages have scripts, and would run them in this site's name.
    Raises NamedFileError where something else stands in its place, or it is out of reach.
    """
    digest = digest.lower()
    if not _SHA256.fullmatch(digest):
        return ()
    source = f"{_FROM_CONTENT}{digest[:2]}/{digest}"
    try:
        status = (content / source).lstat()
    except FileNotFoundError:
        return ((source, "", -1, 0),)
    except OSError as error:
        raise NamedFileError(f"cannot be read: {error.strerror}", (source, "", -1, 0)) from None
    if not stat.S_ISREG(status.st_mode):
        raise NamedFileError("is no regular file (a folder, a link, a pipe, a device or a socket)", (source, "", -1, 0))
    return ((source, f"{ORIGINALS}/{digest}.bin", status.st_size, status.st_mtime_ns),)


def is_original(source: str) -> bool:
    """Whether the path of an article's file, from content/, is that of its original."""
    return source.startswith(_FROM_CONTENT)


def original_of(media: Iterable[Media]) -> str:
    """Return the output path of the original among an article's files, "" where there is none."""
    return next((output for source, output, *_ in media if is_original(source)), "")
