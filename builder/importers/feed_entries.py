"""An entry of a feed, whatever its form, in one set of terms."""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from builder.base.urls import slugify
from builder.importers.addresses import join
from builder.importers.copy_marks import split_names
from builder.importers.feed_documents import XML_BASE
from builder.importers.html_repairs import outer_html, parse_fragment, text_of
from builder.importers.story import unique

MARKED_UP = re.compile(r"</?[a-zA-Z][^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);")
"""What plain text does not hold: tags, and references to characters."""
_MAIL_NAME = re.compile(r"^\S+@\S+\s*\((.+)\)$")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_JSON_KEYS = frozenset(
    "id url external_url title content_html content_text summary date_published date_modified authors author tags language image "
    "banner_image attachments".split()
)


@dataclass(slots=True)
class SourceEntry:
    """An entry in the terms that the three forms share. Texts are plain, `html` and `summary_html` are HTML."""

    id: str = ""
    url: str = ""
    original: str = ""
    title: str = ""
    html: str = ""
    summary_html: str = ""
    base: str = ""
    """The address that relative ones in `html` count from, where the source states it (XML Base)."""
    published: str = ""
    updated: str = ""
    language: str = ""
    rights: str = ""
    authors: list[str] = field(default_factory=list)
    origins: list[str] = field(default_factory=list)
    """Who is named as the source: an agency or an outlet."""
    source_authors: list[str] = field(default_factory=list)
    """The authors of the feed from which it was taken, who are its own where it names none (RFC 4287, 4.2.1)."""
    categories: list[str] = field(default_factory=list)
    pictures: list[dict[str, str]] = field(default_factory=list)
    enclosures: list[str] = field(default_factory=list)
    contributors: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    """What categories are called by programs, where that says something else than what they are called by people."""
    others: list[tuple[str, str, str]] = field(default_factory=list)
    """What further elements say: the field that has its value from the first one, the element's name, the text."""
    dropped: list[str] = field(default_factory=list)


def plain_text(text: str) -> str:
    """Return the text of what may be HTML."""
    if not MARKED_UP.search(text):
        return text
    return text_of(parse_fragment(text))


def _names(text: str) -> list[str]:
    match = _MAIL_NAME.match(text)
    name = match[1] if match else text
    return [] if re.fullmatch(r"\S+@\S+", name) else [name] if "," in name else split_names(name)


def entry_of_xml(element: etree._Element, base: str = "", feed: str = "") -> SourceEntry:
    """Return the entry in an RSS `item` or an Atom `entry`.

    `base` is what the feed says its addresses count from ("" where it does not; XML Base), `feed` the feed's own address.
    """
    if base or any(item.get(XML_BASE) is not None for item in element.iter(etree.Element)):
        _resolve_addresses(element, base or feed)
    entry = SourceEntry(language=element.get(_XML_LANG, ""))
    for item in element.iterchildren(etree.Element):
        space, name = etree.QName(item).namespace or "", etree.QName(item).localname
        if "mrss" in space:
            _add_media(entry, item)
        elif name == "encoded" or (name == "content" and "mrss" not in space):
            if not entry.html:
                entry.html, entry.base = _content(item), item.get(XML_BASE, "")
        elif name == "source":
            _add_source(entry, item)
        elif name == "link":
            _add_link(entry, item)
        elif name == "author" and len(item):
            entry.authors += filter(None, [_person(item)])
        elif name == "contributor":
            entry.contributors += filter(None, [_person(item) if len(item) else text_of(item)])
        else:
            _add_text(entry, item, name)
    entry.authors, entry.origins = unique(entry.authors or entry.source_authors), unique(entry.origins)
    return entry


def _resolve_addresses(element: etree._Element, base: str) -> None:
    """Make the addresses in an entry's XML absolute, and note at each element what those in its text count from."""
    todo = [(element, base)]
    while todo:
        item, outer = todo.pop()
        here = join(outer, item.get(XML_BASE, ""))
        item.set(XML_BASE, here)
        for name in ("href", "src", "url"):
            value = item.get(name)
            if value and not value.startswith("#"):
                item.set(name, join(here, value))
        if etree.QName(item).localname == "link" and item.get("href") is None and (item.text or "").strip():
            item.text = join(here, item.text or "")
        todo += [(child, here) for child in item.iterchildren(etree.Element)]


def _person(item: etree._Element) -> str:
    """Return the name in Atom's element for a person, or ""."""
    return next((text_of(child) for child in item.iterchildren(etree.Element) if etree.QName(child).localname == "name"), "")


def _add_text(entry: SourceEntry, item: etree._Element, name: str) -> None:
    value = "".join(item.itertext()).strip()
    if name == "title":
        title = " ".join(plain_text(_content(item)).split())
        if entry.title:
            entry.others.append(("title", name, title))
        entry.title = entry.title or title
    elif name in {"description", "summary", "subtitle"}:
        if entry.summary_html:
            entry.others.append(("summary", name, " ".join(plain_text(_content(item)).split())))
        entry.summary_html = entry.summary_html or _content(item)
        entry.base = entry.base or item.get(XML_BASE, "")
    elif name in {"pubDate", "published", "issued", "created"} or (name == "date" and not entry.published):
        entry.published = value
    elif name in {"updated", "modified"}:
        entry.updated = value
    elif name in {"guid", "id", "identifier"}:
        entry.id = entry.id or value
        if name == "guid" and item.get("isPermaLink", "true") != "false" and value.startswith("http"):
            entry.url = entry.url or value
    elif name in {"creator", "author"}:
        entry.authors += _names(value)
    elif name in {"category", "subject"}:
        text = item.get("label") or item.get("term") or value
        entry.categories += [text.strip()] if text.strip() else []
        term = (item.get("term") or "").strip()
        if term and slugify(term) != slugify(text):
            entry.terms.append(f"{text.strip()}: {term}")
        entry.dropped += [f"category {word}" for word in ("scheme", "domain") if item.get(word)]
    elif name == "language":
        entry.language = value
    elif name in {"rights", "copyright"}:
        entry.rights = plain_text(_content(item))
    elif name == "enclosure" and item.get("url"):
        if item.get("type", "").startswith("image/"):
            entry.pictures.append({"src": item.get("url")})
        else:
            entry.enclosures.append(item.get("url"))
    elif value:
        entry.dropped.append(name)


def _content(item: etree._Element) -> str:
    """Return the HTML (or plain text) of a text construct (RFC 4287, 3.1)."""
    kind = item.get("type", "")
    if kind == "xhtml" and len(item):
        inner = item[0]
        for part in inner.iter(etree.Element):
            part.tag = etree.QName(part).localname
            part.attrib.pop(XML_BASE, None)  # what it says is done
        etree.cleanup_namespaces(inner)
        return (inner.text or "") + "".join(outer_html(child) for child in inner)
    text = "".join(item.itertext()).strip()
    return entities.escape(text, quote=False) if kind == "text" and MARKED_UP.search(text) else text


def _add_link(entry: SourceEntry, item: etree._Element) -> None:
    address, rel = (item.get("href") or "".join(item.itertext())).strip(), item.get("rel", "alternate")
    if rel == "alternate":
        entry.url = entry.url if entry.url and item.get("href") is None else address
    elif rel == "via":
        entry.original = address
    elif rel == "enclosure":
        if item.get("type", "").startswith("image/"):
            entry.pictures.append({"src": address})
        else:
            entry.enclosures.append(address)


def _add_source(entry: SourceEntry, item: etree._Element) -> None:
    """Take RSS's and Dublin Core's `source`, and Atom's: the feed from which an entry was taken."""
    titles = [text_of(child) for child in item if etree.QName(child).localname == "title"]
    entry.source_authors += [name for child in item if etree.QName(child).localname == "author" and (name := _person(child))]
    value = titles[0] if titles else "" if len(item) else text_of(item)
    if value.startswith(("http://", "https://")):
        entry.original = value
    elif value:
        entry.origins.append(value)


def _add_media(entry: SourceEntry, item: etree._Element) -> None:
    """Take Media RSS: a picture with its words, which may stand in it, in its group, or beside it in the entry."""
    name = etree.QName(item).localname
    if name in {"group", "content"}:
        contents = [item] if name == "content" else [child for child in item if etree.QName(child).localname == "content"]
        for content in contents[:1] if name == "group" else contents:
            address, kind = content.get("url", ""), f"{content.get('medium', '')} {content.get('type', '')}"
            if not address:
                continue
            if re.search("video|audio", kind):
                entry.enclosures.append(address)
            else:
                entry.pictures.append({"src": address, **_media_words(item), **_media_words(content)})
    elif name == "thumbnail" and item.get("url") and not entry.pictures:
        entry.pictures.append({"src": item.get("url")})
    elif name in {"credit", "description"} and entry.pictures:
        entry.pictures[-1].setdefault("credit" if name == "credit" else "caption", plain_text(text_of(item)))


def _media_words(item: etree._Element) -> dict[str, str]:
    words = {"description": "caption", "credit": "credit", "title": "alt"}
    result: dict[str, str] = {}
    for child in item.iterchildren(etree.Element):
        name = etree.QName(child).localname
        if name in words and text_of(child):
            result.setdefault(words[name], plain_text(text_of(child)))
    return result


def entry_of_json(item: dict[str, Any]) -> SourceEntry:
    """Return the entry in an item of a JSON Feed."""

    def text(key: str) -> str:
        return str(item[key]) if isinstance(item.get(key), str | int) else ""

    people = item["authors"] if isinstance(item.get("authors"), list) else [item.get("author")]
    entry = SourceEntry(
        id=text("id"), url=text("url"), original=text("external_url"), title=text("title"), html=text("content_html"),
        summary_html=entities.escape(text("summary"), quote=False), published=text("date_published"), updated=text("date_modified"),
        language=text("language"),
    )  # fmt: skip
    if not entry.html and text("content_text"):
        entry.html = "".join(
            f"<p>{entities.escape(part)}</p>" for part in re.split(r"\n\s*\n", text("content_text")) if part.strip()
        )
    entry.authors = [str(person["name"]) for person in people if isinstance(person, dict) and person.get("name")]
    entry.categories = [tag for tag in _list(item.get("tags")) if isinstance(tag, str)]
    if text("image") or text("banner_image"):
        entry.pictures.append({"src": text("image") or text("banner_image")})
    for attachment in _list(item.get("attachments")):
        if isinstance(attachment, dict) and isinstance(attachment.get("url"), str):
            if str(attachment.get("mime_type", "")).startswith("image/"):
                entry.pictures.append({"src": attachment["url"], "caption": str(attachment.get("title") or "")})
            else:
                entry.enclosures.append(attachment["url"])
    entry.dropped += [key for key in item if key not in _JSON_KEYS]
    return entry


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
