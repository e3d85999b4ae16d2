"""`morgue fix`."""

from __future__ import annotations

from pathlib import Path

import click

from builder.base.problems import escape_controls
from builder.commands.options import folder_option, pluralize


@click.command()
@folder_option
@click.option("--yes", is_flag=True, help="Write without asking.")
def fix(folder: Path, yes: bool) -> None:
    """Write ids and harmless repairs into the articles. Shows every change first, and asks.

    An article with an id stays the same one for subscribers when its file is renamed.
    """
    from builder.commands.repairs import apply, repairs

    changes = list(repairs(folder))
    for repair in changes:
        for line in repair.diff.split("\n")[:-1]:
            click.echo("\t".join(map(escape_controls, line.removesuffix("\r").split("\t"))))
    if not changes:
        click.echo("Nothing to repair.")
    elif yes or click.confirm(f"Write these changes to {pluralize(len(changes), 'file')}?", default=False):
        apply(folder, changes)
        click.echo(f"{pluralize(len(changes), 'file')} written.")
