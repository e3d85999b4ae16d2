"""The sitemap: every page that search engines may list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from builder.archive.addresses import SITE_PAGES, SITEMAP
from builder.archive.collection import Archive
from builder.archive.taxonomies import TAXONOMIES
from builder.base import files
from builder.base.urls import page_of
from builder.plan.pages import Page, PlanPart
from builder.plan.site_pages import whole_fingerprint
from builder.plan.term_pages import TermViews

SITEMAP_ENTRIES = 50_000


def plan_sitemap(archive: Archive, terms: TermViews) -> PlanPart:
    """Return the sitemap, which follows the whole archive."""
    own = [(page.summary.url, page.summary.updated) for page in archive.own_pages]
    return PlanPart("sitemap", files.digest(whole_fingerprint(archive, terms), repr(own)), partial(_pages, archive, terms))


def _pages(archive: Archive, terms: TermViews) -> Iterator[Page]:
    """Yield the sitemap: one file, or an index of one for each year's articles and one for the other pages."""
    hidden_terms = {term.name for kind in ("agencies", "sources") for term in terms[kind] if not term.in_sitemap}
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for article in (*archive.stories, *archive.undated):
        if not hidden_terms.intersection((article.source, *article.agency)):
            last_change = max(article.date, article.updated, article.corrected)
            groups[article.day[:4] or "undated"].append((article.url, last_change))
    listings = [page.path for page in SITE_PAGES if page.indexed]
    listings += sorted(archive.date_pages.values())
    for taxonomy in TAXONOMIES:
        listings += [page_of(taxonomy.folder), *(term.path for term in terms[taxonomy.folder] if term.indexed)]
    changed_on = {page.summary.url: page.summary.updated for page in archive.own_pages}
    listings += sorted(changed_on.keys() - set(listings))
    groups["pages"] = [(path, changed_on.get(path, "")) for path in listings]
    if sum(map(len, groups.values())) <= SITEMAP_ENTRIES:
        yield Page(SITEMAP, "sitemap", {"entries": [entry for name in sorted(groups) for entry in groups[name]]})
        return
    paths = []
    for name in sorted(groups):
        for at in range(0, len(groups[name]), SITEMAP_ENTRIES):
            paths.append(f"sitemap-{name}{f'-{at // SITEMAP_ENTRIES + 1}' if at else ''}.xml")
            yield Page(paths[-1], "sitemap", {"entries": groups[name][at : at + SITEMAP_ENTRIES]})
    yield Page(SITEMAP, "sitemap_index", {"paths": paths})
