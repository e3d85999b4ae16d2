"""Corrections of stories, newest first, and their feed (RSS 2.0)."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from builder.archive.addresses import CORRECTIONS
from builder.articles.model import Article, ArticleSummary, Correction
from builder.base.dates import to_rfc3339
from builder.base.files import digest
from builder.config.site import Site
from builder.formats.feeds import Channel, entry_of, rss

MAX_ENTRIES = 50


class CorrectionNote(NamedTuple):
    """A correction, with the article that was corrected."""

    correction: Correction
    article: ArticleSummary
    whole: Article


def newest_first(articles: Iterable[tuple[Article, ArticleSummary]]) -> list[CorrectionNote]:
    """Return all corrections of `articles`, the newest first, those without a day last."""
    notes = [CorrectionNote(correction, summary, article) for article, summary in articles for correction in article.corrections]
    return sorted(notes, key=lambda note: (note.correction.date, note.article.id), reverse=True)


def feed(notes: Sequence[CorrectionNote], path: str, title: str, site: Site) -> bytes:
    """Return the feed of the newest of `notes` that have a day; `path` is its own, `title` what it is called beside the site's."""
    entries = []
    for correction, summary, article in [note for note in notes if note.correction.date][:MAX_ENTRIES]:
        entry, date = entry_of(article, summary, "", {}, site), to_rfc3339(correction.date, site.timezone)
        # What identifies it is what it says: a correction that is reworded is another one.
        id_ = f"{entry.id}/correction/{digest(correction.date, correction.text)[:12]}"
        text = f"<p>{html.escape(correction.text, quote=False)}</p>"
        url = f"{entry.url}#corrections"
        entries.append(
            replace(
                entry,
                id=id_,
                url=url,
                html=text,
                summary="",
                published=date,
                updated=date,
                image="",
                image_text="",
                image_credit="",
            )
        )
    channel = Channel(
        title=f"{site.title}: {title}",
        path=path,
        page=CORRECTIONS.path,
        description=title,
        updated=max((entry.updated for entry in entries), default=""),
    )
    return rss(site, channel, entries)
