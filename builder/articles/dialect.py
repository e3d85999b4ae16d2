"""Where our Markdown departs from Python-Markdown's, so that print stays print: numbers, headings, and GitHub's marks."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from markdown import Markdown
from markdown.blockprocessors import HashHeaderProcessor
from markdown.extensions import Extension
from markdown.extensions.sane_lists import SaneOListProcessor
from markdown.inlinepatterns import SimpleTagInlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from builder.articles.code_spans import CodeSpanProcessor
from builder.articles.unclosed_markup import part_blocks

_ITEM = re.compile(r" {0,3}([0-9]{1,9})\. +")
_MAX_LONE_NUMBER = 999
"""A year is never an item that stands by itself."""
_INDENT = re.compile(r" {4}")
_TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")


class PrintExtension(Extension):
    """A list keeps the numbers that were written, a lone number at a paragraph's start is print, a heading has a space."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        """Register the rules in the place of those that they replace."""
        md.inlinePatterns.register(CodeSpanProcessor(), "backtick", 190)
        md.preprocessors.register(_PartedBlocks(md), "parted_blocks", 15)
        md.parser.blockprocessors.register(NumberedListProcessor(md.parser), "olist", 40)
        md.parser.blockprocessors.register(SpacedHeadingProcessor(md.parser), "hashheader", 70)


class GitHubExtension(Extension):
    """What GitHub shows: `~~struck~~` text, and `[ ]` and `[x]` at the start of a list's item as boxes."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        """Register both; boxes before inline patterns, which would take `[x]` for a link."""
        md.inlinePatterns.register(SimpleTagInlineProcessor(r"(~~)(?=\S)(.+?)(?<=\S)~~", "del"), "strikethrough", 65)
        md.treeprocessors.register(_TaskBoxes(md), "taskboxes", 30)


class SpacedHeadingProcessor(HashHeaderProcessor):
    """`# Heading`, but not `#1 seed` or `#hashtag` (CommonMark 0.31, 4.2)."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6})(?P<header>(?=[ \t]|\n|$)(?:\\.|[^\\#\n]|#+(?=[^#\n]))*?)#*(?:\n|$)")


class NumberedListProcessor(SaneOListProcessor):
    """Numbered lists with the numbers that were written; one numbered line alone ("1986. What a season") is a paragraph."""

    def __init__(self, parser: Any) -> None:
        super().__init__(parser)
        self.RE = re.compile(r" {0,3}[0-9]{1,9}\. +(.*)")
        self.CHILD_RE = re.compile(r" {0,3}(([0-9]{1,9})\.) +(.*)")

    def run(self, parent: ElementTree.Element, blocks: list[str]) -> bool | None:
        """Make `blocks[0]` a list or items of the one before it. Returns False where it is a paragraph."""
        numbers = [int(match[1]) for line in blocks[0].split("\n") if (match := _ITEM.match(line))]
        sibling = self.lastChild(parent)
        continues = sibling is not None and sibling.tag in self.SIBLING_TAGS
        previous = _last_number(sibling) if sibling is not None and continues else None
        if len(numbers) == 1 and parent.tag != "ol" and not _is_list(numbers[0], previous, blocks[1:]):
            return False
        length = 0 if sibling is None or not continues else len(sibling)
        super().run(parent, blocks)
        lst = parent if parent.tag == "ol" and not continues else self.lastChild(parent)
        if lst is not None and lst.tag == "ol":
            _number(lst, length, numbers)
        return None


def _is_list(number: int, previous: int | None, following: list[str]) -> bool:
    """Whether a block with one numbered line is a list's item: by the item before it, the next one, or what is under it."""
    if number > _MAX_LONE_NUMBER:
        return False
    if previous is not None and number in {previous, previous + 1}:
        return True
    if not following:
        return False
    after = _ITEM.match(following[0])
    return int(after[1]) in {number, number + 1} if after else bool(_INDENT.match(following[0]))


def _last_number(lst: ElementTree.Element) -> int:
    """Return the number that the last item of `lst` shows."""
    number = int(lst.get("start", "1")) - 1
    for item in lst:
        number = int(item.get("value", number + 1))
    return number


def _number(lst: ElementTree.Element, length: int, numbers: list[int]) -> None:
    """Give the items of `lst` from `length` on the `numbers` that were written, where counting would give others.

    `1. 1. 1.` is Markdown's way to say "count for me".
    """
    items = list(lst)[length:]
    if len(items) != len(numbers) or (len(set(numbers)) == 1 and numbers[0] < 2):
        return
    current = int(lst.get("start", "1")) - 1
    for item in list(lst)[:length]:
        current = int(item.get("value", current + 1))
    for item, number in zip(items, numbers, strict=True):
        if number != current + 1:
            item.set("value", str(number))
        current = number


class _PartedBlocks(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        """Part blocks once code and HTML are out of the way (priorities 25 and 20)."""
        return part_blocks("\n".join(lines)).split("\n")


class _TaskBoxes(Treeprocessor):
    def run(self, root: ElementTree.Element) -> None:
        """Put a box in the place of each item's mark: an input could be ticked by a reader, who would change nothing."""
        for item in root.iter("li"):
            first = item if (item.text or "").strip() or not len(item) else item[0]
            match = _TASK.match(first.text or "")
            if match and first.tag in {"li", "p"}:
                first.text = ("☐ " if match[1] == " " else "☑ ") + str(first.text)[match.end() :]
