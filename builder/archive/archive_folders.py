"""The folders beside content/ that builds read: what stands in the place of one, or cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from builder.archive.seals import FOLDER as SEALS
from builder.articles.originals import ORIGINALS
from builder.base import files, version
from builder.base.problems import Problem, Severity

_CONTENTS = {
    ORIGINALS: "the captured bytes of articles",
    SEALS: "the seals",
    "static": "the site's own files",
    "templates": "the site's own templates",
}
"""What lies in each folder."""
_THEMES = ("static", "templates")
_LINK_OUTSIDE = "is a link to a folder, out of this one, or to what is not there, and is not followed; put the file itself there"
_NOT_FILE = "is a folder, and the theme has a file of this name; rename or remove it"
_NOT_FOLDER = "is a file, and the theme has a folder of this name; rename or remove it"


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
    elif name in _THEMES:
        yield from _unusable_files(folder, name)


def _unusable_files(folder: Path, name: str) -> Iterator[Problem]:
    """Yield an error for what in the folder `name` of the site's own theme is none of its files and would be passed over."""
    entries = [*files.walk(folder / name)]
    faults = {entry.path: entry.error or _LINK_OUTSIDE for entry in entries if entry.error or entry.is_outside}
    if entries:
        theme = {entry.path for entry in files.walk(version.theme_folder(name))}
        folders = {str(parent) for path in theme for parent in PurePosixPath(path).parents}
        faults |= {path: _NOT_FOLDER for path in folders if (folder / name / path).is_file()}
        faults |= {path: _NOT_FILE for path in theme if (folder / name / path).is_dir()}
    for path, fault in sorted(faults.items()):
        yield Problem(files.printable(f"{name}/{path}"), 1, 1, Severity.ERROR, "", fault)


def _unreadable(path: str, error: OSError) -> Problem:
    message = f"cannot be read: {error.strerror}; see who may read there, or whether its disk is connected"
    return Problem(files.printable(path), 1, 1, Severity.ERROR, "", message)
