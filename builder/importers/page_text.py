"""The text of a page's story: found by trafilatura, then rid of what the rules know."""

from __future__ import annotations

import logging
import re
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from builder.importers import copy_marks, dates_in_text, linked_paragraphs
from builder.importers.html_repairs import text_of
from builder.importers.rules import Rules
from builder.importers.story import Story

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it cannot read we say ourselves
_LAST_WORD, _FIRST_WORD = re.compile(r"\w+$"), re.compile(r"\w+")
_PARAGRAPHS = "//p[not(ancestor::nav or ancestor::footer or ancestor::aside or ancestor::form)]"
FEW_WORDS = 60
"""A text of fewer words, on a page whose paragraphs have three times as many, is looked for again."""
_BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "td", "div")


def body_of(root: etree._Element, rules: Rules) -> etree._Element | None:
    """Return the story's text on the page `root` as an element with HTML in it, or None."""
    element = _marked_body(root)
    if element is not None:
        return element
    import lxml_html_clean  # noqa: F401 (trafilatura needs it, and older versions of pip do not install it by its extra)
    from trafilatura import extract

    words = str(root.xpath("string()"))
    paragraphs = sum(len(text_of(item).split()) for item in root.xpath(_PARAGRAPHS))
    options: dict[str, Any] = {
        "output_format": "html",
        "include_comments": False,
        "include_links": True,
        "include_formatting": True,
    }
    html = extract(root, fast=True, **options)
    count = len(re.sub(r"<[^>]*>", " ", html or "").split())
    if (count < FEW_WORDS and count * 3 <= paragraphs) or not count or not paragraphs:
        html = extract(root, **options)  # with its second opinions: twice as long, and for one page in ten worth it
    if not html:
        return None
    body = lxml_html.document_fromstring(html).find("body")
    _part_words(body, words)
    linked_paragraphs.restore(body, root, rules)
    return body


def _part_words(body: etree._Element, page_text: str) -> None:
    """Put back the spaces that trafilatura lost before emphasis and links: two words joined that the page nowhere joins."""
    for item in body.iter("a", "i", "em", "b", "strong", "code"):
        before = item.getprevious()
        text = (item.getparent().text if before is None else before.tail) or ""
        last, first = _LAST_WORD.search(text), _FIRST_WORD.match(item.text or "")
        if last and first and f"{last[0]}{first[0]}" not in page_text:
            if before is None:
                item.getparent().text = f"{text} "
            else:
                before.tail = f"{text} "


def _marked_body(root: etree._Element) -> etree._Element | None:
    """Return the element that an archive made by this program marks as the text, or None on all other pages."""
    generators = (meta.get("content") or "" for meta in root.iter("meta") if meta.get("name") == "generator")
    if not any(generator.startswith("Morgue") for generator in generators):
        return None
    bodies = root.xpath("//div[contains(@class, 'story-text')]/div[contains(concat(' ', @class, ' '), ' text ')]")
    return bodies[0] if bodies else None


def clean_body(story: Story, body: etree._Element, rules: Rules, zone: str) -> str:
    """Cut what the rules know out of the text, and take the marks of wire copy; return the day that a dateline names, or ""."""
    title = "".join(story.values.get("title", "").split()).casefold()
    blocks = [item for item in body.iter(*_BLOCKS) if not any(child.tag in _BLOCKS for child in item.iterdescendants())]
    for number, block in enumerate(blocks):
        text = text_of(block)
        if not text:
            continue
        verdict = rules.judge(text)
        head = number < 5
        if block.tag in {"h1", "h2"} and "".join(text.split()).casefold() == title:
            _remove(block)
        elif copy_marks.is_slugline(text) and len(text) < 100 and "-" in text:
            story.give("slugline", text)
            _remove(block)
        elif verdict and verdict.stays:
            copy_marks.give_words(story, verdict.words, rules)
        elif verdict and block.tag != "td":
            copy_marks.give_words(story, verdict.words, rules)
            story.cut_out(verdict.rule, text)
            _remove(block)
        elif head and len(text) < 120 and (byline := rules.byline(text)):
            copy_marks.give_words(story, byline, rules)
            story.cut_out("byline", text)
            _remove(block)
        elif head and len(text) < 80 and (dates := rules.dates(text)):
            for word in ("date", "updated"):
                story.give(word, dates_in_text.read_date(dates.get(word, ""), zone))
            story.cut_out("date-line", text)
            _remove(block)
        elif len(text) < 400 and (caption := rules.caption(text)) and not caption[0]:
            _credit(story, caption[1], text)
            _remove(block)
    return _take_wire_marks(story, [block for block in blocks if text_of(block) and block.getparent() is not None], rules)


def _credit(story: Story, credit: str, text: str) -> None:
    if story.values.get("images") and not story.values["images"][-1].get("credit"):
        story.values["images"][-1]["credit"] = credit
    else:
        story.cut_out("credit-without-picture", text)


def _take_wire_marks(story: Story, blocks: list[etree._Element], rules: Rules) -> str:
    paragraphs = [block for block in blocks if block.tag in {"p", "div"}]
    if not paragraphs:
        return ""
    first, last = paragraphs[0], paragraphs[-1]
    text = " ".join((first.text or "").split())
    rest, day = copy_marks.take_dateline(story, text, rules) if text else ("", "")
    if rest != text:
        first.text = rest
    elif not day and len(first):
        # A dateline in bold or in a link: <b>PARIS (AFP)</b> - Words
        whole = text_of(first)
        match = rules.dateline(whole)
        inner = first[0]
        if match and not (first.text or "").strip() and match.end() >= len(text_of(inner)) and len(match[0]) < 80:
            rest = match[0][len(text_of(inner)) :].strip()
            tail = (inner.tail or "").lstrip()
            if tail.startswith(rest):
                copy_marks.take_dateline(story, whole, rules)
                day = match.groupdict().get("day") or ""
                inner.tail = tail[len(rest) :].lstrip()
                inner.drop_tree()
    if not len(last) and last.text:
        text = " ".join(last.text.split())
        ending = copy_marks.take_ending(story, text, rules)
        if ending != text:
            last.text = ending
    return day


def _remove(block: etree._Element) -> None:
    if block.getparent() is not None:
        block.drop_tree()
