"""The blocks of a text as Python-Markdown takes them from the front: from its lists each costs the move of all the others."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import CodeBlockProcessor
from markdown.util import AtomicString, code_escape


class BlockQueue(deque[str]):
    """Blocks of which the first is taken off and put back at the cost of one; else as a list has them."""

    def __getitem__(self, index: Any) -> Any:
        """Return the block at `index`, or a list of those of a slice."""
        return list(islice(self, *index.indices(len(self)))) if isinstance(index, slice) else super().__getitem__(index)

    def pop(self, index: int = -1) -> str:
        """Take off the first block (`index` 0) or the last one."""
        return super().pop() if index else self.popleft()


def queue_blocks(md: Markdown) -> None:
    """Let the parser of `md` take the blocks of texts from queues."""
    parser: Any = md.parser
    parser.parseChunk = lambda parent, text: parser.parseBlocks(parent, BlockQueue(text.split("\n\n")))


class CodeBlocks(CodeBlockProcessor):
    """Indented code: what follows it at once is joined with it at once."""

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Make code of the first of `blocks` and of the code behind it."""
        sibling = self.lastChild(parent)
        is_code = sibling is not None and sibling.tag == "pre" and len(sibling) and sibling[0].tag == "code"
        code = sibling[0] if sibling is not None and is_code else SubElement(SubElement(parent, "pre"), "code")
        pieces = [f"{code.text}\n"] if is_code else []
        rest = ""
        while not rest and blocks and self.test(parent, blocks[0]):
            block, rest = self.detab(blocks.pop(0))
            pieces.append(f"{code_escape(block.rstrip())}\n")
            if not rest:
                pieces.append("\n")
        code.text = AtomicString("".join(pieces[:-1] if not rest else pieces))
        if rest:
            blocks.insert(0, rest)
