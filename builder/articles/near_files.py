"""Which file may be meant by a name under which there is none."""

from __future__ import annotations

import os
import posixpath
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from builder.base.files import ARTICLE_SUFFIXES
from builder.base.picture_types import IMAGE_TYPES
from builder.base.urls import decode_percent

MAX_COMPARED = 5000
"""Files of a folder whose names are compared letter by letter; in a larger one other cases and separators alone are seen."""
MAX_FOLDERS = 50
"""Folders beside an article that are looked into."""
_KINDS: tuple[tuple[str, ...], ...] = (
    tuple(IMAGE_TYPES),
    (".doc", ".docx", ".odt", ".rtf"),
    (".xls", ".xlsx", ".ods"),
    (".ppt", ".pptx", ".odp"),
    (".txt", ".text"),
    (".tif", ".tiff"),
    (".mp3", ".m4a", ".ogg", ".oga", ".opus", ".wav", ".flac"),
    (".mp4", ".m4v", ".mov", ".webm", ".ogv"),
)
"""Endings of one kind of file each: one picture lies there as .jpg and as .webp, and a PDF is never a table."""
_TWINS = ((".jpg", ".jpeg"),)
"""Endings of one format, which are likelier than others of their kind."""


class _Folder(NamedTuple):
    """What lies in a folder, prepared so that a look costs the same however much that is."""

    files: dict[str, str]
    """Names by what their cases and separators share (_fold)."""
    near: dict[str, str]
    """Names by each text that is left of them without one letter: two that share one differ by one letter, or two swapped."""
    folders: tuple[str, ...]


def nearest_file(content: Path, folder: str, target: str, endings: Collection[str] = ()) -> str:
    """Return the address, from `folder`, of the file below `content` that `target` may mean; "" where none is alike.

    `folder` and `target` are paths from `content`. One in another letter case, normal form or with other separators comes first,
    then one with another ending of the same kind (or of `endings`, where `target` has none of them), then one that differs by a
    letter, then one of the same name in the article's folder or one below it.
    """
    place, name = posixpath.split(decode_percent(target))
    names = _with_other_endings(name, endings)
    same_names = names[1:] if endings and not name.lower().endswith(tuple(endings)) else names  # `scan.tiff` is what it cannot be
    beside = _look(content / place)
    if near := _same(beside, same_names) or _nearest(beside, names):
        return _address(posixpath.join(place, near), folder)
    for other in (folder, *(posixpath.join(folder, each) for each in _look(content / folder).folders)):
        if near := _same(_look(content / other), same_names):
            return _address(posixpath.join(other, near), folder)
    return ""


def did_you_mean(address: str) -> str:
    """Return ` (did you mean "scans/a.pdf"?)` for an address, "" for none."""
    return f' (did you mean "{address}"?)' if address else ""


def _with_other_endings(name: str, endings: Collection[str]) -> list[str]:
    """Return `name`, then with each other ending under which the same thing may lie there: the likeliest first."""
    stem, ending = posixpath.splitext(name)
    if endings and ending.lower() not in endings:  # `pier`, `St. Mary` or `pier.tif`: what stands behind the dot may be no ending
        return [name, *(each + other for each in dict.fromkeys((name, stem)) for other in endings)]
    others = [*_of_one(_TWINS, ending), *_of_one(_KINDS, ending)]
    return [name, *(stem + other for other in dict.fromkeys(others) if other != ending.lower())]


def _of_one(groups: Iterable[tuple[str, ...]], ending: str) -> tuple[str, ...]:
    return next((group for group in groups if ending.lower() in group), ())


def _same(folder: _Folder, names: Iterable[str]) -> str:
    return next((folder.files[folded_name] for folded_name in map(_fold, names) if folded_name in folder.files), "")


def _nearest(folder: _Folder, names: Iterable[str]) -> str:
    for name in names:
        folded_name = _fold(name)
        near = (folder.near[text] for text in (folded_name, *_without_a_letter(folded_name)) if text in folder.near)
        if other := next((other for other in near if _digits(other) == _digits(name)), ""):
            return other
    return ""


def _fold(name: str) -> str:
    """Return the letters and digits of `name`, and its ending, in one case; a name that was given an ending twice has one."""
    stem, ending = posixpath.splitext(unicodedata.normalize("NFKC", name))
    while posixpath.splitext(stem)[1].lower() in _KINDS[0]:  # pier.jpg.jpg, harbour.png.webp
        stem = posixpath.splitext(stem)[0]
    return f"{''.join(filter(str.isalnum, stem)).casefold() or stem}{ending.casefold()}"


def _without_a_letter(name: str) -> Iterator[str]:
    stem, ending = posixpath.splitext(name)
    if len(stem) > 3:  # names of fewer letters are all alike
        yield from (f"{stem[:at]}{stem[at + 1 :]}{ending}" for at in range(len(stem)))


def _digits(name: str) -> str:
    """Return the digits of `name` before its ending: files that differ in those are different ones, as the pages of a scan are."""
    return "".join(filter(str.isdigit, posixpath.splitext(name)[0]))


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
        names = sorted((each.name, each.is_dir(follow_symlinks=False)) for each in entries if each.name[0] != ".")
    folders = [name for name, is_folder in names if is_folder]
    spellings = [name for name, is_folder in names if not is_folder and not name.lower().endswith(ARTICLE_SUFFIXES)]
    files = {_fold(name): name for name in reversed(spellings)}
    near: dict[str, str] = {}
    for folded_name, name in files.items() if len(files) <= MAX_COMPARED else ():
        for text in (folded_name, *_without_a_letter(folded_name)):
            near.setdefault(text, name)
    return _Folder(files, near, tuple(folders[:MAX_FOLDERS]))
