"""The places within an article that links lead to: ids with a prefix of their own, and how a fragment finds one."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable, Collection
from urllib.parse import unquote

from builder.base.urls import quote, slugify

PREFIX = "text-"
"""Begins every id that an author gave, so that none can stand in for one of the page's own."""

_FOOTNOTE = re.compile(r"fn(?:ref\d*)?:\S+")
_TAG_WITH_ID = re.compile(r'<([a-z][a-z0-9]*)((?: [\w-]+="[^"]*")*? (?:id|name)="[^"]*"(?: [\w-]+="[^"]*")*)>')
_ID = re.compile(r' (?:id|name)="([^"]*)"')
_HEADING = re.compile(r"<h([1-6])((?: [\w-]+=\"[^\"]*\")*)>(.*?)</h\1>", re.DOTALL)
_OWN_FRAGMENT = re.compile(r'(<a (?:[\w-]+="[^"]*" )*?href=")#([^"]*)"')


def published_id(tag: str, value: str) -> str | None:
    """Return the id that an author's `value` gets on a page; a footnote's stays. None for one that cannot be linked to."""
    value = value.strip()
    if tag in {"li", "sup", "a"} and _FOOTNOTE.fullmatch(value):
        return value
    return PREFIX + value.removeprefix(PREFIX) if value and not any(map(str.isspace, value)) and len(value) < 200 else None


def anchor_finder(anchors: Collection[str]) -> Callable[[str], str | None]:
    """Return what gives of a page's `anchors` the one that a link's `fragment` means: the same, or the same letters and digits.

    Tools differ in how they make an anchor of a heading: `whats-new`, `what-s-new` and `What's_new` are one. None stands for a
    fragment that means none of them. To make a finder takes time for each anchor, to ask it does not.
    """
    names = set(anchors)
    by_letters: dict[str, str] = {}
    for anchor in anchors:
        by_letters.setdefault(_letters(anchor.removeprefix(PREFIX)), anchor)
    by_letters.pop("", None)

    def find(fragment: str) -> str | None:
        fragment = unquote(fragment)
        for candidate in (f"{PREFIX}{fragment.removeprefix(PREFIX)}", fragment):
            if candidate in names:
                return candidate
        return by_letters.get(_letters(fragment))

    return find


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def fragment_of(anchor: str) -> str:
    """Return `anchor` as a link's fragment: percent-encoded, but for the colon of footnotes."""
    return quote(anchor).replace("%3A", ":")


def set_anchors(html: str, plain_text: Callable[[str], str]) -> tuple[str, tuple[str, ...]]:
    """Return sanitised `html` with each id once and one for each heading, and those ids. `plain_text` gives the text of HTML."""
    anchors: dict[str, None] = {}
    if ' id="' in html or ' name="' in html:

        def once(match: re.Match[str]) -> str:
            value = entities.unescape(_ID.findall(match[2])[0])
            rest = _ID.sub("", match[2])
            if value in anchors:
                return f"<{match[1]}{rest}>"
            anchors[value] = None
            return f'<{match[1]} id="{entities.escape(value)}"{rest}>'

        html = _TAG_WITH_ID.sub(once, html)
    if "<h" in html:
        numbers: dict[str, int] = {}

        def with_id(match: re.Match[str]) -> str:
            slug = slugify(plain_text(match[3]))
            if ' id="' in match[2] or not slug:
                return match[0]
            number = numbers.get(slug, 0)  # else a thousand headings of one name would be counted anew for each
            value = f"{PREFIX}{slug}-{number}" if number else PREFIX + slug
            while value in anchors:
                number += 1
                value = f"{PREFIX}{slug}-{number}"
            numbers[slug] = number
            anchors[value] = None
            return f'<h{match[1]} id="{value}"{match[2]}>{match[3]}</h{match[1]}>'

        html = _HEADING.sub(with_id, html)
    return html, tuple(anchors)


def link_own_anchors(html: str, anchors: tuple[str, ...], elsewhere: Callable[[str], str]) -> str:
    """Return `html` with its links to fragments of itself leading to `anchors`; `elsewhere` gives the address of one that fails."""
    find = anchor_finder(anchors)

    def link(match: re.Match[str]) -> str:
        fragment = entities.unescape(match[2])
        if fragment in {"", "top"}:
            return match[0]
        anchor = find(fragment)
        address = f"#{fragment_of(anchor)}" if anchor else elsewhere(fragment)
        return f'{match[1]}{entities.escape(address)}"'

    return _OWN_FRAGMENT.sub(link, html) if 'href="#' in html else html
