"""Inline marks as Python-Markdown reads them, in time that grows with the text: it copies a paragraph for each mark in it."""

from __future__ import annotations

import re
from collections import deque
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import DelimiterProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import INLINE_PLACEHOLDER, INLINE_PLACEHOLDER_RE, AtomicString

_LOOKS_BEHIND = re.compile(r"\(\?<[!=]|\\[bB]|\^")
_PATTERNS_OF_TEXT = frozenset(("markdown.inlinepatterns", "builder.articles.code_spans"))
"""Modules of patterns that look behind for a backslash or an exclamation mark alone."""

Elements = list[tuple[Element, list[str]]]
"""Elements that stand in the place of marks, each with the tags around it."""


class InlineMarks(Treeprocessor):
    """Gives what markdown.treeprocessors.InlineProcessor gives. While a pattern goes through a text, that stays as it is."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.stashed_nodes: dict[str, Element | str] = {}
        """What stands for each placeholder; patterns look here."""
        self._ancestors: list[str] = []

    def run(self, root: Element) -> None:
        """Apply the inline patterns to every text below `root`."""
        self.stashed_nodes = {}
        queue = deque([(root, [root.tag.lower()])])
        while queue:
            element, self._ancestors = queue.popleft()
            if element is not root:
                self._ancestors.append(element.tag.lower())
            inserts: list[tuple[Element, Elements]] = []
            for position, child in enumerate(element):  # what is inserted behind a child comes next
                if child.text and not isinstance(child.text, AtomicString):
                    self._ancestors.append(child.tag.lower())
                    text, child.text = child.text, None
                    elements = self._resolve(self._mark(text), child, is_tail=False)
                    queue.extend(elements)
                    inserts.append((child, elements))
                    self._ancestors.pop()
                if child.tail:
                    tail, child.tail = self._mark(child.tail), None
                    element[position + 1 : position + 1] = [node for node, _ in self._resolve(tail, child, is_tail=True)]
                if len(child):
                    queue.append((child, self._ancestors[:]))
            for child, elements in inserts:
                child[:0] = [node for node, _ in elements]

    def _mark(self, text: str, first: int = 0) -> str:
        """Return `text` with a placeholder for what each pattern matches, from the pattern of the number `first` on."""
        if isinstance(text, AtomicString):
            return text
        patterns: Any = self.md.inlinePatterns
        for number in range(first, len(patterns)):
            pattern = patterns[number]
            if not (pattern.ANCESTOR_EXCLUDES and any(tag.lower() in self._ancestors for tag in pattern.ANCESTOR_EXCLUDES)):
                text = self._apply(pattern, number, text)
        return text

    def _apply(self, pattern: Any, number: int, text: str) -> str:
        """Return `text` with a placeholder for each match of a pattern, the one of that `number`."""
        pieces: list[str] = []
        begin = at = 0
        while True:
            for match in pattern.getCompiledRegExp().finditer(text, at):
                node, start, end = pattern.handleMatch(match, text)
                if start is not None and end is not None and end > match.start():  # a link without its end has -1
                    break
            else:
                return "".join((*pieces, text[begin:])) if pieces else text[begin:]
            at = end
            if node is None:
                continue
            if not isinstance(node, str) and not isinstance(node.text, AtomicString):
                self._mark_within(node, number, pattern)
            placeholder = self._stash(node)
            pieces.append(text[begin:start])
            if _is_seen(pattern, text, end):
                text, begin, at = placeholder + text[end:], 0, len(placeholder)
            else:
                pieces.append(placeholder)
                begin = end

    def _mark_within(self, node: Element, number: int, pattern: Any) -> None:
        """Mark the texts of an element that a pattern, the one of that `number`, gave, and of its children."""
        is_done = isinstance(pattern, DelimiterProcessor)  # with all of the text, which it remembers
        for child in (node, *node):
            if child.text:
                self._ancestors.append(child.tag.lower())
                child.text = self._mark(child.text, number + 1)
                self._ancestors.pop()
            if child.tail:
                child.tail = self._mark(child.tail, number + is_done)

    def _stash(self, node: Element | str) -> str:
        name = f"{len(self.stashed_nodes):04}"
        self.stashed_nodes[name] = node
        return INLINE_PLACEHOLDER % name

    def _resolve(self, text: str, element: Element, *, is_tail: bool) -> Elements:
        """Return the elements for the placeholders in `text`, each with the text behind it; the text before is `element`'s."""
        elements: Elements = []
        texts: list[list[str]] = [[]]
        for number, piece in enumerate(INLINE_PLACEHOLDER_RE.split(text)):
            node = self.stashed_nodes.get(piece, INLINE_PLACEHOLDER % piece) if number % 2 else piece
            if isinstance(node, str):
                texts[-1].append(node)
                continue
            self._resolve_within(node)
            elements.append((node, self._ancestors[:]))
            texts.append([])
        for number, pieces in enumerate(texts):
            words = "".join(pieces)
            if isinstance(text, AtomicString) and number == len(elements):
                words = AtomicString(words)
            if words and number:
                node = elements[number - 1][0]
                node.tail = node.tail + words if node.tail else words
            elif words and is_tail:
                element.tail = element.tail + words if element.tail else words
            elif words:
                element.text = element.text + words if element.text else words
        return elements

    def _resolve_within(self, node: Element) -> None:
        """Put the elements for the placeholders into `node` and its children."""
        position = 0
        for child in (node, *node):
            nodes: list[Element] = []
            if child.tail and child.tail.strip():
                tail, child.tail = child.tail, None
                nodes = [each for each, _ in self._resolve(tail, child, is_tail=True)]
            if child.text and child.text.strip():
                text, child.text = child.text, None
                elements = [each for each, _ in self._resolve(text, child, is_tail=False)]
                if child is node:
                    position = len(elements)
                child[:0] = elements
            if child is node:
                node[position:position] = nodes
                position += len(nodes)
            else:
                position += 1
                node[position:position] = nodes
                position += len(nodes)


class Delimiters(DelimiterProcessor):
    """Emphasis, where the text stays as it is between the regions that are found at once. None takes letters for signs.

    Of `*Note:**important*text` Python-Markdown 3.11 makes `*Note:<strong>important</strong>ext`.
    """

    _text = ""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]  # noqa: N802
        """Return the element of the next region, where that begins and where it ends; None where there is none."""
        self._text = data
        return super().handleMatch(m, data)

    def add_region(self, delim: Any, a: int, b: int, c: int, d: int, size: int) -> None:
        """Keep the region between the signs from `a` to `b` and those from `c` to `d`, if they are signs."""
        if size > 0 and self._text[a:b] == self._text[c:d] == delim.token * size:
            super().add_region(delim, a, b, c, d, size)

    def get_cached_result(self, pos: int, data: str) -> tuple[Element, int, int]:  # noqa: ARG002
        """Return the element of the next region, where that begins and where it ends."""
        start, end = self.regions[self.cache_index][0], self.regions[self.cache_index][3]
        element, count = self._build_element(data, self.cache_index)  # type: ignore[attr-defined]
        self.increment_next_position(start, count)
        return element, start, end

    def increment_next_position(self, start: int, count: int) -> None:  # noqa: ARG002
        """Go `count` regions on."""
        self.cache_index += count
        if self.cache_index >= len(self.regions):
            self.reset()


def emphasis(md: Markdown) -> Delimiters:
    """Return what finds emphasis: `*` anywhere, `_` around words."""
    delimiters = Delimiters("*", "strong,em", md)
    delimiters.add("_", "strong,em", smart=True)
    return delimiters


def _is_seen(pattern: Any, text: str, end: int) -> bool:
    """Whether what `pattern` finds from `end` on may depend on the sign before: the last of a match, or the placeholder's."""
    if isinstance(pattern, Delimiters):
        return not pattern.regions and text[end : end + 1] == text[end - 1]
    if not _LOOKS_BEHIND.search(pattern.pattern):
        return False
    return text[end - 1] in "\\!" or type(pattern).__module__ not in _PATTERNS_OF_TEXT
