"""The sitemap: every page that search engines may list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from itertools import chain

from builder.archive import listings
from builder.archive.addresses import DATA, SITE_PAGES, SITEMAP, UNDATED_PAGE
from builder.archive.collection import Archive
from builder.base import files
from builder.base.urls import page_of
from builder.config.site import Site
from builder.plan.model import Page, PlanPart
from builder.plan.site_pages import whole_fingerprint
from builder.plan.term_pages import TermViews, kinds

SITEMAP_ENTRIES = 50_000


def plan_sitemap(archive: Archive, site: Site, terms: TermViews) -> PlanPart:
    """Return the sitemap, which follows the whole archive."""
    own = [(page.summary.url, page.summary.updated) for page in archive.own_pages]
    months_of_watches = [listings.month_pages(watch) for watch in archive.watches]  # what they find may change and count the same
    fingerprint = files.digest(whole_fingerprint(archive, terms), repr((own, months_of_watches, site.undated, site.data)))
    return PlanPart("sitemap", fingerprint, partial(_pages, archive, site, terms))


def _pages(archive: Archive, site: Site, terms: TermViews) -> Iterator[Page]:
    """Yield the sitemap: one file, or an index of one for each year's articles and one for the other pages."""
    hidden_sources, hidden_agencies = (
        {term.name for term in terms[kind] if not term.in_sitemap} for kind in ("sources", "agencies")
    )
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for article in (*archive.stories, *archive.undated):
        if article.source not in hidden_sources and hidden_agencies.isdisjoint(article.agency):
            last_change = max(article.date, article.updated, article.corrected)
            groups[article.day[:4] or "undated"].append((article.url, last_change))
    changed_on = {page.summary.url: page.summary.updated for page in archive.own_pages}
    lists = list(_lists(archive, site, terms))
    lists += sorted(changed_on.keys() - set(lists))
    groups["pages"] = [(path, changed_on.get(path, "")) for path in lists]
    if sum(map(len, groups.values())) <= SITEMAP_ENTRIES:
        yield Page(SITEMAP, "sitemap", {"entries": [entry for name in sorted(groups) for entry in groups[name]]})
        return
    paths = []
    for name in sorted(groups):
        for at in range(0, len(groups[name]), SITEMAP_ENTRIES):
            paths.append(f"sitemap-{name}{f'-{at // SITEMAP_ENTRIES + 1}' if at else ''}.xml")
            yield Page(paths[-1], "sitemap", {"entries": groups[name][at : at + SITEMAP_ENTRIES]})
    yield Page(SITEMAP, "sitemap_index", {"paths": paths})


def _lists(archive: Archive, site: Site, terms: TermViews) -> Iterator[str]:
    """Yield every page of the archive that search engines may list, but for the articles and its own words."""
    keeps_undated = site.undated == "keep"
    absent = {*([] if keeps_undated else [UNDATED_PAGE]), *([DATA] if site.data == "none" else [])}
    yield from (page.path for page in SITE_PAGES if page.is_indexed and page not in absent)
    if keeps_undated:
        yield from listings.undated_pages(len(archive.undated))[1:]
    for name in archive.date_pages:
        yield from listings.span_pages(name, len(archive.spans.get(name, ())) if len(name) < 10 else 0)
    for taxonomy, kind_terms in kinds(archive):
        yield page_of(taxonomy.folder)
        for term, view in zip(kind_terms, terms[taxonomy.folder], strict=True):
            if view.is_indexed:
                yield view.path
                yield from chain.from_iterable(listings.month_pages(term).values())
