"""`morgue serve`."""

from __future__ import annotations

from pathlib import Path

import click

from builder.commands.options import folder_option


@click.command()
@folder_option
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
    from builder.commands.server import serve as run

    run(folder, port, drafts, tell=lambda line: click.echo(line, err=True))
