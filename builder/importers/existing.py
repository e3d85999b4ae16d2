"""What an archive has already: each article by the keys under which it could come in again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from builder.base import files
from builder.base.yamltext import YamlError, parse

_KEYS = ("captured_sha256", "original_url", "id")
_LINE = re.compile(rb"^(id|original_url|captured_sha256)[ \t]*:[ \t]*(.+?)[ \t]*\r?$", re.MULTILINE)
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|mc_[ce]id|ref|ref_src|cmpid|ocid|igshid|s_cid|ns_\w+|amp|outputtype|print|share)$", re.IGNORECASE
)
HEAD = 16_384
"""Bytes of an article in which its front matter ends, but for the longest."""


class Existing:
    """The articles below a content folder, by key. Keys of stories that come in are added as they are written."""

    def __init__(self, content: Path) -> None:
        self._paths: dict[str, str] = {}
        self.names: set[str] = set()
        """Names of files without their folder, lower case: two of one name would have one address."""
        for found in files.walk(content, files.ARTICLE_SUFFIXES):
            self.names.add(found.path.rpartition("/")[2].lower())
            if found.error:
                continue
            for key in keys_in(_head(content / found.path)):
                self._paths.setdefault(key, found.path)

    def find(self, keys: list[str]) -> str | None:
        """Return the path of the article that has one of `keys`, the surest first, or None."""
        return next((self._paths[key] for key in keys if key in self._paths), None)

    def add(self, path: str, keys: list[str]) -> None:
        """Take in an article that was written."""
        self.names.add(path.rpartition("/")[2].lower())
        for key in keys:
            self._paths.setdefault(key, path)


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(HEAD)
    except OSError:
        return b""


def keys_in(head: bytes) -> Iterator[str]:
    """Yield the keys that the front matter at the beginning of `head` gives."""
    end = head.find(b"\n---", 3)
    for match in _LINE.finditer(head[: end if end > 0 else len(head)]):
        try:
            value = parse(match[0].decode().strip()).get(match[1].decode())
        except (YamlError, UnicodeDecodeError):
            continue
        if isinstance(value, str) and value:
            yield key_of(match[1].decode(), value)


def keys_of(values: dict[str, object]) -> list[str]:
    """Return the keys of a story's front matter, the surest first."""
    return [key_of(word, str(values[word])) for word in _KEYS if values.get(word)]


def key_of(word: str, value: str) -> str:
    """Return the key that `value` of `word` is looked up by."""
    return f"{word}={canonical(value) if word == 'original_url' else value}"


def canonical(url: str) -> str:
    """Return what the addresses of one page have in common: no scheme, `www.`, tracking, AMP or print form, fragment."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.").removeprefix("amp.").removeprefix("m.")
    except ValueError:
        return url
    query = urlencode(sorted((name, value) for name, value in parse_qsl(parts.query) if not _TRACKING.match(name)))
    path = re.sub(r"/(?:amp|print|index\.(?:html?|php))/?$", "", parts.path)
    path = re.sub(r"\.amp(?=\.html?$|$)|^/amp(?=/)", "", path).rstrip("/")
    return f"{host}{path}{'?' + query if query else ''}"
