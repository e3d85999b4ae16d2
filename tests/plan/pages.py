"""What a published page links to."""

from __future__ import annotations

from urllib.parse import urljoin

from lxml import html

from tests.sites import Archive


def links(site: Archive, path: str, relation: str = "") -> list[str]:
    """Return the output paths that the page at `path` links to in the text, in its order; `relation` asks for those with that `rel`."""
    anchors = html.document_fromstring(site.page(path).encode()).iter("a")
    return [
        urljoin(path, anchor.get("href", "")).partition("#")[0]
        for anchor in anchors
        if not relation or anchor.get("rel") == relation
    ]
