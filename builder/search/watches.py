"""Watches: the searches that site.yml declares, and the articles that each finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set

from builder.archive.collection import Archive
from builder.archive.taxonomies import WATCHES, Term
from builder.base.urls import slugify
from builder.search.text.query import Node, parse


def find_watches(archive: Archive, watches: Mapping[str, str], find: Callable[[Node], Set[str]]) -> list[Term]:
    """Return what each of `watches` (queries by name) finds in `archive`, oldest first and the undated last, in the order of slugs.

    `find` gives the ids of what a query means.
    """
    articles = [*archive.stories, *archive.undated]
    terms = []
    for name, query in watches.items():
        ids = find(parse(query))
        terms.append(Term(WATCHES, slugify(name), name, [article for article in articles if article.id in ids]))
    return sorted(terms, key=lambda term: term.slug)
