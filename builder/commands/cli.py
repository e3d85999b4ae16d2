"""The command line: arguments, printing, exit codes. The only place that prints."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from builder.base import version
from builder.base.problems import ConfigError, MorgueError, Severity

if TYPE_CHECKING:  # what a command needs is imported when it runs: `--help` answers at once
    from builder.build import Report

DONE, CONTENT_ERRORS, INTERRUPTED = 0, 1, 130


def _choose_folder(context: click.Context, _: click.Parameter, value: Path | None) -> Path:
    if value is not None:
        context.find_root().obj = value
    return context.find_root().obj or Path()


def _folder_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "-C", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="DIR", callback=_choose_folder,
        help="The archive's folder, the one with site.yml (default: here).",
    )(command)  # fmt: skip


class _Program(click.Group):
    """Turns what Morgue raises on purpose into a message and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _raising_interrupts():
                return super().invoke(ctx)
        except MorgueError as error:
            click.echo(str(error), err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("stopped", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(DONE)


@contextmanager
def _raising_interrupts() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt in the block, where the program would else end at once (builder.__main__)."""
    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or before is signal.default_int_handler:  # ignored, or so already
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@click.group(cls=_Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@_folder_option
@click.version_option(version.release(), prog_name="morgue")
def main(folder: Path) -> None:
    """Keep a news archive: articles in Markdown become a static site that people browse, search and subscribe to.

    \b
    A new archive:        morgue init my-archive
    Make its site:        morgue build -C my-archive
    See it while editing: morgue serve -C my-archive
    """


@main.command()
@_folder_option
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
    "--report", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.json", help="Write what was done to this file."
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
    folder: Path, output: Path | None, jobs: int | None, executor: str | None, report: Path | None, explain: str | None,
    quiet: bool, **flags: bool,
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
    asked = Options(output, jobs or 0, flags["clean"], flags["keep_going"], flags["drafts"], explain, executor or "")
    with Terminal(quiet=quiet) as terminal:
        done = run(folder, asked, terminal)
    if report is not None:
        _write_report(report, done)
    for line in done.explained:
        click.echo(line)
    _tell(done, quiet)
    click.get_current_context().exit(CONTENT_ERRORS if done.errors else DONE)


def _tell(done: Report, quiet: bool) -> None:
    warnings = len(done.problems) - done.errors
    found = ", ".join(_counted(count, word) for count, word in ((done.errors, "error"), (warnings, "warning")) if count)
    if not done.published:
        click.echo(f"Nothing was published: {found}. Mend the errors, or use --keep-going to publish the other articles.", err=True)
    elif not quiet:
        held = f" ({done.held} held back)" if done.held else ""
        files = f"{done.written} files written, {done.unchanged} unchanged, {done.removed} removed"
        click.echo(f"{_counted(done.articles, 'article')}{held}: {files} in {sum(done.seconds.values()):.1f} s -> {done.output}")
        if found:
            click.echo(found)


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _write_report(file: Path, done: Report) -> None:
    kept = {word: getattr(done, word) for word in ("articles", "written", "unchanged", "removed", "seconds", "peak_mb")}
    data = {**kept, "problems": [asdict(problem) for problem in done.problems]}
    try:
        file.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"--report {file}: cannot be written: {error.strerror}") from None


@main.command()
@_folder_option
@click.option("--keep-going", is_flag=True, hidden=True)
def check(folder: Path, keep_going: bool) -> None:  # noqa: ARG001 (build's flag is forgiven here)
    """Report every problem that a build would, and dead links and names that are nearly alike. Writes nothing."""
    from builder.commands.inspection import inspect

    problems = inspect(folder)
    for problem in problems:
        click.echo(str(problem))
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    found = ", ".join((_counted(errors, "error"), _counted(len(problems) - errors, "warning")))
    click.echo(found if problems else "No problems.", err=bool(problems))
    click.get_current_context().exit(CONTENT_ERRORS if errors else DONE)


@main.command()
@_folder_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    metavar="N",
    help="The port on this machine; 0 takes a free one.",
)
@click.option("--drafts", is_flag=True, help="Show drafts too.")
def serve(folder: Path, port: int, drafts: bool) -> None:
    """Build, serve on this machine alone, watch for changes, rebuild, and reload the open page."""
    from builder.commands.serve import serve as run

    run(folder, port, drafts, tell=lambda line: click.echo(line, err=True))


@main.command()
@_folder_option
@click.argument("title")
def new(folder: Path, title: str) -> None:
    """Begin an article: a file under content/ with today's date and TITLE, ready to be written."""
    from builder.commands.scaffold import new_article

    click.echo(new_article(folder, title))


@main.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
def init(directory: Path) -> None:
    """Begin an archive in DIRECTORY: a site.yml with every setting explained, and a first article."""
    from builder.commands.scaffold import new_archive

    for path in new_archive(directory):
        click.echo(path)
    click.echo(f"\nNow: morgue serve -C {directory}")


@main.command()
@_folder_option
@click.option("--yes", is_flag=True, help="Write without asking.")
def fix(folder: Path, yes: bool) -> None:
    """Write ids and harmless repairs into the articles. Shows every change first, and asks.

    An article with an id stays the same one for subscribers when its file is renamed.
    """
    from builder.commands.repairs import apply, repairs

    found = list(repairs(folder))
    for repair in found:
        click.echo(repair.diff, nl=False)
    if not found:
        click.echo("Nothing to repair.")
    elif yes or click.confirm(f"Write these changes to {_counted(len(found), 'file')}?", default=False):
        apply(folder, found)
        click.echo(f"{_counted(len(found), 'file')} written.")


def _facet(name: str, letter: str, help_: str) -> Callable[..., Any]:
    return click.option(f"--{name}", multiple=True, metavar=letter, help=help_)


@main.command(context_settings={"ignore_unknown_options": True})  # a query may begin with -word
@_folder_option
@click.argument("query")
@_facet("agency", "A", "Of this agency; given again: of any of them.")
@_facet("source", "S", "Run by this source.")
@_facet("section", "S", "In this section.")
@_facet("type", "T", "Of this story type.")
@_facet("tag", "T", "With this tag; given again: with all of them.")
@_facet("byline", "B", "Written by this person.")
@_facet("language", "L", "In this language.")
@click.option("--since", metavar="D", help="From this day, month or year on: 2025-02-12, 2025-02, 2025.")
@click.option("--until", metavar="D", help="Up to the end of this day, month or year.")
@click.option(
    "--sort",
    type=click.Choice(["relevance", "newest", "oldest"]),
    default="relevance",
    show_default=True,
    help="The order of the hits.",
)
@click.option("--limit", type=click.IntRange(min=0), default=10, show_default=True, metavar="N", help="How many hits to show.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def search(folder: Path, query: str, as_json: bool, **asked: Any) -> None:
    """Find articles. All words must be there.

    \b
    "two words"      exactly so              word*      words that begin so
    one OR other     either                  -word      not with this word
    agency:NAME  source:  section:  type:  tag:  byline:  language:  title:
    """
    from builder.search.answers import find

    found = find(folder, query, **asked)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(f"{_counted(found['total'], 'article')}")
    for hit in found["results"]:
        click.echo()
        click.secho(hit["title"], bold=True)
        about = (hit["date"] and hit["date"][:10], *hit["agency"], hit["source"])
        click.echo("  " + " · ".join(filter(None, about)))
        click.echo("  " + _marked(hit["excerpt"], hit["marks"]))
        click.echo(f"  {hit['url']}")


def _marked(excerpt: str, marks: list[list[int]]) -> str:
    parts, at = [], 0
    for start, end in marks:
        parts += [excerpt[at:start], click.style(excerpt[start:end], bold=True, fg="yellow")]
        at = end
    return "".join(parts) + excerpt[at:]
