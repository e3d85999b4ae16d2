"""`morgue` without the browsers' index: what that index costs is the difference.

    python -m tests.bench.without build …

What both indexes need is done for Whoosh's all the same, so the difference is what comes on top of that.
"""

from __future__ import annotations

from pathlib import Path

from builder.__main__ import main
from builder.search import sync
from builder.search.browser import layout
from builder.search.browser.store import BrowserIndexStore
from builder.search.whoosh_index import segments


def _write(_: Path, folder: Path, some: sync.DocumentBatch) -> list[segments.Segment]:
    """Do what sync._write does, for Whoosh's index alone. Runs in workers."""
    return segments.write(folder, (document for _, document, for_whoosh, _ in some if for_whoosh))


if __name__ == "__main__":
    from tests.bench import without  # by this name the workers know it

    for of, name, instead in (
        (sync, "_write", without._write),
        (BrowserIndexStore, "update", lambda *_: iter(())),
        (layout, "plan_years", lambda *_: ([], [])),
        (layout, "plan_index", lambda *_: iter(())),
    ):
        assert hasattr(of, name), f"{of} has no {name} any more"
        setattr(of, name, instead)
    main()
