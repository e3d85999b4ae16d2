"""Related stories: for each story the earlier ones that share its slugline or its rarer tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from builder.articles import Card
from builder.urls import slugify

MOST = 5
_KEPT = 6
_COMMON = 1024
"""A tag that this many earlier stories have says nothing about which of them belong together."""
_SAME_SLUGLINE = 64


@dataclass(slots=True)
class _Earlier:
    count: int = 0
    latest: list[Card] = field(default_factory=list)


def related(stories: Sequence[Card]) -> Iterator[tuple[Card, ...]]:
    """Yield, for each of `stories` (oldest first), up to MOST earlier ones, the closest first.

    A story counts only what came before it, so that its page never changes because a later one arrived; and it looks
    at the few latest of each tag, so that an old story filed in late touches a handful of pages.
    """
    earlier: dict[str, _Earlier] = {}
    for story in stories:
        keys = [slugify(tag) for tag in story.tags]
        if story.slugline:
            keys.append("\0" + story.slugline.upper())
        scores: dict[str, int] = {}
        cards: dict[str, Card] = {}
        for key in keys:
            known = earlier.get(key)
            if known is None or (known.count > _COMMON and key[0] != "\0"):
                continue
            weight = _SAME_SLUGLINE if key[0] == "\0" else 12 - known.count.bit_length()
            for card in known.latest:
                scores[card.id] = scores.get(card.id, 0) + weight
                cards[card.id] = card
        best = sorted(scores, key=lambda id_: (-scores[id_], -(cards[id_].instant or 0), id_))[:MOST]
        yield tuple(cards[id_] for id_ in best)
        for key in keys:
            known = earlier.setdefault(key, _Earlier())
            known.count += 1
            known.latest.append(story)
            if len(known.latest) > _KEPT:
                del known.latest[0]
