"""Verification: how a site, a bag, a copy on a web server or the articles of an archive differ from their checksums."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from builder.base.files import ARTICLE_SUFFIXES, walk
from builder.base.problems import BuildUnavailableError, ConfigError
from builder.base.urls import quote
from builder.export.bag import is_bag, verify_bag
from builder.formats.fixity import MANIFEST, Difference, checksum_of, differences, parse_manifest, regular_files
from builder.state import state

TIMEOUT = 30
"""Seconds that a web server may take to answer."""


def verify(place: str) -> Iterator[Difference]:
    """Yield how the files at `place` differ from their manifest: a published folder, a bag, or the address of a copy.

    Raises ConfigError where there is no manifest to hold them to, BuildUnavailableError where a server does not answer.
    """
    if urlsplit(place).scheme in {"http", "https"}:
        yield from _verify_copy(place.rstrip("/") + "/")
    elif is_bag(Path(place)):
        yield from verify_bag(Path(place))
    else:
        yield from verify_site(Path(place))


def verify_site(folder: Path) -> Iterator[Difference]:
    """Yield how the files of the published `folder` differ from the manifest in it."""
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
    except OSError:
        raise ConfigError(f"{folder / MANIFEST}: not found; build the site, or name a folder or a bag that has one") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{folder / MANIFEST}: is damaged; build the site again") from None
    present = (path for path in regular_files(folder) if path != MANIFEST)
    yield from differences(folder, parse_manifest(text.splitlines(keepends=True)), present)


def verify_articles(folder: Path) -> Iterator[Difference]:
    """Yield how the articles of the archive at `folder` differ from what its last build read. Raises ConfigError without one."""
    try:
        with state.open_read_only(folder) as snapshot:
            known = snapshot.last_articles()
    except (sqlite3.Error, state.StateCorruptError):
        known = {}
    if not known:
        raise ConfigError(f"{folder / state.FOLDER}: knows of no article; build the archive, then its articles can be verified")
    content = folder / "content"
    present = (entry.path for entry in walk(content, ARTICLE_SUFFIXES))
    yield from differences(content, {path: record.sha256 for path, record in known.items()}, present, "sha256")


def _verify_copy(address: str) -> Iterator[Difference]:
    """Yield how the files that a server has at `address` differ from its own manifest; it cannot tell which files are new."""
    try:
        with urlopen(address + MANIFEST, timeout=TIMEOUT) as answer:  # noqa: S310 (http and https alone)
            lines = answer.read().decode().splitlines(keepends=True)
    except HTTPError as error:
        raise ConfigError(f"{address}{MANIFEST}: the server answers {error.code}; it has no manifest of this site") from None
    except (URLError, TimeoutError, UnicodeDecodeError) as error:
        raise BuildUnavailableError(f"{address}{MANIFEST}: cannot be read: {error}") from None
    for path, checksum in sorted(parse_manifest(lines).items()):
        try:
            with urlopen(address + quote(path), timeout=TIMEOUT) as answer:  # noqa: S310
                if checksum_of(answer) != checksum:
                    yield Difference(path, "changed")
        except HTTPError:
            yield Difference(path, "missing")
        except (URLError, TimeoutError) as error:
            raise BuildUnavailableError(f"{address}{quote(path)}: cannot be read: {error}") from None
