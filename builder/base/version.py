"""What this program is, for keys: its own source, its libraries, its default theme."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from builder.base import files

_HERE = Path(__file__).parents[1]
LIBRARIES = ("babel", "feedgen", "jinja2", "lxml", "markdown", "markupsafe", "nh3", "pydantic", "pyyaml", "rjsmin", "whoosh3")
"""What has a say in the bytes of a site."""


def release() -> str:
    """Return the version of Morgue that is installed; "0" in a checkout that never was."""
    try:
        return version("morgue")
    except PackageNotFoundError:
        return "0"


def theme_folder(name: str) -> Path:
    """Return the default theme's folder `name` (`templates` or `static`): inside the wheel, or beside the package in a checkout."""
    inside = _HERE / "theme" / name
    return inside if inside.is_dir() else _HERE.parent / name


@lru_cache(maxsize=1)
def key() -> str:
    """Return the digest of the program's source and its libraries' versions: another one may read and render otherwise."""
    sources = (part for file in sorted(_HERE.rglob("*.py")) for part in (file.relative_to(_HERE).as_posix(), file.read_bytes()))
    return files.digest(*map(_version, LIBRARIES), *sources)


def _version(library: str) -> str:
    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:
        return library
