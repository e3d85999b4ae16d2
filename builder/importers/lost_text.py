"""What a story's HTML says and its article does not: each word that no rule took by name, so that the report has it."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from builder.importers.html_repairs import parse_fragment
from builder.importers.story import Story, squeeze

RULE = "not-in-the-article"
_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W_]+")
_TAG = re.compile(r"<[A-Za-z/!?][^>]*>")
_NO_WORDS = frozenset(("script", "style", "template"))


def name_lost(story: Story, html: str) -> None:
    """Add to the story's cuts the text of `html` that neither its body nor its front matter has, and no cut names."""
    if not html.strip():
        return
    texts = texts_of(story.values)
    texts += (cut.text for cut in story.cut)
    plain = entities.unescape(story.markdown) if "&" in story.markdown else ""
    article = f"{story.markdown} {plain} {' '.join(texts)}"
    parts = set(_not_found(html, article)).difference(article.split())
    if not parts or all(word in article for word in _WORD.findall(" ".join(parts))):
        return  # as in nearly all stories: no need to parse them again
    dense = ""
    for text in _text_nodes(parse_fragment(html)):
        all_words = _WORD.findall(text)
        missing = [word for word in all_words if word not in article]
        if not missing:
            continue
        dense = dense or squeeze(article)  # words that markup parts, or joins
        missing = [word for word in missing if squeeze(word) not in dense]
        story.cut_out(RULE, text if len(missing) == len(all_words) else " ".join(missing))


def _not_found(html: str, article: str) -> Iterator[str]:
    """Yield the words of those texts between tags that do not stand in the article as they are, one after the other."""
    place = 0
    for text in _TAG.split(html):
        text = text.strip()
        if not text:
            continue
        at = article.find(text, place)
        if at >= 0:
            place = at
        else:
            yield from entities.unescape(text).split()


class Wording:
    """The words of texts, one after the other, to ask what they say."""

    def __init__(self, text: str) -> None:
        self._words = f" {' '.join(_LETTERS.findall(text))} "

    def add(self, text: str) -> None:
        """Take in a further text."""
        self._words += f"{' '.join(_LETTERS.findall(text))} "

    def says(self, text: str) -> bool:
        """Whether the words of `text` stand here one after the other, whatever stands between them; none always do."""
        words = " ".join(_LETTERS.findall(text))
        if not words:
            return True
        before, after = (" " if end.isascii() else "" for end in (words[0], words[-1]))  # a word of Chinese has no spaces around it
        return f"{before}{words}{after}" in self._words


def texts_of(values: dict[str, Any]) -> list[str]:
    """Return each text in front matter, however deep, in its order."""
    texts: list[str] = []
    waiting: list[Any] = [values]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict):
            waiting += reversed(value.values())
        elif isinstance(value, list | tuple):
            waiting += reversed(value)
        elif value is not None:
            texts.append(str(value))
    return texts


def _text_nodes(root: etree._Element) -> Iterator[str]:
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag not in _NO_WORDS and element.text:
            yield element.text
        if element is not root and element.tail:
            yield element.tail
