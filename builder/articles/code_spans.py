"""Where a code span ends, looked up instead of searched for: Python-Markdown reads the whole text anew for each backtick."""

from __future__ import annotations

import re
from bisect import bisect_left

from markdown.inlinepatterns import BACKTICK_RE, BacktickInlineProcessor

_RUN = re.compile("`+")


class CodeSpanProcessor(BacktickInlineProcessor):
    """Gives what Python-Markdown's own gives. The runs of backticks of one text are found once."""

    def __init__(self) -> None:
        super().__init__(BACKTICK_RE)
        self._text = ""
        self._starts: list[int] = []
        self._by_length: dict[int, list[int]] = {}
        self._longest: list[tuple[int, int]] = []
        """For each run, length and end of the first longest run from there on."""

    def find_code_spans(self, start: int, text: str) -> tuple[int, int | None]:  # type: ignore[override]
        """Return where the code of the span begins and ends whose first backtick is text[start]; no end where it is none."""
        if text is not self._text and not self._text.endswith(text[start:]):
            self._find_runs(text)
        shift = len(text) - len(self._text)
        begin, end = self._find(start - shift)
        return begin + shift, end + shift if end is not None else None

    def _find(self, start: int) -> tuple[int, int | None]:
        """Return the same within the text whose runs are known: another one ends as it does from `start` on."""
        text = self._text
        opening = _RUN.match(text, start)
        ticks = opening.end() - start if opening else 0
        start += ticks
        same = self._by_length.get(ticks, [])
        index = bisect_left(same, start)
        if index < len(same):
            return start, same[index]
        run = bisect_left(self._starts, start)
        longest, end = self._longest[run] if run < len(self._longest) else (0, 0)
        if 0 < longest < ticks:
            return start - (ticks - longest), end - longest
        return start + ticks, None  # as it stands there: further than the run itself

    def _find_runs(self, text: str) -> None:
        runs = [match.span() for match in _RUN.finditer(text)]
        self._text, self._starts, self._by_length, self._longest = text, [begin for begin, _ in runs], {}, []
        for begin, end in runs:
            self._by_length.setdefault(end - begin, []).append(begin)
        best = (0, 0)
        for begin, end in reversed(runs):
            if end - begin >= best[0]:
                best = (end - begin, end)
            self._longest.append(best)
        self._longest.reverse()
