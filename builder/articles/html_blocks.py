"""Blocks of HTML within Markdown: what follows a comment is looked up, where Python-Markdown searches the text for each one."""

from __future__ import annotations

import re

from markdown.extensions.md_in_html import HTMLExtractorExtra
from markdown.preprocessors import HtmlBlockPreprocessor

_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_END_TAG = re.compile(r"</\s*([^\s<>]+)\s*>")
_MAX_OPEN = 32
"""Inline elements around a comment or end tag that are looked at, the innermost first."""


class HtmlBlocks(HtmlBlockPreprocessor):
    """Takes blocks of HTML out of the text, with Markdown in those that ask for it."""

    def run(self, lines: list[str]) -> list[str]:
        """Return `lines` with a placeholder for each block."""
        extractor = _Extractor(self.md)
        extractor.feed("\n".join(lines))
        extractor.close()
        return "".join(extractor.cleandoc).split("\n")


class _Extractor(HTMLExtractorExtra):
    """Knows of the paragraph that it reads where it ends, and where the last end tag of each element is."""

    _paragraph_end = -1
    _last_ends: dict[str, int]

    def close_inline_tag(self, tag: str) -> None:
        """Forget an open inline element that ends, and those within it."""
        stack = self.inline_stack
        for number in range(len(stack) - 1, max(-1, len(stack) - 1 - _MAX_OPEN), -1):
            if stack[number] == tag:
                del stack[number:]
                return

    def inline_close_follows(self, text: str) -> bool:
        """Return whether an open inline element is closed in the same paragraph, after the comment `text`."""
        if not self.inline_stack:
            return False
        start = self.line_offset + self.offset + len(text)
        if start > self._paragraph_end:
            blank = _BLANK_LINE.search(self.rawdata, start)
            self._paragraph_end = blank.start() if blank else len(self.rawdata)
            ends = _END_TAG.finditer(self.rawdata, start, self._paragraph_end)
            self._last_ends = {match[1].lower(): match.start() for match in ends}
        return any(self._last_ends.get(tag, -1) >= start for tag in self.inline_stack[-_MAX_OPEN:])
