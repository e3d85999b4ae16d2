"""Where a link stands in the source of an article."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BEFORE_ADDRESS = re.compile(r"""(?:\]\(|\]:\s*|\b(?:href|src)\s*=\s*["']?)\s*<?([^\s"'<>]*)$""")


def find_address(text: str, ends: Iterable[str]) -> int | None:
    """Return the offset in `text` (Markdown, HTML) of the first address of a link or picture that has one of `ends` in it.

    None where there is none: the words may stand there without being an address.
    """
    for end in ends:
        for match in re.finditer(re.escape(end), text, re.IGNORECASE):
            before = _BEFORE_ADDRESS.search(text, max(match.start() - 4000, 0), match.start())
            if before:
                return before.start(1)
    return None
