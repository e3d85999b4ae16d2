"""`morgue remove`."""

from __future__ import annotations

from pathlib import Path

import click

from builder.archive.removals import REASONS
from builder.commands.article_choice import ArticleChoice, choice_options
from builder.commands.options import folder_option, leave, pluralize


@click.command()
@folder_option
@choice_options
@click.option("--reason", type=click.Choice(REASONS), required=True, help="The class of the reason; it is published.")
@click.option("--output", type=click.Path(path_type=Path), metavar="DIR", help="Where the site is (default: public).")
@click.option("--yes", is_flag=True, help="Do it without asking.")
def remove(
    folder: Path,
    choice: ArticleChoice,
    reason: str,
    output: Path | None,
    yes: bool,
) -> None:
    """Remove articles for good, as the law may ask: files, pictures, originals, and their words from every index and page.

    PATH is an article's file or an address that it has or had. What stays is a line in removals.yml (address, day, class of
    the reason), which withdrawn.html shows. The site is then built anew. To keep a notice instead: morgue withdraw.
    """
    from builder.archive.seals import FOLDER as SEALS
    from builder.archive.seals import MANIFEST_COPY
    from builder.base.problems import ConfigError, Severity
    from builder.build import Options, build
    from builder.commands.archive_check import inspect
    from builder.commands.lookup import Lookup
    from builder.commands.removal import plan_removal
    from builder.commands.removal import remove as take_away
    from builder.commands.terminal import Terminal

    lookup = Lookup(folder)
    references = choice.find(lookup)
    own = {f"content/{each.path}" for each in references} | {"addresses.txt"}
    errors = [each for each in inspect(folder, folder / (output or "public")).problems if each.severity is Severity.ERROR]
    if others := [each for each in errors if each.path not in own]:
        raise ConfigError(f"{others[0]}\nMend the errors first (morgue check): with them the site could not be built without it")
    plan = plan_removal(lookup, references)
    for path in plan.files:
        click.echo(path)
    if not (yes or click.confirm(f"Remove {pluralize(len(references), 'article')} and these files for good?", default=False)):
        leave(errors=True)
    take_away(lookup, plan, reason)
    with Terminal(quiet=True) as terminal:
        build(folder, Options(output=output, clean=True, allow_removals=True), terminal)
    for path in plan.shared_files:
        why = "lies in static/, which any page may show" if path.startswith("static/") else "other articles were read from it too"
        click.echo(f"{path}: {why}, so it is still there", err=True)
    if (folder / SEALS / MANIFEST_COPY).is_file():
        click.echo("The seal still names the files that are gone; seal the archive again: morgue seal", err=True)
    click.echo("Removed, and the site built anew. Version control, backups, bags and copies elsewhere may still have it.", err=True)
    click.echo('To see what still has a name: morgue check --absent "NAME"', err=True)
