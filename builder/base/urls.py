"""Slugs, output paths, and the links between them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote as percent_encode

MAX_SLUG_BYTES = 120


@lru_cache(maxsize=65536)
def slugify(text: str) -> str:
    """Turn any text into a path segment: NFC, lower case, letters and digits of every script, the rest one hyphen.

    Combining marks stay with their letters (Hindi and Thai cannot be read without them). At most 120 bytes of UTF-8,
    cut between characters. The result may be empty: a text without letters and digits has no slug.
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
    kept = "".join(char if unicodedata.category(char)[0] in "LNM" else " " for char in folded)
    slug = "-".join(kept.split())
    return slug.encode()[:MAX_SLUG_BYTES].decode(errors="ignore").strip("-")


@lru_cache(maxsize=65536)
def quote(path: str) -> str:
    """Percent-encode an output path for use in a link (RFC 3986); slashes stay."""
    return percent_encode(path, safe="/~")


def root_of(path: str) -> str:
    """Return what leads from the page at `path` to the output folder: `../../` for `2025/02/index.html`."""
    return "../" * path.count("/")


def absolute(base: str, path: str) -> str:
    """Return the full URL of the output `path` on the site at `base`; the home page is the bare `base`."""
    return base + ("" if path == "index.html" else quote(path))


def page_of(folder: str) -> str:
    """Return the page that stands for `folder`: links name a file, so that they work from `file://`."""
    return f"{folder}/index.html" if folder else "index.html"


def alias_path(alias: str) -> str | None:
    """Return the output path of a redirect from an old URL or path, or None if it names none of this site's.

    `/2012/a-story/` and `/2012/a-story` become `2012/a-story/index.html`; `/a.php` and `a.html` keep their names.
    """
    path = alias.split("?")[0].split("#")[0].strip()
    if "://" in path:
        path = path.split("://", 1)[1].partition("/")[2]
    segments = [segment for segment in path.split("/") if segment]
    if not segments or any(segment in {".", ".."} or "\\" in segment or "\0" in segment for segment in segments):
        return None
    named = "/".join(segments)
    return named if "." in segments[-1] and not path.endswith("/") else f"{named}/index.html"


def parents(path: str) -> Iterator[str]:
    """Yield the folders that the output `path` lies in, the innermost first."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
