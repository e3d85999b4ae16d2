"""The archive as data: files of each year under data/, and the page that describes them; where the setting `data` asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from builder.archive import addresses
from builder.archive.collection import Archive
from builder.archive.data_levels import DATA_FORMATS, data_files, data_level
from builder.articles.model import Article, ArticleSummary
from builder.config.site import Site
from builder.incremental.fingerprints import part_fingerprint
from builder.plan.pages import Page, PlanPart, uncached_part


@dataclass(frozen=True, slots=True)
class DataFile:
    """The files of one year ("" for undated articles): how many articles they hold, and their paths by format."""

    year: str
    count: int
    paths: tuple[str, ...]


def plan_data(archive: Archive, site: Site) -> Iterator[PlanPart]:
    """Yield the data files of each year and data.html; nothing with `data: none`. What was withdrawn is in none."""
    if site.data == "none":
        return
    years: dict[str, list[ArticleSummary]] = defaultdict(list)
    for article in (*archive.stories, *archive.undated):
        years[article.day[:4]].append(article)
    file_list = []
    for year, of_year in sorted(years.items()):
        levels = [data_level(article, site) for article in of_year]
        articles = [article for article, level in zip(of_year, levels, strict=True) if level != "none"]
        in_full = [level == "full" for level in levels if level != "none"]
        if not articles:
            continue
        name = year or "undated"
        entry = DataFile(year, len(articles), data_files(year, articles, site))
        file_list.append(entry)
        fingerprint = part_fingerprint(articles, in_full, links=lambda _: "")
        yield PlanPart(f"{addresses.DATA_FOLDER}/{name}", fingerprint, partial(_files, entry, articles, in_full))
    documents = ("documents", "Where this archive has the documents that it links to.")
    fields = [("url", "Where this archive has it."), *_fields(), documents, ("body", "Its text in Markdown.")]
    context = {"files": file_list, "fields": fields, "terms": site.data_terms, "level": site.data}
    yield uncached_part("data", [Page(addresses.DATA.path, "data.html", context)])


def _fields() -> Iterator[tuple[str, str]]:
    return ((name, field.description or "") for name, field in Article.model_fields.items() if name != "extra")


def _files(entry: DataFile, articles: list[ArticleSummary], in_full: list[bool]) -> Iterator[Page]:
    versions = [article.content_hash for article in articles]
    for form, path in zip(DATA_FORMATS, entry.paths, strict=True):
        yield Page(path, "data", {"articles": articles, "in_full": in_full, "form": form, "versions": versions})
