"""The whole plan: every output of an archive, in parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from builder.archive.collection import Archive
from builder.articles.model import ArticleSummary
from builder.config.site import Site
from builder.incremental.memo import Memo
from builder.plan import (
    article_pages,
    correction_pages,
    data_pages,
    date_pages,
    feed_pages,
    own_pages,
    redirect_pages,
    site_pages,
    sitemap_pages,
    term_pages,
)
from builder.plan.model import Asset, PlanPart, asset_page, uncached_part


def plan(archive: Archive, site: Site, assets: Iterable[Asset], memo: Memo) -> Iterator[PlanPart]:
    """Yield every output of `archive` in parts, the articles first. No path comes twice.

    Day and month pages, the months of a term and archive feeds list the articles of their own month alone, so that
    articles of other months do not change them. `memo` keeps which stories belong together.
    """
    terms = term_pages.term_views(archive, site)
    yield from article_pages.plan_articles(archive, memo)
    years = data_pages.data_by_year(archive, site)
    yield from date_pages.plan_calendar(archive, {year.file.year: year.file.paths for year in years})
    yield from term_pages.plan_taxonomies(archive, terms)
    yield from site_pages.plan_site_pages(archive, site, terms)
    yield from own_pages.plan_own_pages(archive)
    yield sitemap_pages.plan_sitemap(archive, site, terms)
    yield from feed_pages.plan_feeds(archive)
    yield from correction_pages.plan_corrections(archive)
    yield from data_pages.plan_data(years, site)
    yield from redirect_pages.plan_redirects(archive, site)
    yield uncached_part("assets", map(asset_page, assets))


def plan_texts(archive: Archive, site: Site, edited_paths: Set[str], memo: Memo) -> Iterator[PlanPart]:
    """Yield those parts of the plan that show in full an article of the content paths `edited_paths`."""

    def shows(articles: Iterable[ArticleSummary]) -> bool:
        return not edited_paths.isdisjoint([article.path for article in articles])

    yield from article_pages.plan_articles(archive, memo, shows)
    yield from term_pages.plan_term_feeds(archive, edited_paths)
    yield from feed_pages.plan_feeds(archive, shows)
    if shows(correction_pages.corrected_articles(archive)):
        yield from correction_pages.plan_corrections(archive)
    yield from data_pages.plan_years(year for year in data_pages.data_by_year(archive, site) if shows(year.articles))
