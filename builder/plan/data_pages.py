"""The archive as data: files of each year under data/, and the page that describes them; where the setting `data` asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from builder.archive import addresses
from builder.archive.collection import Archive
from builder.archive.data_levels import DATA_FORMATS, data_files, data_level, exceptions_by_level
from builder.articles.columns import RECORD_COLUMNS, Column
from builder.articles.model import ArticleSummary
from builder.config.site import Site
from builder.incremental.fingerprints import part_fingerprint
from builder.plan.model import Page, PlanPart, uncached_part


@dataclass(frozen=True, slots=True)
class DataFile:
    """The files of one year ("" for undated articles): how many articles they hold, and their paths by format."""

    year: str
    count: int
    paths: tuple[str, ...]


class YearData(NamedTuple):
    """The articles in the files of one year, and of each whether its text is handed over too."""

    file: DataFile
    articles: list[ArticleSummary]
    in_full: list[bool]


def data_by_year(archive: Archive, site: Site) -> list[YearData]:
    """Return what the files hold of each year that has articles to hand over, the undated first. What was withdrawn is in none."""
    if site.data == "none":
        return []
    years: dict[str, list[ArticleSummary]] = defaultdict(list)
    for article in (*archive.stories, *archive.undated):
        years[article.day[:4]].append(article)
    result = []
    for year, of_year in sorted(years.items()):
        levels = [data_level(article, site) for article in of_year]
        articles = [article for article, level in zip(of_year, levels, strict=True) if level != "none"]
        if articles:
            in_full = [level == "full" for level in levels if level != "none"]
            result.append(YearData(DataFile(year, len(articles), data_files(year, articles, site)), articles, in_full))
    return result


def plan_data(years: list[YearData], site: Site) -> Iterator[PlanPart]:
    """Yield the data files of each year, what describes them and their terms, and data.html; nothing with `data: none`."""
    if site.data == "none":
        return
    yield from plan_years(years)
    file_list = [year.file for year in years]
    terms = {"terms": site.data_terms, "level": site.data, "exceptions": exceptions_by_level(site)}
    names = (addresses.DATA_DICTIONARY, addresses.DATA_FIELDS, addresses.DATA_TERMS)
    descriptions = {name: f"{addresses.DATA_FOLDER}/{name}" for name in names}
    context = {"files": file_list, "fields": _fields(RECORD_COLUMNS), "descriptions": descriptions, **terms}
    pages = [
        Page(addresses.DATA.path, "data.html", context),
        Page(descriptions[addresses.DATA_DICTIONARY], "data_package", {"files": file_list, "terms": site.data_terms}),
        Page(descriptions[addresses.DATA_FIELDS], "data_fields", {}),
        Page(descriptions[addresses.DATA_TERMS], "data_terms", terms),
    ]
    yield uncached_part("data", pages)


def plan_years(years: Iterable[YearData]) -> Iterator[PlanPart]:
    """Yield the data files of each of `years`."""
    for year in years:
        fingerprint = part_fingerprint(year.articles, year.in_full, links=lambda _: "")
        yield PlanPart(f"{addresses.DATA_FOLDER}/{year.file.year or 'undated'}", fingerprint, partial(_files, year))


def _fields(columns: Iterable[Column], prefix: str = "") -> list[tuple[str, str]]:
    """Return the name and meaning of each field of `columns`, and of the objects in them."""
    result = []
    for column in columns:
        result.append((prefix + column.name, column.description))
        result += _fields(column.parts, f"{prefix}{column.name}.")
    return result


def _files(year: YearData) -> Iterator[Page]:
    versions = [article.content_hash for article in year.articles]
    for form, path in zip(DATA_FORMATS, year.file.paths, strict=True):
        yield Page(path, "data", {"articles": year.articles, "in_full": year.in_full, "form": form, "versions": versions})
