"""What a page says of itself: JSON-LD, then microdata, OpenGraph and `meta`, then what is visible, in this order."""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from builder.importers.addresses import join, split_address
from builder.importers.copy_marks import split_names
from builder.importers.html_repairs import text_of
from builder.importers.rules import Rules
from builder.importers.story import unique

_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review|NewsStory)$")
_LISTING = re.compile(r"^(?:CollectionPage|WebSite|SearchResultsPage|ItemList|ProfilePage|ContactPage|AboutPage|CheckoutPage)$")
_TYPES = {"OpinionNewsArticle": "opinion", "AnalysisNewsArticle": "analysis", "ReviewNewsArticle": "review", "Review": "review",
          "BackgroundNewsArticle": "background", "AdvertiserContentArticle": "sponsored", "SatiricalArticle": "satire",
          "LiveBlogPosting": "live"}  # fmt: skip
_META: dict[str, str] = {
    "title": "og:title twitter:title dc.title dcterms.title citation_title parsely-title sailthru.title headline",
    "date": "article:published_time article:published datepublished parsely-pub-date sailthru.date citation_publication_date "
    "citation_date dc.date.issued dc.date dcterms.created dcterms.date pubdate publishdate publish-date publish_date "
    "publication_date og:published_time date article.published cxenseparse:recs:publishtime bt:pubdate",
    "updated": "article:modified_time og:updated_time datemodified lastmod last-modified dcterms.modified dc.date.modified",
    "byline": "author article:author parsely-author sailthru.author dc.creator dcterms.creator citation_author byl",
    "section": "article:section parsely-section section og:section",
    "source": "og:site_name dc.publisher dcterms.publisher publisher application-name",
    "summary": "og:description description twitter:description dc.description dcterms.description",
    "language": "og:locale content-language dc.language dcterms.language language",
    "rights": "dc.rights dcterms.rights dcterms.rightsholder copyright rights",
}
"""Names of `meta` elements by the archive's fields, the most telling first."""
_TAGS = ("article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "dc.subject", "keywords")
_JSON_LD = {
    "date": "datePublished", "updated": "dateModified", "summary": "description", "dateline": "dateline",
    "language": "inLanguage", "rights": "copyrightNotice", "archived_url": "archivedAt",
}  # fmt: skip
_ITEMPROPS = {
    "title": "headline", "date": "datePublished", "updated": "dateModified", "byline": "author", "section": "articleSection",
    "tags": "keywords", "language": "inLanguage",
}  # fmt: skip
_NO_NAME = re.compile(
    r"^(?:https?://|@|admin$|administrator$|editor$|staff$|webmaster$|wordpress$|unknown$|none$|null$)|[{}<>]", re.IGNORECASE
)


_ROLES = ("author", "creator", "publisher", "provider", "sourceOrganization", "copyrightHolder")


class Metadata:
    """What was found, by the archive's fields: texts and lists of texts, each from the most telling place that has it."""

    def __init__(self, root: etree._Element, url: str) -> None:
        self.values: dict[str, Any] = {}
        self.images: list[dict[str, str]] = []
        """Pictures of JSON-LD and OpenGraph: `src`, `alt`, `caption`, `credit`."""
        self.says_article = False
        self.says_listing = False
        self.agency_names: list[str] = []
        """Organisations that are said to have supplied the story."""
        self._root, self._url = root, url
        self._metas = _metas(root)
        for node in _json_ld(root):
            self._take_json_ld(node)
        self._take_microdata()
        self._take_metas()
        self._take_links()

    def give(self, word: str, value: Any) -> None:
        """Take a value for a word that has none."""
        value = " ".join(value.split()) if isinstance(value, str) else value
        if word == "original_url" and isinstance(value, str) and "#!" not in value:
            value = value.partition("#")[0]
        if word == "source" and isinstance(value, str) and value.startswith(("http://", "https://")):
            return  # an address is no name
        if value and not self.values.get(word):
            self.values[word] = value

    def _take_json_ld(self, node: dict[str, Any]) -> None:
        kinds = _texts(node.get("@type"))
        self.says_listing = self.says_listing or any(map(_LISTING.match, kinds))
        if not any(map(_ARTICLE.search, kinds)) or self.says_article:
            return
        self.says_article = True
        self.give("title", _text(node.get("headline")) or _text(node.get("name")))
        for word, key in _JSON_LD.items():
            self.give(word, _text(node.get(key)))
        self.give("section", next(iter(_texts(node.get("articleSection"))), ""))
        self.give("tags", unique(tag for text in _texts(node.get("keywords")) for tag in _keywords(text)))
        self.give("byline", unique(name for name in _names(node.get("author")) if not _NO_NAME.search(name)))
        suppliers = [*_names(node.get("sourceOrganization")), *_names(node.get("provider")), *_names(node.get("copyrightHolder"))]
        self.agency_names = unique([*suppliers, *_texts(node.get("creditText"))])
        self.give("source", next(iter(_names(node.get("publisher"))), ""))
        self.give("type", next((_TYPES[kind] for kind in kinds if kind in _TYPES), ""))
        for original in (node.get("isBasedOn"), node.get("mainEntityOfPage"), node.get("url")):
            address = _text(original.get("@id") or original.get("url") if isinstance(original, dict) else original)
            if address.startswith("http"):
                self.give("original_url", address)
        for correction in _as_list(node.get("correction")):
            if isinstance(correction, dict) and _text(correction.get("text")):
                entry = {"date": _text(correction.get("datePublished")), "text": _text(correction.get("text"))}
                self.values.setdefault("corrections", []).append({key: value for key, value in entry.items() if value})
        for image in _as_list(node.get("image")):
            self._add_image(image)

    def _add_image(self, image: Any) -> None:
        if isinstance(image, str):
            image = {"url": image}
        if not isinstance(image, dict):
            return
        src = _text(image.get("contentUrl")) or _text(image.get("url"))
        if src:
            credit = (
                _text(image.get("creditText")) or ", ".join(_names(image.get("creator"))) or _text(image.get("copyrightNotice"))
            )
            self.images.append({"src": join(self._url, src), "caption": _text(image.get("caption")), "credit": credit})

    def _take_microdata(self) -> None:
        items = self._root.xpath("//*[@itemprop]")
        if not items:
            return
        kinds = self._root.xpath("//@itemtype")
        self.says_article = self.says_article or any(_ARTICLE.search(kind) for kind in kinds)
        for word, name in _ITEMPROPS.items():
            matches = [item for item in items if name in item.get("itemprop").split()]
            texts = unique(item.get("content") or item.get("datetime") or text_of(item) for item in matches)
            if word == "byline":
                names = [name for text in texts if len(text) < 80 for name in split_names(_without_by(text))]
                self.give(word, unique(name for name in names if not _NO_NAME.search(name)))
            elif word == "tags":
                self.give(word, unique(tag for text in texts for tag in _keywords(text)))
            elif texts:
                self.give(word, texts[0])

    def _take_metas(self) -> None:
        self.says_article = self.says_article or self._metas.get("og:type", [""])[0].lower() in {"article", "news.article", "blog"}
        for word, names in _META.items():
            for name in names.split():
                texts = self._metas.get(name, [])
                if word == "byline":
                    people = [person for text in texts for person in split_names(_without_by(text))]
                    self.give(word, unique(person for person in people if not _NO_NAME.search(person) and len(person) < 60))
                elif texts:
                    self.give(word, texts[0])
        for name in _TAGS:
            self.give("tags", unique(tag for text in self._metas.get(name, []) for tag in _keywords(text)))
        for number, image in enumerate(self._metas.get("og:image", [])[:1]):
            alts = self._metas.get("og:image:alt", [])
            self.images.append({"src": join(self._url, image), "alt": alts[number] if number < len(alts) else "", "from": "og"})

    def _take_links(self) -> None:
        for link in self._root.iter("link"):
            if "canonical" in (link.get("rel") or "").lower().split() and (link.get("href") or "").strip():
                address = join(self._url, link.get("href").strip())
                if address.startswith("http") and (split_address(address).path.strip("/") or split_address(address).query):
                    self.give("original_url", address)
        for address in self._metas.get("og:url", []):
            if join(self._url, address).startswith("http"):
                self.give("original_url", join(self._url, address))
        self.give("language", self._root.get("lang") or self._root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")

    def title_of(self, rules: Rules) -> str:
        """Return the headline: what the page gives, rid of the site's name, or its heading where that is cut short."""
        headings = unique(map(text_of, self._root.iter("h1")))
        own_title: str = self.values.get("title", "")
        if own_title.endswith(("…", "...")):
            own_title = next((heading for heading in headings if heading.startswith(own_title.rstrip("….")[:40])), own_title)
        if not own_title:
            page_title = next((text_of(title) for title in self._root.iter("title")), "")
            own_title = next((heading for heading in headings if heading and heading in page_title), "") or page_title
        if own_title in headings:
            return str(own_title)
        parts = rules.headline(own_title)
        if parts and (parts.get("title") in headings or parts.get("source") == self.values.get("source") or not self.says_article):
            self.give("source", rules.outlet_named(parts.get("source", "")))
            return parts["title"]
        return str(own_title) or next(iter(headings), "")

    def source_in_title(self, rules: Rules, headline: str) -> str:
        """Return the name that stands behind the `headline` in the page's title (`Ferry sails – The Quay`), or ""."""
        page_title = next((text_of(title) for title in self._root.iter("title")), "")
        parts = rules.headline(page_title)
        return rules.outlet_named(parts.get("source", "")) if parts and parts.get("title") == headline else ""

    def times(self) -> Iterator[str]:
        """Yield the dates of `time` elements, those that call themselves published first."""
        times = [item for item in self._root.iter("time") if item.get("datetime")]
        yield from (str(item.get("datetime")) for item in times if item.get("pubdate") is not None or "publish" in _classes(item))
        for item in times:
            if any(above.tag in {"article", "main", "header"} for above in item.iterancestors()):
                yield str(item.get("datetime"))


def _classes(item: etree._Element) -> str:
    return f"{item.get('class', '')} {item.get('itemprop', '')}".lower()


def _metas(root: etree._Element) -> dict[str, list[str]]:
    contents: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("http-equiv") or "").strip().lower()
        content = (meta.get("content") or "").strip()
        if name and content:
            contents.setdefault(name, []).append(content)
    return contents


def _json_ld(root: etree._Element) -> Iterator[dict[str, Any]]:
    """Yield every node of the page's JSON-LD, those of graphs and lists too, with the names of the nodes that it refers to."""
    todo: list[Any] = []
    nodes: list[dict[str, Any]] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            text = re.sub(r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[)|(?:-->|(?://\s*)?\]\]>)\s*$", "", script.text or "")
            try:
                todo.append(json.loads(text, strict=False))
            except (ValueError, RecursionError):
                continue
    at = 0
    while at < len(todo) < 2000:
        node = todo[at]
        at += 1
        if isinstance(node, list):
            todo.extend(node)
        elif isinstance(node, dict):
            todo.extend(node[key] for key in ("@graph", "mainEntity") if isinstance(node.get(key), list | dict))
            nodes.append(node)
    names = {node["@id"]: node["name"] for node in nodes if isinstance(node.get("@id"), str) and isinstance(node.get("name"), str)}
    for node in nodes:
        for role in _ROLES:
            for party in _as_list(node.get(role)):
                if isinstance(party, dict) and not party.get("name") and isinstance(party.get("@id"), str):
                    party["name"] = names.get(party["@id"], "")
        yield node


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or ""
    return " ".join(entities.unescape(value).split()) if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    return unique(map(_text, _as_list(value)))


def _names(value: Any) -> list[str]:
    return unique(part for text in _texts(value) for part in split_names(_without_by(text)))


def _without_by(text: str) -> str:
    text = entities.unescape(text)  # some pages escape twice
    return re.sub(r"^\s*(?:by|von|par|por|text|文|記者|作者)\s*[:：]?\s+", "", text, flags=re.IGNORECASE)


def _keywords(text: str) -> list[str]:
    parts = re.split(r"[,;，、；]", text) if len(text) < 2000 else []
    return [part.strip().lstrip("#") for part in parts if 1 < len(part.strip()) < 60]
