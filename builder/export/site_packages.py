"""The built site as files to hand over: one WACZ, or a big site's WACZ of each year and what joins them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from builder.archive.addresses import HOME
from builder.base.problems import ConfigError
from builder.config.site import Site
from builder.export.new_file import new_file
from builder.export.site_parts import COMMON, SitePart, parts_by_year
from builder.export.story_pages import StoryPage
from builder.export.wacz import PageRecord, write_wacz
from builder.formats.fixity import checksum_of, regular_files

MAX_PAGES = 100_000
"""Pages of one WACZ: a player lists them all when it opens it."""


class Package(NamedTuple):
    """A file that was written: how many records it has, and how many pages are listed in it."""

    file: Path
    records: int
    pages: int


def write_packages(destination: Path, public: Path, pages: Sequence[StoryPage], site: Site, at: int) -> Iterator[Package]:
    """Write the site in the folder `public` as the WACZ `destination`, captured `at` (UTC seconds), and yield what was written.

    `pages` are those of its stories, which a player lists.
    A site with more than MAX_PAGES pages becomes files of that name and the year, and a list of them (Multi-WACZ, .json),
    which plays them as one. Raises ConfigError where one of the files is there already.
    """
    paths = list(regular_files(public))
    if len(pages) < MAX_PAGES:
        yield _write(destination, SitePart(COMMON, paths, list(pages), HOME.path), public, site, at)
        return
    parts = {_place(destination, part.name): part for part in parts_by_year(paths, pages)}
    index_file = destination.with_suffix(".json")
    for file in (*parts, index_file):
        if file.exists():
            raise ConfigError(f"{file}: is there already; name another file")
    for file, part in parts.items():
        yield _write(file, part, public, site, at)
    with new_file(index_file) as target:
        target.write(_description(list(parts), site))


def _place(destination: Path, name: str) -> Path:
    return destination.with_name(f"{destination.stem}-{name}{destination.suffix}")


def _write(file: Path, part: SitePart, public: Path, site: Site, at: int) -> Package:
    pages = [PageRecord(page.url, page.title) for page in part.pages]
    if part.name == COMMON:
        pages.insert(0, PageRecord(HOME.path, site.title))
    title = site.title if part.name == COMMON else f"{site.title}: {part.name}"
    with new_file(file) as target:
        records = write_wacz(target, public, part.files, pages, url=site.url, title=title, at=at, main=part.main)
    return Package(file, records, len(pages))


def _description(files: list[Path], site: Site) -> bytes:
    """Return the list of `files` that belong together, as the Multi-WACZ profile has it."""
    resources = []
    for file in files:
        with file.open("rb") as stream:
            checksum = checksum_of(stream, "sha256")
        resources.append({"name": file.name, "path": file.name, "hash": f"sha256:{checksum}", "bytes": file.stat().st_size})
    package = {"profile": "multi-wacz-package", "title": site.title, "resources": resources}
    return (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode()
