"""`morgue new`."""

from __future__ import annotations

from pathlib import Path

import click

from builder.commands.options import folder_option


@click.command()
@folder_option
@click.argument("title")
def new(folder: Path, title: str) -> None:
    """Begin an article: a file under content/ with today's date and TITLE, ready to be written."""
    from builder.commands.scaffold import new_article

    click.echo(new_article(folder, title))
