"""The files of the default theme, and copies of them in an archive."""

from __future__ import annotations

from pathlib import Path

from builder.articles.model import FIELD_NAMES
from builder.base import files, version
from builder.base.problems import BuildUnavailableError, ConfigError, suggestion
from builder.config.site import load_site

FOLDERS = ("templates", "static")


def names() -> list[str]:
    """Return every file of the default theme, as a path that begins with `templates/` or `static/`, in order."""
    return [f"{folder}/{entry.path}" for folder in FOLDERS for entry in files.walk(version.theme_folder(folder))]


def copy_file(folder: Path, name: str) -> Path:
    """Copy the default theme's file `name` (with or without its folder) into the archive at `folder`; return its new path.

    Raises ConfigError where there is no such file, where the archive has it already, or where `folder` is no archive.
    """
    load_site(folder, FIELD_NAMES)  # says what is wrong where this is no archive
    all_names = names()
    matching = [path for path in all_names if name in (path, path.partition("/")[2])]
    if not matching:
        short = [path.partition("/")[2] for path in all_names]
        raise ConfigError(f"{name}: not a file of the theme{suggestion(name, short)}; `morgue theme list` shows them all")
    path = matching[0]
    target = folder / path
    if target.exists():
        raise ConfigError(f"{target}: is there already; delete it to begin anew from the default one")
    top, _, below = path.partition("/")
    try:
        files.write_whole(target, (version.theme_folder(top) / below).read_bytes())
    except OSError as error:
        raise BuildUnavailableError(f"{target}: cannot be written: {error.strerror}") from None
    return target


def unknown_templates(folder: Path) -> list[str]:
    """Return the archive's own templates at `folder` that replace none of the default theme, nor are asked for by one that does."""
    own = {entry.path for entry in files.walk(folder / "templates", (".html",))}
    theirs = {entry.path for entry in files.walk(version.theme_folder("templates"), (".html",))}
    texts = "".join((folder / "templates" / path).read_text(encoding="utf-8", errors="replace") for path in own)
    return sorted(path for path in own - theirs if f'"{path}"' not in texts and f"'{path}'" not in texts)
