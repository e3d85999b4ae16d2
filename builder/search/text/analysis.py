"""What is searched of a document: which texts in which fields, with which weights, and the slugs that find it.

Three fields are searched as one, each with a weight. The occurrences of a term, weighted so and summed, are its count in the
document; all counts summed are the document's length.
"""

from __future__ import annotations

from collections.abc import Iterable

from builder.base.urls import slugify
from builder.search.text.documents import Document
from builder.search.text.facets import FACETS

WEIGHTS = {"body": 1, "title": 3, "names": 2}
"""The searched fields in their order, and what an occurrence there counts; names are tags, bylines and agencies."""
FIELDS = tuple(WEIGHTS)

K1, B = 1.2, 0.75
"""BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009): how soon more occurrences of a term count for
less, and how much a document's length matters."""


def field_texts(document: Document) -> tuple[tuple[str, ...], ...]:
    """Return the texts of each of FIELDS. `version` and `url` play no part."""
    return (document.text,), (document.title,), (*document.tags, *document.byline, *document.agency)


def facets_of(document: Document) -> dict[str, list[str]]:
    """Return by facet, as a query names it, the slugs that find `document`."""
    facets = {}
    for facet, attribute in FACETS.items():
        value = getattr(document, attribute)
        slugs = map(slugify, (value,) if isinstance(value, str) else value)
        facets[facet] = _ranges(slugs) if facet == "language" else list(dict.fromkeys(filter(None, slugs)))
    return facets


def _ranges(tags: Iterable[str]) -> list[str]:
    """Return every language range that finds a tag (RFC 4647, basic filtering): `zh-hant` is found by `zh` too."""
    return list(dict.fromkeys("-".join(tag.split("-")[:size]) for tag in tags if tag for size in range(1, tag.count("-") + 2)))
