"""`morgue init`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--from", "bags", type=click.Path(path_type=Path, exists=True, file_okay=False), multiple=True, metavar="BAG",
    help="Make the archive that this bag holds; given again: that these bags hold together.",
)  # fmt: skip
def init(directory: Path, bags: tuple[Path, ...]) -> None:
    """Begin an archive in DIRECTORY: a site.yml with every setting explained, and a first article; or one from a bag."""
    from builder.commands.options import counted
    from builder.commands.scaffold import new_archive
    from builder.export.restoration import restore

    if bags:
        click.echo(f"{directory}: {counted(sum(1 for _ in restore(bags, directory)), 'file')}")
    else:
        for path in new_archive(directory):
            click.echo(path)
    click.echo(f"\nNow: morgue serve -C {directory}")
