"""Where our Markdown departs from Python-Markdown's, so that print stays print: numbers, headings, and GitHub's marks."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any
from xml.etree import ElementTree

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor, HashHeaderProcessor, HRProcessor, SetextHeaderProcessor
from markdown.extensions import Extension
from markdown.extensions.sane_lists import SaneOListProcessor
from markdown.extensions.tables import TableProcessor
from markdown.inlinepatterns import SimpleTagInlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from builder.articles.block_queue import CodeBlocks, queue_blocks
from builder.articles.code_spans import CodeSpanProcessor
from builder.articles.fenced_code import ClosedFencePreprocessor
from builder.articles.html_blocks import HtmlBlocks
from builder.articles.inline_markup import InlineMarks, emphasis
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
        queue_blocks(md)
        numbered_lists = NumberedListProcessor(md.parser)
        self.reset = numbered_lists.reset
        md.registerExtension(self)
        md.treeprocessors.register(InlineMarks(md), "inline", 20)
        md.inlinePatterns.register(CodeSpanProcessor(), "backtick", 190)
        md.inlinePatterns.register(emphasis(md), "em_strong", 60)
        md.preprocessors.register(ClosedFencePreprocessor(md, {"lang_prefix": "language-"}), "fenced_code_block", 25)
        md.preprocessors.register(HtmlBlocks(md), "html_block", 20)
        md.preprocessors.register(_PartedBlocks(md), "parted_blocks", 15)
        md.parser.blockprocessors.register(numbered_lists, "olist", 40)
        md.parser.blockprocessors.register(BriefRuleProcessor(md.parser), "hr", 50)
        md.parser.blockprocessors.register(UnderlinedHeadingProcessor(md.parser), "setextheader", 60)
        md.parser.blockprocessors.register(CodeBlocks(md.parser), "code", 80)
        md.parser.blockprocessors.register(SpacedHeadingProcessor(md.parser), "hashheader", 70)
        md.parser.blockprocessors.register(BriefTableProcessor(md.parser, {"use_align_attribute": False}), "table", 75)


class GitHubExtension(Extension):
    """What GitHub shows: `~~struck~~` text, and `[ ]` and `[x]` at the start of a list's item as boxes."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        """Register both; boxes before inline patterns, which would take `[x]` for a link."""
        md.inlinePatterns.register(SimpleTagInlineProcessor(r"(~~)(?=\S)(.+?)(?<=\S)~~", "del"), "strikethrough", 65)
        md.treeprocessors.register(_TaskBoxes(md), "taskboxes", 30)


class _BriefSearch(BlockProcessor):
    """Asks a block once: what other rules leave of one without a match, line by line, ends as it does and has none either."""

    _without = ""

    def test(self, parent: ElementTree.Element, block: str) -> bool:
        """Return whether a line of `block` is what the rule is about."""
        if self._without == block or self._without.endswith(f"\n{block}"):
            return False
        is_found = bool(super().test(parent, block))
        self._without = "" if is_found else block
        return is_found


class BriefRuleProcessor(_BriefSearch, HRProcessor):
    """Rules between paragraphs."""


class UnderlinedHeadingProcessor(SetextHeaderProcessor):
    """Takes two lines off a block without taking the others apart."""

    def run(self, parent: ElementTree.Element, blocks: list[str]) -> None:
        """Make a heading of the first two lines of the first of `blocks`."""
        heading, _, rest = blocks.pop(0).partition("\n")
        underline, _, others = rest.partition("\n")
        ElementTree.SubElement(parent, "h1" if underline.startswith("=") else "h2").text = heading.strip()
        if "\n" in rest:
            blocks.insert(0, others)


class BriefTableProcessor(TableProcessor):
    """Asks of the first two lines of a block whether it is a table, where those decide: blocks of a thousand lines are many."""

    def test(self, parent: ElementTree.Element, block: str) -> bool:
        """Return whether `block` begins with a table."""
        first, _, rest = block.partition("\n")
        second = rest.partition("\n")[0]
        if not second or not set(second) <= set("|:- "):
            return False
        return bool(super().test(parent, block if "|" in first else f"{first}\n{second}"))

    def _split(self, row: str) -> list[str]:
        """Return the cells of `row`: a pipe in code parts none. Each run of backticks is paired by a look-up."""
        runs: list[tuple[int, int, int, int]] = []
        pipes: list[int] = []
        by_length: dict[int, list[int]] = {}
        for match in self.RE_CODE_PIPES.finditer(row):
            group = 2 if match[2] else 3
            if match[group]:
                escape = 1 if match[2] else 0  # a backslash, and the backtick behind it where the run opens
                length = len(match[group]) - escape
                by_length.setdefault(length, []).append(len(runs))
                runs.append((match.start(group), match.end(group) - 1, length, escape))
            elif match[5]:
                pipes.append(match.start(5))
        regions: list[tuple[int, int]] = []
        number = 0
        while number < len(runs):
            start, _, length, escape = runs[number]
            same = by_length.get(length - escape, [])
            index = bisect_right(same, number)
            if length > escape and index < len(same):
                number = same[index]
                regions.append((start, runs[number][1]))
            number += 1
        cells, begin, region = [], 0, 0
        for pipe in pipes:
            while region < len(regions) and regions[region][1] < pipe:
                region += 1
            if region == len(regions) or pipe < regions[region][0]:
                cells.append(row[begin:pipe])
                begin = pipe + 1
        return [*cells, row[begin:]]


class SpacedHeadingProcessor(_BriefSearch, HashHeaderProcessor):
    """`# Heading`, but not `#1 seed` or `#hashtag` (CommonMark 0.31, 4.2)."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6})(?P<header>(?=[ \t]|\n|$)(?:\\.|[^\\#\n]|#+(?=[^#\n]))*?)#*(?:\n|$)")


class NumberedListProcessor(SaneOListProcessor):
    """Numbered lists with the numbers that were written; one numbered line alone ("1986. What a season") is a paragraph."""

    def __init__(self, parser: Any) -> None:
        super().__init__(parser)
        self.RE = re.compile(r" {0,3}[0-9]{1,9}\. +(.*)")
        self.CHILD_RE = re.compile(r" {0,3}(([0-9]{1,9})\.) +(.*)")
        self._last_numbers: dict[ElementTree.Element, tuple[int, int]] = {}
        """Of lists that were asked about: how long each was, and its last number then."""

    def run(self, parent: ElementTree.Element, blocks: list[str]) -> bool | None:
        """Make `blocks[0]` a list or items of the one before it. Returns False where it is a paragraph."""
        numbers = [int(match[1]) for line in blocks[0].split("\n") if (match := _ITEM.match(line))]
        sibling = self.lastChild(parent)
        continues = sibling is not None and sibling.tag in self.SIBLING_TAGS
        previous = self._last_number(sibling) if sibling is not None and continues else None
        if len(numbers) == 1 and parent.tag != "ol" and not _is_list(numbers[0], previous, blocks[1:2]):
            return False
        length = 0 if sibling is None or not continues else len(sibling)
        super().run(parent, blocks)
        lst = parent if parent.tag == "ol" and not continues else self.lastChild(parent)
        if lst is not None and lst.tag == "ol":
            _number(lst[length:], int(lst.get("start", "1")) - 1 if previous is None else previous, numbers)
        return None

    def _last_number(self, lst: ElementTree.Element) -> int:
        """Return the number that the last item of `lst` shows."""
        length, number = self._last_numbers.get(lst, (0, int(lst.get("start", "1")) - 1))
        for item in lst[length:]:
            number = int(item.get("value", number + 1))
        self._last_numbers[lst] = len(lst), number
        return number

    def reset(self) -> None:
        """Forget the lists of the last text."""
        self._last_numbers.clear()


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


def _number(items: list[ElementTree.Element], previous: int, numbers: list[int]) -> None:
    """Give `items`, behind one with the number `previous`, the `numbers` that were written, where counting would give others.

    `1. 1. 1.` is Markdown's way to say "count for me".
    """
    if len(items) != len(numbers) or (len(set(numbers)) == 1 and numbers[0] < 2):
        return
    for item, number in zip(items, numbers, strict=True):
        if number != previous + 1:
            item.set("value", str(number))
        previous = number


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
