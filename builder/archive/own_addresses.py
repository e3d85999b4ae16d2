"""Which of the pages, feeds and files that the archive itself writes there are: what a link in a text may lead to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from operator import attrgetter
from typing import Protocol

from builder.archive import addresses
from builder.archive.data_levels import data_files
from builder.archive.listings import feed_documents, month_pages, span_pages, undated_pages
from builder.archive.seals import PUBLISHED_FOLDER
from builder.archive.taxonomies import TAXONOMIES, WATCHES, Term
from builder.articles.model import ArticleSummary
from builder.base.urls import page_of
from builder.config.site import Site

_ALWAYS = frozenset(
    (
        *(page.path for page in addresses.SITE_PAGES if page.is_linkable),
        *(page_of(taxonomy.folder) for taxonomy in TAXONOMIES),
        *addresses.READERS_FILES,
    )
)


class Holdings(Protocol):
    """What an archive tells of what it holds (collection.Archive)."""

    @property
    def stories(self) -> list[ArticleSummary]:
        """The dated articles."""

    @property
    def undated(self) -> list[ArticleSummary]:
        """Those without a date."""

    @property
    def date_pages(self) -> Mapping[str, str]:
        """The pages of the calendar, by the year, month or day."""

    @property
    def spans(self) -> Mapping[str, Sequence[ArticleSummary]]:
        """The stories by their date as far as it is known."""

    @property
    def months(self) -> Mapping[str, Sequence[ArticleSummary]]:
        """The stories of each month."""

    @property
    def languages(self) -> Mapping[str, Sequence[ArticleSummary]]:
        """The stories of each language that has a feed."""

    @property
    def terms(self) -> Mapping[str, Sequence[Term]]:
        """The terms of each taxonomy, by its folder, in the order of slugs."""

    @property
    def watches(self) -> Sequence[Term]:
        """What declared searches find, in the order of slugs."""

    @property
    def site(self) -> Site | None:
        """Its settings."""

    @property
    def find_files(self) -> Callable[[], Collection[str]]:
        """What returns the paths of its static files and of its seal's."""


def writes(archive: Holdings, path: str) -> bool:
    """Whether a page, a feed or a file that `archive` itself writes stands at the output `path`.

    Looks at what has to do with the path alone: most archives have links to pages that never were in them.
    """
    folder, _, rest = path.partition("/")
    if path in _ALWAYS:
        return True
    if folder in {addresses.STATIC, PUBLISHED_FOLDER}:
        return path in archive.find_files()
    if folder in addresses.TERM_FOLDERS:
        return _is_of_terms(archive, folder, rest.partition("/")[0], path)
    if folder == addresses.FEED_ARCHIVE:
        month = rest[:7].replace("/", "-")
        in_languages = map(addresses.language_feed, archive.languages)
        return path in feed_documents(month, len(archive.months.get(month, ()))) or path in in_languages
    if folder == "undated":
        return archive.site is not None and archive.site.undated == "keep" and path in undated_pages(len(archive.undated))
    if path == addresses.NGINX:
        return archive.site is not None and archive.site.redirects == "nginx"
    if path == addresses.DATA.path:
        return archive.site is not None and archive.site.data != "none"
    if folder == addresses.DATA_FOLDER:
        return archive.site is not None and _is_data(archive, rest.partition(".")[0], path, archive.site)
    span = path.partition("/index")[0].replace("/", "-")
    return span in archive.date_pages and path in span_pages(span, len(archive.spans.get(span, ())))


def _is_data(archive: Holdings, year: str, path: str, site: Site) -> bool:
    if site.data == "none":
        return False
    if path in addresses.DATA_DESCRIPTIONS:
        return True
    if year == "undated":
        return path in data_files("", archive.undated, site)
    of_year = (article for month, articles in archive.months.items() if month[:4] == year for article in articles)
    return path in data_files(year, of_year, site)


def _is_of_terms(archive: Holdings, folder: str, slug: str, path: str) -> bool:
    terms = archive.watches if folder == WATCHES.folder else archive.terms[folder]
    at = bisect_left(terms, slug, key=attrgetter("slug"))
    if at == len(terms) or terms[at].slug != slug:
        return bool(terms) and path == page_of(folder)
    term = terms[at]
    if path == page_of(term.folder):
        return True
    if path == addresses.term_feed(term.folder):
        return term.has_feed
    return any(path in pages for pages in month_pages(term).values())
