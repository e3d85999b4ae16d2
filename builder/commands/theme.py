"""`morgue theme`."""

from __future__ import annotations

from pathlib import Path

import click

from builder.commands.options import folder_option


@click.group()
@folder_option
def theme(folder: Path) -> None:
    """See the files of the default theme, or take one into the archive to change it."""


@theme.command("list")
def list_() -> None:
    """List the files of the default theme that an archive may replace."""
    from builder.commands.theme_files import names

    for name in names():
        click.echo(name)


@theme.command()
@folder_option
@click.argument("name")
def copy(folder: Path, name: str) -> None:
    """Copy the default theme's file NAME (article.html, style.css) into the archive's templates/ or static/.

    From then on the archive's file is used in its place, also when a newer Morgue has another one.
    """
    from builder.commands.theme_files import copy_file

    click.echo(copy_file(folder, name))
