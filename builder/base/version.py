"""The program's version, a fingerprint of its code and libraries, and where its default theme lies."""

from __future__ import annotations

import importlib.util
import platform
import re
import unicodedata
import zlib
import zoneinfo
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from builder.base import files

PROGRAM_FOLDER = Path(__file__).parents[1]
"""The folder of the package `builder`."""
LIBRARIES = (
    "babel", "feedgen", "idna", "jinja2", "lxml", "markdown", "markupsafe", "msgspec", "nh3", "numpy", "pillow", "pydantic",
    "pyyaml", "rcssmin", "rjsmin", "tzdata", "whoosh3",
)  # fmt: skip
"""The libraries whose version can change the bytes of a site."""
_ZONE_EDITIONS = ("tzdata.zi", "+VERSION", "version")
"""Files of the time zone database that begin with its edition (`# version 2026b`): of most systems, of macOS, of others."""
_REQUIREMENT_NAME = re.compile(r"[\w.-]+")


def version() -> str:
    """Return the version of Morgue that is installed; "0" in a checkout that never was."""
    try:
        return metadata.version("morgue")
    except metadata.PackageNotFoundError:
        return "0"


def theme_folder(name: str) -> Path:
    """Return the default theme's folder `name` (`templates` or `static`): inside the wheel, or beside the package in a checkout."""
    inside = PROGRAM_FOLDER / "theme" / name
    return inside if inside.is_dir() else PROGRAM_FOLDER.parent / name


@lru_cache(maxsize=1)
def code_fingerprint() -> str:
    """Return the digest of the program's source and of the versions of its libraries, of Python, of Unicode and zlib in it, and of
    the system's time zones.

    With another one, articles may be parsed and pages rendered in another way.
    """
    sources = (
        part
        for file in sorted(PROGRAM_FOLDER.rglob("*.py"))
        for part in (file.relative_to(PROGRAM_FOLDER).as_posix(), file.read_bytes())
    )
    runtime = f"{platform.python_version()} {unicodedata.unidata_version} {zlib.ZLIB_RUNTIME_VERSION}"
    return files.digest(runtime, _system_zones(), *map(_library, LIBRARIES), *sources)


def _system_zones() -> str:
    """Return what tells the edition of the system's time zones, which Python takes before those of the package tzdata."""
    for root in filter(Path.is_dir, map(Path, zoneinfo.TZPATH)):
        for name in _ZONE_EDITIONS:
            with suppress(OSError), (root / name).open("rb") as file:
                return file.readline(100).decode("ascii", "replace")
        return files.digest(*(part for entry in files.walk(root) for part in (entry.path, str(entry.size))))
    return ""


@lru_cache(maxsize=4)
def sources_digest(*rooms: str) -> str:
    """Return the digest of the source of the packages `rooms` of the program, such as `search`."""
    sources = (file for room in rooms for file in sorted((PROGRAM_FOLDER / room).rglob("*.py")))
    return files.digest(*(part for file in sources for part in (file.relative_to(PROGRAM_FOLDER).as_posix(), file.read_bytes())))


def extensions_digest(names: Iterable[str]) -> str:
    """Return the digest of what the Markdown extensions `names` are: their modules' bytes, their distributions' versions.

    A name is an entry point of `markdown.extensions` or a module with or without `:Class`, as Python-Markdown takes it. With
    each distribution go those that it requires, and Pygments, which extensions use where it is there.
    """
    parts: list[bytes | str] = []
    for name in names:
        point = next(iter(metadata.entry_points(group="markdown.extensions", name=name)), None)
        module = point.module if point else name.partition(":")[0]
        parts += [name, _module_bytes(module)]
        top = module.partition(".")[0]
        own = [point.dist.name] if point and point.dist else metadata.packages_distributions().get(top, [])
        needs = [match[0] for each in own for line in metadata.requires(each) or () if (match := _REQUIREMENT_NAME.match(line))]
        parts += [_library(library) for library in sorted({*own, *needs, "pygments"})]
    return files.digest(*parts)


def _module_bytes(module: str) -> bytes:
    """Return the source of `module`, nothing where there is no file of it."""
    try:
        spec = importlib.util.find_spec(module)
        return Path(spec.origin).read_bytes() if spec and spec.origin else b""
    except (ImportError, OSError, ValueError):
        return b""


def _library(library: str) -> str:
    try:
        return f"{library} {metadata.version(library)}"
    except metadata.PackageNotFoundError:
        return library
