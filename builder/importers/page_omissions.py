"""What a page's story has and its article has not: each piece of its text that was left out, so that the report names it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from builder.importers.addresses import join
from builder.importers.html_repairs import PLAYERS, player_address
from builder.importers.lost_text import texts_of
from builder.importers.rules import Rules
from builder.importers.story import Story, squeeze

_BLOCKS = frozenset(
    "address article aside audio blockquote body button caption dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main object ol p pre section summary table tbody td tfoot th thead tr ul video".split()
)
_NO_TEXT = frozenset("head script style template noscript nav footer select textarea svg iframe".split())
_TITLE_ELEMENTS = frozenset("abbr acronym dfn iframe".split())
"""Elements whose `title` is text: what letters stand for, and what a player shows."""
_TITLE_PARTS = re.compile(r"\s+[|–—·•»«:/-]+\s+|\s*\|\s*")
_LINK = re.compile(r"\]\([^)\s]*(?:\s+\"[^\"]*\")?\)|<[^>]*>")
_WORD = re.compile(r"\w+")
MOST_OF_IT = 0.9
"""The share of the text that was found which an element must hold to be the story's, where the page marks none."""
BEGINNING = 60
"""Characters by which a paragraph of which a part went is known again."""


@dataclass(slots=True)
class _Block:
    """A piece of text without a block within it, and the numbers of the elements around it, the outermost first."""

    text: str
    around: tuple[int, ...]
    rule: str = ""
    """The rule that takes it, where it is no text between tags."""


@dataclass(slots=True)
class PageText:
    """The text of a page in its blocks, and the number of the element that the page marks as its story (-1 for none)."""

    blocks: list[_Block] = field(default_factory=list)
    story_element: int = -1
    title: str = ""
    """What its `title` element says: the headline, and often the site's name."""


def read_text(root: etree._Element, base: str) -> PageText:
    """Return the text of the page `root`: before anything is cut out of it. Addresses count from `base`.

    Footers of quotations become paragraphs of theirs.
    """
    candidates = root.xpath("//*[@itemprop='articleBody']") or root.xpath("//article")
    body = candidates[0] if len(candidates) == 1 else None
    page = PageText(title=" ".join(str(root.xpath("string(//title[not(ancestor::svg)])")).split()))
    for item in root.iterfind(".//blockquote//footer"):  # who said it
        item.tag = "p"
    for item in root.iter(*PLAYERS, "source"):
        if item.get("src"):
            item.set("src", join(base, item.get("src")))
    stack: list[int] = []
    parts: list[str] = []
    number = depth = 0

    def end_block() -> None:
        text = " ".join("".join(parts).split())
        if _WORD.search(text):
            page.blocks.append(_Block(text, tuple(stack)))
        parts.clear()

    for event, item in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        is_block = item.tag in _BLOCKS
        if event == "start":
            if item.tag in _TITLE_ELEMENTS and not depth and _WORD.search(item.get("title") or ""):
                page.blocks.append(_Block(" ".join(item.get("title").split()), (*stack, number + 1), "title-attribute"))
            if item.tag in PLAYERS and not depth and (address := player_address(item)).startswith(("http://", "https://")):
                page.blocks.append(_Block(address, (*stack, number + 1), "player"))
            if item.tag in _NO_TEXT:
                depth += 1
            if is_block or item.tag in _NO_TEXT:
                end_block()
            number += 1
            stack.append(number)
            if item is body:
                page.story_element = number
            if not depth:
                parts.append("\n" if item.tag == "br" else item.text or "")
            continue
        if event == "end":
            if is_block:
                end_block()
            stack.pop()
            depth -= item.tag in _NO_TEXT
        if not depth:
            parts.append(item.tail or "")
    end_block()
    return page


def name_cuts(story: Story, page: PageText, extract: str, rules: Rules) -> None:
    """Add to the story's cuts each piece of its text on the `page` that it has not; `extract` is the text as it was extracted."""
    story_words = f"{html.unescape(_LINK.sub(' ', story.markdown))} {' '.join(texts_of(story.values))}"
    dense = squeeze(story_words + " ".join(cut.text for cut in story.cut))
    words = set(_WORD.findall(story_words))
    for block in _of_story(page, squeeze(extract)):
        text = squeeze(block.text)
        if text in dense:
            continue
        dense += text
        if block.rule:
            story.cut_out(block.rule, block.text)
            continue
        if len(text) > BEGINNING and text[:BEGINNING] in dense[: -len(text)]:
            missing = [word for word in _WORD.findall(block.text) if word not in words]
            story.cut_out("part-of-a-paragraph", " ".join(missing))
            continue
        verdict = rules.judge(block.text)
        rule = "byline" if rules.byline(block.text) else "date-line" if rules.dates(block.text) else "not-in-the-story's-text"
        story.cut_out(verdict.rule if verdict else rule, block.text)
    for part in _TITLE_PARTS.split(page.title.replace(story.values.get("title") or "\n", " | ")):
        text = squeeze(part)
        if text and text not in dense:
            dense += text
            story.cut_out("page-title", part)


def _of_story(page: PageText, extract: str) -> Iterator[_Block]:
    """Yield the blocks of the element that is the story: the one that the page marks, if the text is there, else that around it."""
    lengths = [(len(block.text), block.around) for block in page.blocks if len(block.text) > 20 and squeeze(block.text) in extract]
    total = sum(length for length, _ in lengths)
    if not total:
        return
    totals: dict[int, int] = {}
    for length, around in lengths:
        for number in around:
            totals[number] = totals.get(number, 0) + length
    if totals.get(page.story_element, 0) * 2 >= total:
        region = page.story_element
    else:  # numbers grow inwards: the last that has most of it is the innermost
        region = max(number for number, length in totals.items() if length >= total * MOST_OF_IT)
    yield from (block for block in page.blocks if region in block.around)
