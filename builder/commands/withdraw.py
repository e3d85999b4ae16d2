"""`morgue withdraw`."""

from __future__ import annotations

from pathlib import Path

import click

from builder.commands.article_choice import ArticleChoice, choice_options
from builder.commands.options import folder_option


@click.command()
@folder_option
@choice_options
@click.option("--reason", required=True, metavar="TEXT", help="Why, in words that the public may read.")
@click.option("--title", default="", metavar="TEXT", help="The headline of a story whose file is gone (default: from its address).")
@click.option(
    "--published", default="", metavar="DAY", help="When a story whose file is gone was published (default: from its address)."
)
def withdraw(
    folder: Path,
    choice: ArticleChoice,
    reason: str,
    title: str,
    published: str,
) -> None:
    """Withdraw articles: their pages stay as notices that say when and why, and they leave lists, feeds and the search.

    PATH is an article's file or an address that it has or had. It is written into the file, which stays as it is formatted. A
    story whose file is gone gets one that keeps its address: content/withdrawn/….
    """
    from builder.base.problems import ConfigError
    from builder.commands.lookup import Lookup
    from builder.commands.withdrawal import withdraw as write_withdrawal

    if not reason.strip():
        raise ConfigError("--reason: is empty; say why, in words that the public may read")
    lookup = Lookup(folder)
    withdrawn_paths = {article.path for article in lookup.archive.withdrawn} if choice.byline else set()
    for reference in choice.find(lookup):
        if reference.path in withdrawn_paths:
            click.echo(f"content/{reference.path}: is withdrawn already", err=True)
            continue
        click.echo(write_withdrawal(lookup, reference, reason, title, published))
    click.echo("Now: morgue build", err=True)
