"""Paragraphs that trafilatura takes for lists of links, and that are the story's: sentences that go on where its text stands."""

from __future__ import annotations

import re
from copy import deepcopy

from lxml import etree

from builder.importers.html_repairs import text_of
from builder.importers.rules import Rules
from builder.importers.story import squeeze

_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’»」』)）\]]*\s*\Z")
_STOPS = ".!?。！？… "
_LABEL = re.compile(r"\w+(?:\s\w+){0,2}\s*[:：]")
"""What leads to another story, as `More:` does."""
_PARAGRAPHS = "//p[.//a][not(ancestor::nav or ancestor::footer or ancestor::aside or ancestor::form or ancestor::figure)]"
LONG_LINK = 60
"""Characters of a sentence that may be one link as a whole; a shorter one is a pointer to another story."""


def restore(body: etree._Element, root: etree._Element, rules: Rules) -> None:
    """Put into `body` those paragraphs of the page `root` that it lacks though they are sentences of the story.

    The share of links does not tell them from furniture. What does: the paragraph follows one that is in the text, of the
    same class, ends as a sentence does, has words of its own around its links, and no rule knows it.
    """
    blocks = {squeeze(text_of(item)): item for item in body.iter("p")}
    text = squeeze(text_of(body))
    for paragraph in root.xpath(_PARAGRAPHS):
        before = paragraph.getprevious()
        if before is None or before.tag != "p" or before.get("class") != paragraph.get("class"):
            continue
        place = blocks.get(squeeze(text_of(before)))
        words = text_of(paragraph)
        if place is None or squeeze(words) in text or not _is_sentence(paragraph, words):
            continue
        verdict = rules.judge(words)
        if verdict and not verdict.stays:
            continue
        copy = deepcopy(paragraph)
        copy.tail = None
        place.addnext(copy)
        blocks[squeeze(words)] = copy


def _is_sentence(paragraph: etree._Element, words: str) -> bool:
    if not _SENTENCE_END.search(words):
        return False
    links = [text_of(link) for link in paragraph.iter("a")]
    if len(links) == 1 and _LABEL.match(words) and words.rstrip(_STOPS).endswith(links[0].rstrip(_STOPS)):
        return False
    own_letters = len(squeeze(words)) - sum(len(squeeze(link)) for link in links)
    return own_letters > 1 or (len(links) == 1 and len(words) >= LONG_LINK)
