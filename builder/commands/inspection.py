"""Looks an archive over without building it: what `morgue check` reports."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from builder.archive import collection, validation
from builder.archive.sources import scan_sources
from builder.articles.model import FIELD_NAMES
from builder.base import version
from builder.base.now import now
from builder.base.problems import NullReporter, Problem, Severity, suggestion
from builder.build import PRELOAD_MODULES
from builder.commands import theme_files
from builder.config.site import load_site
from builder.incremental import fingerprints
from builder.parallel.pool import WorkerPool
from builder.state import state


def inspect(folder: Path) -> list[Problem]:
    """Return every problem of the archive at `folder`, in order: what a build reports, dead links, names nearly alike.

    Writes nothing. Raises ConfigError for a site.yml that cannot be.
    """
    site = load_site(folder, FIELD_NAMES)
    with state.open_read_only(folder) as known, WorkerPool(os.cpu_count() or 1, PRELOAD_MODULES) as workers:
        reading = fingerprints.reading_key(site, version.code_fingerprint())
        scan = scan_sources(folder / "content", site, reading, known, workers, NullReporter())
    whole = collection.build_archive(scan.articles, now(), drafts=True)
    problems = (*whole.problems, *validation.dead_links(whole), *validation.near_names(whole))
    return sorted((*validation.all_problems(scan, problems, folder / "content", site), *_unused_templates(folder)))


def _unused_templates(folder: Path) -> Iterator[Problem]:
    known = [path.removeprefix("templates/") for path in theme_files.names()]
    for path in theme_files.unknown_templates(folder):
        message = f"no page uses this template{suggestion(path, known)}; `morgue theme list` shows those that pages use"
        yield Problem(f"templates/{path}", 1, 1, Severity.WARNING, "", message)
