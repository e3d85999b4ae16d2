"""From the archive to its index: which stories are new to it, which are no more, and what of each is searched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from builder.archive import Archive
from builder.articles import Article, Card
from builder.bodies import plain
from builder.files import digest
from builder.problems import Reporter
from builder.search import index
from builder.search.documents import Document
from builder.state import FILE, Bodies, State
from builder.urls import slugify
from builder.work import Workers, batched

FOLDER = "whoosh"
"""Where the index is kept, beside the state."""
_BATCH = 4000


def update(folder: Path, whole: Archive, known: State, workers: Workers, reporter: Reporter) -> None:
    """Bring the index in the state's `folder` to what `whole` publishes; only what differs is read and written.

    Withdrawn articles are not searched. Raises Unable where the index cannot be written or a worker died (it is then as
    it was before), Damaged where the state has lost an article.
    """
    cards = {card.id: card for card in _canonical(whole)}
    versions = {id_: digest(card.record, card.digest, repr(_names(card))) for id_, card in cards.items()}
    held = index.version(folder / FOLDER)
    add = [id_ for id_, version in versions.items() if held is None or held.get(id_) != version]
    remove = [id_ for id_ in held or () if id_ not in versions]
    if held is None or add or remove:
        known.commit()  # the workers read it
        reporter.stage("Indexing", len(add))
        state = str((folder / FILE).resolve())
        batches = (Stories(state, [(cards[id_], versions[id_]) for id_ in some]) for some in batched(add, _BATCH))
        index.update(folder / FOLDER, batches, remove, workers, reporter.advance)


def discard(folder: Path) -> None:
    """Delete the index in the state's `folder`."""
    index.discard(folder / FOLDER)


@dataclass(frozen=True, slots=True)
class Stories:
    """Some stories, by their cards and versions; their texts are read from the `state` file where it is iterated."""

    state: str
    cards: list[tuple[Card, str]]

    def __iter__(self) -> Iterator[Document]:
        bodies = Bodies(Path(self.state))
        try:
            for card, version in self.cards:
                body = bodies.of(card)
                yield _document(card, version, _text(Article.restored(body.article), body.html))
        finally:
            bodies.close()


def _canonical(whole: Archive) -> Iterator[Card]:
    """Yield the cards of what is searched; names that slug alike are spelled as their listings spell them."""
    names = {kind: {group.slug: group.name for group in groups} for kind, groups in whole.groups.items()}

    def named(kind: str, values: Iterable[str]) -> tuple[str, ...]:
        return tuple(names[kind].get(slugify(value), value) for value in values)

    for card in (*whole.stories, *whole.undated):
        many = {"agency": named("agencies", card.agency), "byline": named("bylines", card.byline), "tags": named("tags", card.tags)}
        one = [
            named(kind, (value,))[0] for kind, value in (("sources", card.source), ("sections", card.section), ("types", card.type))
        ]
        if (*many.values(), *one) != _names(card):
            card = replace(card, **many, source=one[0], section=one[1], type=one[2])  # type: ignore[arg-type]
        yield card


def _names(card: Card) -> tuple[tuple[str, ...] | str, ...]:
    return card.agency, card.byline, card.tags, card.source, card.section, card.type


def _text(article: Article, html: str) -> str:
    """Return what is searched of an article as its body: its text, then what stands around it on its page."""
    body = plain(html)
    around = (
        article.summary,
        *(image.caption for image in article.images),
        *(correction.text for correction in article.corrections),
    )
    return "\n".join(filter(None, (body, *(text for text in around if text not in body))))


def _document(card: Card, version: str, text: str) -> Document:
    return Document(
        card.id, version, card.url, card.title, text, card.language, card.instant, card.day, card.date,
        card.source, card.agency, card.byline, card.section, card.type, card.tags,
    )  # fmt: skip
