"""A big site in parts: the pages of each year with what they show, and the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from builder.archive.addresses import HOME, STATIC
from builder.base.urls import page_of
from builder.export.story_pages import StoryPage

COMMON = "site"
"""The name of the part with what belongs to no year: the home page, lists, the search, feeds."""


class SitePart(NamedTuple):
    """A part of the site: its name, its files, the pages of stories among them, and the page to begin with."""

    name: str
    files: list[str]
    pages: list[StoryPage]
    main: str


def parts_by_year(files: Collection[str], pages: Iterable[StoryPage]) -> Iterator[SitePart]:
    """Part the published `files` (paths, sorted) by the years of the stories' `pages`; each is in a part, style and scripts in all.

    A part has the pages of its year's stories, their pictures and documents, and the year's calendar.
    """
    years: dict[str, list[StoryPage]] = defaultdict(list)
    for page in pages:
        years[page.day[:4] or "undated"].append(page)
    year_of = {page.url: year for year, of_year in years.items() for page in of_year}
    years_of_media: dict[str, set[str]] = defaultdict(set)
    for year, of_year in years.items():
        for page in of_year:
            for _, output in page.media:
                years_of_media[output].add(year)
    common_files = [path for path in files if path.startswith(f"{STATIC}/")]
    own: dict[str, list[str]] = {name: [] for name in (COMMON, *sorted(years))}
    for path in files:
        folder = path.partition("/")[0]
        if path in years_of_media:
            for year in sorted(years_of_media[path]):
                own[year].append(path)
        elif folder != STATIC:
            own[year_of.get(path, folder if folder in years else COMMON)].append(path)
    for name, paths in own.items():
        of_year = years.get(name, [])
        calendar = page_of(name)  # the undated articles have none
        main = HOME.path if name == COMMON else calendar if calendar in paths else of_year[0].url
        yield SitePart(name, sorted([*common_files, *paths]), of_year, main)
