"""`morgue init`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
def init(directory: Path) -> None:
    """Begin an archive in DIRECTORY: a site.yml with every setting explained, and a first article."""
    from builder.commands.scaffold import new_archive

    for path in new_archive(directory):
        click.echo(path)
    click.echo(f"\nNow: morgue serve -C {directory}")
