"""The answers of `morgue search`: a query and its filters to plain data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from builder.base.urls import quote
from builder.search.sync import FOLDER
from builder.search.text.excerpts import excerpt
from builder.search.text.query import compose, phrases
from builder.search.whoosh_index.index import is_whole
from builder.search.whoosh_index.searcher import Hit, Searcher, Sort
from builder.search.whoosh_index.segments import DAMAGE, damage_error
from builder.state.state import FOLDER as STATE_FOLDER


def find(
    folder: Path,
    query: str,
    *,
    since: str | None = None,
    until: str | None = None,
    sort: Sort = "relevance",
    limit: int = 10,
    **filters: Sequence[str],
) -> dict[str, Any]:
    """Search the archive at `folder` (the one with site.yml) as its last build left it.

    `filters` are names or slugs by facet (agency, source, section, type, tag, byline, language); `since` and `until`
    years, months or days. Returns `query`, `total` and the first `limit` `results`, ready for JSON: `url` percent-encoded
    and relative to the output folder, `date` ISO 8601 or None, `marks` ranges of code points in `excerpt`.

    Raises QueryError for a date that is none, Unable where there is no index or a damaged one.
    """
    tree = compose(query, filters, since or "", until or "")
    phrase_list = list(phrases(tree))
    index_folder = folder / STATE_FOLDER / FOLDER
    try:
        with Searcher.open(index_folder) as searcher:
            hits = searcher.search(tree, sort, limit)
            results = [_result(hit, *excerpt(hit.document.text, phrase_list, searcher.terms_of)) for hit in hits.hits]
    except DAMAGE as error:
        if is_whole(index_folder):
            raise
        raise damage_error(folder) from error
    return {"query": query, "total": hits.total, "results": results}


def _result(hit: Hit, piece: str, marks: list[list[int]]) -> dict[str, Any]:
    document = hit.document
    return {
        "title": document.title,
        "url": quote(document.url),
        "date": document.date or None,
        "source": document.source,
        "agency": list(document.agency),
        "tags": list(document.tags),
        "score": round(hit.score, 6),
        "excerpt": piece,
        "marks": marks,
    }
