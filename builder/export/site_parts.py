"""A big site in parts: the pages of each year with what they show, and the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from builder.archive.addresses import HOME, STATIC
from builder.articles.model import ArticleSummary
from builder.base.urls import page_of
from builder.export.payload import by_year

COMMON = "site"
"""The name of the part with what belongs to no year: the home page, lists, the search, feeds."""


class SitePart(NamedTuple):
    """A part of the site: its name, its files, the articles whose pages are in it, and the page to begin with."""

    name: str
    files: list[str]
    articles: list[ArticleSummary]
    main: str


def parts_by_year(files: Collection[str], articles: Iterable[ArticleSummary]) -> Iterator[SitePart]:
    """Part the published `files` (paths, sorted) by the years of `articles`; each is in a part, style and scripts in all.

    A part has the pages of its year's articles, their pictures and documents, and the year's calendar.
    """
    years = by_year(articles)
    year_of = {article.url: year for year, of_year in years.items() for article in of_year}
    media = {year: {output for article in of_year for _, output, *_ in article.media} for year, of_year in years.items()}
    common_files = [path for path in files if path.startswith(f"{STATIC}/")]
    own: dict[str, list[str]] = {name: [] for name in (COMMON, *years)}
    in_media = set().union(*media.values())
    for path in files:
        folder = path.partition("/")[0]
        if path in in_media:
            for year, outputs in media.items():
                if path in outputs:
                    own[year].append(path)
        elif not path.startswith(f"{STATIC}/"):
            own[year_of.get(path, folder if folder in years else COMMON)].append(path)
    for name, paths in own.items():
        of_year = years.get(name, [])
        calendar = page_of(name)  # the undated articles have none
        main = HOME.path if name == COMMON else calendar if calendar in paths else of_year[0].url
        yield SitePart(name, sorted([*common_files, *paths]), of_year, main)
