"""The pages of taxonomies: the list of each, a page and a feed for each term, and a big term's months. One code path for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from builder.archive import listings
from builder.archive.addresses import term_feed
from builder.archive.collection import Archive
from builder.archive.taxonomies import TAXONOMIES, WATCHES, Taxonomy, Term, group, names_of
from builder.articles.model import ArticleSummary
from builder.base.urls import page_of, slugify
from builder.config.site import Organisation, Site
from builder.incremental.fingerprints import part_fingerprint
from builder.plan.charts import Bar, Link, chart
from builder.plan.feed_pages import FEED_ENTRIES, feed_part
from builder.plan.model import Page, PlanPart, uncached_part

NEWEST_SHOWN = 50
"""Articles on the page of a term that has too many for it (listings.is_complete)."""


@dataclass(frozen=True, slots=True)
class TermView:
    """A tag, agency, source …: what its page and the list of its taxonomy say of it. `first` and `last` are days."""

    kind: str
    name: str
    slug: str
    path: str
    feed: str
    count: int
    first: str
    last: str
    about: str
    url: str
    is_indexed: bool
    in_sitemap: bool
    """Whether the sitemap lists its stories."""


@dataclass(frozen=True, slots=True)
class MonthGroup:
    """Articles of one month within a list ("" for undated ones)."""

    month: str
    articles: list[ArticleSummary]
    first_of_year: bool


TermViews = dict[str, list[TermView]]
"""The terms of each taxonomy, by its folder."""


def by_month(articles: Iterable[ArticleSummary]) -> list[MonthGroup]:
    """Part `articles` at the months, in the order that they come in."""
    groups: list[MonthGroup] = []
    for month, part in groupby(articles, key=lambda article: article.day[:7]):
        groups.append(MonthGroup(month, list(part), bool(month) and all(group.month[:4] != month[:4] for group in groups)))
    return groups


def term_views(archive: Archive, site: Site) -> TermViews:
    """Return what is shown of every term of `archive`."""
    return {taxonomy.folder: [_view(term, site) for term in terms] for taxonomy, terms in kinds(archive)}


def kinds(archive: Archive) -> Iterator[tuple[Taxonomy, list[Term]]]:
    """Yield the terms of each taxonomy, and what the declared searches find, where there are any."""
    yield from ((taxonomy, archive.terms[taxonomy.folder]) for taxonomy in TAXONOMIES)
    if archive.watches:
        yield WATCHES, archive.watches


def _view(term: Term, site: Site) -> TermView:
    settings_of_name = site.terms.get(term.taxonomy.folder, {}).get(term.name)
    organisation = settings_of_name if isinstance(settings_of_name, Organisation) else None
    is_watch = term.taxonomy is WATCHES
    first = term.articles[0].day if term.articles else ""  # the undated stand behind the dated
    return TermView(
        kind=term.taxonomy.folder,
        name=term.name,
        slug=term.slug,
        path=page_of(term.folder),
        feed=term_feed(term.folder) if term.has_feed else "",
        count=len(term.articles),
        first=first,
        last=next((article.day for article in reversed(term.articles) if article.day), ""),
        about=site.watches[term.name] if is_watch else settings_of_name.about if settings_of_name else "",
        url=organisation.url if organisation else "",
        is_indexed=organisation.index if organisation else True,
        in_sitemap=organisation.index and organisation.canonical == "self" if organisation else True,
    )


def plan_taxonomies(archive: Archive, terms: TermViews) -> Iterator[PlanPart]:
    """Yield, for each taxonomy, its list and the pages and feed of each of its terms."""
    for taxonomy, kind_terms in kinds(archive):
        views = terms[taxonomy.folder]
        context = {"kind": taxonomy.folder, "title": taxonomy.title, "terms": views}
        yield uncached_part(taxonomy.folder, [Page(page_of(taxonomy.folder), "taxonomy.html", context)])
        for term, view in zip(kind_terms, views, strict=True):
            yield PlanPart(term.folder, part_fingerprint(term.articles, view), partial(_pages, term, view))
            if view.feed:
                yield _feed(term, archive)


def plan_term_feeds(archive: Archive, edited_paths: Set[str]) -> Iterator[PlanPart]:
    """Yield the feed of each term that has an article of the content paths `edited_paths`."""
    articles = [*archive.stories, *archive.undated]
    for taxonomy in TAXONOMIES:
        slugs = {
            slugify(name) for article in articles if article.path in edited_paths for name in names_of(article, taxonomy.field)
        }
        terms, _ = group(articles, taxonomy, slugs)
        yield from (_feed(term, archive) for term in terms if term.has_feed)


def _feed(term: Term, archive: Archive) -> PlanPart:
    return feed_part(archive, term_feed(term.folder), _newest(term, archive), "rss", name=term.name, page=page_of(term.folder))


def _pages(term: Term, view: TermView) -> Iterator[Page]:
    dated_articles = [article for article in term.articles if article.day]
    undated = [article for article in term.articles if not article.day]
    months: dict[str, list[ArticleSummary]] = defaultdict(list)
    for article in dated_articles:
        months[article.day[:7]].append(article)
    complete = listings.is_complete(term)
    newest = [*reversed(dated_articles), *undated]

    def path_of(label: str) -> str:
        return f"{view.path}#{label}" if complete or len(label) == 4 else f"{term.folder}/{label}.html"

    bars = [Bar(month, len(months[month]), path_of(month)) for month in sorted(months, reverse=True)]
    yield Page(
        view.path,
        "term.html",
        {
            "term": view,
            "chart": chart({month: len(articles) for month, articles in months.items()}, path_of),
            "articles": newest if complete else newest[:NEWEST_SHOWN],
            "complete": complete,
            "months": [] if complete else bars,
        },
    )
    if not complete:
        for month, paths in listings.month_pages(term).items():
            yield from _month(term, view, month, months[month], paths)


def _newest(term: Term, archive: Archive) -> list[ArticleSummary]:
    """Return what a term's feed has: its newest dated articles, which stand before the undated ones; none whose date lies ahead."""
    newest: list[ArticleSummary] = []
    for article in reversed(term.articles):
        if article.day and archive.is_current(article):
            newest.append(article)
            if len(newest) == FEED_ENTRIES:
                break
    return newest


def _month(term: Term, view: TermView, month: str, articles: list[ArticleSummary], paths: list[str]) -> Iterator[Page]:
    """Yield the pages of one month of a term. They are named by their own articles: the term's name may change."""
    parts = [articles[at : at + listings.PER_PAGE] for at in range(0, len(articles), listings.PER_PAGE)]
    field = term.taxonomy.field
    name = term.name if not field else next(name for name in names_of(articles[0], field) if slugify(name) == term.slug)
    for at, (path, part) in enumerate(zip(paths, parts, strict=True)):
        context = {
            "term": Link(name, view.path),
            "kind": view.kind,
            "month": month,
            "number": at + 1,
            "articles": part,
            "previous": paths[at - 1] if at else "",
            "next": paths[at + 1] if at + 1 < len(paths) else "",
        }
        yield Page(path, "term_month.html", context)
