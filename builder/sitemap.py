"""Sitemaps (sitemaps.org 0.9) and robots.txt."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from builder.dates import to_rfc3339
from builder.urls import absolute

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemap(entries: Iterable[tuple[str, str]], base: str, timezone: str) -> bytes:
    """Return a sitemap of output paths and the date that each last changed (as kept; "" where there is none).

    At most 50,000 may stand in one; `base` is the site's URL.
    """
    lines = []
    for path, changed in entries:
        date = f"<lastmod>{to_rfc3339(changed, timezone) if len(changed) > 10 else changed}</lastmod>" if changed else ""
        lines.append(f"<url><loc>{escape(absolute(base, path))}</loc>{date}</url>\n")
    return f"{_HEAD}<urlset {_SPACE}>\n{''.join(lines)}</urlset>\n".encode()


def index(paths: Iterable[str], base: str) -> bytes:
    """Return a sitemap index of the sitemaps at `paths`."""
    lines = "".join(f"<sitemap><loc>{escape(absolute(base, path))}</loc></sitemap>\n" for path in paths)
    return f"{_HEAD}<sitemapindex {_SPACE}>\n{lines}</sitemapindex>\n".encode()


def robots(base: str) -> bytes:
    """Return a robots.txt (RFC 9309) that lets everyone in and names the sitemap."""
    return f"User-agent: *\nDisallow:\n\nSitemap: {base}sitemap.xml\n".encode()
