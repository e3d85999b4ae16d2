"""What machines read in a page's head: title, description, robots, OpenGraph; the JSON-LD comes from json_ld."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from builder.archive.addresses import ABOUT, SITE_PAGES, UNDATED_PAGE
from builder.articles.model import Article, ArticleSummary
from builder.base.dates import to_rfc3339
from builder.base.locales import Localization
from builder.base.urls import absolute
from builder.config.site import Site
from builder.formats import json_ld
from builder.plan.model import Page

_SITE_PAGES = {page.path: page for page in SITE_PAGES}


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
    is_hidden = _hides(site.sources, article.source) or any(_hides(site.agencies, agency) for agency in article.agency)
    elsewhere = any(_is_canonical_elsewhere(organisations, name) for organisations, name in _origins(article, site))
    memento = (("original", article.original_url), ("memento", article.archived_url)) if article.archived_url else ()
    return Head(
        summary.title,
        summary.summary,
        (elsewhere and article.original_url) or url,
        "noindex" if is_hidden or (elsewhere and not article.original_url) else "",
        tuple(_open_graph(article, summary, url, site)),
        json_ld.to_script(json_ld.describe_article(article, summary, url, site)),
        tuple((relation, address) for relation, address in memento if address),
    )


def _origins(article: Article, site: Site) -> Iterator[tuple[dict[str, Any], str]]:
    yield site.sources, article.source
    for agency in article.agency:
        yield site.agencies, agency


def _is_canonical_elsewhere(organisations: dict[str, Any], name: str) -> bool:
    return name in organisations and organisations[name].canonical == "original"


def _hides(organisations: dict[str, Any], name: str) -> bool:
    return name in organisations and not organisations[name].index


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


def page_head(page: Page, site: Site, localization: Localization) -> Head:
    """Return the head of any page that is not an article's."""
    title, description = _title_and_description(page, site, localization)
    url = absolute(site.url, page.path)
    full_title = f"{title} - {site.title}" if title else site.title
    meta = (("og:type", "website"), ("og:site_name", site.title), ("og:title", title or site.title), ("og:url", url))
    is_indexed = page.renderer != "redirect.html" and (page.path not in _SITE_PAGES or _SITE_PAGES[page.path].is_indexed)
    robots = "" if is_indexed else "noindex"
    if page.renderer == "redirect.html":
        return Head(full_title, "", absolute(site.url, page.context["target"]), robots)
    if page.renderer == "home.html":
        return Head(site.title, description, url, "", meta, json_ld.to_script(json_ld.describe_site(site)))
    organisations = {"agencies": site.agencies, "sources": site.sources}.get(page.path.partition("/")[0], {})
    if "term" in page.context and _hides(organisations, page.context["term"].name):
        robots = "noindex"
    return Head(
        full_title,
        description,
        url,
        robots,
        meta,
        json_ld.to_script(json_ld.describe_listing(page, title, site, localization)) if not robots else "",
    )


def _title_and_description(page: Page, site: Site, localization: Localization) -> tuple[str, str]:
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
        case "about.html" | "page.html" if context["source"] is not None:
            summary = context["source"].article
            return summary.title or _(ABOUT.title), summary.summary
        case "undated.html":
            return _(UNDATED_PAGE.title), ""
        case _unnamed:
            return _(_SITE_PAGES[page.path].title) if page.path in _SITE_PAGES else "", ""
