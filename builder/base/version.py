"""The program's version, a fingerprint of its code and libraries, and where its default theme lies."""

from __future__ import annotations

import platform
import unicodedata
import zlib
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from builder.base import files

_HERE = Path(__file__).parents[1]
LIBRARIES = (
    "babel", "feedgen", "jinja2", "lxml", "markdown", "markupsafe", "msgspec", "nh3", "pydantic", "pydantic-core", "pyyaml",
    "rcssmin", "rjsmin", "tzdata", "whoosh3",
)  # fmt: skip
"""The libraries whose version can change the bytes of a site."""


def version() -> str:
    """Return the version of Morgue that is installed; "0" in a checkout that never was."""
    try:
        return metadata.version("morgue")
    except metadata.PackageNotFoundError:
        return "0"


def theme_folder(name: str) -> Path:
    """Return the default theme's folder `name` (`templates` or `static`): inside the wheel, or beside the package in a checkout."""
    inside = _HERE / "theme" / name
    return inside if inside.is_dir() else _HERE.parent / name


@lru_cache(maxsize=1)
def code_fingerprint() -> str:
    """Return the digest of the program's source and of the versions of its libraries, of Python and of Unicode and zlib in it.

    With another one, articles may be parsed and pages rendered in another way.
    """
    sources = (part for file in sorted(_HERE.rglob("*.py")) for part in (file.relative_to(_HERE).as_posix(), file.read_bytes()))
    runtime = f"{platform.python_version()} {unicodedata.unidata_version} {zlib.ZLIB_RUNTIME_VERSION}"
    return files.digest(runtime, *map(_library, LIBRARIES), *sources)


def _library(library: str) -> str:
    try:
        return f"{library} {metadata.version(library)}"
    except metadata.PackageNotFoundError:
        return library
