"""What machines read in a page's head: description, OpenGraph, and schema.org JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from builder.archive.addresses import SITE_PAGES, UNDATED
from builder.archive.taxonomies import TAXONOMIES
from builder.articles.model import Article, ArticleSummary
from builder.base.dates import to_rfc3339
from builder.base.locales import Localization
from builder.base.urls import absolute, page_of
from builder.config.site import Site
from builder.plan.pages import Page

TYPES = {
    "analysis": "AnalysisNewsArticle",
    "opinion": "OpinionNewsArticle",
    "editorial": "OpinionNewsArticle",
    "letter": "OpinionNewsArticle",
    "column": "OpinionNewsArticle",
    "explainer": "BackgroundNewsArticle",
    "background": "BackgroundNewsArticle",
    "review": "ReviewNewsArticle",
    "satire": "SatiricalArticle",
    "sponsored": "AdvertiserContentArticle",
}
"""Story types that schema.org has a class for; NewsArticle says no more than is known of the others."""

_TAXONOMY_TITLES = {taxonomy.folder: taxonomy.title for taxonomy in TAXONOMIES}
_SITE_PAGES = {page.path: page for page in SITE_PAGES}
_HARMLESS = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


@dataclass(frozen=True, slots=True)
class Head:
    """What base.html prints in a page's head. `meta` are OpenGraph properties, `jsonld` is safe within a script element."""

    title: str
    description: str
    canonical: str
    robots: str = ""
    meta: tuple[tuple[str, str], ...] = ()
    jsonld: Markup | str = ""
    links: tuple[tuple[str, str], ...] = ()
    """Relations and addresses: where it stood and its copy in a web archive (`original`, `memento`: RFC 7089)."""


def article_head(article: Article, summary: ArticleSummary, site: Site) -> Head:
    """Return the head of an article's page. A withdrawn one has no metadata but its headline, and asks not to be indexed."""
    url = absolute(site.url, summary.url)
    if summary.withdrawn:
        return Head(summary.title, "", url, "noindex", (("og:title", summary.title), ("og:url", url)))
    hidden = _hides(site.sources, article.source) or any(_hides(site.agencies, agency) for agency in article.agency)
    elsewhere = any(_is_canonical_elsewhere(known, name) for known, name in _origins(article, site))
    memento = (("original", article.original_url), ("memento", article.archived_url)) if article.archived_url else ()
    return Head(
        summary.title,
        summary.summary,
        (elsewhere and article.original_url) or url,
        "noindex" if hidden or (elsewhere and not article.original_url) else "",
        tuple(_open_graph(article, summary, url, site)),
        _script(_article(article, summary, url, site)),
        tuple((relation, address) for relation, address in memento if address),
    )


def _origins(article: Article, site: Site) -> Iterator[tuple[dict[str, Any], str]]:
    yield site.sources, article.source
    for agency in article.agency:
        yield site.agencies, agency


def _is_canonical_elsewhere(known: dict[str, Any], name: str) -> bool:
    return name in known and known[name].canonical == "original"


def _hides(known: dict[str, Any], name: str) -> bool:
    return name in known and not known[name].index


def _open_graph(article: Article, summary: ArticleSummary, url: str, site: Site) -> Iterator[tuple[str, str]]:
    yield "og:type", "article"
    yield "og:site_name", site.title
    yield "og:title", summary.title
    yield "og:description", summary.summary
    yield "og:url", url
    if summary.image:
        yield "og:image", summary.image if summary.image.startswith("http") else absolute(site.url, summary.image)
        yield "og:image:alt", summary.image_alt
    if len(article.date) >= 10:  # Open Graph has no month or year alone
        yield "article:published_time", to_rfc3339(article.date, site.timezone)
    if article.updated:
        yield "article:modified_time", to_rfc3339(article.updated, site.timezone)
    if article.section:
        yield "article:section", article.section
    for tag in article.tags:
        yield "article:tag", tag


def _article(article: Article, summary: ArticleSummary, url: str, site: Site) -> dict[str, Any]:
    """Return the article as schema.org has it: on wire copy the agency wrote it and owns it, and this archive publishes it."""
    agencies = [_organisation(name, site.agencies) for name in article.agency]
    people = [{"@type": "Person", "name": name} for name in article.byline]
    source = _organisation(article.source, site.sources) if article.source else None
    changed = max(article.updated, summary.corrected)
    kind = TYPES.get(article.type.lower(), "NewsArticle")
    pictures = [
        _without_empty(
            {
                "@type": "ImageObject",
                "contentUrl": image.src if image.remote else absolute(site.url, image.src),
                "caption": image.caption,
                "creditText": image.credit,
            }
        )
        for image in article.images
        if image.src
    ]
    return _without_empty(
        {
            "@context": "https://schema.org",
            "@type": kind,
            "@id": url,
            "url": url,
            "mainEntityOfPage": url,
            "headline": article.title,
            "description": summary.summary,
            "inLanguage": article.language,
            "datePublished": to_rfc3339(article.date, site.timezone) if len(article.date) > 10 else article.date,
            "dateModified": to_rfc3339(changed, site.timezone) if len(changed) > 10 else changed,
            "author": people or agencies or ([source] if source else []),
            "publisher": {"@type": "Organization", "name": site.publisher or site.title, "url": site.url},
            "sourceOrganization": agencies or source,
            "provider": agencies,
            "copyrightHolder": agencies,
            "creditText": ", ".join(article.agency),
            "copyrightNotice": article.rights,
            "isBasedOn": article.original_url,
            "archivedAt": article.archived_url,
            "articleSection": article.section,
            "keywords": ", ".join(article.tags),
            "dateline": article.dateline if kind.endswith("NewsArticle") else "",  # satire and advertising are no NewsArticle
            "locationCreated": {"@type": "Place", "name": article.dateline} if article.dateline else None,
            "contentLocation": [{"@type": "Place", "name": place} for place in article.places],
            "image": pictures,
            "correction": [
                _without_empty({"@type": "CorrectionComment", "text": correction.text, "datePublished": correction.date})
                for correction in article.corrections
            ],
            "isPartOf": {"@type": "WebSite", "name": site.title, "url": site.url},
        }
    )


def _organisation(name: str, known: dict[str, Any]) -> dict[str, Any]:
    about = known.get(name)
    return _without_empty({"@type": "NewsMediaOrganization", "name": name, "url": about.url if about else ""})


def _without_empty(data: dict[str, Any]) -> dict[str, Any]:
    """Return `data` without what is empty; a list of one stands for itself."""
    return {
        key: value[0] if isinstance(value, list) and len(value) == 1 else value
        for key, value in data.items()
        if value not in ("", None, [])
    }


def page_head(page: Page, site: Site, localization: Localization) -> Head:
    """Return the head of any page that is not an article's."""
    title, description = _named(page, site, localization)
    url = absolute(site.url, page.path)
    shown = f"{title} - {site.title}" if title else site.title
    meta = (("og:type", "website"), ("og:site_name", site.title), ("og:title", title or site.title), ("og:url", url))
    listed = page.renderer != "redirect.html" and (page.path not in _SITE_PAGES or _SITE_PAGES[page.path].indexed)
    robots = "" if listed else "noindex"
    if page.renderer == "redirect.html":
        return Head(shown, "", absolute(site.url, page.context["target"]), robots)
    if page.renderer == "home.html":
        return Head(site.title, description, url, "", meta, _script(_website(site)))
    if "term" in page.context and _hides({**site.agencies, **site.sources}, page.context["term"].name):
        robots = "noindex"
    listing = _without_empty(
        {
            "@context": "https://schema.org",
            "@type": "CollectionPage",
            "@id": url,
            "name": title,
            "inLanguage": site.language,
            "isPartOf": {"@type": "WebSite", "name": site.title, "url": site.url},
            "breadcrumb": _breadcrumbs(page, title, site, localization),
        }
    )
    return Head(shown, description, url, robots, meta, _script(listing) if not robots else "")


def _named(page: Page, site: Site, localization: Localization) -> tuple[str, str]:
    """Return a page's title and description in the site's language."""
    _, context = localization.translations.gettext, page.context
    match page.renderer:
        case "home.html":
            return "", site.description or site.title
        case "year.html":
            return context["year"], ""
        case "month.html":
            return localization.month(context["month"]), ""
        case "span.html":
            return f"{localization.day(context['span'])} ({context['number']})", ""
        case "day.html":
            return localization.day(context["day"]), ""
        case "taxonomy.html":
            return _(context["title"]), ""
        case "term.html":
            return context["term"].name, context["term"].about
        case "term_month.html":
            number = f" ({context['number']})" if context["number"] > 1 else ""
            return f"{context['term'].name}, {localization.month(context['month'])}{number}", ""
        case "undated.html":
            return _(UNDATED.title), ""
        case _unnamed:
            return _(_SITE_PAGES[page.path].title) if page.path in _SITE_PAGES else "", ""


def _website(site: Site) -> dict[str, Any]:
    return _without_empty(
        {
            "@context": "https://schema.org",
            "@type": "WebSite",
            "@id": site.url,
            "url": site.url,
            "name": site.title,
            "description": site.description,
            "inLanguage": site.language,
            "publisher": {"@type": "Organization", "name": site.publisher or site.title, "url": site.url},
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": f"{site.url}search.html?q={{search_term_string}}"},
                "query-input": "required name=search_term_string",
            },
        }
    )


def _breadcrumbs(page: Page, title: str, site: Site, localization: Localization) -> dict[str, Any] | None:
    """Return the way down from the home page as a BreadcrumbList."""
    steps = [(site.title, "index.html")]
    if page.renderer in {"month.html", "day.html", "span.html"}:
        steps += [(localization.month(link.name) if "-" in link.name else link.name, link.path) for link in page.context["up"]]
    elif page.renderer in {"term.html", "term_month.html"}:
        folder = page.path.split("/")[0]
        steps.append((localization.translations.gettext(_TAXONOMY_TITLES[folder]), page_of(folder)))
        if page.renderer == "term_month.html":
            steps.append((page.context["term"].name, page.context["term"].path))
    steps.append((title, page.path))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": name, "item": absolute(site.url, path)}
            for at, (name, path) in enumerate(steps, 1)
        ],
    }


def _script(data: dict[str, Any]) -> Markup:
    """Return `data` as JSON that cannot end the script element that holds it."""
    return Markup(json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_HARMLESS))  # noqa: S704
