"""The archive's own pages (contact, terms …), and the menus that lead to them from every page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from builder.archive.addresses import ABOUT
from builder.archive.collection import Archive
from builder.incremental.fingerprints import part_fingerprint
from builder.plan.article_pages import LinkedArticle, link_article
from builder.plan.model import Page, PlanPart


class MenuLink(NamedTuple):
    """A page of the archive's own in a menu. `name` is "" where the interface has a name for it."""

    name: str
    path: str
    language: str


class SiteMenus(NamedTuple):
    """What leads to the archive's own pages from every page: plain data, equal where it shows the same."""

    menu: tuple[MenuLink, ...] = ()
    footer: tuple[MenuLink, ...] = ()
    """But for the page about the archive."""
    about: MenuLink | None = MenuLink("", ABOUT.path, "")
    """The page about the archive in the footer; None where its front matter does not want it there."""


def site_menus(archive: Archive) -> SiteMenus:
    """Return the menus of `archive`, by the order that its pages give, then by their addresses."""
    pages = sorted(archive.own_pages, key=lambda page: (page.settings.order is None, page.settings.order or 0, page.summary.url))
    links = [MenuLink(page.summary.title, page.summary.url, page.summary.language) for page in pages]
    entries = list(zip(links, (page.settings for page in pages), strict=True))
    about = next(((link, settings) for link, settings in entries if link.path == ABOUT.path), None)
    in_footer = SiteMenus().about if about is None else about[0] if about[1].footer else None
    return SiteMenus(
        tuple(link for link, settings in entries if settings.menu),
        tuple(link for link, settings in entries if settings.footer and link.path != ABOUT.path),
        in_footer,
    )


def about_source(archive: Archive) -> LinkedArticle | None:
    """Return the page that the page about the archive takes its words from, None where there is none."""
    page = next((page for page in archive.own_pages if page.summary.url == ABOUT.path), None)
    return link_article(archive, page.summary) if page is not None else None


def plan_own_pages(archive: Archive) -> Iterator[PlanPart]:
    """Yield the archive's own pages but for the one about it, which has figures of its own (site_pages)."""
    pages = [page.summary for page in archive.own_pages if page.summary.url != ABOUT.path]
    if pages:
        fingerprint = part_fingerprint(pages, links=lambda page: link_article(archive, page))
        yield PlanPart("own pages", fingerprint, partial(_pages, archive))


def _pages(archive: Archive) -> Iterator[Page]:
    for page in archive.own_pages:
        if page.summary.url != ABOUT.path:
            yield Page(page.summary.url, "page.html", {"source": link_article(archive, page.summary)})
