"""`morgue fix`."""

from __future__ import annotations

from pathlib import Path

import click

from builder.base.problems import escape_controls
from builder.commands.options import folder_option, leave, pluralize


@click.command()
@folder_option
@click.option("--yes", is_flag=True, help="Write without asking.")
def fix(folder: Path, yes: bool) -> None:
    """Write ids and harmless repairs into the articles. Shows every change first, and asks.

    What it cannot mend it names: the errors that stay are yours. An article with an id stays the same one for
    subscribers when its file is renamed.
    Exit status: 0 done, 1 articles have errors that stay, 2 wrong usage or site.yml, 3 could not be done.
    """
    from builder.commands.repairs import apply, plan_repairs

    changes, problems = plan_repairs(folder)
    for repair in changes:
        for line in repair.diff.split("\n")[:-1]:
            click.echo("\t".join(map(escape_controls, line.removesuffix("\r").split("\t"))))
    if not changes and not problems:
        click.echo("Nothing to repair.")
    elif not changes:
        click.echo("Nothing that can be repaired here.")
    elif yes or click.confirm(f"Write these changes to {pluralize(len(changes), 'file')}?", default=False):
        apply(folder, changes)
        click.echo(f"{pluralize(len(changes), 'file')} written.")
    if problems:
        for problem in problems:
            click.echo(str(problem), err=True)
        count = len({problem.path for problem in problems})
        click.echo(f"{pluralize(count, 'file')} with errors {'has' if count == 1 else 'have'} to be mended by hand.", err=True)
    leave(errors=bool(problems))
