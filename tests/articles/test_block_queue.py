"""Blocks from a queue are those of a list, and code that follows code is joined with it."""

from __future__ import annotations

import random

import pytest
from markdown import Markdown
from markdown.blockprocessors import CodeBlockProcessor
from markdown.extensions.md_in_html import HtmlBlockPreprocessor

from builder.articles.block_queue import BlockQueue
from builder.articles.dialect import PrintExtension
from builder.articles.markdown import EXTENSIONS
from tests.effort import effort

PIECES = [
    "    a\n", "    a <b>\n\n", "\n", "\n\n", "1. a\n", "2. b\n\n", "- a\n", "    - b\n", "    c\n\n", "> q\n", "para *x*\n", "para\n\n", "<div>\n",
    "</div>\n", "<b>", "</b>", "<!-- c -->", "<!-- c\n\n d -->", "[^1]\n\n", "[^1]: n\n\n", "        deep\n\n", "Term\n", "\n: def\n\n",
    "| a | b |\n|---|---|\n| 1 | `2|` |\n\n", "# H\n", "---\n", "\t\tx\n\n", "   \n", "```\ncode\n```\n", "<i>x\n<!-- y -->\n</i>", "7. z\n\n",
]  # fmt: skip


def test_a_queue_is_a_list_of_blocks() -> None:
    queue, blocks = BlockQueue("abcde"), list("abcde")
    for each in (queue, blocks):
        each.insert(0, "x")
        assert (each.pop(0), each.pop(0), each.pop(), each[0], each[-1]) == ("x", "a", "e", "b", "d")
    assert queue[1:2] == blocks[1:2] and queue[1:] == blocks[1:] and len(queue) == 3 and not BlockQueue()


@pytest.mark.proof
def test_blocks_are_read_as_ever() -> None:
    theirs, ours = (Markdown(extensions=[*EXTENSIONS, PrintExtension()], output_format="html") for _ in "12")
    del theirs.parser.parseChunk
    theirs.parser.blockprocessors.register(CodeBlockProcessor(theirs.parser), "code", 80)
    theirs.preprocessors.register(HtmlBlockPreprocessor(theirs), "html_block", 20)
    choose = random.Random(1).choices
    for _ in range(effort(250, 2500)):
        text = "".join(choose(PIECES, k=14))
        assert theirs.reset().convert(text) == ours.reset().convert(text), text
