"""OPML 2.0: the list of all feeds, for readers that import such lists."""

from __future__ import annotations

import html as entities
from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from builder.archive.addresses import HOME, RSS
from builder.base.urls import absolute
from builder.config.site import Site
from builder.formats.feeds import strip_illegal_xml


def opml(site: Site, title: str, groups: Iterable[tuple[str, Iterable[tuple[str, str, str]]]]) -> bytes:
    """Return an OPML 2.0 list of the site's feeds: `groups` of (name, rows), a row being (name, feed's path, page's path)."""

    def outline(name: str, feed: str, page: str) -> str:
        text, addresses = quoteattr(strip_illegal_xml(name)), (quoteattr(absolute(site.url, path)) for path in (feed, page))
        return '<outline type="rss" text={0} title={0} xmlUrl={1} htmlUrl={2}/>\n'.format(text, *addresses)

    body = outline(title, RSS, HOME.path)
    for name, rows in groups:
        inside = "".join(outline(*row) for row in rows)
        if inside:
            body += "<outline text={0} title={0}>\n{1}</outline>\n".format(quoteattr(strip_illegal_xml(name)), inside)
    head = f"<head><title>{entities.escape(strip_illegal_xml(title))}</title></head>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n{head}\n<body>\n{body}</body>\n</opml>\n'.encode()
