"""`morgue init`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

_QUESTIONS = {
    "title": "The archive's name",
    "url": "The address where the site will stand",
    "language": "The interface's language (en, zh-Hant)",
    "timezone": "The time zone of its dates",
}


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--from", "bags", type=click.Path(path_type=Path, exists=True), multiple=True, metavar="BAG",
    help="Make the archive that this bag holds; given again: that these bags hold together.",
)  # fmt: skip
@click.option("--title", metavar="TEXT", help="The archive's name (default: the folder's).")
@click.option("--url", metavar="URL", help="The address where the site will stand.")
@click.option("--language", metavar="L", help="The interface's language: en or zh-Hant (default: en).")
@click.option("--timezone", metavar="ZONE", help="Such as Asia/Hong_Kong (default: this machine's).")
def init(directory: Path, bags: tuple[Path, ...], **answers: str | None) -> None:
    """Begin an archive in DIRECTORY: a site.yml with every setting explained, and a first article; or one from a bag.

    On a terminal it asks for what no option says.
    """
    from builder.commands.options import pluralize
    from builder.commands.scaffold import default_beginning, new_archive
    from builder.export.restoration import restore

    if bags:
        click.echo(f"{directory}: {pluralize(len(set(restore(bags, directory))), 'file')}")
    else:
        beginning = default_beginning(directory)
        if sys.stdin.isatty():
            unsaid = {name: default for name, default in beginning._asdict().items() if not answers[name]}
            answers |= {name: click.prompt(_QUESTIONS[name], default=default) for name, default in unsaid.items()}
        beginning = beginning._replace(**{name: value for name, value in answers.items() if value})
        for path in new_archive(directory, beginning):
            click.echo(path)
        if not sys.stdin.isatty() and not all(answers.values()):
            unsaid_options = [f"--{name} '{getattr(beginning, name)}'" for name in _QUESTIONS if not answers[name]]
            click.echo(f"\nIt asks on a terminal alone, so these are its own choice: {' '.join(unsaid_options)}; site.yml has them")
    click.echo(f"\nNow: morgue serve -C {directory}")
