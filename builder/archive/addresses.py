"""The output paths that are the archive's own: the one list that reserves them, that links find and that plans use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from builder.archive.taxonomies import TAXONOMIES
from builder.base.urls import page_of


class SitePage(NamedTuple):
    """A page that the archive has once."""

    path: str
    title: str = ""
    """A message id; "" for the home page, which is named as the site."""
    linked: bool = True
    """Whether a link in an article's text may lead to it."""
    indexed: bool = True
    """Whether search engines may list it; the sitemap has those that they may."""


HOME = SitePage("index.html")
ABOUT = SitePage("about.html", "About this archive")
FEEDS = SitePage("feeds.html", "Feeds")
SEARCH = SitePage("search.html", "Search", indexed=False)
WITHDRAWN = SitePage("withdrawn.html", "Withdrawn stories", indexed=False)
NOT_FOUND = SitePage("404.html", "Page not found", linked=False, indexed=False)
UNDATED = SitePage("undated/index.html", "Undated stories", linked=False, indexed=False)

SITE_PAGES = (HOME, ABOUT, FEEDS, SEARCH, WITHDRAWN, NOT_FOUND, UNDATED)
"""Every page that the archive has once; the renderer of each is the template of its name."""

RSS, ATOM, JSON_FEED, OPML = "feed.xml", "atom.xml", "feed.json", "feeds.opml"
ROBOTS, OPENSEARCH, SITEMAP = "robots.txt", "opensearch.xml", "sitemap.xml"
SITE_FILES = (RSS, ATOM, JSON_FEED, OPML, ROBOTS, OPENSEARCH, SITEMAP)
"""Every file for machines at the top of the site."""

FEED_ARCHIVE, MEDIA, SEARCH_INDEX, STATIC, ON_THIS_DAY = "feeds", "media", "search", "static", "on-this-day"
FOLDERS = (*(taxonomy.folder for taxonomy in TAXONOMIES), FEED_ARCHIVE, MEDIA, SEARCH_INDEX, STATIC, ON_THIS_DAY)
"""Every folder in which only the archive itself writes."""

_RESERVED = re.compile(
    "|".join(re.escape(path) for path in (*(page.path for page in SITE_PAGES), *SITE_FILES))
    + r"|sitemap[^/]*\.xml|undated/index/\d+\.html|\d{4}/(?:\d\d/(?:\d\d/)?)?index\.html"
    + f"|(?:{'|'.join(FOLDERS)})/.*"
)


def is_reserved(path: str) -> bool:
    """Whether the archive itself may write the output `path`: no article's permalink or alias may take it."""
    return _RESERVED.fullmatch(path) is not None


def date_page(date: str) -> str:
    """Return the page of a year, month or day: `2025-02` has `2025/02/index.html`."""
    return page_of(date.replace("-", "/"))


def archive_feed(month: str, number: int) -> str:
    """Return the feed archive document `number` (from 1) of a month."""
    return f"{FEED_ARCHIVE}/{month.replace('-', '/')}{'' if number == 1 else f'-{number}'}.xml"


def linked_pages() -> Iterator[str]:
    """Yield the pages that the archive has whatever it holds, as far as an article's text may link to them."""
    yield from (page.path for page in SITE_PAGES if page.linked)
    yield from (page_of(taxonomy.folder) for taxonomy in TAXONOMIES)
