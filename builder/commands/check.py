"""`morgue check`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from builder.base.problems import Severity
from builder.commands.options import counted, folder_option, leave


@click.command()
@folder_option
@click.option("--keep-going", is_flag=True, hidden=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: the problems, as in a build's report.")
def check(folder: Path, keep_going: bool, as_json: bool) -> None:  # noqa: ARG001 (build's flag is forgiven here)
    """Report every problem that a build would, and dead links and names that are nearly alike. Writes nothing."""
    from builder.commands.inspection import inspect

    problems = inspect(folder)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    if as_json:
        click.echo(json.dumps({"problems": [asdict(problem) for problem in problems]}, ensure_ascii=False))
        leave(errors=bool(errors))
    for problem in problems:
        click.echo(str(problem))
    counts = ", ".join((counted(errors, "error"), counted(len(problems) - errors, "warning")))
    click.echo(counts if problems else "No problems.", err=bool(problems))
    leave(errors=bool(errors))
