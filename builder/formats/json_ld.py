"""schema.org's JSON-LD of an article, a listing and the site: https://schema.org/NewsArticle, CollectionPage, WebSite."""

from __future__ import annotations

import json
import re
from typing import Any

from markupsafe import Markup

from builder.archive.addresses import HOME, SEARCH
from builder.archive.taxonomies import TAXONOMIES, WATCHES
from builder.articles.model import Article, ArticleSummary
from builder.base.dates import to_rfc3339
from builder.base.locales import Localization
from builder.base.urls import absolute, page_of
from builder.config.site import Site
from builder.plan.model import Page

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

_TAXONOMY_TITLES = {taxonomy.folder: taxonomy.title for taxonomy in (*TAXONOMIES, WATCHES)}
_SIGN = re.compile("[<>&\u2028\u2029]")


def describe_article(article: Article, summary: ArticleSummary, url: str, site: Site) -> dict[str, Any]:
    """Return the article as schema.org has it: on wire copy the agency wrote it and owns it, and this archive publishes it."""
    agencies = [_organisation(name, site.agencies) for name in article.agency]
    people = [{"@type": "Person", "name": name} for name in article.byline]
    source = _organisation(article.source, site.sources) if article.source else None
    last_change = max(article.updated, summary.corrected)
    schema_type = TYPES.get(article.type.lower(), "NewsArticle")
    pictures = [
        _without_empty(
            {
                "@type": "ImageObject",
                "contentUrl": image.src if image.remote else absolute(site.url, image.src),
                "caption": image.caption,
                "creditText": image.credit,
                "width": _pixels(getattr(image, "width", 0)),
                "height": _pixels(getattr(image, "height", 0)),
            }
        )
        for image in article.images
        if image.src
    ]
    return _without_empty(
        {
            "@context": "https://schema.org",
            "@type": schema_type,
            "@id": url,
            "url": url,
            "mainEntityOfPage": url,
            "headline": article.title,
            "description": summary.summary,
            "inLanguage": article.language,
            "datePublished": to_rfc3339(article.date, site.timezone) if len(article.date) > 10 else article.date,
            "dateModified": to_rfc3339(last_change, site.timezone) if len(last_change) > 10 else last_change,
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
            "dateline": article.dateline if schema_type.endswith("NewsArticle") else "",  # satire and advertising have none
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


def _pixels(number: int) -> dict[str, Any] | None:
    """Return a number of pixels (E37 in UNECE Recommendation 20), None for 0: schema.org takes no bare number for a width."""
    return {"@type": "QuantitativeValue", "value": number, "unitCode": "E37"} if number else None


def describe_listing(page: Page, title: str, site: Site, localization: Localization) -> dict[str, Any]:
    """Return a page of stories called `title` as a CollectionPage, one of the site's own as a WebPage, with the way down to it."""
    own: ArticleSummary | None = page.context["source"].article if page.context.get("source") else None
    last_change = own.updated if own is not None else ""
    return _without_empty(
        {
            "@context": "https://schema.org",
            "@type": "CollectionPage" if own is None else "AboutPage" if page.renderer == "about.html" else "WebPage",
            "@id": absolute(site.url, page.path),
            "name": title,
            "inLanguage": own.language if own is not None else site.language,
            "dateModified": to_rfc3339(last_change, site.timezone) if len(last_change) > 10 else last_change,
            "isPartOf": {"@type": "WebSite", "name": site.title, "url": site.url},
            "breadcrumb": _breadcrumbs(page, title, site, localization),
        }
    )


def describe_site(site: Site) -> dict[str, Any]:
    """Return the site as a WebSite, with the address that searches it."""
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
                "target": {"@type": "EntryPoint", "urlTemplate": f"{site.url}{SEARCH.path}?q={{search_term_string}}"},
                "query-input": "required name=search_term_string",
            },
        }
    )


def to_script(data: dict[str, Any]) -> Markup:
    """Return `data` as JSON that cannot end the script element that holds it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(_SIGN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text))  # noqa: S704


def _breadcrumbs(page: Page, title: str, site: Site, localization: Localization) -> dict[str, Any] | None:
    """Return the way down from the home page as a BreadcrumbList."""
    steps = [(site.title, HOME.path)]
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


def _organisation(name: str, organisations: dict[str, Any]) -> dict[str, Any]:
    about = organisations.get(name)
    return _without_empty({"@type": "NewsMediaOrganization", "name": name, "url": about.url if about else ""})


def _without_empty(data: dict[str, Any]) -> dict[str, Any]:
    """Return `data` without what is empty; a list of one stands for itself."""
    return {
        key: value[0] if isinstance(value, list) and len(value) == 1 else value
        for key, value in data.items()
        if value not in ("", None, [], 0)
    }
