"""The feeds: the newest articles of the site or a term, and the archive documents of RFC 5005."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from builder.archive.addresses import ATOM, HOME, JSON_FEED, RSS, archive_feed, date_page, language_feed
from builder.archive.collection import Archive
from builder.articles.model import ArticleSummary
from builder.base.locales import autonym_of
from builder.base.urls import slugify
from builder.incremental.fingerprints import part_fingerprint
from builder.plan.article_pages import link_article
from builder.plan.pages import Page, PlanPart

FEED_ENTRIES = 50
ARCHIVE_FEED_ENTRIES = 500


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


def plan_feeds(archive: Archive) -> Iterator[PlanPart]:
    """Yield the site's feeds and the RFC 5005 archive of them: a chain of documents from the newest month back.

    A month with articles has documents, and its first one leads the chain into it: so a document links to names that
    only the first article of a month between the two can change. Empty months have none: eleven articles of two
    thousand years are eleven documents.
    """
    newest = archive.current[-FEED_ENTRIES:][::-1]
    months = sorted(archive.months)
    latest = archive_feed(months[-1], 1) if months else ""
    yield feed_part(archive, RSS, newest, "rss", name="", page=HOME.path, previous=latest)
    yield feed_part(archive, ATOM, newest, "atom", name="", page=HOME.path, previous=latest)
    yield feed_part(archive, JSON_FEED, newest, "json", name="", page=HOME.path)
    for language, articles in _languages(archive).items():
        newest = [article for article in articles[::-1] if archive.is_current(article)][:FEED_ENTRIES]
        name = autonym_of(language)
        yield feed_part(archive, language_feed(language), newest, "rss", name=name, page=HOME.path, language=language)
    for at, month in enumerate(months):
        articles = archive.months[month]
        starts = range(0, len(articles), ARCHIVE_FEED_ENTRIES)
        parts = [articles[start : start + ARCHIVE_FEED_ENTRIES] for start in starts]
        before = archive_feed(months[at - 1], 1) if at else ""
        after = archive_feed(months[at + 1], 1) if at + 1 < len(months) else ""
        page = date_page(month)
        for number, part in enumerate(parts, start=1):
            yield feed_part(
                archive,
                archive_feed(month, number),
                part[::-1],
                "atom",
                name=month,
                page=page,
                closed=True,
                previous=archive_feed(month, number + 1) if number < len(parts) else before,
                next=archive_feed(month, number - 1) if number > 1 else after,
            )


def language_rows(archive: Archive) -> list[FeedRow]:
    """Return the feeds of languages, the one with most stories first; none where all stories are in one language."""
    rows = [FeedRow(autonym_of(code), language_feed(code), HOME.path, len(of_it)) for code, of_it in _languages(archive).items()]
    return sorted(rows, key=lambda row: (-row.count, row.feed))


def _languages(archive: Archive) -> dict[str, list[ArticleSummary]]:
    """Return the dated stories of each language, oldest first; {} where there is one alone. `zh-hant` and `zh-Hant` are one."""
    languages: dict[str, list[ArticleSummary]] = defaultdict(list)
    codes: dict[str, str] = {}
    for article in archive.stories:
        languages[codes.setdefault(slugify(article.language), article.language)].append(article)
    return languages if len(languages) > 1 else {}
