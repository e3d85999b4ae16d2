"""What the archive holds of each source and month, and what was never collected: the numbers of coverage.html."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from builder.archive.collection import Archive
from builder.archive.taxonomies import names_of
from builder.articles.model import ArticleSummary
from builder.base.urls import page_of, slugify
from builder.config.month_spans import holds

MAX_TABLES = 60
"""Names with a table of their own, the biggest; all others together have one."""
LEVELS = 4


@dataclass(frozen=True, slots=True)
class CoverageMonth:
    """One month: its stories, their shade (0 to LEVELS, by the name's busiest month), whether it was never collected, its page."""

    month: str
    count: int
    level: int
    missing: bool
    path: str


@dataclass(frozen=True, slots=True)
class CoverageYear:
    """Twelve months. `total` counts stories of which only the year is known too."""

    year: str
    months: list[CoverageMonth]
    total: int


@dataclass(frozen=True, slots=True)
class CoverageTable:
    """What is held of one source or agency ("" for all others together, which have no page)."""

    name: str
    slug: str
    path: str
    total: int
    undated: int
    withdrawn: int
    years: list[CoverageYear]


@dataclass(frozen=True, slots=True)
class Coverage:
    """All tables, the biggest name first. `kind` is `sources`, or `agencies` where no story names its source."""

    kind: str
    tables: list[CoverageTable]
    is_year_only: bool
    """Whether of some stories only the year is known."""
    missing: int
    """How many months of names were never collected."""


def coverage(archive: Archive, collection_spans: Mapping[str, tuple[str, ...]]) -> Coverage:
    """Return what `archive` holds. `collection_spans` has the spans of a source or agency, by its name."""
    kind, field = ("sources", "source") if archive.terms["sources"] or not archive.terms["agencies"] else ("agencies", "agency")
    terms = sorted(archive.terms[kind], key=lambda term: (-len(term.articles), term.slug))
    spans = {slugify(name): each for name, each in collection_spans.items()}
    withdrawn = Counter(slugify(name) for article in archive.withdrawn for name in names_of(article, field))
    tables = [
        _table(archive, term.name, term.slug, page_of(term.folder), term.articles, withdrawn[term.slug], spans.get(term.slug, ()))
        for term in terms[:MAX_TABLES]
    ]
    slugs = {term.slug for term in terms}
    tables += [
        _table(archive, name, slugify(name), "", (), withdrawn[slugify(name)], each)
        for name, each in collection_spans.items()
        if slugify(name) not in slugs and slugify(name) not in _slugs(archive, kind)
    ]
    ids = {article.id for term in terms[:MAX_TABLES] for article in term.articles}
    others = [article for article in (*archive.stories, *archive.undated) if article.id not in ids]
    nameless = sum(not names_of(article, field) for article in archive.withdrawn)
    beyond = sum(withdrawn[term.slug] for term in terms[MAX_TABLES:])
    if others or nameless or beyond:
        tables.append(_table(archive, "", "others", "", others, nameless + beyond, ()))
    missing = sum(month.missing for table in tables for year in table.years for month in year.months)
    return Coverage(kind, tables, any(len(article.date) == 4 for article in archive.stories), missing)


def _slugs(archive: Archive, kind: str) -> set[str]:
    """Return the names that the other kind has: spans of an agency are none of a source."""
    return {term.slug for other in {"sources", "agencies"} - {kind} for term in archive.terms[other]}


def _table(
    archive: Archive, name: str, slug: str, path: str, articles: Iterable[ArticleSummary], withdrawn: int, spans: tuple[str, ...]
) -> CoverageTable:
    counts = Counter(article.day[:7] if len(article.date) > 4 else article.date for article in articles)
    undated = counts.pop("", 0)
    peak = max((count for month, count in counts.items() if len(month) > 4), default=0)
    bounds = [year for span in spans for month in span.split("/") if (year := month[:4]) != "9999"]
    years = sorted({month[:4] for month in counts} | set(bounds))
    if bounds:  # else no year between is known to lack anything
        last = max(years[-1], max(archive.months, default="")[:4]) if any(span.endswith("9999-12") for span in spans) else years[-1]
        years = [f"{year:04}" for year in range(int(years[0]), int(last) + 1)]

    def month_of(month: str) -> CoverageMonth:
        count = counts[month]
        level = 1 + min(LEVELS - 1, (LEVELS * count - 1) // peak) if count else 0
        return CoverageMonth(
            month, count, level, bool(spans) and not count and not holds(spans, month), archive.month_page(month) if count else ""
        )

    rows = []
    for year in years:
        months = [month_of(f"{year}-{number:02}") for number in range(1, 13)]
        rows.append(CoverageYear(year, months, sum(month.count for month in months) + counts[year]))
    return CoverageTable(name, slug, path, counts.total() + undated, undated, withdrawn, rows)
