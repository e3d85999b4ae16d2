"""The pipeline: folders of articles in, a published archive and its index out."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from builder.archive import validation
from builder.archive.address_ledger import FILE as LEDGER
from builder.archive.address_ledger import Ledger, read_ledger, recording
from builder.archive.collection import Archive, build_archive, next_change, restore_archive
from builder.archive.releases import FILE as RELEASES
from builder.archive.releases import read_releases
from builder.archive.removals import FILE as REMOVALS
from builder.archive.removals import read_removals
from builder.archive.seals import FOLDER as SEALS
from builder.archive.seals import read_seal
from builder.archive.sources import SourceScan, scan_sources, scan_texts
from builder.articles.model import FIELD_NAMES
from builder.articles.originals import ORIGINALS
from builder.base import files, version
from builder.base.now import now
from builder.base.peak_memory import MemoryMonitor
from builder.base.problems import BuildUnavailableError, ConfigError, NullReporter, Problem, Reporter, Severity, UnrepeatedReporter
from builder.base.warning_groups import group_warnings
from builder.config.site import FILE_NAME, Site, load_site
from builder.incremental import fingerprints
from builder.incremental.rebuild_reasons import ReasonCollector, ReasonFilter
from builder.output.publisher import Publisher
from builder.parallel import dask_executor
from builder.parallel.pool import WorkerPool
from builder.plan import outputs
from builder.plan.assets import files_finder, find_assets
from builder.plan.own_pages import SiteMenus, site_menus
from builder.render.theme import RenderSettings, Theme
from builder.search import sync
from builder.search.watches import find_watches
from builder.state.last_build import (
    Edits,
    Findings,
    HeldBackNote,
    LastBuild,
    Notes,
    forget_last_build,
    look_again,
    look_at_file,
    look_at_inputs,
    look_at_outputs,
    read_last_build,
    write_last_build,
)
from builder.state.state import FILE, FOLDER, State, StateCorruptError, delete_state, lock, open_state

PRELOAD_MODULES = ("builder.archive.sources", "builder.render.renderer", "builder.search.sync")
INPUTS = (FILE_NAME, RELEASES, REMOVALS, SEALS, ORIGINALS, "content", "templates", "static")
"""The files and folders of an archive that a build reads, but for the ledger, which it also writes."""

_MAX_OUTPUT_BYTES = 3000
"""Of the 4,096 that a path may have on Linux."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a person asks of one build."""

    output: Path | None = None
    """The output folder; `public` beside site.yml where it is None."""
    jobs: int = 0
    """Processes at most; 0: one for each core."""
    clean: bool = False
    keep_going: bool = False
    drafts: bool = False
    allow_removals: bool = False
    """Whether much less may be published than by the last build."""
    explain: str | None = None
    """What to explain in the report: a path (rebuild_reasons.ReasonFilter), "" for all that is made, None for nothing."""
    record: bool = True
    """Whether the addresses that are published are noted in addresses.txt: they then answer for ever."""
    measures_memory: bool = False
    """Whether the report has the peak memory: to look at a process of much memory takes a hundredth of a second each time."""
    executor: str = ""
    """The address of a Dask cluster that does the work (dask_executor.connect); "": processes of this machine."""


@dataclass(slots=True)
class Report:
    """What a build did. `written`, `unchanged` and `removed` count files of the output folder."""

    output: Path
    articles: int = 0
    """Articles with a page, withdrawn ones among them."""
    withdrawn: int = 0
    """Those of which the page is a notice."""
    withheld: int = 0
    """Drafts, and articles under embargo or expired: read, and left out."""
    held_back: list[HeldBackNote] = field(default_factory=list)
    """Those, each with why (HeldBack.reason) and in a line: its path, why, until when."""
    broken_files: int = 0
    """Files that gave no article, for their errors."""
    written: int = 0
    unchanged: int = 0
    removed: int = 0
    written_paths: list[str] = field(default_factory=list)
    removed_paths: list[str] = field(default_factory=list)
    is_published: bool = False
    seconds: dict[str, float] = field(default_factory=dict)
    peak_mb: int = 0
    """The most memory of all processes together (MemoryMonitor), where that was asked for."""
    problems: list[Problem] = field(default_factory=list)
    explanation: list[str] = field(default_factory=list)
    """Why outputs were made again, in lines."""

    @property
    def errors(self) -> int:
        """How many problems keep an article from being published."""
        return sum(problem.severity is Severity.ERROR for problem in self.problems)

    @contextmanager
    def time_stage(self, stage: str) -> Iterator[None]:
        """Count the time of the block under `stage`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = round(self.seconds.get(stage, 0) + time.perf_counter() - start, 3)


def build(folder: Path, options: Options, reporter: Reporter | None = None) -> Report:
    """Build the archive at `folder` (the one with site.yml).

    Raises ConfigError for a site.yml, theme or option that cannot be, BuildUnavailableError where the machine does not let it. What
    is wrong with articles is in the report; with errors there, and without `keep_going`, nothing was published.
    """
    reporter = UnrepeatedReporter(reporter or NullReporter())
    folder = folder.resolve() if options.executor else folder  # other machines' processes stand elsewhere
    site = load_site(folder, FIELD_NAMES)  # before anything is written: a folder without one is no archive
    with lock(folder), MemoryMonitor() if options.measures_memory else nullcontext() as memory:
        start = time.perf_counter()
        notes = Notes(since=now(), ledger=look_at_file(folder / LEDGER))
        inputs = None  # a preview is built anew, and nothing is remembered of it
        if options.record:
            inputs = look_at_inputs(_inputs(folder), *_settings(folder, site, options))
        may_repeat = options.explain is None and not options.clean
        last = read_last_build(folder / FOLDER) if may_repeat and inputs is not None else None
        edits = None
        if inputs is not None and last is not None and last.holds_at(notes.since, notes.ledger):
            output = _output(folder, options)
            edits = last.edits(inputs, output, folder / FOLDER)
            if edits is not None and not edits.folders:
                return _repeat(last.findings, output, reporter, time.perf_counter() - start)
            if site.watches:
                edits = None  # they may find something else
        forget_last_build(folder / FOLDER)
        if options.clean:
            delete_state(folder)
            sync.discard(folder / FOLDER)
        losses: dict[str, Problem] = {}
        while True:
            try:
                report = _build(folder, site, options, notes, reporter, None if losses else edits)
                break
            except StateCorruptError as damage:
                if damage.file in losses:
                    raise BuildUnavailableError(f"{folder / FOLDER}: cannot be relied on ({damage}); is the disk sound?") from None
                if damage.file == FILE:
                    delete_state(folder)
                sync.discard_damaged(folder / FOLDER, damage.file)
                message = f"is damaged ({damage.message}); the build makes it anew"
                losses[damage.file] = Problem(f"{FOLDER}/{damage.file}", 0, 0, Severity.WARNING, "", message)
                reporter.problem(losses[damage.file])
        report.problems[:0] = losses.values()
        notes.is_repeatable = notes.is_repeatable and not losses
        if report.is_published and notes.is_repeatable and inputs is not None and inputs.is_settled:
            if edits is not None and notes.is_of_texts:
                changed_paths = (*report.written_paths, *report.removed_paths)
                outputs = look_again(edits.last.outputs, report.output, folder / FOLDER, changed_paths)
            else:
                outputs = look_at_outputs(report.output, folder / FOLDER)
            write_last_build(folder / FOLDER, LastBuild.of(inputs, outputs, notes, _findings(report, notes)))
    if memory is not None:
        report.peak_mb = memory.megabytes
    return report


def _inputs(folder: Path) -> Iterator[Path]:
    """Yield the files and folders that a build reads, but for the ledger, which builds write."""
    yield from (folder / name for name in INPUTS)
    yield from (version.theme_folder(name) for name in ("templates", "static"))


def _settings(folder: Path, site: Site, options: Options) -> Iterator[str]:
    """Yield whatever decides what a build does beside its files."""
    program = version.code_fingerprint()
    yield from (program, fingerprints.reading_key(site, program), site.model_dump_json(), str(_output(folder, options)))
    yield f"{options.keep_going} {options.drafts}"


def _output(folder: Path, options: Options) -> Path:
    return (folder / (options.output or "public")).resolve()


def _findings(report: Report, notes: Notes) -> Findings:
    """Return what `_repeat` needs to make that report again."""
    count = report.written + report.unchanged
    counts = (report.articles, report.withdrawn, report.withheld, report.held_back, report.broken_files, count)
    return Findings(*counts, report.problems, notes.former, notes.spellings)


def _repeat(findings: Findings, output: Path, reporter: Reporter, seconds: float) -> Report:
    """Return and tell what the last build found, where another would find the same; it took `seconds` to see that."""
    for problem in group_warnings(findings.problems):
        reporter.problem(problem)
    return Report(
        output,
        articles=findings.articles,
        withdrawn=findings.withdrawn,
        withheld=findings.withheld,
        held_back=findings.held_back,
        broken_files=findings.broken_files,
        unchanged=findings.files,
        is_published=True,
        seconds={"read": round(seconds, 3)},
        problems=findings.problems,
    )


def _build(folder: Path, site: Site, options: Options, notes: Notes, reporter: Reporter, edits: Edits | None = None) -> Report:
    report = Report(_output(folder, options))
    if len(os.fsencode(report.output)) > _MAX_OUTPUT_BYTES:
        raise ConfigError(f"--output: a folder's path has at most {_MAX_OUTPUT_BYTES} bytes, so that its files have names, too")
    if too_long := next((part for part in report.output.parts if len(os.fsencode(part)) > 255), ""):
        raise ConfigError(f"--output: a name has at most 255 bytes; {too_long[:20]}… has {len(os.fsencode(too_long))}")
    with (
        open_state(folder, is_shared=bool(options.executor)) as state,
        _open_workers(options, folder) as workers,
        ExitStack() as resources,
    ):
        # -- gather: nothing is written outside .morgue/ --------------------------------------------------------
        with report.time_stage("read"):
            reading_key = fingerprints.reading_key(site, version.code_fingerprint())
            content = folder / "content"
            scan = scan_texts(content, site, reading_key, edits.folders, edits.problem_paths, state) if edits else None
            if scan is None:
                edits = None
                scan = scan_sources(content, site, reading_key, state, workers, reporter)
        ledger = read_ledger(folder) if edits is None else Ledger()
        if edits is None:
            archive = _arrange(folder, site, options, scan, ledger, state, report, notes)
        else:
            archive = _rearrange(folder, site, options, scan, edits.last, report, notes)
        archive.releases, archive.seal = read_releases(folder), read_seal(folder)
        archive.find_files = files_finder(folder, archive)
        for problem in group_warnings(report.problems):
            reporter.problem(problem)
        if report.errors and not options.keep_going:
            return report
        scan.require_folders()
        with report.time_stage("index"):
            commit = sync.prepare(folder / FOLDER, archive, state, workers, reporter, scan.edited_paths)
            indexes = resources.enter_context(closing(commit))
        if site.watches:
            archive.watches = find_watches(archive, site.watches, indexes.find)
        if scan.edited_paths is None:
            plan = outputs.plan(archive, site, list(find_assets(folder, archive)), state)
        else:
            plan = outputs.plan_texts(archive, site, scan.edited_paths, state)
        # -- write: what is published changes from here on ------------------------------------------------------
        reasons = _reason_collector(options, folder, report.output, state)
        publisher = Publisher.open(report.output, folder.resolve(), state, edits is not None, reasons)
        with _publishing(publisher, report):
            with report.time_stage("render"):
                menus = site_menus(archive)
                theme = Theme.open(folder, site, menus, state)
                settings = _render_settings(folder, site, menus, theme, publisher)
                reporter.stage("Writing pages", 0)
                for count in publisher.render(indexes.add_pages(plan), theme, settings, workers, edits is None):
                    reporter.advance(count)
            with report.time_stage("publish"):
                if not options.allow_removals:
                    publisher.require_few_removals(scan.articles, state.last_count(str(report.output)), ledger)
                state.keep_count(str(report.output), len(scan.articles))
                if edits is None:  # else it is as it was: nothing but texts changed
                    state.set_meta(LEDGER, "kept" if options.record and (archive.entries or ledger.entries) else "")
                adds_addresses = options.record and ledger.lacks(archive.entries)
                with recording(folder, ledger, archive.entries) if adds_addresses else nullcontext(), publisher.publish() as counts:
                    if adds_addresses:
                        notes.ledger = look_at_file(folder / LEDGER)
                    indexes.commit()
        report.written, report.unchanged, report.removed = counts.written, counts.unchanged, counts.removed
        report.written_paths, report.removed_paths = counts.written_paths, counts.removed_paths
        report.is_published = True
    if reasons is not None:
        report.explanation = reasons.lines(
            publisher.identical, publisher.planned_paths, (article.path for article in archive.texts)
        )
    return report


def _arrange(
    folder: Path, site: Site, options: Options, scan: SourceScan, ledger: Ledger, state: State, report: Report, notes: Notes
) -> Archive:
    """Return the archive of `scan`; what is published of it and what is wrong with it comes into `report` and `notes`."""
    with report.time_stage("arrange"):
        removals = read_removals(folder)
        archive = build_archive(scan.articles, notes.since, options.drafts, ledger, removals, site, scan.own_pages, state)
        notes.until = next_change(scan.articles, notes.since)
        notes.former = {address: article.path for address, article in archive.former.items()}
        notes.spellings = archive.spellings
        report.articles, report.withdrawn = sum(1 for _ in archive.pages), len(archive.withdrawn)
        report.withheld = len(scan.articles) - report.articles
        held_back = ((hold, f"content/{hold.article.path}: {hold.describe(site.timezone)}") for hold in archive.held_back)
        report.held_back = [HeldBackNote(hold.reason, text) for hold, text in held_back]
        report.broken_files = scan.broken_files
    with report.time_stage("check"):
        report.problems = sorted(validation.all_problems(scan, archive.problems, folder / "content", site))
        if not report.errors or options.keep_going:  # else nothing is published, and no address is lost
            missing = list(_missing_ledger(ledger, state))
            is_news = bool(archive.ledger_problems) and ledger.lacks(archive.entries)
            notes.is_repeatable = not (missing or scan.has_renames or is_news)  # these are said once
            report.problems = sorted((*archive.ledger_problems, *missing, *report.problems))
    return archive


def _rearrange(
    folder: Path, site: Site, options: Options, scan: SourceScan, last: LastBuild, report: Report, notes: Notes
) -> Archive:
    """Do what `_arrange` does where since the `last` build nothing but texts changed: all else is as that found it."""
    with report.time_stage("arrange"):
        findings = last.findings
        former, spellings = findings.former, findings.spellings
        archive = restore_archive(scan.articles, notes.since, options.drafts, former, spellings, site, scan.own_pages)
        archive.removals = read_removals(folder)
        notes.until, notes.is_of_texts, notes.former, notes.spellings = last.until, True, former, spellings
        report.articles, report.withdrawn, report.withheld = findings.articles, findings.withdrawn, findings.withheld
        report.held_back, report.broken_files, report.problems = findings.held_back, findings.broken_files, findings.problems
    return archive


@contextmanager
def _open_workers(options: Options, folder: Path) -> Iterator[WorkerPool]:
    """Open the workers of one build: processes of this machine, or a cluster's."""
    if not options.executor:
        with WorkerPool(options.jobs or os.cpu_count() or 1, PRELOAD_MODULES) as workers:
            yield workers
        return
    with (
        dask_executor.connect(options.executor, folder / "site.yml") as executor,
        WorkerPool(executor.threads, executor=executor) as workers,
    ):
        yield workers


@contextmanager
def _publishing(publisher: Publisher, report: Report) -> Iterator[None]:
    """Clear away what is staged when the block ends, and say what the machine did not let it do."""
    try:
        yield
    except OSError as error:
        advice = "; make room, then build again" if error.errno in {errno.ENOSPC, errno.EDQUOT} else ""
        path = files.printable(os.path.normpath(str(error.filename or report.output)))
        raise BuildUnavailableError(f"{path}: {error.strerror}; the last good site stands{advice}") from None
    finally:
        publisher.clear()


def _render_settings(folder: Path, site: Site, menus: SiteMenus, theme: Theme, publisher: Publisher) -> RenderSettings:
    return RenderSettings(
        site=site.model_dump_json(),
        menus=menus,
        templates=theme.folders,
        theme=theme.digest,
        state_folder=str((folder / FOLDER).resolve()),
        output=str(publisher.folder),
        staging=str(publisher.staging),
    )


def _missing_ledger(ledger: Ledger, state: State) -> Iterator[Problem]:
    """Yield a warning where an earlier build wrote a ledger and there is none now: it cannot be made again from anything else."""
    if not ledger.entries and state.get_meta(LEDGER):
        message = "is gone, and with it where old addresses lead; bring it back from version control and keep the lines of both"
        yield Problem(LEDGER, 0, 0, Severity.WARNING, "", message)


def _reason_collector(options: Options, folder: Path, output: Path, state: State) -> ReasonCollector | None:
    if options.explain is None:
        return None
    is_moved = state.output_folder() not in {None, str(output)}
    return ReasonCollector(ReasonFilter.about(options.explain, folder, output), state.inputs, options.clean, is_moved)
