"""What a folder of a site generator holds beside its texts: layouts and data, which are no stories, and defaults for the texts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from builder.importers.front_matter_forms import as_texts

_MARKS = (
    "_config.yml", "_config.yaml", "_config.toml", "hugo.toml", "hugo.yaml", "hugo.json", "config.toml", "pelicanconf.py",
    ".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs", "eleventy.config.ts",
)  # fmt: skip
"""Files by which a generator's folder is known."""
_UNDERSCORE = re.compile(r"(?:^|/)(?:_includes|_layouts|_sass|_plugins)/")
_LAYOUTS = re.compile(r"(?:^|/)(?:layouts|archetypes|templates|themes|node_modules|vendor|resources/_gen)/")
_DATA = re.compile(r"(?:^|/)_data/")
_PROGRAMS = re.compile(r"\.11tydata\.[cm]?[jt]s$")
_PACKAGE = frozenset(("package.json", "package-lock.json", "composer.json", "tsconfig.json", "netlify.toml", "vercel.json"))
_JSON_DATA = ".11tydata.json"
_TEXTS = (".md", ".njk", ".liquid", ".html", ".markdown")


def why_no_story(root: Path, path: str, *, is_alone: bool = False) -> str:
    """Return as what a file of a generator's folder is counted that is no text, or ""; `path` is its own from the folder `root`."""
    if is_alone:
        return ""
    if _UNDERSCORE.search(path) or (_LAYOUTS.search(path) and is_generator(root)):
        return "templates"
    if _PROGRAMS.search(path):
        return "data files that are programs (*.11tydata.js: what they say of stories is not in them)"
    if path.endswith(_JSON_DATA) or _DATA.search(path) or _is_default_file(root, PurePosixPath(path)):
        return "data files"
    return "files about the program" if path in _PACKAGE else ""


def _is_default_file(root: Path, path: PurePosixPath) -> bool:
    """Whether a JSON file is Eleventy's for its folder (`posts/posts.json`) or for the text beside it (`ferry.json`)."""
    if path.suffix != ".json" or not is_eleventy(root):
        return False
    folder = root / path.parent
    return path.stem == folder.resolve().name or any((folder / f"{path.stem}{end}").is_file() for end in _TEXTS)


@lru_cache(maxsize=64)
def is_generator(root: Path) -> bool:
    """Whether the folder `root`, or one of the two around it, has the settings of a generator."""
    return is_eleventy(root) or any((folder / name).is_file() for folder in _around(root) for name in _MARKS)


@lru_cache(maxsize=64)
def is_eleventy(root: Path) -> bool:
    """Whether the folder `root`, or one of the two around it, is Eleventy's."""
    for folder in _around(root):
        if any((folder / name).is_file() for name in _MARKS if "eleventy" in name):
            return True
        try:
            if "@11ty/eleventy" in (folder / "package.json").read_text(encoding="utf-8", errors="replace")[:100_000]:
                return True
        except OSError:
            continue
    return False


def _around(root: Path) -> tuple[Path, ...]:
    whole = root.resolve()
    return (whole, *whole.parents[:2])


def defaults_of(root: Path, path: PurePosixPath) -> dict[str, Any]:
    """Return the front matter that the folders above a text, and the data file beside it, give it: Eleventy's data cascade.

    `path` is the text's own from `root`. What is nearer goes before; tags are joined.
    """
    stem = path.name.partition(".")[0]
    beside = _read(root / path.parent, stem, is_eleventy(root))
    return merge(_of_folder(root, path.parent), beside)


def forget() -> None:
    """Read the folders' data anew from now on: an import begins."""
    for function in (_of_folder, is_eleventy, is_generator):
        function.cache_clear()


@lru_cache(maxsize=256)
def _of_folder(root: Path, folder: PurePosixPath) -> dict[str, Any]:
    above = _of_folder(root, folder.parent) if folder.parts else {}
    return merge(above, _read(root / folder, (root / folder).resolve().name, is_eleventy(root)))


def _read(folder: Path, stem: str, with_plain_name: bool) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in ([f"{stem}.json"] if with_plain_name else []) + [f"{stem}{_JSON_DATA}"]:
        try:
            data = json.loads((folder / name).read_bytes())
        except (OSError, ValueError, RecursionError):
            continue
        if isinstance(data, dict):
            values = merge(values, as_texts(data))
    return values


def merge(values: Mapping[str, Any], nearer: Mapping[str, Any]) -> dict[str, Any]:
    """Return both sets of front matter as one: `nearer` goes before, but tags are joined."""
    result = dict(values)
    for key, value in nearer.items():
        before = result.get(key)
        if key == "tags" and before:
            parts = [item for each in (before, value) for item in (each if isinstance(each, list) else [each]) if item]
            result[key] = list(dict.fromkeys(parts))
        else:
            result[key] = value
    return result
