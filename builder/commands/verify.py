"""`morgue verify`."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import click

from builder.commands.options import folder_option, leave, pluralize


@click.command()
@folder_option
@click.argument("target", required=False, metavar="[FOLDER|BAG|URL]")
@click.option("--output", type=click.Path(path_type=Path), metavar="DIR", help="Where the site is (default: public).")
@click.option(
    "--signer",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Whose seal it has to bear: a certificate (PEM), or an SSH public key.",
)
@click.option("--quiet", is_flag=True, help="Say only what is not well, not what builds changed since a seal.")
def verify(folder: Path, target: str | None, output: Path | None, signer: Path | None, quiet: bool) -> None:
    """Name every file that changed, is missing or is new since its checksum was written. Quiet when all is well.

    Without an argument: the archive's site; and its articles since the last build, with their pictures, documents and originals.
    Else a published folder, a bag, or the address of a copy of the site on a web server. A seal is checked too: its signature
    and its time stamp. That builds changed the site since it was sealed is said, and is no fault unless --signer is given.
    Exit status: 0 all is well, 1 something is not. Made to be run by cron, with --quiet.
    """
    from builder.base.files import printable
    from builder.export import verification

    if target is not None:
        differences = verification.verify(target, signer)
    else:
        public = folder / (output or "public")
        of_site = verification.verify_own_site(folder, public, signer)
        of_public = (each._replace(path=f"{public.name}/{each.path}") for each in of_site)
        differences = chain(of_public, verification.verify_content(folder))
    count = 0
    for path, kind, is_fault in differences:
        if is_fault or not quiet:
            click.echo(f"{printable(path)}: {kind}", err=not is_fault)
        count += is_fault
    if count:
        click.echo(f"{pluralize(count, 'file')} not as the checksums say.", err=True)
    leave(errors=bool(count))
