"""Which file may be meant by a name under which there is none."""

from __future__ import annotations

import difflib
import os
import posixpath
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from builder.base.files import ARTICLE_SUFFIXES

MAX_COMPARED = 2000
"""Names of one folder that are compared letter by letter; in a larger one other letter cases alone are found."""


def nearest_file(content: Path, folder: str, target: str) -> str:
    """Return the address, from `folder`, of the file below `content` that `target` may mean; "" where none is alike.

    `folder` and `target` are paths from `content`. One in another letter case comes first, then one whose name differs by
    a few letters, then one of the same name in the article's folder or one below it.
    """
    place, name = posixpath.split(target)
    if near := _nearest(_names(content / place), name):
        return _address(posixpath.join(place, near), folder)
    for other in _folders_around(content, folder):
        if same := _names(content / other).get(name.casefold()):
            return _address(posixpath.join(other, same), folder)
    return ""


def did_you_mean(address: str) -> str:
    """Return ` (did you mean "scans/a.pdf"?)` for an address, "" for none."""
    return f' (did you mean "{address}"?)' if address else ""


def _nearest(names: dict[str, str], name: str) -> str:
    if same := names.get(name.casefold()):
        return same
    if len(names) > MAX_COMPARED:
        return ""
    close = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=0.8)
    return names[close[0]] if close else ""


def _folders_around(content: Path, folder: str) -> Iterator[str]:
    yield folder
    try:
        with os.scandir(content / folder) as entries:
            below = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False) and entry.name[0] != ".")
    except OSError:
        return
    yield from (posixpath.join(folder, name) for name in below[:50])


def _address(path: str, folder: str) -> str:
    return posixpath.relpath(f"/{path}", f"/{folder}")


def _names(folder: Path) -> dict[str, str]:
    """Return the names in `folder`, by what their letter cases share."""
    try:
        return _list_names(folder, folder.stat().st_mtime_ns)
    except (OSError, ValueError):
        return {}


@lru_cache(maxsize=64)
def _list_names(folder: Path, mtime_ns: int) -> dict[str, str]:  # noqa: ARG001 (it tells one state of a folder from the next)
    return {name.casefold(): name for name in sorted(os.listdir(folder), reverse=True) if _may_be_meant(name)}  # noqa: PTH208


def _may_be_meant(name: str) -> bool:
    return name[0] != "." and posixpath.splitext(name)[1].lower() not in ARTICLE_SUFFIXES
