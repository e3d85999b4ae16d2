"""The feeds: the newest articles of the site or a term, and the archive documents of RFC 5005."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from builder.archive import listings
from builder.archive.addresses import ATOM, HOME, JSON_FEED, RSS, archive_feed, date_page, language_feed
from builder.archive.collection import Archive
from builder.articles.model import ArticleSummary
from builder.base.locales import autonym_of
from builder.incremental.fingerprints import part_fingerprint
from builder.plan.article_pages import link_article
from builder.plan.model import Page, PlanPart, Shows, shows_any

FEED_ENTRIES = 50


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed: its title, output path and media type."""

    title: str
    path: str
    mime: str


@dataclass(frozen=True, slots=True)
class FeedRow:
    """What the list of feeds says of one that belongs to no term: its name, feed, page, and how many stories it is of."""

    name: str
    feed: str
    path: str
    count: int


def feed_part(
    archive: Archive, path: str, articles: Sequence[ArticleSummary], renderer: str, name: str, page: str, **links: object
) -> PlanPart:
    """Return the feed of `articles`, newest first, as a part of its own; `page` is the page that shows the same."""
    context = {"name": name, "page": page, **links}

    def pages() -> Iterator[Page]:
        yield Page(path, renderer, {**context, "stories": [link_article(archive, article) for article in articles]})

    fingerprint = part_fingerprint(articles, renderer, context, links=lambda article: link_article(archive, article))
    return PlanPart(path, fingerprint, pages)


def plan_feeds(archive: Archive, shows: Shows = shows_any) -> Iterator[PlanPart]:
    """Yield the site's feeds and the RFC 5005 archive of them: a chain of documents from the newest month back.

    Of all these only those whose articles `shows` wants.

    A month with articles has documents, and its first one leads the chain into it: so a document links to names that
    only the first article of a month between the two can change. Empty months have none: eleven articles of two
    thousand years are eleven documents.
    """
    newest = archive.current[-FEED_ENTRIES:][::-1]
    months = sorted(archive.months)
    latest = archive_feed(months[-1], 1) if months else ""
    if shows(newest):
        yield feed_part(archive, RSS, newest, "rss", name="", page=HOME.path, previous=latest)
        yield feed_part(archive, ATOM, newest, "atom", name="", page=HOME.path, previous=latest)
        yield feed_part(archive, JSON_FEED, newest, "json", name="", page=HOME.path)
    for language, articles in archive.languages.items():
        newest = [article for article in articles[::-1] if archive.is_current(article)][:FEED_ENTRIES]
        if shows(newest):
            name = autonym_of(language)
            yield feed_part(archive, language_feed(language), newest, "rss", name=name, page=HOME.path, language=language)
    for at, month in enumerate(months):
        articles = archive.months[month]
        paths = listings.feed_documents(month, len(articles))
        size = listings.ARCHIVE_FEED_ENTRIES
        before = archive_feed(months[at - 1], 1) if at else ""
        after = archive_feed(months[at + 1], 1) if at + 1 < len(months) else ""
        page = date_page(month)
        for at_path, path in enumerate(paths):
            part = articles[at_path * size : (at_path + 1) * size]
            if not shows(part):
                continue
            yield feed_part(
                archive,
                path,
                part[::-1],
                "atom",
                name=month,
                page=page,
                closed=True,
                previous=paths[at_path + 1] if at_path + 1 < len(paths) else before,
                next=paths[at_path - 1] if at_path else after,
            )


def language_rows(archive: Archive) -> list[FeedRow]:
    """Return the feeds of languages, the one with most stories first; none where all stories are in one language."""
    rows = [FeedRow(autonym_of(code), language_feed(code), HOME.path, len(of_it)) for code, of_it in archive.languages.items()]
    return sorted(rows, key=lambda row: (-row.count, row.feed))
