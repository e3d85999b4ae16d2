"""`morgue check`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

import click

from builder.base.problems import Severity
from builder.commands.options import echo_json, folder_option, leave, pluralize


@click.command()
@folder_option
@click.option("--keep-going", is_flag=True, hidden=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: the problems, as in a build's report.")
@click.option("--output", type=click.Path(path_type=Path), metavar="DIR", help="Where the site is (default: public).")
@click.option(
    "--absent", metavar="NAME", help="Instead: name every place that still has this name, everything decoded; none may be left."
)
def check(folder: Path, keep_going: bool, as_json: bool, output: Path | None, absent: str | None) -> None:  # noqa: ARG001 (build's flag is forgiven here)
    """Report every problem that a build would, dead links, names that are nearly alike. Writes nothing.

    Where the site is built, it proves that every address in addresses.txt, all that were ever published, answers there.
    """
    if absent is not None:
        _check_absence(folder, folder / (output or "public"), absent)
    from builder.commands.archive_check import inspect

    problems, addresses = inspect(folder, folder / (output or "public"))
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    if as_json:
        echo_json({"problems": [asdict(problem) for problem in problems]})
        leave(errors=bool(errors))
    for problem in problems:
        click.echo(str(problem))
    counts = ", ".join((pluralize(errors, "error"), pluralize(len(problems) - errors, "warning")))
    click.echo(counts if problems else "No problems.", err=bool(problems))
    if addresses and not errors:
        click.echo(f"Addresses that were ever published, and answer: {addresses:,}", err=bool(problems))
    leave(errors=bool(errors))


def _check_absence(folder: Path, output: Path, name: str) -> NoReturn:
    """Print each place that has `name`, and leave with 1 where there is one."""
    from builder.base.files import printable
    from builder.export.name_scan import NameScan

    count = 0
    scan = NameScan(name)
    for occurrence in scan.occurrences(folder, output):
        click.echo(printable(occurrence))
        count += 1
    click.echo(f"{pluralize(count, 'place')} with the name." if count else "Nowhere.", err=bool(count))
    for path, reason in scan.unread.items():
        click.echo(f"{printable(path)}: was not looked into: {reason}", err=True)
    if (folder / ".git").exists():
        click.echo("What version control (.git) keeps was not looked at.", err=True)
    leave(errors=bool(count))
