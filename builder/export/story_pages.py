"""The pages of stories that stand in a published folder: what a player lists, and which year each belongs to."""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from builder.articles.model import ArticleSummary
from builder.articles.page_fields import OwnPage
from builder.base.files import ARTICLE_SUFFIXES, open_regular, walk
from builder.config.site import Site
from builder.export.selection import published_articles
from builder.formats.fixity import checksum_of
from builder.state import state

_HEAD_BYTES = 16_384
"""In which a page of ours has its title."""
_TITLE = re.compile(rb"<title>(.*?)</title>", re.DOTALL)
_REFRESH = b'http-equiv="refresh"'


class StoryPage(NamedTuple):
    """A story's page: its output path, its article's content path, its title, the day that it stands under ("" for none).

    `media` are the files that it shows: the content path and the output path of each.
    """

    url: str
    path: str
    title: str
    day: str
    media: tuple[tuple[str, str], ...]


def story_pages(folder: Path, public: Path) -> list[StoryPage]:
    """Return the pages of stories in the folder `public`, as the last build of the archive at `folder` left them, by date.

    Where nothing is known of that build the archive is read anew. Writes nothing.
    """
    pages: dict[str, StoryPage] = {}
    for articles in (_last_articles(folder), _articles_now(folder)):
        for article in articles:
            other = pages.get(article.url)  # the first by content path stands there
            if (other is None or article.path < other.path) and _is_page(public / article.url):
                pages[article.url] = _page(article)
        if pages:
            break
    return sorted(pages.values(), key=_by_day)


def unchanged_stories(folder: Path, public: Path) -> tuple[list[StoryPage], list[OwnPage]] | None:
    """Return the pages of stories in the folder `public`, by date, and the pages of the archive's own, as the last build left them.

    None where nothing is known of that build, or an article came, went or changed since. Writes nothing.
    """
    stories, own_pages, paths = [], [], set()
    try:
        with state.open_read_only(folder) as last_state:
            for record in last_state.each_article():
                if not _is_unchanged(folder / "content" / record.path, record):
                    return None
                paths.add(record.path)
                if record.article is not None and record.page is not None:
                    own_pages.append(OwnPage(record.article, record.page))
                elif record.article is not None and _is_page(public / record.article.url):
                    stories.append(_page(record.article))
    except (sqlite3.Error, state.StateCorruptError):
        return None
    if not paths or any(entry.path not in paths for entry in walk(folder / "content", ARTICLE_SUFFIXES)):
        return None
    return sorted(stories, key=_by_day), sorted(own_pages, key=lambda page: page.summary.path)


def title_of(file: Path, site: Site) -> tuple[str, bool]:
    """Return the title of a page, without the site's, and whether readers may be offered it: one that only leads on is none."""
    head = _head_of(file)
    match = _TITLE.search(head)
    title = html.unescape(match[1].decode(errors="replace")).strip() if match else ""
    return title.removesuffix(f" - {site.title}"), _REFRESH not in head


def _last_articles(folder: Path) -> Iterator[ArticleSummary]:
    try:
        with state.open_read_only(folder) as last_state:
            yield from (
                record.article for record in last_state.each_article() if record.article is not None and record.page is None
            )
    except (sqlite3.Error, state.StateCorruptError):
        return


def _articles_now(folder: Path) -> Iterator[ArticleSummary]:
    yield from published_articles(folder)


def _page(article: ArticleSummary) -> StoryPage:
    media = tuple((source, output) for source, output, *_ in article.media)
    return StoryPage(article.url, article.path, article.title, article.day, media)


def _by_day(page: StoryPage) -> tuple[str, str]:
    return page.day, page.url


def _is_unchanged(file: Path, record: state.SourceRecord) -> bool:
    try:
        status = file.stat()
        if (status.st_size, status.st_mtime_ns) == (record.size, record.mtime_ns):
            return True
        with open_regular(file) as stream:
            return checksum_of(stream, "sha256") == record.sha256
    except OSError:
        return False


def _is_page(file: Path) -> bool:
    """Whether a story stands at `file`, not a page that leads on to another's, nor nothing (a draft, an embargo)."""
    try:
        return _REFRESH not in _head_of(file)
    except OSError:
        return False


def _head_of(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(_HEAD_BYTES)
