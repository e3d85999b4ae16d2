"""What the archive hands over of its articles as data: which of them, how much of each, in which files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from builder.archive.addresses import DATA_FOLDER
from builder.articles.model import ArticleSummary
from builder.config.site import Organisation, Site

DATA_FORMATS = ("jsonl", "csv")
LEVELS = ("none", "metadata", "full")
"""What is handed over of an article, from the least: nothing, all but its text, all."""


def data_level(article: ArticleSummary, site: Site) -> str:
    """Return what `site` lets be handed over of `article`: the least of what the site, its source and its agencies allow."""
    levels = [site.data, _level_of(site.sources, article.source), *(_level_of(site.agencies, name) for name in article.agency)]
    return min((level for level in levels if level), key=LEVELS.index)


def _level_of(organisations: Mapping[str, Organisation], name: str) -> str:
    return organisations[name].data if name in organisations else ""


def data_files(year: str, articles: Iterable[ArticleSummary], site: Site) -> tuple[str, ...]:
    """Return the files that hand over the `articles` of a year ("" for the undated), by format; none where all are held back."""
    if all(data_level(article, site) == "none" for article in articles):
        return ()
    return tuple(f"{DATA_FOLDER}/{year or 'undated'}.{form}.gz" for form in DATA_FORMATS)


def exceptions_by_level(site: Site) -> dict[str, list[str]]:
    """Return the sources and agencies of which less is handed over than of others, by their level."""
    result: dict[str, list[str]] = {level: [] for level in LEVELS[:-1]}
    for name, organisation in sorted({**site.sources, **site.agencies}.items()):
        if organisation.data and LEVELS.index(organisation.data) < LEVELS.index(site.data):
            result[organisation.data].append(name)
    return result
