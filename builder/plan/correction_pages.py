"""Corrections: the page that lists all of them, newest first, and its feed."""

from __future__ import annotations

from collections.abc import Iterator

from builder.archive import addresses
from builder.archive.collection import Archive
from builder.articles.model import ArticleSummary
from builder.plan.model import Page, PlanPart, uncached_part


def corrected_articles(archive: Archive) -> list[ArticleSummary]:
    """Return the articles with a correction that were not withdrawn."""
    return [article for article in (*archive.stories, *archive.undated) if article.correction]


def plan_corrections(archive: Archive) -> Iterator[PlanPart]:
    """Yield the page and the feed of all corrections of stories that were not withdrawn."""
    articles = corrected_articles(archive)
    context = {"articles": articles, "versions": [article.content_hash for article in articles]}
    pages = [
        Page(addresses.CORRECTIONS.path, "corrections.html", context),
        Page(addresses.CORRECTIONS_FEED, "corrections", context),
    ]
    yield uncached_part("corrections", pages)
