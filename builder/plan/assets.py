"""What is published as it is: the pictures and documents of articles, and the static files of the site and the theme."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import cache
from pathlib import Path

from builder.archive.addresses import STATIC
from builder.archive.collection import Archive
from builder.archive.seals import PUBLISHED_FOLDER, seal_files
from builder.base import files, version
from builder.base.geotags import is_without_position
from builder.base.picture_renditions import width_of
from builder.base.portable import fold_path, path_fault
from builder.base.problems import ConfigError
from builder.plan.model import PICTURE_SIZE, PICTURE_WITHOUT_POSITION, Asset

BUNDLES = {
    "search.js": ("words", "query", "excerpts", "files", "index", "searcher", "answers"),
    "search/page.js": ("page/address", "page/elements", "page/results", "page/years", "page/facets", "page/keyboard", "page/main"),
}
"""The published scripts that are made of several of static/search/, to save round trips: what every answer needs, and the
search page. The parts may come in any order."""

CUSTOM_STYLE = "custom.css"
"""The archive's own rules, in its static/: they are published at the end of the style sheet."""


def files_finder(folder: Path, archive: Archive) -> Callable[[], Collection[str]]:
    """Return what tells the paths of the static files and of the seal of `archive` (at `folder`); it looks once."""
    return cache(lambda: frozenset(asset.path for asset in find_assets(folder, archive)))


def find_assets(folder: Path, archive: Archive) -> Iterator[Asset]:
    """Yield the pictures and documents of the texts of `archive` (at `folder`), and static files, the site's own first.

    Raises ConfigError for files whose names are not UTF-8, or cannot be names on every file system.
    """
    media = {
        output: source for article in archive.texts if not article.withdrawn for source, output, _, _ in article.media if output
    }
    for output, source in sorted(media.items()):
        width = width_of(output)
        renderer = PICTURE_SIZE if width else PICTURE_WITHOUT_POSITION if is_without_position(output) else "copy"
        yield Asset(output, (str(folder / "content" / source),), output, renderer, width)
    static: dict[str, Asset] = {}
    folded_paths: dict[str, str] = {}
    for static_folder in (folder / "static", version.theme_folder("static")):
        for entry in files.walk(static_folder):
            name = files.printable(entry.path)
            if not files.is_utf8(entry.path):
                raise ConfigError(f"static/{name}: its name is not UTF-8; rename it")
            if entry.error:
                raise ConfigError(f"static/{name}: {entry.error}")
            if fault := path_fault(f"{STATIC}/{entry.path}"):
                raise ConfigError(f"static/{name}: {fault}; rename it")
            if not (entry.is_outside or entry.error) and entry.path not in static:
                twin = folded_paths.setdefault(fold_path(entry.path), entry.path)
                if twin != entry.path:
                    raise ConfigError(f"static/{name}: some file systems take it for static/{twin}; rename one of them")
                stat = f"{entry.size} {entry.mtime_ns} {entry.ctime_ns}"
                static[entry.path] = Asset(f"{STATIC}/{entry.path}", (str(static_folder / entry.path),), stat)
    for bundle, names in BUNDLES.items():
        scripts = [static.pop(f"search/{name}.js") for name in names]
        parts = tuple(part for script in scripts for part in script.parts)
        static.setdefault(bundle, Asset(f"{STATIC}/{bundle}", parts, " ".join(script.stat for script in scripts)))
    if CUSTOM_STYLE in static:  # one style sheet for the reader to load, the archive's own rules last
        style, custom = static["style.css"], static.pop(CUSTOM_STYLE)
        static["style.css"] = Asset(style.path, style.parts + custom.parts, f"{style.stat} {custom.stat}")
    yield from static.values()
    for file in seal_files(folder):
        yield Asset(f"{PUBLISHED_FOLDER}/{file.name}", (str(file),), files.digest_of_file(file))
