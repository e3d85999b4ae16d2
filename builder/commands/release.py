"""`morgue release`."""

from __future__ import annotations

from pathlib import Path

import click

from builder.commands.options import folder_option


@click.command()
@folder_option
@click.argument("note")
@click.option("--output", type=click.Path(path_type=Path), metavar="DIR", help="Where the site is (default: public).")
def release(folder: Path, note: str, output: Path | None) -> None:
    """Release an edition of the archive, which can be cited: NOTE says what is new in it.

    The site is built first and afterwards; releases.yml is part of the archive. releases.html and about.html show the edition,
    with the checksum of all that was published; no other page changes. Seal afterwards: morgue seal.
    """
    from builder.commands.edition_release import release_edition

    edition = release_edition(folder, output, note)
    stories = "story" if edition.stories == 1 else "stories"
    click.echo(f"Edition {edition.number}, {edition.date}: {edition.stories:,} {stories}, {edition.withdrawn:,} withdrawn")
