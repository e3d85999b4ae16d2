"""The pages that the archive has once: home, about, search, feeds, lists of what is undated or withdrawn, files for machines."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from builder.archive import addresses, listings
from builder.archive.addresses import date_page
from builder.archive.collection import Archive
from builder.archive.releases import Release
from builder.archive.taxonomies import TAXONOMIES, WATCHES
from builder.articles.model import ArticleSummary
from builder.base import files
from builder.config.site import Site
from builder.incremental.fingerprints import part_fingerprint
from builder.plan.charts import Bar, chart
from builder.plan.coverage import coverage
from builder.plan.feed_pages import FeedRow, language_rows
from builder.plan.model import Page, PlanPart, uncached_part
from builder.plan.own_pages import about_source
from builder.plan.term_pages import TermView, TermViews

LATEST_SHOWN = 14
"""Articles on the home page."""
FeedGroup = tuple[str, str, Sequence[TermView | FeedRow]]
"""What the list of feeds has of one kind: its folder, its title, its rows."""


@dataclass(frozen=True, slots=True)
class LatestCorrection:
    """The latest correction of an article."""

    article: ArticleSummary
    date: str
    text: str


def plan_site_pages(archive: Archive, site: Site, terms: TermViews) -> Iterator[PlanPart]:
    """Yield every page and file that the archive has once, but for the feeds and the sitemap."""
    if site.undated == "keep":
        yield uncached_part("undated", _undated_pages(archive))
    withdrawn = Page(addresses.WITHDRAWN_PAGE.path, "withdrawn.html", {"articles": archive.withdrawn, "removals": archive.removals})
    releases = Page(addresses.RELEASES.path, "releases.html", {"releases": archive.releases[::-1], "release": _latest(archive)})
    yield uncached_part("withdrawn", [withdrawn, releases])
    others = repr((about_source(archive), archive.seal, _latest(archive), site.collected))
    yield PlanPart("site pages", files.digest(whole_fingerprint(archive, terms), others), partial(_pages, archive, site, terms))
    yield uncached_part("on this day", _on_this_day(archive))


def _latest(archive: Archive) -> Release | None:
    return archive.releases[-1] if archive.releases else None


def whole_fingerprint(archive: Archive, terms: TermViews) -> str:
    """Return the fingerprint of what speaks of the archive as a whole."""
    return part_fingerprint(
        [*archive.stories, *archive.undated], terms, len(archive.undated), len(archive.withdrawn), len(archive.current)
    )


def _pages(archive: Archive, site: Site, terms: TermViews) -> Iterator[Page]:
    stories = archive.stories
    counts = {month: len(articles) for month, articles in archive.months.items()}
    by_year = Counter(dict.fromkeys(sorted({month[:4] for month in counts}), 0))
    for month, count in counts.items():
        by_year[month[:4]] += count
    years = [Bar(year, count, date_page(year)) for year, count in by_year.items()]
    topics = sorted(terms["tags"], key=lambda term: (-term.count, term.slug))[:8]
    with_corrections = [article for article in stories if article.corrected]
    with_corrections.sort(key=lambda article: (article.corrected, article.id), reverse=True)
    total = len(stories) + len(archive.undated)
    by_month = chart(counts, lambda label: archive.month_page(label) if len(label) == 7 else date_page(label))
    holdings = {
        "total": total,
        "first": stories[0].day if stories else "",
        "last": stories[-1].day if stories else "",
        "undated": len(archive.undated),
        "withdrawn": len(archive.withdrawn),
    }
    yield Page(
        addresses.HOME.path,
        "home.html",
        {
            "total": total,
            "first_year": years[0].label if years else "",
            "last_year": years[-1].label if years else "",
            "years": years,
            "chart": by_month,
            "latest": (archive.current or stories)[-LATEST_SHOWN:][::-1],
            "topics": topics,
            "corrections": [LatestCorrection(article, article.corrected, article.correction) for article in with_corrections[:5]],
            "undated": len(archive.undated),
            "on_this_day": sorted({span[5:] for span in archive.spans if len(span) == 10}),
        },
    )
    languages = Counter(article.language for article in (*stories, *archive.undated))
    yield Page(
        addresses.ABOUT.path,
        "about.html",
        {
            **holdings,
            "languages": sorted(languages.items(), key=lambda item: (-item[1], item[0])),
            "sources": terms["sources"],
            "agencies": terms["agencies"],
            "seal": archive.seal,
            "release": _latest(archive),
            "source": about_source(archive),
        },
    )
    coverage_data = coverage(archive, site.collected)
    yield Page(addresses.COVERAGE.path, "coverage.html", {**holdings, "chart": by_month, "coverage": coverage_data})
    search = {"years": years, "topics": topics, "types": terms["types"], **holdings, "missing": coverage_data.missing}
    yield Page(addresses.SEARCH.path, "search.html", search)
    yield Page(addresses.NOT_FOUND.path, "404.html", {})
    yield Page(addresses.ROBOTS, "robots", {})
    yield Page(addresses.NOJEKYLL, "nojekyll", {})
    yield Page(addresses.OPENSEARCH, "opensearch", {})
    kinds = [*TAXONOMIES, *([WATCHES] if WATCHES.folder in terms else [])]
    groups: list[FeedGroup] = [(kind.folder, kind.title, [term for term in terms[kind.folder] if term.feed]) for kind in kinds]
    groups.append(("languages", "Languages", language_rows(archive)))
    yield Page(addresses.FEEDS.path, "feeds.html", {"groups": groups})
    yield Page(addresses.OPML, "opml", {"groups": groups})


def _undated_pages(archive: Archive) -> Iterator[Page]:
    articles = archive.undated
    paths = listings.undated_pages(len(articles))
    size = listings.UNDATED_PER_PAGE
    for at, path in enumerate(paths):
        context = {
            "articles": articles[at * size : (at + 1) * size],
            "number": at + 1,
            "previous": paths[at - 1] if at else "",
            "next": paths[at + 1] if at + 1 < len(paths) else "",
        }
        yield Page(path, "undated.html", context)


def _on_this_day(archive: Archive) -> Iterator[Page]:
    """Yield a script for each day of the year that has articles: two of each year, pictures first; and one with all days.

    By that one a page of the calendar finds those before and after it: it could not name them and never change.
    """
    months: dict[str, int] = defaultdict(int)
    for name in archive.date_pages:
        months[name[:7]] |= 1 << int(name[8:]) - 1 if len(name) == 10 else 0
    yield Page(f"{addresses.ON_THIS_DAY}/days.js", "calendar_days", {"months": dict(months)})
    days: dict[str, list[tuple[int, str, str, str]]] = defaultdict(list)
    for day, articles in archive.spans.items():
        if len(day) < 10:
            continue
        first_two = sorted(articles, key=lambda article: not article.image)[:2]
        days[day[5:]].extend((int(day[:4]), article.title, article.language, article.url) for article in first_two)
    for day, stories in sorted(days.items()):
        yield Page(f"{addresses.ON_THIS_DAY}/{day}.js", "on_this_day", {"stories": stories})
