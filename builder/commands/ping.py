"""`morgue ping`."""

from __future__ import annotations

from pathlib import Path

import click

from builder.commands.options import folder_option, pluralize


@click.command()
@folder_option
@click.option("--output", type=click.Path(path_type=Path), metavar="DIR", help="Where the site is (default: public).")
@click.option("--dry-run", is_flag=True, help="Show which feeds the hub would be told of, and tell it nothing.")
def ping(folder: Path, output: Path | None, dry_run: bool) -> None:
    """Tell the WebSub hub (`hub:` in site.yml) which feeds changed since it was last told. Run it after the site is deployed.

    Subscribers then have new stories at once. The hub gets the addresses of feeds, nothing else.
    """
    from builder.articles.model import FIELD_NAMES
    from builder.base.problems import ConfigError
    from builder.base.urls import absolute
    from builder.config.site import load_site
    from builder.export.websub import changed_feeds, publish
    from builder.output.manifest import read_manifest

    site = load_site(folder, FIELD_NAMES)
    if not site.hub:
        raise ConfigError(f"{folder / 'site.yml'}: names no hub; write its address, such as hub: https://hub.example/")
    checksums = read_manifest(folder / (output or "public"))
    if not checksums:
        raise ConfigError(f"{folder / (output or 'public')}: has no site; morgue build makes it")
    feeds = changed_feeds(folder, checksums, site.hub)
    if dry_run:
        for path in feeds:
            click.echo(absolute(site.url, path))
    else:
        publish(folder, site, feeds)
    what = f"{pluralize(len(feeds), 'feed')} changed"
    click.echo(f"{what}; {site.hub} was told nothing" if dry_run else f"{what}; {site.hub} knows", err=True)
