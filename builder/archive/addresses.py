"""The paths that the archive itself writes: the one list of them, by which they are reserved, linked to and planned."""

from __future__ import annotations

import re
from typing import NamedTuple

from builder.archive.seals import MANIFEST_COPY, PUBLISHED_FOLDER
from builder.archive.taxonomies import TAXONOMIES, WATCHES
from builder.articles.originals import ORIGINALS
from builder.articles.page_fields import ABOUT_URL
from builder.base.portable import fold_path, path_fault
from builder.base.urls import page_of, parents, slugify


class SitePage(NamedTuple):
    """A page that the archive has once."""

    path: str
    title: str = ""
    """A message id; "" for the home page, which is named as the site."""
    is_linkable: bool = True
    """Whether there is one in every archive, and a link in an article's text may lead to it."""
    is_indexed: bool = True
    """Whether search engines may list it; the sitemap has those that they may."""


HOME = SitePage("index.html")
ABOUT = SitePage(ABOUT_URL, "About this archive")
FEEDS = SitePage("feeds.html", "Feeds")
SEARCH = SitePage("search.html", "Search", is_indexed=False)
WITHDRAWN_PAGE = SitePage("withdrawn.html", "Withdrawn stories", is_indexed=False)
COVERAGE = SitePage("coverage.html", "What is here and what is not")
CORRECTIONS = SitePage("corrections.html", "Corrections")
RELEASES = SitePage("releases.html", "Editions")
DATA = SitePage("data.html", "The archive as data", is_linkable=False)
"""Only where the setting `data` asks for it."""
NOT_FOUND = SitePage("404.html", "Page not found", is_linkable=False, is_indexed=False)
UNDATED_PAGE = SitePage("undated/index.html", "Undated stories", is_linkable=False)
"""Only where the setting `undated` keeps them."""

SITE_PAGES = (HOME, ABOUT, FEEDS, SEARCH, COVERAGE, CORRECTIONS, RELEASES, DATA, WITHDRAWN_PAGE, NOT_FOUND, UNDATED_PAGE)
"""Every page that the archive has once; the renderer of each is the template of its name."""

RSS, ATOM, JSON_FEED, OPML, CORRECTIONS_FEED = "feed.xml", "atom.xml", "feed.json", "feeds.opml", "corrections.xml"
ROBOTS, OPENSEARCH, SITEMAP = "robots.txt", "opensearch.xml", "sitemap.xml"
MANIFEST = MANIFEST_COPY  # the seal keeps it under its own name
NETLIFY, NGINX, NOJEKYLL = "_redirects", "redirects.map", ".nojekyll"
HOST_FILES = (NETLIFY, NOJEKYLL)
"""Files that speak to a host; it need not hand them to anyone."""
SITE_FILES = (
    RSS,
    ATOM,
    JSON_FEED,
    OPML,
    CORRECTIONS_FEED,
    ROBOTS,
    OPENSEARCH,
    SITEMAP,
    NETLIFY,
    NGINX,
    NOJEKYLL,
    MANIFEST,
)
"""Every file for machines at the top of the site."""
READERS_FILES = (RSS, ATOM, JSON_FEED, OPML, CORRECTIONS_FEED, OPENSEARCH, SITEMAP, ROBOTS, MANIFEST)
"""Those that every archive has and a text may link to."""

FEED_ARCHIVE, MEDIA, SEARCH_INDEX, STATIC, ON_THIS_DAY, DATA_FOLDER = "feeds", "media", "search", "static", "on-this-day", "data"
DATA_DICTIONARY, DATA_FIELDS, DATA_TERMS = "datapackage.json", "fields.json", "terms.txt"
"""In the folder of data: what is there, what its columns mean, on what terms."""
DATA_DESCRIPTIONS = tuple(f"{DATA_FOLDER}/{name}" for name in (DATA_DICTIONARY, DATA_FIELDS, DATA_TERMS, MANIFEST))
"""Those that are there whatever the years."""
TERM_FOLDERS = tuple(taxonomy.folder for taxonomy in (*TAXONOMIES, WATCHES))
FOLDERS = (
    *TERM_FOLDERS,
    FEED_ARCHIVE,
    MEDIA,
    SEARCH_INDEX,
    STATIC,
    ON_THIS_DAY,
    DATA_FOLDER,
    PUBLISHED_FOLDER,
    ORIGINALS,
)
"""Every folder in which only the archive itself writes."""

_RESERVED_PATHS = re.compile(
    "|".join(re.escape(path) for path in (*(page.path for page in SITE_PAGES), *SITE_FILES))
    + r"|sitemap[^/]*\.xml|undated/index/\d+\.html|\d{4}/(?:\d\d/(?:\d\d/)?)?index\.html|\d{4}/(?:\d\d/)?index/\d+\.html"
    + f"|(?:{'|'.join(FOLDERS)})/.*"
)


PAGE_ENDINGS = (".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx", ".jsp", ".jspx", ".cfm", ".cgi", ".do")
"""What an old address of a page may end in; a redirect is a page, and would be served as a script or picture by other names."""


def is_reserved(path: str) -> bool:
    """Whether the archive itself may write the output `path`, in any letter case: no article's page or alias may take it."""
    return _RESERVED_PATHS.fullmatch(fold_path(path)) is not None


def alias_fault(alias: str, path: str) -> str:
    """Return what is wrong with `path` as the output path of an article's `alias`, as a sentence; "" if nothing is."""
    if any(map(is_reserved, (path, *parents(path)))):
        return f"{alias} is not a free path on this site (it is reserved, or leaves it)"
    if fault := path_fault(path):
        return f"{alias} cannot be a file: it {fault}"
    if not path.lower().endswith(PAGE_ENDINGS):
        return f"{alias} is no address of a page: it does not end in / or in one of {', '.join(PAGE_ENDINGS)}"
    return ""


def date_page(date: str) -> str:
    """Return the page of a year, month or day: `2025-02` has `2025/02/index.html`."""
    return page_of(date.replace("-", "/"))


def archive_feed(month: str, number: int) -> str:
    """Return the feed archive document `number` (from 1) of a month."""
    return f"{FEED_ARCHIVE}/{month.replace('-', '/')}{'' if number == 1 else f'-{number}'}.xml"


def term_feed(folder: str) -> str:
    """Return the feed of the term whose folder in the output is `folder`."""
    return f"{folder}/{RSS}"


def language_feed(language: str) -> str:
    """Return the feed of the stories in one language."""
    return f"{FEED_ARCHIVE}/{slugify(language)}.xml"
