"""Looks an archive over without building it: what `morgue check` reports."""

from __future__ import annotations

import os
from pathlib import Path

from builder import archive, check, config, files, program, state
from builder.articles import WORDS
from builder.build import PRELOADED, now, problems_of
from builder.intake import take_in
from builder.problems import NullReporter, Problem
from builder.work import Workers


def inspect(folder: Path) -> list[Problem]:
    """Return every problem of the archive at `folder`, in order: what a build reports, dead links, names nearly alike.

    Writes nothing. Raises ConfigError for a site.yml that cannot be.
    """
    site = config.load(folder, WORDS)
    with state.glimpsed(folder) as known, Workers(os.cpu_count() or 1, PRELOADED) as workers:
        reading = files.digest(site.reading_key, program.key())
        intake = take_in(folder / "content", site, reading, known, workers, NullReporter())
    cards = [entry.card for entry in intake.known.values() if entry.card is not None]
    whole = archive.assemble(cards, now(), drafts=True)
    findings = (*whole.findings, *check.dead_links(whole), *check.near_names(whole))
    return sorted(problems_of(intake, findings, folder, site))
