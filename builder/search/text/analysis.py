"""A document tokenised once, for every index that is made of it.

Three fields are searched as one, each with a weight: the title counts 3, names (tags, bylines, agencies) 2, the body 1. The
occurrences of a term, weighted so and summed, are its count in the document; all counts summed are the document's length.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from builder.base.urls import slugify
from builder.search.text.documents import Document
from builder.search.text.words import is_stemmed, term_of, written

WEIGHTS = {"title": 3, "names": 2, "body": 1}
"""The searched fields in their order, and what an occurrence there counts."""

K1, B = 1.2, 0.75
"""BM25: how soon more occurrences of a term count for less, and how much a document's length matters."""

FACETS = {
    "agency": "agency",
    "source": "source",
    "section": "section",
    "type": "type",
    "tag": "tags",
    "byline": "byline",
    "language": "language",
}
"""The facets as a query names them, and the attribute of a document that each is about."""


@dataclass(slots=True)
class Analysis:
    """What is searched of one document."""

    fields: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    """By field, the positions of each term in it, ascending."""
    lengths: dict[str, int] = field(default_factory=dict)
    """By field, how many terms it has."""
    written: set[str] = field(default_factory=set)
    """The words of a to z as they are written, before stemming; `word*` is looked up among them."""
    facets: dict[str, list[str]] = field(default_factory=dict)
    """By facet (as a query names it), the slugs that find the document."""

    @property
    def length(self) -> int:
        """The document's length, weighted."""
        return sum(WEIGHTS[name] * length for name, length in self.lengths.items())

    def counts(self) -> dict[str, int]:
        """Return the weighted count of every term of the document."""
        counts: dict[str, int] = {}
        for name, terms in self.fields.items():
            for term, positions in terms.items():
                counts[term] = counts.get(term, 0) + WEIGHTS[name] * len(positions)
        return counts


def analyse(document: Document) -> Analysis:
    """Tokenise `document`. A pure function of its text and names; its `version` and `url` play no part."""
    analysis = Analysis()
    _read(analysis, "title", (document.title,))
    _read(analysis, "names", (*document.tags, *document.byline, *document.agency))
    _read(analysis, "body", (document.text,))
    for facet, attribute in FACETS.items():
        value = getattr(document, attribute)
        slugs = map(slugify, (value,) if isinstance(value, str) else value)
        analysis.facets[facet] = _ranges(slugs) if facet == "language" else list(dict.fromkeys(filter(None, slugs)))
    return analysis


def _ranges(tags: Iterable[str]) -> list[str]:
    """Return every language range that finds a tag (RFC 4647, basic filtering): `zh-hant` is found by `zh` too."""
    return list(dict.fromkeys("-".join(tag.split("-")[:size]) for tag in tags if tag for size in range(1, tag.count("-") + 2)))


def _read(analysis: Analysis, name: str, texts: Iterable[str]) -> None:
    terms: dict[str, list[int]] = {}
    at = length = 0
    for text in texts:
        words = written(text)
        for position, word in enumerate(words, at):
            term = term_of(word) if word.isascii() else word
            if term in terms:
                terms[term].append(position)
            else:
                terms[term] = [position]
        analysis.written.update(filter(is_stemmed, words))
        length += len(words)
        at += len(words) + 1  # one position stays empty: no phrase leads from one name into the next
    analysis.fields[name], analysis.lengths[name] = terms, length
