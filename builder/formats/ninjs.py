"""ninjs 2.1 (IPTC): an article as the JSON that news agencies exchange."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from builder.articles.model import Article, ArticleSummary, Image
from builder.base.dates import to_rfc3339
from builder.base.urls import absolute
from builder.config.site import Site
from builder.formats.feeds import uri_of

STANDARD = {"name": "ninjs", "version": "2.1", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_2.1.json"}
_URI_CHARACTERS = "-._~:/?#[]@!$&'()*+,;="
_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def ninjs_item(article: Article, summary: ArticleSummary, body: str, site: Site) -> dict[str, Any]:
    """Return `article` with its Markdown `body` as a ninjs item; what is empty is left out.

    A date of which only the month or year is known stands on its first day: ninjs knows no others.
    """
    roles = [("agency", name) for name in article.agency] + ([("source", article.source)] if article.source else [])
    subjects = [{"name": tag} for tag in article.tags] + ([{"name": article.section, "rel": "section"}] if article.section else [])
    descriptions = [{"role": "summary", "value": article.summary}] if article.summary else []
    descriptions += [{"role": "correction", "value": correction.text} for correction in article.corrections]
    uri = _ascii(uri_of(summary.id))
    ids = {
        "url": absolute(site.url, summary.url),
        "original": article.original_url,
        "archived": article.archived_url,
        "id": summary.id if summary.id != uri else "",
    }
    item = {
        "standard": STANDARD,
        "uri": uri,
        "type": "text",
        "representationtype": "full",
        "pubstatus": "canceled" if summary.withdrawn else "usable",
        "language": article.language,
        "headlines": [{"value": article.title}],
        "slugline": article.slugline,
        "by": ", ".join(article.byline),
        "people": [{"name": name, "rel": "author"} for name in article.byline],
        "located": article.dateline,
        "contentcreated": _moment(article.date, site),
        "versioncreated": _moment(article.updated or article.date, site),
        "embargoed": _moment(article.embargo, site),
        "expires": _moment(article.expires, site),
        "copyrightnotice": article.rights,
        "descriptions": descriptions,
        "bodies": [{"contenttype": "text/markdown", "value": body}] if body.strip() and not summary.withdrawn else [],
        "infosources": [{"name": name, "role": role} for role, name in roles],
        "subjects": subjects,
        "genres": [{"name": article.type}] if article.type else [],
        "altids": [{"role": role, "value": value} for role, value in ids.items() if value],
        "associations": list(_pictures(article, site)),
    }
    return {name: value for name, value in item.items() if value}


def _pictures(article: Article, site: Site) -> Iterator[dict[str, Any]]:
    for number, image in enumerate((image for image in article.images if image.src), start=1):
        address = _address(image, site)
        texts = [{"role": role, "value": value} for role, value in (("caption", image.caption), ("alt", image.alt)) if value]
        picture = {
            "name": f"picture {number}",
            "uri": address,
            "type": "picture",
            "descriptions": texts,
            "by": image.credit,
            "renditions": [{"name": "original", "href": address}],
        }
        yield {name: value for name, value in picture.items() if value}


def _address(image: Image, site: Site) -> str:
    return _ascii(image.src if image.remote else absolute(site.url, image.src))


def _ascii(uri: str) -> str:
    """Return an address as a URI: what RFC 3986 has no place for percent-encoded, what is encoded left as it is."""
    return quote(uri, safe="%" + _URI_CHARACTERS) if _STRAY_PERCENT.search(uri) is None else quote(uri, safe=_URI_CHARACTERS)


def _moment(date: str, site: Site) -> str:
    return to_rfc3339(date, site.timezone) if date else ""
