"""`morgue import`: arguments to an import, the editor for pasted text, the loss report on the terminal and as JSON."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from builder.base.claims import claimed_folder
from builder.base.files import printable
from builder.base.problems import BuildUnavailableError, ConfigError, escape_controls
from builder.commands.options import folder_option, leave

if TYPE_CHECKING:
    from builder.commands.terminal import Terminal
    from builder.importers.report import ImportReport
    from builder.importers.story import Story

_PASTE_HINT = """

# Paste the story above. Lines that begin with "# " below this one are left out; an empty text imports nothing.
"""


@click.command("import")
@folder_option
@click.argument("sources", nargs=-1, metavar="SOURCE...")
@click.option("--into", default="", metavar="FOLDER", help="A folder below content/ for what comes in (default: content/ itself).")
@click.option("--kind", default="", metavar="KIND", help="What the sources are, where it is not told from their bytes.")
@click.option("--paste", is_flag=True, help="Open the editor, to paste a story into.")
@click.option("--dry-run", is_flag=True, help="Report what would come in, and write nothing.")
@click.option(
    "--report", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.json", help="Write the loss report to this file."
)
@click.option(
    "--media", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="Take copies of pictures and linked documents from the sources and from DIR, beside the articles; "
    "or into DIR, if it lies below content/.",
)  # fmt: skip
@click.option(
    "--download", is_flag=True, help="Fetch pictures and linked documents from the web, slowly. Nothing is fetched without it."
)
@click.option("--keep-originals", is_flag=True, help="Keep the bytes that each story was read from, under originals/.")
@click.option("--drafts", is_flag=True, help="Bring in drafts too, as drafts.")
@click.option("--comments", is_flag=True, help="Keep readers' comments, as text below the story.")
@click.option(
    "--fields", multiple=True, metavar="OURS=THEIRS", help="What JSON Lines or CSV call one of our fields; may be repeated."
)
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes at most (default: one for each core).")
@click.option("--quiet", is_flag=True, help="Print problems only.")
def import_(folder: Path, sources: tuple[str, ...], paste: bool, report: Path | None, quiet: bool, **options: Any) -> None:
    """Bring in what you have: text, pages, exports, feeds, records, web archives. Says what came in, and what was lost.

    SOURCE is a file, a folder, a zip or tar, or - for standard input. A story that is there already is left as it is.
    Exit status: 0 all is in, 1 something was refused, 2 wrong usage or site.yml, 3 could not be done.
    """
    from builder.commands.terminal import Terminal
    from builder.importers.run import SCRATCH, ImportOptions, import_stories

    if not sources and not paste:
        raise ConfigError("nothing to import; name a file, a folder, a zip or tar, - for standard input, or use --paste")
    options["jobs"] = options["jobs"] or 0
    if report is not None:
        _check_writable(report)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=SCRATCH)))
        stack.enter_context(claimed_folder(scratch))
        inputs = [_source(argument, scratch) for argument in sources]
        if paste:
            inputs.append(_write_paste(scratch))
        terminal = stack.enter_context(Terminal(quiet=quiet))
        result = import_stories(folder, inputs, ImportOptions(**options), terminal, _asker(terminal))
    for problem in result.problems:
        click.echo(str(problem), err=True)
    if not quiet:
        for line in result.lines():
            click.echo(escape_controls(line))
    if report is not None:
        _write_report(report, result)
    leave(errors=result.is_incomplete)


def _source(argument: str, scratch: Path) -> tuple[str, Path]:
    if argument != "-":
        return printable(argument), Path(argument)
    file = scratch / "standard-input"
    with file.open("wb") as target:
        shutil.copyfileobj(sys.stdin.buffer, target)
    return "standard input", file


def _has_terminal() -> bool:
    """Whether a person sits where an editor opens."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _write_paste(scratch: Path) -> tuple[str, Path]:
    if not _has_terminal():
        raise ConfigError(
            "--paste: opens an editor, which needs a terminal; import the text as a file, or from standard input with -"
        )
    try:
        text = click.edit(text=_PASTE_HINT.encode(), extension=".txt", require_save=False) or b""
    except (click.ClickException, ValueError) as error:  # ValueError: quotes in EDITOR that do not close
        why = error.message if isinstance(error, click.ClickException) else str(error)
        raise BuildUnavailableError(
            f"--paste: no text came from the editor ({why}); nothing was imported; name another in the variable EDITOR, "
            "or import a file, or - for standard input"
        ) from None
    story = text.partition(_PASTE_HINT.strip().partition("\n")[0].encode())[0].strip()
    if not story:
        raise ConfigError("--paste: nothing was pasted; nothing is imported")
    file = scratch / "pasted.txt"
    file.write_bytes(story + b"\n")
    return "pasted text", file


def _asker(terminal: Terminal) -> Callable[[Story], str] | None:
    """Return who asks a person for a headline; None where nobody sits at a terminal."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None

    def ask(story: Story) -> str:
        terminal.pause()
        return str(click.prompt(f"{story.path}: the headline", default=story.values["title"], err=True))

    return ask


def _check_writable(file: Path) -> None:
    """Raise ConfigError where a report could not be written to `file`. What is there stays as it is."""
    is_new = not file.exists()
    try:
        with file.open("ab"):
            pass
        if is_new:
            file.unlink()
    except OSError as error:
        raise ConfigError(f"--report {file}: cannot be written: {error.strerror}; nothing was imported") from None


def _write_report(file: Path, result: ImportReport) -> None:
    try:
        with file.open("w", encoding="utf-8") as stream:
            result.write_json(stream)
    except OSError as error:
        raise ConfigError(f"--report {file}: cannot be written: {error.strerror}") from None
