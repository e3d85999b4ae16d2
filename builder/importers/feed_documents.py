"""Feed documents (RSS, Atom, JSON Feed) cut into their entries, without one broken entry costing the others."""

from __future__ import annotations

import html as entities
import json
import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from builder.articles.frontmatter import CONTROL
from builder.importers.addresses import join
from builder.importers.story import sha256_of

ATOM = "http://www.w3.org/2005/Atom"
SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/", "content": "http://purl.org/rss/1.0/modules/content/",
    "media": "http://search.yahoo.com/mrss/", "atom": ATOM, "fh": "http://purl.org/syndication/history/1.0",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "slash": "http://purl.org/rss/1.0/modules/slash/", "wfw": "http://wellformedweb.org/CommentAPI/",
}  # fmt: skip
"""What feeds mean by these prefixes where they forget to say so."""
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_TOKEN = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<(/?)((?:[\w-]+:)?(?:item|entry))(?=[\s>/])[^>]*>", re.DOTALL)
_NAMESPACE_DECLARATION = re.compile(r"""\bxmlns(?::([\w-]+))?\s*=\s*["']([^"']*)["']""")
_PREFIX = re.compile(r"</?([A-Za-z][\w-]*):|\s([A-Za-z][\w-]*):[\w-]+\s*=")
_ROOT = re.compile(r"<(?!\?|!)[^>]*>")
_ENTITY = re.compile(r"&(\w+);")
_BARE = re.compile(r"&(?!#\d+;|#x[0-9a-fA-F]+;|\w+;)")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_ID = re.compile(r"<(?:[\w-]+:)?(?:guid|id)\b[^>]*>\s*(?:<!\[CDATA\[)?\s*([^<\]]+?)\s*(?:\]\]>)?\s*</")
_REVISION = re.compile(r"<(?:[\w-]+:)?(?:updated|modified)\b[^>]*>([^<]+)<")


class FeedError(ValueError):
    """A document that is not read at all."""


@dataclass(slots=True)
class FeedEntry:
    """An entry as its bytes, where it begins, its id and its `updated` (which may be ""); or what is wrong with it, and where."""

    line: int
    data: bytes = b""
    id: str = ""
    fault: str = ""
    column: int = 1
    updated: str = ""


@dataclass(slots=True)
class FeedDocument:
    """A feed's own facts and its entries. `links` has the addresses of its relations (self, prev-archive, next …).

    Among `facts`: `base` is the address that relative ones count from, where the feed states it (XML Base), `authors` are
    those of the entries that name none (RFC 4287, 4.2.1; JSON Feed 1.1), `is_own` says that Morgue wrote the feed: its author
    is the publisher then.
    """

    form: str
    facts: dict[str, Any] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    updated: str = ""
    entries: list[FeedEntry] = field(default_factory=list)


def take_apart(text: str) -> FeedDocument:
    """Return the feed in `text`. Raises FeedError for what is refused as a whole: declared entities, no feed."""
    return _json_document(text) if text.lstrip().startswith("{") else _xml_document(text)


def parse_entry(data: bytes) -> etree._Element:
    """Return the element of an entry cut by `take_apart`. Raises XMLSyntaxError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, strip_cdata=True)
    root = etree.fromstring(data, parser)
    return next(root.iterchildren(etree.Element))


def _xml_document(text: str) -> FeedDocument:
    text = CONTROL.sub("", text)
    declaration = re.search(r"<!ENTITY\b", _CDATA.sub("", text[:200_000]), re.IGNORECASE)
    if declaration:
        raise FeedError("declares entities (the stuff of XML bombs and of files read from this machine), which no feed needs")
    root = _ROOT.search(
        re.sub(r"<!--.*?-->|<!DOCTYPE[^>]*>|<\?.*?\?>", lambda match: " " * len(match[0]), text[:20_000], flags=re.DOTALL)
    )
    spaces = {prefix or "": space for prefix, space in _NAMESPACE_DECLARATION.findall(root[0])} if root else {}
    document = FeedDocument("xml")
    start, first, name = -1, len(text), ""
    for match in _TOKEN.finditer(text):
        if match[2] is None:
            continue
        if match[1]:
            if start >= 0 and match[2] == name:
                document.entries.append(_entry(text, start, match.end(), spaces))
                start = -1
        elif match[0].endswith("/>"):
            continue
        else:
            if start >= 0:
                document.entries.append(
                    _fault_entry(text, start, match.start(), "is not closed before the next one, which begins here")
                )
            start, name = match.start(), match[2]
            first = min(first, start)
    if start >= 0:
        document.entries.append(_fault_entry(text, start, len(text), "breaks off here, where the file ends"))
    elif not re.search(r"</(?:[\w-]+:)?(?:rss|feed|RDF)\s*>\s*(?:<!--.*-->\s*)?\Z", text, re.IGNORECASE | re.DOTALL):
        document.facts["truncated"] = position_of(text, len(text))
    _read_head(document, text[:first])
    return document


def position_of(text: str, offset: int) -> tuple[int, int]:
    """Return line and column of `offset` in `text`, from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _fault_entry(text: str, start: int, at: int, fault: str) -> FeedEntry:
    line, column = position_of(text, at)
    return FeedEntry(line, fault=f"the entry that begins on line {text.count(chr(10), 0, start) + 1} {fault}", column=column)


def _entry(text: str, start: int, end: int, spaces: dict[str, str]) -> FeedEntry:
    """Return the entry at `text[start:end]` as a document of its own, with the namespaces that it needs."""
    source = "".join(part if part.startswith("<![CDATA[") else _mend(part) for part in _CDATA.split(text[start:end]))
    prefixes = {one or other for one, other in _PREFIX.findall(_CDATA.sub("", source))} - {"xml", "xmlns"}
    namespaces = {prefix: spaces.get(prefix) or SPACES.get(prefix) or f"urn:undeclared:{prefix}" for prefix in sorted(prefixes)}
    if spaces.get(""):
        namespaces[""] = spaces[""]
    names = "".join(f' xmlns{":" if prefix else ""}{prefix}="{space}"' for prefix, space in sorted(namespaces.items()))
    match = _ID.search(source)
    data = f"<entry-of-feed{names}>{source}</entry-of-feed>".encode()
    line, column = position_of(text, start)
    updated = _REVISION.search(source)
    return FeedEntry(
        line, data, entities.unescape(match[1]) if match else "", column=column, updated=updated[1].strip() if updated else ""
    )


def _mend(text: str) -> str:
    """Return XML text with HTML's names of characters as characters, and ampersands that stand alone escaped."""
    text = _BARE.sub("&amp;", text)
    return _ENTITY.sub(lambda match: match[0] if match[1] in _XML_ENTITIES else _character(match), text)


def _character(match: re.Match[str]) -> str:
    character = entities.unescape(match[0])
    return character if character != match[0] else f"&amp;{match[1]};"


def _read_head(document: FeedDocument, head: str) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", head).strip().encode(), parser)
    except etree.XMLSyntaxError:
        return
    if root is None:
        return
    channel = next((item for item in root.iter() if isinstance(item.tag, str) and etree.QName(item).localname == "channel"), root)
    for item in channel.iterchildren(etree.Element):
        name, value = etree.QName(item).localname, " ".join("".join(item.itertext()).split())
        if name == "link":
            if item.get("href"):
                document.links.setdefault(item.get("rel", "alternate"), item.get("href"))
            elif value:
                document.links.setdefault("alternate", value)
        elif name in {"title", "language", "rights", "copyright"} and value:
            document.facts.setdefault("rights" if name == "copyright" else name, value)
        elif name in {"updated", "lastBuildDate", "pubDate"} and value:
            document.updated = document.updated or value
        elif name == "author" and value:
            names = [child for child in item if etree.QName(child).localname == "name"]
            document.facts.setdefault("author", (names[0].text or "").strip() if names else value)
            if names and etree.QName(item).namespace == ATOM:
                document.facts.setdefault("authors", []).append(" ".join((names[0].text or "").split()))
        elif name == "generator" and value.startswith("Morgue"):
            document.facts["is_own"] = True
    bases = [item.get(XML_BASE) for item in dict.fromkeys((root, channel)) if item.get(XML_BASE) is not None]
    if bases:
        base = document.links.get("self") or document.links.get("alternate", "")
        for step in bases:
            base = join(base, step)
        document.facts["base"] = base
    language = root.get("{http://www.w3.org/XML/1998/namespace}lang")
    if language:
        document.facts.setdefault("language", language)


def _json_document(text: str) -> FeedDocument:
    document = FeedDocument("json")
    begins = re.search(r'"items"\s*:\s*\[', text)
    if begins is None:
        raise FeedError("is a JSON Feed without a list of items")
    decoder = json.JSONDecoder()
    at = begins.end()
    end = len(text)
    while True:
        at = _skip(text, at)
        if at >= end or text[at] == "]":
            break
        try:
            item, after = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            fault_offset = error.pos if isinstance(error, json.JSONDecodeError) else at
            document.entries.append(_fault_entry(text, at, fault_offset, "breaks off here, and no entry after it can be told"))
            break
        line = text.count("\n", 0, at) + 1
        if isinstance(item, dict):
            data = json.dumps(item, ensure_ascii=False).encode(errors="replace")
            document.entries.append(FeedEntry(line, data, str(item.get("id") or ""), updated=str(item.get("date_modified") or "")))
        else:
            document.entries.append(FeedEntry(line, fault="is no JSON object"))
        at = after
    top = _json_top(text, begins.start(), at)
    document.facts = {key: str(top[key]) for key in ("title", "language") if isinstance(top.get(key), str)}
    people = top["authors"] if isinstance(top.get("authors"), list) else [top.get("author")]
    authors = [person["name"] for person in people if isinstance(person, dict) and isinstance(person.get("name"), str)]
    if authors:
        document.facts |= {"author": authors[0], "authors": authors}
    if any(entry.id.startswith("tag:morgue,") for entry in document.entries):
        document.facts["is_own"] = True
    document.links = {
        rel: str(top[key])
        for rel, key in (("self", "feed_url"), ("alternate", "home_page_url"), ("next", "next_url"))
        if top.get(key)
    }
    return document


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at


def _json_top(text: str, begins: int, ends: int) -> dict[str, Any]:
    """Return the feed's own keys: those around its items."""
    for whole in (f'{text[:begins]}"items": []{text[ends + 1 :]}', f'{text[:begins]}"items": []}}'):
        try:
            top = json.loads(whole)
        except (ValueError, RecursionError):
            continue
        if isinstance(top, dict):
            return top
    return {}


def digest_of(entry: FeedEntry) -> str:
    """Return what names an entry: its id, else the digest of its bytes."""
    return entry.id or sha256_of(entry.data)
