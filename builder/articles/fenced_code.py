"""Code between fences, in lists and quotes too; a fence that nothing closes opens nothing."""

from __future__ import annotations

import re
from bisect import bisect_right

from markdown.extensions.fenced_code import FencedBlockPreprocessor

_FENCE = re.compile(r"(?P<prefix>(?: {0,3}>)* *)(?P<fence>~{3,}|`{3,})")
_ITEM = re.compile(r" {0,3}(?:[-*+]|[0-9]{1,9}[.)]|\[\^[^\]\n]*\]:|:) ")
"""A list's item, a footnote or a definition, to which lines that are indented by four belong."""
_INDENT = "    "

Closings = dict[tuple[str, str], list[int]]
"""Numbers of the lines that close a fence, by what stands before it and by the fence."""


class ClosedFencePreprocessor(FencedBlockPreprocessor):
    """Looks for a fence that can close a block before the block is read: else each opening one has all the rest searched.

    Python-Markdown knows blocks at the left edge alone. In an item, or behind the signs of a quote, each line of a block
    begins as its first one does.
    """

    def run(self, lines: list[str]) -> list[str]:
        """Return `lines` with a placeholder for each block of code."""
        closings: Closings = {}
        for number, line in enumerate(lines):
            match = _FENCE.match(line)
            if match and not line[match.end() :].strip(" "):
                closings.setdefault((match["prefix"], match["fence"]), []).append(number)
        if not closings:
            return lines
        borders: dict[str, int] = {}
        result: list[str] = []
        number, is_in_item = 0, False
        while number < len(lines):
            line = lines[number]
            if line.strip() and not line.startswith(_INDENT):
                is_in_item = bool(_ITEM.match(line))
            prefix, end = self._block_from(number, line, closings, is_in_item)
            if prefix and end > number:
                if borders.get(prefix, -1) < number:
                    borders[prefix] = _border(lines, number, prefix)
                end = number if borders[prefix] < end else end
            block = [each[len(prefix) :] for each in lines[number : end + 1]]
            code = list(super().run(block)) if len(block) > 1 else block
            if code == block:  # the line opens nothing; the next one may
                result.append(line)
                end = number
            else:
                if prefix and not (result and _continues(result[-1], prefix)):
                    del code[0]  # a second empty line would end the item
                if prefix and not (end + 1 < len(lines) and _continues(lines[end + 1], prefix)):
                    del code[-1]
                result += [f"{prefix}{each}" if each else prefix.rstrip() for each in code]
            number = end + 1
        return result

    def _block_from(self, number: int, line: str, closings: Closings, is_in_item: bool) -> tuple[str, int]:
        """Return what each line of the block begins with that `line`, the one of that `number`, opens, and the block's last line.

        A line that opens nothing is its own last line.
        """
        opening = _FENCE.match(line)
        if opening is None:
            return "", number
        prefix, fence = opening["prefix"], opening["fence"]
        numbers = closings.get((prefix, fence), [])
        index = bisect_right(numbers, number)
        is_code = prefix.rpartition(">")[2].startswith(f"{_INDENT} " if ">" in prefix else _INDENT) and not is_in_item
        if is_code or index == len(numbers) or not self.FENCED_BLOCK_RE.match(f"{line[len(prefix) :]}\n{fence}"):
            return prefix, number
        return prefix, numbers[index]


def _continues(line: str, prefix: str) -> bool:
    """Whether a `line` beside a block whose lines begin with `prefix` is of the same paragraph, were it not for the block."""
    blank = prefix.rstrip()
    return line.startswith(blank) and line.strip() != blank.strip()


def _border(lines: list[str], start: int, prefix: str) -> int:
    """Return the number of the first line from `start` on that neither begins with `prefix` nor is empty behind it."""
    blank = prefix.rstrip()
    return next(
        (number for number in range(start, len(lines)) if not lines[number].startswith(prefix) and lines[number].rstrip() != blank),
        len(lines),
    )
