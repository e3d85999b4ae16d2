"""A planned feed to what feeds are written from: its channel and the entries of its articles."""

from __future__ import annotations

from collections.abc import Callable

from builder.archive.addresses import ATOM
from builder.archive.taxonomies import TAXONOMIES, names_of
from builder.config.site import Site
from builder.formats import feeds
from builder.plan.article_pages import LinkedArticle
from builder.plan.model import Page

MAX_CACHED_CHARS = 4_000_000
_ENTRY_CHARS = 1_000
"""What an entry has beside its HTML, or so."""


class EntryCache:
    """The entries of the last articles that `make` was asked for: feeds of a section and a source have the same."""

    def __init__(self, make: Callable[[LinkedArticle], feeds.Entry]) -> None:
        self._make = make
        self._entries: dict[str, feeds.Entry] = {}
        self._chars = 0

    def entry(self, story: LinkedArticle) -> feeds.Entry:
        """Return the entry of `story`."""
        key = repr(story)  # all that it shows, as for keys of pages
        entry = self._entries.get(key)
        if entry is None:
            entry = self._make(story)
            self._chars += len(entry.html) + _ENTRY_CHARS
            if self._chars > MAX_CACHED_CHARS:
                self._entries.clear()
                self._chars = len(entry.html) + _ENTRY_CHARS
            self._entries[key] = entry
        return entry


def channel_of(page: Page, site: Site, cache: EntryCache) -> tuple[feeds.Channel, list[feeds.Entry]]:
    """Return what the feed `page` says of itself, and its entries."""
    context = page.context
    entries = []
    for story in context["stories"]:
        entry = cache.entry(story)
        if context["name"] and not context.get("closed"):
            entry = feeds.for_term(entry, sum(len(names_of(story.article, taxonomy.field)) for taxonomy in TAXONOMIES))
        entries.append(entry)
    channel = feeds.Channel(
        title=f"{site.title}: {context['name']}" if context["name"] else site.title,
        path=page.path,
        page=context["page"],
        description=site.description or site.title,
        updated=max((entry.updated for entry in entries), default=""),
        archive=context.get("closed", False),
        previous=context.get("previous", ""),
        next=context.get("next", ""),
        current=ATOM if context.get("closed") else "",
        language=context.get("language", ""),
    )
    return channel, entries
