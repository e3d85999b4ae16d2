"""`morgue build`."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.base.files import write_whole
from builder.base.problems import BuildUnavailableError, ConfigError
from builder.commands.options import folder_option, leave, pluralize, published_counts

if TYPE_CHECKING:  # what a command needs is imported when it runs: `--help` answers at once
    from builder.build import Report


MAX_NAMED = 10
"""Articles that are held back and named one by one."""
_HELD_BACK = {
    "draft": ("draft", "drafts"),
    "embargo": ("article under embargo", "articles under embargo"),
    "expired": ("expired article", "expired articles"),
}
"""What one and several that are held back are called, by HeldBack.reason."""
_REPORT_NAMES = {"withheld": "held", "is_published": "published"}
"""How --report names what Report names otherwise."""


@click.command()
@folder_option
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the site goes, seen from the archive's folder (default: public).",
)
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes at most (default: one for each core).")
@click.option(
    "--executor",
    metavar="dask://HOST:PORT",
    help="Let the workers of a Dask cluster do the work, instead of processes that are started here.",
)
@click.option("--clean", is_flag=True, help="Forget what earlier builds knew and make everything anew. The result is the same.")
@click.option("--keep-going", is_flag=True, help="Publish every sound article even if others have errors.")
@click.option("--drafts", is_flag=True, help="Publish drafts too.")
@click.option(
    "--allow-removals",
    is_flag=True,
    help="Publish even if more than a fifth of the articles (and more than ten) are gone since the last build.",
)
@click.option(
    "--report", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.json", help="Write what was done to this file."
)
@click.option(
    "--changed-list",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write to this file (-: standard output) what upload tools have to do: a line for each file of the site that was written "
    "(`written`, a tab, its path) or removed (`removed`).",
)
@click.option(
    "--explain",
    is_flag=False,
    flag_value="",
    metavar="[PATH]",
    help="Say of each file that was made again why: which input changed. PATH limits it to an article (the pages that show it), "
    "a file of the site, or a folder of either. Without PATH, above 200 files, they are counted by reason.",
)
@click.option("--quiet", is_flag=True, help="Print problems only.")
def build(
    folder: Path, output: Path | None, jobs: int | None, executor: str | None, report: Path | None,
    changed_list: Path | None, explain: str | None, quiet: bool, **flags: bool,
) -> None:  # fmt: skip
    """Make the site from content/, templates/, static/ and site.yml.

    With errors in any article nothing is published and the last good site stays; --keep-going publishes the others.
    Exit status: 0 done, 1 articles have errors, 2 wrong usage or site.yml, 3 could not be done.
    """
    from builder.build import Options
    from builder.build import build as run
    from builder.commands.terminal import Terminal

    if executor and jobs:
        raise ConfigError("--jobs and --executor exclude each other: a cluster has workers of its own")
    is_piped = changed_list == Path("-")
    if is_piped and explain is not None:
        raise ConfigError("--changed-list - and --explain exclude each other: both write to standard output")
    for option, file in (("--report", report), ("--changed-list", None if is_piped else changed_list)):
        if file is not None:
            _require_writable(option, file, folder)
    measures_memory = report is not None
    options = Options(
        output=output, jobs=jobs or 0, explain=explain, measures_memory=measures_memory, executor=executor or "", **flags
    )
    with Terminal(quiet=quiet) as terminal:
        result = run(folder, options, terminal)
    if report is not None:
        _write_report(report, result)
    if changed_list is not None:
        _write_changed_list(changed_list, result)
    for line in result.explanation:
        click.echo(line)
    _summarise(result, quiet or is_piped)
    leave(errors=bool(result.errors))


def _summarise(report: Report, quiet: bool) -> None:
    warnings = len(report.problems) - report.errors
    problems = ", ".join(pluralize(count, noun) for count, noun in ((report.errors, "error"), (warnings, "warning")) if count)
    if not report.is_published:
        click.echo(
            f"Nothing was published: {problems}. Mend the errors, or use --keep-going to publish the other articles.", err=True
        )
    elif not quiet:
        files = f"{pluralize(report.written, 'file')} written, {report.unchanged:,} unchanged, {report.removed:,} removed"
        seconds = sum(report.seconds.values())
        counts = published_counts(report.articles, report.withdrawn, report.withheld)
        click.echo(f"{counts}: {files} in {seconds:.1f} s -> {report.output}")
        for line in _left_out(report):
            click.echo(line)
        if problems:
            click.echo(problems)


def _left_out(report: Report) -> Iterator[str]:
    """Yield what was not published and why, by kind; of what is held back the first few with their moment."""
    if report.held_back:
        reasons = Counter(note.reason for note in report.held_back)
        counts = (f"{count:,} {_HELD_BACK[reason][count != 1]}" for reason, count in reasons.items())
        yield f"Held back: {', '.join(counts)}"
        yield from (f"  {note.text}" for note in report.held_back[:MAX_NAMED])
        if len(report.held_back) > MAX_NAMED:
            yield f"  and {len(report.held_back) - MAX_NAMED:,} more"
    left_out = []
    if report.broken_files:
        left_out.append(f"{pluralize(report.broken_files, 'file')} with errors, named above")
    others = [problem.path for problem in report.problems if "not read as articles" in problem.message]
    if others:
        left_out.append(f"files that are no articles, as {', '.join(others[:3])}")
    if left_out:
        yield f"Left out: {'; '.join(left_out)}"


def _write_report(file: Path, report: Report) -> None:
    fields = ("articles", "withdrawn", "withheld", "is_published", "written", "unchanged", "removed", "seconds", "peak_mb")
    data = {_REPORT_NAMES.get(name, name): getattr(report, name) for name in fields} | {
        "problems": [asdict(problem) for problem in report.problems]
    }
    try:
        file.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"--report {file}: cannot be written: {error.strerror}") from None


def _write_changed_list(file: Path, report: Report) -> None:
    from builder.output.changed_list import changed_lines

    data = "".join(changed_lines(report.written_paths, report.removed_paths)).encode()
    if file == Path("-"):
        click.echo(data, nl=False)
        return
    try:
        write_whole(file, data)
    except OSError as error:
        advice = "the site is published; upload all of it"
        raise BuildUnavailableError(f"--changed-list {file}: cannot be written: {error.strerror}; {advice}") from None


def _require_writable(option: str, file: Path, archive: Path) -> None:
    """Raise ConfigError where `file` cannot be written, or is a source of the `archive`: before the build, not after it."""
    from builder.archive.address_ledger import FILE as LEDGER
    from builder.build import INPUTS

    if any(file.resolve().is_relative_to((archive / name).resolve()) for name in (*INPUTS, LEDGER)):
        raise ConfigError(f"{option} {file}: is one of the archive's sources, which it would replace; choose another place")
    folder = file.absolute().parent
    if not folder.is_dir():
        raise ConfigError(f"{option} {file}: the folder {folder} is not there")
    if file.is_dir() or not os.access(file if file.exists() else folder, os.W_OK):
        raise ConfigError(f"{option} {file}: may not be written")
