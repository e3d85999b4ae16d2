"""Looks an archive over without building it: what `morgue check` reports."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from builder.archive import collection, validation
from builder.archive.address_ledger import FILE, Ledger, read_ledger, split_entry
from builder.archive.sources import scan_sources
from builder.articles.model import FIELD_NAMES
from builder.base import version
from builder.base.locales import Localization
from builder.base.now import now
from builder.base.problems import ConfigError, NullReporter, Problem, Severity, suggestion
from builder.build import PRELOAD_MODULES
from builder.commands import theme_files
from builder.config.site import Site, load_site
from builder.incremental import fingerprints
from builder.output.dead_addresses import find_dead_addresses
from builder.output.manifest import has_generator_meta
from builder.parallel.pool import WorkerPool
from builder.plan.assets import files_finder
from builder.render.templating import template_digests
from builder.search.watches import find_watches
from builder.state import state


class Inspection(NamedTuple):
    """What an archive's inspection came to: its problems, in order, and how many addresses were looked up (0: no site there)."""

    problems: list[Problem]
    addresses: int


def inspect(folder: Path, output: Path) -> Inspection:
    """Look over the archive at `folder`, and the addresses of its site at `output`.

    The problems are what a build reports, dead links, names nearly alike, addresses that do not answer. Writes nothing.
    Raises ConfigError for a site.yml that cannot be.
    """
    site = load_site(folder, FIELD_NAMES)
    with state.open_read_only(folder) as last_state, WorkerPool(os.cpu_count() or 1, PRELOAD_MODULES) as workers:
        reading = fingerprints.reading_key(site, version.code_fingerprint())
        scan = scan_sources(folder / "content", site, reading, last_state, workers, NullReporter())
    ledger = read_ledger(folder)
    moment = now()

    def arrange(drafts: bool) -> collection.Archive:
        return collection.build_archive(scan.articles, moment, drafts, ledger, site=site, own_pages=scan.own_pages)

    whole = arrange(drafts=True)
    whole.find_files = files_finder(folder, whole)
    if site.watches:  # there may be no index to ask: a link to any month of one passes
        every_id = {article.id for article in whole.pages}
        whole.watches = find_watches(whole, site.watches, lambda _: every_id)
    problems = (
        *whole.problems,
        *validation.dead_links(whole, site.timezone),
        *validation.equal_texts(whole),
        *validation.odd_languages(whole),
        *validation.near_names(whole),
    )
    all_problems = [*validation.all_problems(scan, problems, folder / "content", site), *_template_faults(folder, site)]
    addresses = dict(split_entry(entry) for entry in sorted(ledger.entries)) if has_generator_meta(output) else {}
    if not any(problem.severity is Severity.ERROR for problem in all_problems):
        has_drafts = any(article.draft for article in whole.pages)
        ledger_problems = (arrange(drafts=False) if has_drafts else whole).ledger_problems  # what was published may be a draft now
        all_problems += ledger_problems
        for problem in ledger_problems:
            addresses.pop(split_entry(ledger.rows[problem.line - 1])[0], None)
        all_problems += _dead_addresses(ledger, addresses, output, site.url)
    return Inspection(sorted(all_problems), len(addresses))


def _dead_addresses(ledger: Ledger, ids: Mapping[str, str], output: Path, site_url: str) -> Iterator[Problem]:
    """Yield an error for each address (of `ids`, by address) that was published and does not answer in the site at `output`."""
    for address, reason in find_dead_addresses(output, ids, site_url):
        message = f"{address} does not answer in {output.name}: {reason}; build the site again"
        yield Problem(FILE, ledger.line_of(address, ids[address]), 1, Severity.ERROR, "", message)


def _template_faults(folder: Path, site: Site) -> Iterator[Problem]:
    """Yield what is wrong with the templates and translations of the archive's own."""
    own_folder = folder / "templates"
    if not own_folder.is_dir():
        return
    folders = [own_folder, version.theme_folder("templates")]
    for look in (lambda: template_digests(map(str, folders)), lambda: Localization(site.language, site.timezone, folders)):
        try:
            look()
        except ConfigError as error:
            yield from error.problems
    names = [path.removeprefix("templates/") for path in theme_files.names()]
    for path in theme_files.unknown_templates(folder):
        message = f"no page uses this template{suggestion(path, names)}; `morgue theme list` shows those that pages use"
        yield Problem(f"templates/{path}", 1, 1, Severity.WARNING, "", message)
