"""Which file may be meant by a name under which there is none."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from builder.base.files import ARTICLE_SUFFIXES

MAX_COMPARED = 5000
"""Files of a folder whose names are compared letter by letter; in a larger one other cases and separators alone are seen."""
MAX_FOLDERS = 50
"""Folders beside an article that are looked into."""


class _Folder(NamedTuple):
    """What lies in a folder, prepared so that a look costs the same however much that is."""

    files: dict[str, str]
    """Names by what their cases and separators share (_fold)."""
    near: dict[str, str]
    """Names by each text that is left of them without one letter: two that share one differ by one letter, or two swapped."""
    folders: tuple[str, ...]


def nearest_file(content: Path, folder: str, target: str) -> str:
    """Return the address, from `folder`, of the file below `content` that `target` may mean; "" where none is alike.

    `folder` and `target` are paths from `content`. One in another letter case or with other separators comes first, then one
    that differs by a letter, then one of the same name in the article's folder or one below it.
    """
    place, name = posixpath.split(target)
    if near := _nearest(_look(content / place), name):
        return _address(posixpath.join(place, near), folder)
    for other in (folder, *(posixpath.join(folder, each) for each in _look(content / folder).folders)):
        if same := _look(content / other).files.get(_fold(name)):
            return _address(posixpath.join(other, same), folder)
    return ""


def did_you_mean(address: str) -> str:
    """Return ` (did you mean "scans/a.pdf"?)` for an address, "" for none."""
    return f' (did you mean "{address}"?)' if address else ""


def _nearest(folder: _Folder, name: str) -> str:
    folded = _fold(name)
    if same := folder.files.get(folded):
        return same
    near = (folder.near[text] for text in (folded, *_without_a_letter(folded)) if text in folder.near)
    return next((other for other in near if _digits(other) == _digits(name)), "")


def _fold(name: str) -> str:
    """Return the letters and digits of `name`, and its ending, in one case."""
    stem, ending = posixpath.splitext(name)
    return f"{''.join(filter(str.isalnum, stem)).casefold() or stem}{ending.casefold()}"


def _without_a_letter(name: str) -> Iterator[str]:
    stem, ending = posixpath.splitext(name)
    if len(stem) > 3:  # names of fewer letters are all alike
        yield from (f"{stem[:at]}{stem[at + 1 :]}{ending}" for at in range(len(stem)))


def _digits(name: str) -> str:
    """Return the digits of `name`: files that differ in those are different ones, as the pages of a scan are."""
    return "".join(filter(str.isdigit, name))


def _address(path: str, folder: str) -> str:
    return posixpath.relpath(f"/{path}", f"/{folder}")


def _look(folder: Path) -> _Folder:
    try:
        return _read(folder, folder.stat().st_mtime_ns)
    except (OSError, ValueError):
        return _Folder({}, {}, ())


@lru_cache(maxsize=64)
def _read(folder: Path, mtime_ns: int) -> _Folder:  # noqa: ARG001 (it tells one state of a folder from the next)
    with os.scandir(folder) as entries:
        known = sorted((each.name, each.is_dir(follow_symlinks=False)) for each in entries if each.name[0] != ".")
    folders = [name for name, is_folder in known if is_folder]
    names = [name for name, is_folder in known if not is_folder and not name.lower().endswith(ARTICLE_SUFFIXES)]
    files = {_fold(name): name for name in reversed(names)}
    near: dict[str, str] = {}
    for folded, name in files.items() if len(files) <= MAX_COMPARED else ():
        for text in (folded, *_without_a_letter(folded)):
            near.setdefault(text, name)
    return _Folder(files, near, tuple(folders[:MAX_FOLDERS]))
