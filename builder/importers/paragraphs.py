"""Plain text as people paste it, to its paragraphs: wrapped lines joined, invisible characters gone."""

from __future__ import annotations

import re
from itertools import pairwise

_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_SENTENCE_END = re.compile(r"""[.!?…。！？；;:：][”"’'」』）)\]]*$""")
_HAN = re.compile("[\u3400-\u9fff]")
_HEADER = re.compile(r"[A-Z][\w-]{1,11}: ")
"""A line of a mail's head."""
_WIDTHS = range(45, 100)
"""Characters in a line that a mail program or a terminal wrapped."""


def split(text: str) -> list[list[str]]:
    """Return the blocks of `text` (parted by empty lines), each as its paragraphs."""
    text = _INVISIBLE.sub("", text).replace("\u00a0", " ").replace("\u2028", "\n").replace("\u2029", "\n\n").replace("\t", " ")
    blocks = [[" ".join(line.split()) for line in block.split("\n") if line.strip()] for block in re.split(r"\n[ \u3000]*\n", text)]
    blocks = [block for block in blocks if block]
    return [["".join(_join(block))] if _is_wrapped(block) else block for block in blocks] if _wraps(blocks) else blocks


def is_sentence(line: str) -> bool:
    """Whether a line reads as running text: it ends like a sentence, or is long."""
    if _HAN.search(line):
        return (bool(_SENTENCE_END.search(line)) and len(line) > 8) or len(line) > 60
    words = len(line.split())
    return (bool(_SENTENCE_END.search(line)) and words > 4) or words > 25


def _wraps(blocks: list[list[str]]) -> bool:
    """Whether the whole text was wrapped: most lines that are followed by one of their block have a usual width and no end."""
    inner = [line for block in blocks for line in block[:-1] if not _HEADER.match(line)]
    if len(inner) < 3:
        return False
    full_lines = [line for line in inner if len(line) in _WIDTHS and not _SENTENCE_END.search(line)]
    return len(full_lines) * 10 >= len(inner) * 6


def _is_wrapped(block: list[str]) -> bool:
    return len(block) > 1 and sum(len(line) in _WIDTHS for line in block[:-1]) * 2 > len(block[:-1])


def _join(lines: list[str]) -> list[str]:
    parts = [lines[0]]
    for before, line in pairwise(lines):
        has_space = not (_HAN.match(line[0]) and _HAN.match(before[-1]))
        parts.append((" " if has_space else "") + line)
    return parts
