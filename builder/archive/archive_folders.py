"""The folders beside content/ that builds read: what stands in the place of one, or cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from builder.archive.seals import FOLDER as SEALS
from builder.articles.originals import ORIGINALS
from builder.base import files
from builder.base.problems import Problem, Severity

_CONTENTS = {
    ORIGINALS: "the captured bytes of articles",
    SEALS: "the seals",
    "static": "the site's own files",
    "templates": "the site's own templates",
}
"""What lies in each folder."""


def unusable_folders(folder: Path) -> Iterator[Problem]:
    """Yield an error for each of these names of the archive at `folder` that is no folder that can be read, as a file or a link to
    what is gone is none, and a warning for a folder whose name has other capitals."""
    names = sorted(entry.name for entry in folder.iterdir())
    for name, contents in _CONTENTS.items():
        if name not in names:
            for other in (other for other in names if other.casefold() == name and (folder / other).is_dir()):
                message = f"is not read: {contents} lie in {name}/; rename it, or give it another name if it is something else"
                yield Problem(files.printable(other), 1, 1, Severity.WARNING, "", message)
        elif not (folder / name).is_dir():
            message = f"is not a folder, and {contents} lie in a folder of this name; rename or remove it"
            if (folder / name).is_symlink() and not (folder / name).exists():
                message = f"is a link to what is not there; {contents} lie behind it: connect the disk that has them, or remove it"
            yield Problem(name, 1, 1, Severity.ERROR, "", message)
        else:
            yield from _closed_folders(folder, name)


def _closed_folders(folder: Path, name: str) -> Iterator[Problem]:
    """Yield an error for the folder `name` of the archive at `folder` if it cannot be read, or for each in it that cannot be.

    Originals and templates are looked for by their names: one that is out of reach would count as one that was never there.
    """
    try:
        names = sorted(entry.name for entry in (folder / name).iterdir())
    except OSError as error:
        yield _unreadable(name, error)
        return
    if name == ORIGINALS:
        for prefix in (prefix for prefix in names if len(prefix) == len("ab")):
            try:
                (folder / name / prefix / "..").stat()
            except OSError as error:
                yield _unreadable(f"{name}/{prefix}", error)
    elif name == "templates":
        for entry in files.walk(folder / name):
            if entry.error:
                yield Problem(files.printable(f"{name}/{entry.path}"), 1, 1, Severity.ERROR, "", entry.error)


def _unreadable(path: str, error: OSError) -> Problem:
    message = f"cannot be read: {error.strerror}; see who may read there, or whether its disk is connected"
    return Problem(files.printable(path), 1, 1, Severity.ERROR, "", message)
