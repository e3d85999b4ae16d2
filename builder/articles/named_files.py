"""A file that an article names, found below content/ under any spelling of its name, or the reason why there is none."""

from __future__ import annotations

import posixpath
import stat
from collections.abc import Callable, Collection
from pathlib import Path
from typing import NamedTuple, TypeVar

from builder.articles.near_files import did_you_mean, nearest_file
from builder.base import files
from builder.base.problems import CONTROL_CHARACTERS

_STATIC = "static"
"""The folder beside content/ whose files are published as they are."""
_Value = TypeVar("_Value")

Media = tuple[str, str, int, int]
"""A file that an article names: its content path, its output path ("" if it is not published), its size (-1 where it cannot be
read) and mtime_ns. Of a picture each smaller version is one more (picture_renditions.width_of tells them by their output paths)."""


class NamedFileError(ValueError):
    """What an article names cannot be published. Its text says why, to be read after the name.

    `media` is the file as it was met, for the next build to see whether that changed; None where it is not to be touched.
    """

    def __init__(self, reason: str, media: Media | None = None) -> None:
        super().__init__(reason)
        self.media = media


class NamedFile(NamedTuple):
    """A regular file below content/. `target` is its path from there, as the file system spells it."""

    target: str
    path: Path
    size: int
    mtime_ns: int

    def read(self, function: Callable[[Path, int, int], _Value]) -> _Value:
        """Return what `function` makes of the file, given its path, size and mtime_ns.

        Raises NamedFileError where the file cannot be read, or is gone by now; what else `function` raises goes through.
        """
        try:
            return function(self.path, self.size, self.mtime_ns)
        except OSError as error:
            raise _unreadable(self.target, error) from None

    def published_as(self, output: str) -> Media:
        """Return the file as one that is published at `output`, "" for one that is not."""
        return (self.target, output, self.size, self.mtime_ns)


def find_named_file(content: Path, folder: str, name: str, endings: Collection[str] = ()) -> NamedFile:
    """Return the file that an article in `folder`, a path from `content`, names `name`: from there, after a slash from `content`.

    With `endings` (`.jpg`, in lower case) a file is one of those; that is asked after the spelling is known, which may hide it
    (`%2Ejpg`), and before the file is looked at. Raises NamedFileError.
    """
    if CONTROL_CHARACTERS.search(name):
        raise NamedFileError("has a control character in its name")
    target = posixpath.normpath(name.lstrip("/") if name.startswith("/") else posixpath.join(folder, name))
    try:
        if not (content / target).exists():
            target = files.find_spelled(content, target) or target
        path = content / target
        if target.startswith("../") or not path.resolve().is_relative_to(content.resolve()):
            raise NamedFileError("leaves the content folder")
        if endings and not target.lower().endswith(tuple(endings)):
            near = nearest_file(content, folder, target, endings)
            advice = did_you_mean(near) if near.lower().endswith(tuple(endings)) else ""
            if not advice and (content / target).is_file():
                advice = "; save it as one of them, and write that name"
            raise NamedFileError(f"is not one of {', '.join(endings)}{advice}")
        status = path.stat()
    except FileNotFoundError:
        near = did_you_mean(nearest_file(content, folder, target, endings))
        reason = f"is not there{near}; put the file beside the article or mend its name"
        raise NamedFileError(reason, (target, "", -1, 0)) from None
    except (OSError, RuntimeError) as error:
        raise _unreadable(target, error) from None
    if not stat.S_ISREG(status.st_mode):
        raise NamedFileError("is no regular file (a folder, pipe, device or socket)")
    return NamedFile(target, path, status.st_size, status.st_mtime_ns)


def find_static_file(content: Path, name: str) -> NamedFile | Media | None:
    """Return the file in static/, beside `content`, that an article names by its address on the site (`/static/photo.jpg`).

    Its content path leads out of content/, as an original's does. Where it is not there: what the next build has to look for.
    None for another name, and for what is no file of static/.
    """
    path = posixpath.normpath(name.lstrip("/"))
    static = content.parent / _STATIC
    if not (name.startswith("/") and path.startswith(f"{_STATIC}/")) or CONTROL_CHARACTERS.search(name):
        return None
    inside = path.removeprefix(f"{_STATIC}/")
    try:
        file = static / (inside if (static / inside).exists() else files.find_spelled(static, inside) or inside)
        status = file.stat()
        is_inside = file.resolve().is_relative_to(static.resolve())
    except FileNotFoundError:
        return (f"../{path}", "", -1, 0)
    except (OSError, RuntimeError):
        return None
    if not (stat.S_ISREG(status.st_mode) and is_inside):
        return None
    return NamedFile(f"../{_STATIC}/{file.relative_to(static).as_posix()}", file, status.st_size, status.st_mtime_ns)


def is_beside_content(source: str) -> bool:
    """Whether the content path of an article's file leads out of content/: to its original, or to a file of static/."""
    return source.startswith("../")


def _unreadable(target: str, error: OSError | RuntimeError) -> NamedFileError:
    """Return why the file at `target` cannot be read. A RuntimeError is what links in a circle raise."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "its links lead in a circle"
    return NamedFileError(f"cannot be read: {reason}", (target, "", -1, 0))
