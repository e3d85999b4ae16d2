"""Taxonomies: the ways of grouping articles (topics, agencies, sources …), one row of data each, and the terms of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from operator import attrgetter
from typing import NamedTuple

from builder.articles.model import ArticleSummary
from builder.base.urls import slugify


class Taxonomy(NamedTuple):
    """A way of grouping articles: its folder in the output, its title (a message id) and the front-matter field behind it."""

    folder: str
    title: str
    field: str


TAXONOMIES = (
    Taxonomy("sections", "Sections", "section"),
    Taxonomy("tags", "Topics", "tags"),
    Taxonomy("agencies", "Agencies", "agency"),
    Taxonomy("sources", "Sources", "source"),
    Taxonomy("bylines", "Bylines", "byline"),
    Taxonomy("types", "Story types", "type"),
)

WATCHES = Taxonomy("watches", "Saved searches", "")
"""Searches that site.yml declares: listed as terms are, by what the search finds and not by a field."""


class Term(NamedTuple):
    """The articles that share one tag, agency, source …: oldest first, named as the earliest of them does."""

    taxonomy: Taxonomy
    slug: str
    name: str
    articles: list[ArticleSummary]

    @property
    def folder(self) -> str:
        """Its folder in the output."""
        return f"{self.taxonomy.folder}/{self.slug}"

    @property
    def has_feed(self) -> bool:
        """Whether it has a feed: a declared search in any case, another where one of its articles has a date."""
        return self.taxonomy is WATCHES or bool(self.articles and self.articles[0].day)  # the undated stand behind the dated


class SpellingVariant(NamedTuple):
    """A name that is filed under another spelling, and the first article that has it."""

    usual: str
    article: ArticleSummary


def names_of(article: ArticleSummary, field: str) -> tuple[str, ...]:
    """Return what `article` has in a front-matter field, always as a tuple."""
    value = getattr(article, field)
    return value if isinstance(value, tuple) else (value,) if value else ()


def group(
    articles: Iterable[ArticleSummary], taxonomy: Taxonomy, slugs: Set[str] | None = None
) -> tuple[list[Term], dict[str, SpellingVariant]]:
    """Group `articles` by the names that `taxonomy` looks at.

    Names that slug alike are one term. Returns the terms in the order of slugs, those of `slugs` alone where some are given, and
    by name the further spellings.
    """
    by_slug: dict[str, list[ArticleSummary]] = defaultdict(list)
    by_name: dict[str, list[ArticleSummary] | None] = {}
    names: dict[str, str] = {}
    variants: dict[str, SpellingVariant] = {}
    value_of = attrgetter(taxonomy.field)
    for article in articles:
        value = value_of(article)
        for name in value if type(value) is tuple else (value,) if value else ():  # names_of, without a call for each article
            if name not in by_name:
                slug = slugify(name)
                if slugs is not None and slug not in slugs:
                    by_name[name] = None
                    continue
                by_name[name] = by_slug[slug]
                usual = names.setdefault(slug, name)
                if usual != name:
                    variants[name] = SpellingVariant(usual, article)
            if (articles_of_name := by_name[name]) is not None:
                articles_of_name.append(article)
    return [Term(taxonomy, slug, names[slug], by_slug[slug]) for slug in sorted(by_slug)], variants
