"""An article's safe HTML made fit for its page: headings, tables, pictures and links, and its plain text."""

from __future__ import annotations

import html as entities
import posixpath
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from builder.articles.anchors import fragment_of, link_own_anchors, set_anchors
from builder.base.urls import quote

LINK_PLACEHOLDER = "\x02"
"""Begins a link whose address depends on the page that shows it: `\\x02media/a.jpg` counts from the output folder,
`\\x02content:2024/a.md` is an article by its file, `\\x02site:2012/a` an old path of this site. No text can hold it."""

TEXT_WIDTH = "(max-width: 46rem) 100vw, 44rem"
"""How wide the text is, in the words of the attribute `sizes`."""

_TAG = re.compile(r'<(img|a)((?: [\w-]+="[^"]*")*)>|</a>')
_TARGET = re.compile(r' (src|href)="([^"]*)"')
_DIMENSION = re.compile(r' (width|height)="([^"]*)"')
_PLACEHOLDERS = re.compile(rf' (src|href)="{LINK_PLACEHOLDER}([^"]*)"')
_SOURCES = re.compile(r' srcset="([^"]*)" sizes="[^"]*"')
_HEADING = re.compile(r"<(/?)h([1-6])\b")
_LOCAL_LINK = re.compile(r'(<a (?:[\w-]+="[^"]*" )*?href=")((?:[#?][^"]*)?)"')
_ID = re.compile(r'(<[a-z][a-z0-9]*(?: [\w-]+="[^"]*")*? id=")([^"]*)"')
_FURNITURE = re.compile(r'<sup id="fnref[^"]*">.*?</sup>|<a [^>]*class="footnote-backref"[^>]*>.*?</a>', re.DOTALL)
_CELL_END = re.compile(r"</t[dh]>")
_MARKUP = re.compile(r"<[^>]*>")
_BLOCK_END = re.compile(
    r"</?(?:p|div|h[1-6]|li|[ou]l|dl|figure|figcaption|table|tr|blockquote|pre|caption|details|summary|section|dd|dt|[bh]r)\b[^>]*>"
)


class PlacedPicture(NamedTuple):
    """What is published of a picture: its output path, and the pixels that it is shown with (0 where they are not known)."""

    path: str
    width: int = 0
    height: int = 0
    sizes: tuple[tuple[int, str], ...] = ()
    """What browsers choose from, where there are smaller versions (WebP): widths, ascending, and output paths."""


class ArticleHtml(NamedTuple):
    """An article's text as its page has it, but for its placeholders."""

    html: str
    links: tuple[str, ...] = ()
    """The links within the site that it holds (`content:2024/a.md`, `site:2012/a`, with a `#fragment` where they have one)."""
    anchors: tuple[str, ...] = ()
    """The ids that others may link to."""


def postprocess(
    html: str,
    place_image: Callable[[str], PlacedPicture | None],
    path: str,
    place_document: Callable[[str], str | None] = lambda _: None,
) -> ArticleHtml:
    """Return sanitised `html` made fit for a page, with its links and anchors.

    Headings begin at `h2` (the headline is the page's `h1`), tables scroll by themselves, each picture's `src` goes
    through `place_image` (a relative path as written in; what is published of it out, or None to leave it out),
    and relative links are marked for `resolve_links`. `path` is the article's path under content/. `place_document` is
    asked about each relative link, as written: it returns the output path of a document, "" for one to be left out, None
    for a link to a page.
    """
    html, anchors = set_anchors(html, plain_text)
    if "<img" in html:  # by hand: nh3 adds attributes in an order that changes from run to run
        html = html.replace("<img ", '<img loading="lazy" referrerpolicy="no-referrer" ')
    if "<h" in html:
        html = _shift_headings(html)
    if "<table" in html:
        html = html.replace("<table>", '<div class="scroll" role="region" tabindex="0"><table>').replace(
            "</table>", "</table></div>"
        )
    if "<pre>" in html:
        html = html.replace("<pre>", '<pre tabindex="0">')
    links: list[str] = []

    is_linked = False

    def place(match: re.Match[str]) -> str:
        nonlocal is_linked
        if match[1] is None:
            is_linked = False
            return match[0]
        target = _TARGET.search(match[2])
        if target is None:
            return match[0] if match[1] == "a" else ""
        address = entities.unescape(target[2]).strip()
        if match[1] == "img":
            if address.startswith(("http://", "https://")):
                return match[0]
            picture = place_image(unquote(address))
            if picture is None:
                return ""
            tag = f"<img{_picture_attributes(match[2].replace(target[0], '', 1), picture)}>"
            return tag if is_linked or not picture.sizes else f'<a class="whole" href="{_placeholder(picture.path)}">{tag}</a>'
        is_linked = True
        link = _site_link(address, posixpath.dirname(path))
        if link is None:
            return match[0]
        document = place_document(urlsplit(address).path)
        if document == "":
            return match[0].replace(target[0], "", 1)
        if document is None:
            links.append(link)
            link_address = LINK_PLACEHOLDER + link
        else:
            fragment = urlsplit(address).fragment
            link_address = f"{LINK_PLACEHOLDER}{quote(document)}{'#' if fragment else ''}{fragment}"
        return match[0].replace(target[0], f' {target[1]}="{entities.escape(link_address)}"', 1)

    def own_page(fragment: str) -> str:
        links.append(f"content:{path}#{fragment}")
        return LINK_PLACEHOLDER + links[-1]

    if "<img" in html or "<a " in html:
        html = _TAG.sub(place, html)
        html = link_own_anchors(html, anchors, own_page)
    return ArticleHtml(html, tuple(dict.fromkeys(links)), anchors)


def _picture_attributes(others: str, picture: PlacedPicture) -> str:
    """Return the attributes of a picture that is placed: `others` as written, its address, and its dimensions.

    A width or height that the article gives in pixels stands, and the other one follows from the picture's shape.
    """
    dimensions = {
        name: int(value) for name, value in _DIMENSION.findall(others) if value.isascii() and value.isdigit() and int(value)
    }
    others = _DIMENSION.sub("", others)
    width, height = dimensions.get("width", 0), dimensions.get("height", 0)
    if picture.width and not (width and height):
        ratio = picture.width / picture.height
        width = width or (round(height * ratio) if height else picture.width)
        height = height or round(width / ratio)
    size = f' width="{width}" height="{max(height, 1)}"' if width else f' height="{height}"' if height else ""
    sources = ", ".join(f"{_placeholder(path)} {pixels}w" for pixels, path in picture.sizes)
    choice = f' srcset="{sources}" sizes="{TEXT_WIDTH}"' if sources else ""
    return f'{others} src="{_placeholder(picture.path)}"{choice}{size}'


def _placeholder(path: str) -> str:
    return LINK_PLACEHOLDER + entities.escape(quote(path))


def _site_link(address: str, folder: str) -> str | None:
    """Return the link within the site that `address` stands for, or None for one that leads out or stays on the page."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not parts.path:
        return None
    path = unquote(parts.path)
    fragment = "" if parts.fragment.startswith(":~:") or not parts.fragment else f"#{unquote(parts.fragment)}"
    if path.startswith("/"):
        query = f"?{parts.query}" if parts.query else ""
        folder_end = "/" if query and path.strip("/") and path.endswith("/") else ""
        path = "/".join(part for part in path.split("/") if part)  # as aliases are read
        return f"site:{path}{folder_end}{query}{fragment}"
    return f"content:{posixpath.normpath(posixpath.join(folder, path))}{fragment}"


def _shift_headings(html: str) -> str:
    levels = sorted({int(level) for _, level in _HEADING.findall(html)})
    new = {level: min(2 + rank, 6) for rank, level in enumerate(levels)}
    return _HEADING.sub(lambda match: f"<{match[1]}h{new[int(match[2])]}", html)


def resolve_links(html: str, prefix: str, links: Mapping[str, str]) -> str:
    """Return postprocessed `html` with its placeholders replaced by addresses: `prefix` before paths in the output folder.

    `prefix` is `../../` or the site's URL; `links` gives the output path of each link within the site, with its
    fragment. A link that is not among them leads nowhere and loses its address: its words stay.
    """
    if LINK_PLACEHOLDER not in html:
        return html
    if " srcset=" in html:
        html = _SOURCES.sub(lambda match: match[0].replace(LINK_PLACEHOLDER, prefix), html)

    def address(match: re.Match[str]) -> str:
        target = entities.unescape(match[2])
        if target.startswith(("content:", "site:")):
            whole, _, fragment = links.get(target, "").partition("#")
            path, mark, query = whole.partition("?")
            end = f"{mark}{entities.escape(query)}{'#' if fragment else ''}{fragment_of(fragment)}"
            return f' {match[1]}="{prefix}{quote(path)}{end}"' if path else ""
        return f' {match[1]}="{prefix}{match[2]}"'

    return _PLACEHOLDERS.sub(address, html)


def with_originals(html: str) -> str:
    """Return postprocessed `html` with its pictures alone, without their smaller versions."""
    return _SOURCES.sub("", html) if " srcset=" in html else html


def make_standalone(html: str, page: str, unique: str) -> str:
    """Return `html` with resolved links so that it stands among other articles, away from its page.

    `page` is the page's full address: links to fragments of it, to `?…` and to nothing become absolute. `unique` goes
    before each id, so that no two articles in one document have the same.
    """
    if 'href="#' in html or 'href="?' in html or 'href=""' in html:
        html = _LOCAL_LINK.sub(lambda match: f'{match[1]}{entities.escape(page)}{match[2]}"', html)
    return _ID.sub(lambda match: f'{match[1]}{unique}{match[2]}"', html) if ' id="' in html else html


def plain_text(html: str) -> str:
    """Return the text of `html` without its markup: a line for each paragraph, heading, row or item.

    A footnote's number and the arrow back are none of the text: a number would become a part of the word before it.
    """
    if not html:
        return ""
    if "footnote" in html or 'id="fnref' in html:
        html = _FURNITURE.sub("", html)
    if "<t" in html:
        html = _CELL_END.sub(" ", html)
    text = entities.unescape(_MARKUP.sub("", _BLOCK_END.sub("\n", html)))
    return "\n".join(line for line in (" ".join(line.split()) for line in text.split("\n")) if line)


def first_words(text: str, limit: int = 220) -> str:
    """Return the beginning of plain `text` as a summary: its first paragraph, cut at a word within `limit` characters."""
    first = text.partition("\n")[0]
    if len(first) <= limit:
        return first
    cut = first[: limit - 1]
    at_word = cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut
    return at_word.rstrip(" ,;:—–-，、；：") + "…"
