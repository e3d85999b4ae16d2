"""The pages of articles, planned by months, or by days where a month has very many."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import groupby

from builder.archive.collection import Archive
from builder.archive.related import find_related
from builder.articles.model import ArticleSummary
from builder.base import files
from builder.incremental.fingerprints import part_fingerprint
from builder.incremental.memo import Memo
from builder.plan.model import Page, PlanPart, Shows, shows_any, uncached_part

MAX_PART_ARTICLES = 1000
"""Articles of a month with more are planned by days."""


class LinkedArticle:
    """An article to be shown in full: its summary, and the output path of each link within the site that its text holds."""

    __slots__ = ("article", "links")

    def __init__(self, article: ArticleSummary, links: dict[str, str]) -> None:
        self.article, self.links = article, links

    def __repr__(self) -> str:
        return f"LinkedArticle({self.article.content_hash}, {self.article.listing_hash}, {self.links})"


def link_article(archive: Archive, article: ArticleSummary) -> LinkedArticle:
    """Return `article` with the output paths of the links in its text; dead ones are left out."""
    return LinkedArticle(article, {link: path for link in article.links if (path := archive.find(link))})


def plan_articles(archive: Archive, memo: Memo, shows: Shows = shows_any) -> Iterator[PlanPart]:
    """Yield the page of every article: published ones by month, then undated and withdrawn ones. Only what `shows` wants."""
    stories = archive.stories
    relations_of = find_related(stories, memo)
    busy = {month for month, articles in archive.months.items() if len(articles) > MAX_PART_ARTICLES}
    start = 0
    for span, group in groupby(stories, lambda article: article.day if article.day[:7] in busy else article.day[:7]):
        articles = list(group)
        end = start + len(articles)
        window = [stories[start - 1] if start else None, *articles, stories[end] if end < len(stories) else None]
        first, start = start, end
        if not shows(articles):
            continue
        relations = relations_of.between(first, end)
        hashes = "".join([f"{len(those)}{''.join([each.listing_hash for each in those])}" for those in relations])
        fingerprint = part_fingerprint(
            articles, window[0], window[-1], files.digest(hashes), links=lambda article: link_article(archive, article)
        )
        yield PlanPart(f"articles {span}", fingerprint, partial(_pages, archive, window, relations))
    apart = [article for article in (*archive.undated, *archive.withdrawn) if shows([article])]
    yield uncached_part("articles that stand apart", (_page(archive, article, None, None, ()) for article in apart))


def _pages(archive: Archive, window: list[ArticleSummary | None], relations: list[tuple[ArticleSummary, ...]]) -> Iterator[Page]:
    """Yield the pages of the articles in `window`, which begins and ends with a neighbour or None."""
    for earlier, article, later, those in zip(window, window[1:], window[2:], relations, strict=False):
        if article is not None:
            yield _page(archive, article, earlier, later, those)


def _page(
    archive: Archive,
    article: ArticleSummary,
    earlier: ArticleSummary | None,
    later: ArticleSummary | None,
    those: tuple[ArticleSummary, ...],
) -> Page:
    context = {"story": link_article(archive, article), "earlier": earlier, "later": later, "related": those}
    return Page(article.url, "article.html", context)
