"""The pages of stories that stand in a published folder: what a player lists, and which year each belongs to."""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from builder.articles.model import ArticleSummary
from builder.config.site import Site
from builder.export.selection import published_articles
from builder.state import state

_HEAD_BYTES = 16_384
"""In which a page of ours has its title."""
_TITLE = re.compile(rb"<title>(.*?)</title>", re.DOTALL)
_REFRESH = b'http-equiv="refresh"'


class StoryPage(NamedTuple):
    """A story's page: its output path, its title, the day that it stands under ("" for none), what it shows (output paths)."""

    url: str
    title: str
    day: str
    media: tuple[str, ...]


def story_pages(folder: Path, public: Path) -> list[StoryPage]:
    """Return the pages of stories in the folder `public`, as the last build of the archive at `folder` left them, by date.

    Where nothing is known of that build the archive is read anew. Writes nothing.
    """
    pages = {article.url: _page(article) for article in _last_articles(folder) if _is_page(public / article.url)}
    if not pages:
        pages = {article.url: _page(article) for article in published_articles(folder) if _is_page(public / article.url)}
    return sorted(pages.values(), key=lambda page: (page.day, page.url))


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


def _page(article: ArticleSummary) -> StoryPage:
    return StoryPage(article.url, article.title, article.day, tuple(output for _, output, *_ in article.media))


def _is_page(file: Path) -> bool:
    """Whether a story stands at `file`, not a page that leads on to another's, nor nothing (a draft, an embargo)."""
    try:
        return _REFRESH not in _head_of(file)
    except OSError:
        return False


def _head_of(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(_HEAD_BYTES)
