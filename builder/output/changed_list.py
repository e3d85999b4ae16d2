"""The list of what a build changed in the output folder, for tools that upload."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from builder.formats.fixity import MANIFEST, escape_path
from builder.search.browser.layout import MANIFEST as SEARCH_MANIFEST

LAST = (SEARCH_MANIFEST, MANIFEST)
"""Files that name others: what uploads in the order of the list has the others there before them."""


def changed_lines(written_paths: Iterable[str], removed_paths: Iterable[str]) -> Iterator[str]:
    """Yield a line, with its end, for each of `written_paths` and then for each of `removed_paths`.

    A line is `written` or `removed`, a tab, the path with its backslashes and line ends escaped (fixity.escape_path).
    """
    for path in sorted(written_paths, key=lambda path: (path in LAST, LAST.index(path) if path in LAST else 0, path)):
        yield f"written\t{escape_path(path)}\n"
    for path in sorted(removed_paths):
        yield f"removed\t{escape_path(path)}\n"
