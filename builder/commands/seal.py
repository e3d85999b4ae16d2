"""`morgue seal`."""

from __future__ import annotations

from pathlib import Path

import click

from builder.commands.options import folder_option

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@folder_option
@click.option("--key", type=_FILE, metavar="FILE", help="Your private key: PEM with --certificate, or an SSH key.")
@click.option("--certificate", type=_FILE, metavar="FILE.pem", help="The certificate of a PEM key, its chain after it.")
@click.option(
    "--timestamp", metavar="URL", help="Have the authority (RFC 3161) there witness the time: it gets a checksum, nothing else."
)
@click.option("--timestamp-ca", type=_FILE, metavar="FILE.pem", help="The certificates by which the authority's own is checked.")
@click.option("--output", type=click.Path(path_type=Path), metavar="DIR", help="Where the site is (default: public).")
def seal(
    folder: Path, key: Path | None, certificate: Path | None, timestamp: str | None, timestamp_ca: Path | None, output: Path | None
) -> None:
    """Seal the archive: sign the checksums of all published files, and have the time witnessed.

    The site is built first and afterwards; seals/ is part of the archive, its files are published under seal/, and about.html
    says how anyone can check them with openssl or ssh-keygen alone. Nothing is sent anywhere but to --timestamp.
    """
    from builder.base.problems import ConfigError
    from builder.commands.seals import seal_archive

    if key is None and timestamp is None:
        raise ConfigError("give --key FILE to sign, --timestamp URL to have the time witnessed, or both")
    if certificate is not None and key is None:
        raise ConfigError("--certificate goes with --key: the key that it belongs to")
    result = seal_archive(folder, output, key, certificate, timestamp, timestamp_ca)
    who = f" by {result.signer} ({result.fingerprint})" if result.signer else ""
    click.echo(f"Sealed {result.date}{who}{f', witnessed by {result.authority}' if result.authority else ''}")
