"""Files by which search engines and browsers find the site: sitemaps (sitemaps.org 0.9), robots.txt, OpenSearch description."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from builder.archive.addresses import OPENSEARCH, SEARCH, SITEMAP, STATIC
from builder.base.dates import to_rfc3339
from builder.base.urls import absolute
from builder.config.site import Site

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemap(entries: Iterable[tuple[str, str]], base: str, timezone: str) -> bytes:
    """Return a sitemap of output paths and the date that each last changed (as kept; "" where there is none).

    At most 50,000 may stand in one; `base` is the site's URL.
    """
    lines = []
    for path, moment in entries:
        date = f"<lastmod>{to_rfc3339(moment, timezone) if len(moment) > 10 else moment}</lastmod>" if moment else ""
        lines.append(f"<url><loc>{escape(absolute(base, path))}</loc>{date}</url>\n")
    return f"{_HEAD}<urlset {_SPACE}>\n{''.join(lines)}</urlset>\n".encode()


def index(paths: Iterable[str], base: str) -> bytes:
    """Return a sitemap index of the sitemaps at `paths`."""
    lines = "".join(f"<sitemap><loc>{escape(absolute(base, path))}</loc></sitemap>\n" for path in paths)
    return f"{_HEAD}<sitemapindex {_SPACE}>\n{lines}</sitemapindex>\n".encode()


def robots(base: str) -> bytes:
    """Return a robots.txt (RFC 9309) that lets everyone in and names the sitemap."""
    return f"User-agent: *\nDisallow:\n\nSitemap: {base}{SITEMAP}\n".encode()


def opensearch(site: Site) -> bytes:
    """Return an OpenSearch 1.1 description, by which a browser takes the archive among its search engines.

    Its ShortName may have 16 letters and its LongName 48.
    """
    values = [
        ("ShortName", site.title[:16]),
        ("LongName", site.title[:48]),
        ("Description", (site.description or site.title)[:1024]),
        ("Language", site.language),
        ("InputEncoding", "UTF-8"),
        ("OutputEncoding", "UTF-8"),
    ]
    lines = "".join(f"<{name}>{escape(value)}</{name}>\n" for name, value in values)
    icon = f'<Image type="image/svg+xml">{escape(absolute(site.url, f"{STATIC}/icon.svg"))}</Image>\n'
    url = f'<Url type="text/html" method="get" template={quoteattr(site.url + SEARCH.path + "?q={searchTerms}")}/>\n'
    own = f'<Url type="application/opensearchdescription+xml" rel="self" template={quoteattr(site.url + OPENSEARCH)}/>\n'
    space = 'xmlns="http://a9.com/-/spec/opensearch/1.1/"'
    return f"{_HEAD}<OpenSearchDescription {space}>\n{lines}{icon}{url}{own}</OpenSearchDescription>\n".encode()
