"""Feeds: RSS 2.0, Atom (RFC 4287, archived by RFC 5005) and JSON Feed 1.1, with their WebSub hub."""

from __future__ import annotations

import html as entities
import json
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from builder.articles import article_html
from builder.articles.model import Article, ArticleSummary
from builder.base.dates import to_datetime, to_rfc822, to_rfc3339
from builder.base.files import digest
from builder.base.picture_types import IMAGE_TYPES
from builder.base.urls import absolute, quote
from builder.config.site import Site

DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
ATOM = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"
MAX_TERM_FEED_CHARS = 1_000_000
"""What one article may add to the feeds of its tags, agencies and other terms together."""
_TITLE = re.compile(rb"<title>[^<]*</title>")
_NEVER = "1970-01-01T00:00:00+00:00"
_URI = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x20"<>\\^`{|}\x7f-\xa0\ud800-\udfff\ufffe\uffff]+""")
"""An absolute URI, in letters of any script (RFC 3987): nothing else may stand as an Atom id."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Channel:
    """One feed's own facts. Paths are output paths; `updated` is that of its newest entry (RFC 3339), never the build's time."""

    title: str
    path: str
    page: str
    description: str
    updated: str
    archive: bool = False
    """Whether it is an RFC 5005 archive document."""
    previous: str = ""
    next: str = ""
    current: str = ""
    language: str = ""
    """Of its entries, where all have one; "" for the site's."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as feeds have it: addresses are absolute, dates RFC 3339."""

    id: str
    url: str
    title: str
    summary: str
    html: str
    published: str
    updated: str
    authors: tuple[str, ...]
    agency: str
    """The agency that it came from, "" for the house's own."""
    agency_feed: str
    """That agency's own feed, where the site knows it."""
    source: str
    rights: str
    language: str
    categories: tuple[str, ...]
    original: str
    image: str
    image_text: str
    image_credit: str


def entry_of(article: Article, summary: ArticleSummary, html: str, links: Mapping[str, str], site: Site) -> Entry:
    """Return the entry of `article`: its picture, its text with every address absolute, its corrections.

    `html` is its postprocessed body, `links` the output paths of the links within the site (see
    builder.articles.article_html). The id depends on the article alone, so that it stays when the site moves.
    """
    dates = [date for date in (article.date, article.updated, summary.corrected) if date]
    lead = next((image for image in article.images if image.src), None)
    image = "" if lead is None else strip_illegal_xml(lead.src) if lead.remote else absolute(site.url, lead.src)
    agency = ", ".join(article.agency)
    page = absolute(site.url, summary.url)
    text = article_html.make_standalone(
        article_html.resolve_links(article_html.with_originals(html), site.url, links), page, f"n{digest(article.id)[:8]}-"
    )
    return Entry(
        id=uri_of(article.id),
        url=page,
        title=strip_illegal_xml(article.title).strip() or summary.url,  # an entry has to have one
        summary=strip_illegal_xml(summary.summary),
        html=strip_illegal_xml(_figure(image, lead) + text + _corrections(article)),
        published=to_rfc3339(article.date, site.timezone),
        updated=to_rfc3339(max(dates, key=lambda date: to_datetime(date, site.timezone)), site.timezone),
        authors=tuple(map(strip_illegal_xml, article.byline or article.agency or ((article.source,) if article.source else ()))),
        agency=strip_illegal_xml(agency),
        agency_feed=next((site.agencies[name].feed for name in article.agency if name in site.agencies), ""),
        source=strip_illegal_xml(article.source),
        rights=strip_illegal_xml(article.rights or agency),
        language=article.language,
        categories=tuple(map(strip_illegal_xml, dict.fromkeys((*article.tags, *filter(None, (article.section,)))))),
        original=strip_illegal_xml(article.original_url),
        image=image,
        image_text=strip_illegal_xml(lead.caption or lead.alt) if lead else "",
        image_credit=strip_illegal_xml(lead.credit) if lead else "",
    )


def uri_of(id_: str) -> str:
    """Return an article's id as a URI, itself where it is one."""
    return id_ if _URI.fullmatch(id_) else f"tag:morgue,2025:{quote(id_)}"


def for_term(entry: Entry, feeds: int) -> Entry:
    """Return `entry` as the feeds of its terms have it, of which there are `feeds`.

    Its whole text, unless all of them together would grow beyond MAX_TERM_FEED_CHARS by it: then its summary and a
    link. 500 tags on an article of 200 kB are 100 MB otherwise.
    """
    if len(entry.html) * feeds <= MAX_TERM_FEED_CHARS:
        return entry
    url, title = entities.escape(entry.url), entities.escape(entry.title, quote=False)
    summary = f"<p>{entities.escape(entry.summary, quote=False)}</p>\n" if entry.summary else ""
    return replace(entry, html=f'{summary}<p><a href="{url}">{title}</a></p>')


def _figure(image: str, lead: Any) -> str:
    if not image:
        return ""
    words = " ".join(filter(None, (lead.caption, lead.credit)))
    caption = f"<figcaption>{entities.escape(words, quote=False)}</figcaption>" if words else ""
    return f'<figure><img src="{entities.escape(image)}" alt="{entities.escape(lead.alt)}">{caption}</figure>\n'


def _corrections(article: Article) -> str:
    return "".join(
        f"\n<p><strong>{entities.escape(correction.date[:10])}</strong> {entities.escape(correction.text, quote=False)}</p>"
        for correction in article.corrections
    )


def strip_illegal_xml(text: str) -> str:
    """Return `text` without what XML 1.0 cannot hold."""
    return _NOT_XML.sub("", text)


class _NewsEntry(BaseEntryExtension):  # type: ignore[misc]
    """What feedgen has no word for: bylines, language, origin and picture of a news story."""

    def __init__(self) -> None:
        self.entry: Entry | None = None

    def extend_ns(self) -> dict[str, str]:
        """Return the namespaces that items use."""
        return {"dc": DC, "media": MEDIA}

    def extend_rss(self, item: Any) -> Any:
        """Add Dublin Core, the wire's own feed as source, and the picture; write the year in four digits, whatever it is."""
        entry = self._required_entry()
        item.find("pubDate").text = to_rfc822(entry.published, "UTC")  # feedgen's strftime writes the year 99 as 99
        for author in entry.authors:
            _add(item, DC, "creator", author)
        _add(item, DC, "language", entry.language)
        _add(item, DC, "rights", entry.rights)
        if entry.agency and entry.agency_feed:
            etree.SubElement(item, "source", url=entry.agency_feed).text = entry.agency
        else:
            _add(item, DC, "source", entry.agency or entry.original)
        self._picture(item)
        return item

    def extend_atom(self, element: Any) -> Any:
        """Add the language, and for wire copy its source: it must not inherit the archive's author and rights."""
        entry = self._required_entry()
        element.set(f"{{{XML}}}lang", entry.language)
        if entry.original:  # feedgen 1.0 drops the rel of an entry's link
            etree.SubElement(element, "link", rel="via", href=entry.original)
        if entry.agency:
            source = etree.SubElement(element, "source")  # feedgen's Atom elements have the namespace by their root's attribute
            etree.SubElement(
                source, "id"
            ).text = f"tag:morgue,2025:agency:{quote(entry.agency)}"  # it names the feed, not the story
            etree.SubElement(source, "title").text = entry.agency
            if entry.agency_feed:
                etree.SubElement(source, "link", rel="self", href=entry.agency_feed)
            etree.SubElement(source, "updated").text = entry.published
            if entry.rights:
                etree.SubElement(source, "rights").text = entry.rights
        self._picture(element)
        return element

    def _picture(self, parent: Any) -> None:
        entry = self._required_entry()
        if entry.image:
            kind = IMAGE_TYPES.get(posixpath.splitext(re.split("[?#]", entry.image)[0])[1].lower())
            media_type = {"type": kind} if kind else {}  # an address without an ending does not say what it gives
            content = etree.SubElement(parent, f"{{{MEDIA}}}content", {"url": entry.image, "medium": "image", **media_type})
            _add(content, MEDIA, "description", entry.image_text)
            _add(content, MEDIA, "credit", entry.image_credit)

    def _required_entry(self) -> Entry:
        if self.entry is None:
            raise ValueError("the extension has no entry")
        return self.entry


class ArchiveFeedExtension(BaseExtension):  # type: ignore[misc]
    """RFC 5005 in RSS: links and the mark of an archive document, which feedgen gives Atom alone."""

    def __init__(self) -> None:
        self.channel: Channel | None = None
        self.base = self.hub = ""

    def extend_ns(self) -> dict[str, str]:
        """Return the namespaces that the feed declares, those of its items too."""
        return {"fh": HISTORY, "dc": DC, "media": MEDIA}

    def extend_rss(self, feed: Any) -> Any:
        """Add the links of the chain, and the hub's."""
        channel = feed[0]
        if self.hub:
            channel.insert(3, etree.Element(f"{{{ATOM}}}link", rel="hub", href=self.hub))
        for rel, path in _chain(self.channel):
            element = etree.Element(f"{{{ATOM}}}link", rel=rel, href=absolute(self.base, path))
            channel.insert(3, element)
        self._mark(channel)
        return feed

    def extend_atom(self, feed: Any) -> Any:
        """Mark an archive document."""
        self._mark(feed)
        return feed

    def _mark(self, parent: Any) -> None:
        if self.channel is not None and self.channel.archive:
            etree.SubElement(parent, f"{{{HISTORY}}}archive")


def _chain(channel: Channel | None) -> list[tuple[str, str]]:
    if channel is None:
        return []
    links = [("prev-archive", channel.previous), ("next-archive", channel.next), ("current", channel.current)]
    return [(rel, path) for rel, path in links if path]


def _hub(site: Site, channel: Channel) -> str:
    """Return the hub that tells of changes of the feed; archive documents have none, as they do not change."""
    return "" if channel.archive else site.hub


def _add(parent: Any, space: str, name: str, text: str) -> None:
    if text:
        etree.SubElement(parent, f"{{{space}}}{name}").text = text


def _generator(site: Site, channel: Channel) -> FeedGenerator:
    """Return feedgen's feed without entries."""
    feed = FeedGenerator()
    feed.id(absolute(site.url, channel.path))
    feed.title(strip_illegal_xml(channel.title))
    feed.description(strip_illegal_xml(channel.description))
    feed.author({"name": strip_illegal_xml(site.publisher or site.title)})
    feed.language(channel.language or site.language)
    feed.generator("Morgue")
    updated = datetime.fromisoformat(channel.updated or _NEVER)  # a text would go through dateutil
    feed.updated(updated)
    feed.lastBuildDate(updated)
    feed.register_extension("history", ArchiveFeedExtension, None, atom=True, rss=True)
    feed.history.channel, feed.history.base, feed.history.hub = channel, site.url, _hub(site, channel)
    return feed


def rss(site: Site, channel: Channel, entries: Sequence[Entry]) -> bytes:
    """Return an RSS 2.0 document with the full text of `entries`."""
    feed = _generator(site, channel)
    feed.link(href=absolute(site.url, channel.path), rel="self")
    feed.link(href=absolute(site.url, channel.page), rel="alternate")  # the last one is the channel's own link
    document: bytes = feed.rss_str()
    build_date = f"<lastBuildDate>{to_rfc822(channel.updated, 'UTC')}</lastBuildDate>" if channel.updated else ""
    document = _TITLE.sub(_title_for_all, re.sub(rb"<lastBuildDate>[^<]*</lastBuildDate>", build_date.encode(), document))
    return document.replace(b"</channel>", b"".join(map(_item, entries)) + b"</channel>") + b"\n"


def atom(site: Site, channel: Channel, entries: Sequence[Entry]) -> bytes:
    """Return an Atom document with the full text of `entries`."""
    feed = _generator(site, channel)
    feed.link(href=absolute(site.url, channel.page), rel="alternate", type="text/html")
    feed.link(href=absolute(site.url, channel.path), rel="self", type="application/atom+xml")
    for rel, path in _chain(channel):
        feed.link(href=absolute(site.url, path), rel=rel)
    if hub := _hub(site, channel):
        feed.link(href=hub, rel="hub")
    document: bytes = feed.atom_str()
    return document.replace(b"</feed>", b"".join(map(_atom_entry, entries)) + b"</feed>") + b"\n"


@lru_cache(maxsize=1024)
def _item(entry: Entry) -> bytes:
    """Return an entry's `item`; the feeds of its topics, agency and section all have the same."""
    item = _serialise_detached(lambda: _feed_entry(entry, rss=True).rss_entry())
    return _TITLE.sub(_title_for_all, item, count=1)


def _title_for_all(match: re.Match[bytes]) -> bytes:
    """Return an RSS title with `&` and `<` as the RSS Board's profile has them (4.1.1.20.4, the W3C validator's advice).

    Readers differ in whether they take a title for text or for HTML, and show these references alike.
    """
    return match[0].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;").replace(b"&gt;", b"&#x3E;")


@lru_cache(maxsize=256)
def _atom_entry(entry: Entry) -> bytes:
    return _serialise_detached(lambda: _feed_entry(entry, rss=False).atom_entry())


def _feed_entry(entry: Entry, rss: bool) -> FeedEntry:
    feed_entry = FeedEntry()
    feed_entry.register_extension("news", _NewsEntry, atom=True, rss=True)
    feed_entry.news.entry = entry
    feed_entry.id(entry.id)
    feed_entry.title(entry.title)
    feed_entry.link(href=entry.url, rel="alternate")
    feed_entry.published(datetime.fromisoformat(entry.published))  # a text would go through dateutil, at three times the cost
    feed_entry.updated(datetime.fromisoformat(entry.updated))
    feed_entry.category([{"term": category} for category in entry.categories])
    feed_entry.content(entry.html, type="CDATA" if rss else "html")
    if rss:
        feed_entry.guid(entry.id, permalink=False)
        feed_entry.description(entities.escape(entry.summary, quote=False), isSummary=True)  # readers take it for HTML
    else:
        feed_entry.summary(entry.summary)
        for author in entry.authors:
            feed_entry.author({"name": author})
        if entry.rights:
            feed_entry.rights(entry.rights)
    return feed_entry


def _serialise_detached(make: Callable[[], Any]) -> bytes:
    """Return an entry's XML as it stands within a feed: with the feed's namespaces, not its own declarations of them."""
    spaces = {"content": CONTENT, "dc": DC, "media": MEDIA}
    parent = etree.Element("feed", nsmap=spaces)
    parent.append(make())
    etree.cleanup_namespaces(parent, top_nsmap=spaces, keep_ns_prefixes=list(spaces))
    text: bytes = etree.tostring(parent, encoding="UTF-8")
    return text[text.index(b">") + 1 : text.rindex(b"</")]


def json_feed(site: Site, channel: Channel, entries: Iterable[Entry]) -> bytes:
    """Return a JSON Feed 1.1 document with the full text of `entries`."""
    items = [
        _without_empty(
            {
                "id": entry.id,
                "url": entry.url,
                "external_url": entry.original,
                "title": entry.title,
                "summary": entry.summary,
                "content_html": entry.html,
                "image": entry.image,
                "date_published": entry.published,
                "date_modified": entry.updated,
                "authors": [{"name": author} for author in entry.authors],
                "tags": list(entry.categories),
                "language": entry.language,
            }
        )
        for entry in entries
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": absolute(site.url, channel.page),
        "feed_url": absolute(site.url, channel.path),
        "description": channel.description,
        "language": channel.language or site.language,
        "authors": [{"name": site.publisher or site.title}],
        **({"hubs": [{"type": "WebSub", "url": site.hub}]} if site.hub else {}),
        "items": items,
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


def _without_empty(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value or key == "content_html"}
