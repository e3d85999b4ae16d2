"""The lists of an archive that take more than one page: how many pages each has, and where they stand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from builder.archive.addresses import UNDATED_PAGE, archive_feed, date_page
from builder.archive.taxonomies import Term
from builder.articles.model import ArticleSummary
from builder.base.urls import slugify

MAX_COMPLETE_LIST = 100
"""A term of up to this many articles shows them all on its page; a bigger one its newest, and has pages for each month."""
PER_PAGE = 100
"""Articles on a page of a term's month, and of those of which only the month or the year is known."""
UNDATED_PER_PAGE = 500
ARCHIVE_FEED_ENTRIES = 500


def is_complete(term: Term) -> bool:
    """Whether the page of `term` shows all its articles."""
    return len(term.articles) <= MAX_COMPLETE_LIST


def month_pages(term: Term) -> dict[str, list[str]]:
    """Return the pages of each month of `term`, in the order of its articles; {} where its own page shows them all."""
    if is_complete(term):
        return {}
    counts = Counter(article.day[:7] for article in term.articles if article.day)
    return {
        month: [f"{term.folder}/{month}{f'-{at + 1}' if at else ''}.html" for at in _pages(count, PER_PAGE)]
        for month, count in counts.items()
    }


def span_pages(span: str, count: int) -> list[str]:
    """Return the pages of `count` articles that are known to be of the month or year `span` and no more: the calendar's first."""
    folder = span.replace("-", "/")
    return [date_page(span), *(f"{folder}/index/{number + 1}.html" for number in _pages(count, PER_PAGE)[1:])]


def undated_pages(count: int) -> list[str]:
    """Return the pages of `count` undated articles."""
    return [UNDATED_PAGE.path, *(f"undated/index/{number + 1}.html" for number in _pages(count, UNDATED_PER_PAGE)[1:])]


def feed_documents(month: str, count: int) -> list[str]:
    """Return the documents of the archive feed that the `count` stories of a month take."""
    return [archive_feed(month, number + 1) for number in _pages(count, ARCHIVE_FEED_ENTRIES)]


def by_language(stories: Iterable[ArticleSummary]) -> dict[str, list[ArticleSummary]]:
    """Part `stories` by their languages, each of which has a feed; {} where there is one alone. `zh-hant` and `zh-Hant` are one."""
    languages: dict[str, list[ArticleSummary]] = defaultdict(list)
    codes: dict[str, str] = {}
    for article in stories:
        languages[codes.setdefault(slugify(article.language), article.language)].append(article)
    return languages if len(languages) > 1 else {}


def _pages(count: int, of: int) -> range:
    return range(-(-count // of))
