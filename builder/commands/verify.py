"""`morgue verify`."""

from __future__ import annotations

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
def verify(folder: Path, target: str | None, output: Path | None, signer: Path | None) -> None:
    """Name every file that changed, is missing or is new since its checksum was written. Quiet when all is well.

    Without an argument: the archive's site; and its articles since the last build, with their pictures, documents and originals.
    Else a published folder, a bag, or the address of a copy of the site on a web server. A seal is checked too: its signature
    and its time stamp. Exit status: 0 all is well, 1 something is not. Made to be run by cron.
    """
    from builder.base.files import printable
    from builder.export import verification

    count = 0
    if target is not None:
        for difference in verification.verify(target, signer):
            click.echo(f"{printable(difference.path)}: {difference.kind}")
            count += 1
    else:
        public = folder / (output or "public")
        for difference in verification.verify_site(public, signer):
            click.echo(f"{public.name}/{printable(difference.path)}: {difference.kind}")
            count += 1
        for difference in verification.verify_content(folder):
            click.echo(f"{printable(difference.path)}: {difference.kind}")
            count += 1
    if count:
        click.echo(f"{pluralize(count, 'file')} not as the checksums say.", err=True)
    leave(errors=bool(count))
