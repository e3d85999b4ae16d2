"""Which articles are handed over: those that are published, or of them those of a period."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol, TypeVar

from builder.archive.address_ledger import read_ledger
from builder.archive.collection import Archive, build_archive
from builder.archive.sources import scan_sources
from builder.articles.model import FIELD_NAMES, ArticleSummary
from builder.base import version
from builder.base.now import now
from builder.base.problems import NullReporter
from builder.base.urls import quote
from builder.build import PRELOAD_MODULES
from builder.config.site import load_site
from builder.incremental import fingerprints
from builder.parallel.pool import WorkerPool
from builder.search.answers import find
from builder.search.text.query import Period, compose
from builder.state import state


class _WithDay(Protocol):
    @property
    def day(self) -> str: ...


WithDay = TypeVar("WithDay", bound=_WithDay)


def read_archive(folder: Path, drafts: bool = False) -> Archive:
    """Return the archive at `folder` as a build would publish it now, with `drafts` if they are wanted. Writes nothing."""
    site = load_site(folder, FIELD_NAMES)
    with state.open_read_only(folder) as last_state, WorkerPool(os.cpu_count() or 1, PRELOAD_MODULES) as workers:
        reading = fingerprints.reading_key(site, version.code_fingerprint())
        scan = scan_sources(folder / "content", site, reading, last_state, workers, NullReporter())
    return build_archive(scan.articles, now(), drafts, read_ledger(folder), site=site, own_pages=scan.own_pages)


def published_articles(folder: Path) -> list[ArticleSummary]:
    """Return the articles of the archive at `folder` that a build publishes now, tombstones among them. Writes nothing."""
    return list(read_archive(folder).pages)


def of_period(articles: Iterable[WithDay], since: str, until: str) -> list[WithDay]:
    """Return those of `articles` that have a date from `since` to `until` (years, months or days; "" is open).

    Raises QueryError for a date that is none.
    """
    compose("", {}, since, until)  # says what is wrong with them
    period = Period(since, until)
    return [article for article in articles if period.holds(article.day)]


def that_match(folder: Path, articles: Iterable[ArticleSummary], query: str) -> list[ArticleSummary]:
    """Return those of `articles` that a search for `query` finds in the archive at `folder`, as its last build left it.

    Raises QueryError for a query that is none, IndexMissingError where there is no index.
    """
    hits = {hit["url"] for hit in find(folder, query, limit=sys.maxsize)["results"]}
    return [article for article in articles if quote(article.url) in hits]
