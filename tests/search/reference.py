"""The searches done the slow way: every document read for every question, straight from the design's sentences."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from builder.base.urls import slugify
from builder.search.text.documents import Document
from builder.search.text.query import And, Character, FacetFilter, Node, Not, Or, Part, Period, Phrase, QueryTerm
from builder.search.text.words import term_of, written_words


def fields(document: Document) -> Iterator[tuple[str, int, list[str]]]:
    """Yield what is searched of a document, one name or text at a time: its field, its weight and its words."""
    yield "title", 3, written_words(document.title)
    for name in (*document.tags, *document.byline, *document.agency):
        yield "names", 2, written_words(name)
    yield "body", 1, written_words(document.text)


def length(document: Document) -> int:
    """The weighted length of a document."""
    return sum(weight * len(words) for _, weight, words in fields(document))


def search(documents: Iterable[Document], query: Node, sort: str = "relevance") -> list[tuple[str, float]]:
    """Return the ids and scores of all documents that `query` means, in their order."""
    archive = list(documents)
    texts = list(dict.fromkeys(_scored(query)))
    found = []
    for document in archive:
        if _holds(query, document, archive):
            score = 0.0
            for text in texts:
                if count := _count(text, document, archive):
                    having = sum(_count(text, other, archive) > 0 for other in archive)
                    mean = sum(map(length, archive)) / len(archive)
                    idf = math.log(1 + (len(archive) - having + 0.5) / (having + 0.5))
                    score += idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length(document) / mean))
            found.append((document, score))
    newest = {document.id: math.inf if document.timestamp is None else -document.timestamp for document in archive}
    oldest = {document.id: math.inf if document.timestamp is None else document.timestamp for document in archive}
    keys = {
        "relevance": lambda pair: (-round(pair[1], 9), newest[pair[0].id], pair[0].id),
        "newest": lambda pair: (newest[pair[0].id], pair[0].id),
        "oldest": lambda pair: (oldest[pair[0].id], pair[0].id),
    }
    return [(document.id, score) for document, score in sorted(found, key=keys[sort])]


def _scored(node: Node) -> Iterator[Phrase]:
    if isinstance(node, Phrase):
        yield node
    elif isinstance(node, And | Or):
        for inner in node.nodes:
            yield from _scored(inner)


def _holds(node: Node, document: Document, archive: list[Document]) -> bool:
    match node:
        case Phrase():
            return _count(node, document, archive) > 0
        case FacetFilter(name, slug):
            value = getattr(document, "tags" if name == "tag" else name)
            slugs = [slugify(one) for one in ([value] if isinstance(value, str) else value)]
            return slug in slugs or (name == "language" and any(one.startswith(f"{slug}-") for one in slugs))
        case Period(since, until):
            return bool(document.day) and since <= document.day and (not until or document.day <= f"{until}-99-99")
        case Not(inner):
            return not _holds(inner, document, archive)
        case And(nodes):
            return all(_holds(inner, document, archive) for inner in nodes)
        case Or(nodes):
            return any(_holds(inner, document, archive) for inner in nodes)


def _count(text: Phrase, document: Document, archive: list[Document]) -> int:
    return sum(
        weight
        * sum(
            all(
                at + offset < len(words) and _is(part, words[at + offset], archive)
                for part, offset in zip(text.parts, text.offsets, strict=True)
            )
            for at in range(len(words))
        )
        for field, weight, words in fields(document)
        if field == "title" or not text.title
    )


def _is(part: Part, word: str, archive: list[Document]) -> bool:
    if isinstance(part, QueryTerm):
        return term_of(word) == part.text
    if isinstance(part, Character):
        return word.startswith(part.text)
    begun = {
        term_of(other) for document in archive for _, _, words in fields(document) for other in words if other.startswith(part.text)
    }
    return term_of(word) in begun
