"""How much of saved pages' stories the import finds, beside trafilatura alone: `python -m tests.bench.pages CORPUS`.

CORPUS is a folder, or a tar of one, with `expected.json`: by address the `file` below `pages/`, the texts that its body has
(`with`) and texts that are page furniture (`without`).
"""

from __future__ import annotations

import json
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from builder.articles.article_html import plain_text
from builder.articles.markdown import to_html
from builder.config.site import Site
from builder.importers import finish, pages
from builder.importers.rules import load_rules
from builder.importers.settings import ReadSettings
from builder.importers.story import Piece, Story


def trafilatura_alone(data: bytes) -> str:
    from trafilatura import extract

    return extract(data) or ""


def ours(data: bytes, settings: ReadSettings) -> str:
    """The text of the article that the import would write; empty where it refuses the page."""
    piece = Piece(0, "html", "page.html", data)
    story = pages.read(piece, settings)
    if not isinstance(story, Story):
        return ""
    finish.record(story, piece, settings)
    return plain_text(to_html(story.markdown))


def score(corpus: Path, text_of: Callable[[bytes], str]) -> dict[str, Any]:
    """Return how many of the `with` texts were found and of the `without` texts kept out, of how many, and pages a second."""
    expected = json.loads((corpus / "expected.json").read_text(encoding="utf-8"))
    counts = {"with": 0, "with_of": 0, "without": 0, "without_of": 0}
    misses = []
    seconds = 0.0
    for page in expected.values():
        data = (corpus / "pages" / page["file"]).read_bytes()
        start = time.perf_counter()
        found = " ".join(text_of(data).split())
        seconds += time.perf_counter() - start
        for kind in ("with", "without"):
            for text in page[kind]:
                is_right = (" ".join(text.split()) in found) == (kind == "with")
                counts[kind] += is_right
                counts[f"{kind}_of"] += 1
                if not is_right:
                    misses.append((page["file"], kind, text))
    return {**counts, "pages_per_second": len(expected) / seconds, "misses": misses}


def main(corpus: Path, show_misses: bool) -> None:
    settings = ReadSettings(load_rules(Path(), Site()).model_dump_json(), "UTC", "en", "2026-01-01T00:00:00+00:00")
    with tempfile.TemporaryDirectory() as scratch:
        if corpus.is_file():
            with tarfile.open(corpus) as archive:
                archive.extractall(scratch, filter="data")
            corpus = next(Path(scratch).rglob("expected.json")).parent
        print(f"{'':18} {'with found':>16} {'without kept out':>18} {'pages/s':>8}")
        readers = {"trafilatura alone": trafilatura_alone, "morgue import": lambda data: ours(data, settings)}
        for name, reader in readers.items():
            done = score(corpus, reader)
            found, out = done["with"] / done["with_of"], done["without"] / done["without_of"]
            print(
                f"{name:18} {done['with']:>4}/{done['with_of']} {found:8.1%} {done['without']:>6}/{done['without_of']} {out:8.1%}"
                f" {done['pages_per_second']:8.1f}"
            )
            if show_misses:
                for miss in done["misses"]:
                    print("   ", *miss)


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--misses" in sys.argv)
