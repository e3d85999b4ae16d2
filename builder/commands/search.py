"""`morgue search`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from builder.base.problems import escape_controls
from builder.commands.options import echo_json, folder_option, pluralize
from builder.search.text.facets import TABLE


def _facet_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give `command` an option for each facet of the search."""
    for facet in reversed(TABLE):
        command = click.option(f"--{facet.name}", multiple=True, metavar="NAME", help=facet.help)(command)
    return command


@click.command(context_settings={"ignore_unknown_options": True})  # a query may begin with -word
@folder_option
@click.argument("query")
@_facet_options
@click.option("--since", metavar="D", help="From this day, month or year on: 2025-02-12, 2025-02, 2025.")
@click.option("--until", metavar="D", help="Up to the end of this day, month or year.")
@click.option(
    "--sort",
    type=click.Choice(["relevance", "newest", "oldest"]),
    default="relevance",
    show_default=True,
    help="The order of the hits.",
)
@click.option("--limit", type=click.IntRange(min=0), default=10, show_default=True, metavar="N", help="How many hits to show.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def search(folder: Path, query: str, as_json: bool, **filters: Any) -> None:
    """Find articles. All words must be there.

    \b
    "two words"      exactly so              word*      words that start with it
    one OR other     either                  -word      not with this word
    agency:NAME  source:  section:  type:  tag:  byline:  language:  title:
    """
    from builder.articles.model import FIELD_NAMES
    from builder.config.site import load_site
    from builder.search.answers import find
    from builder.search.suggestions import suggest

    load_site(folder, FIELD_NAMES)  # a folder without one is no archive
    answer = find(folder, query, **filters)
    if as_json:
        echo_json(answer)
        return
    click.echo(f"{pluralize(answer['total'], 'article')}")
    if better := suggest(folder, query):
        click.echo(f"Did you mean {escape_controls(better)}?")
    for hit in answer["results"]:
        click.echo()
        click.secho(escape_controls(hit["title"]), bold=True)
        about = (hit["date"] and hit["date"][:10], *hit["agency"], hit["source"])
        click.echo("  " + escape_controls(" · ".join(filter(None, about))))
        click.echo("  " + _highlight(hit["excerpt"], hit["marks"]))
        click.echo(f"  {escape_controls(hit['url'])}")


def _highlight(excerpt: str, marks: list[list[int]]) -> str:
    parts, at = [], 0
    for start, end in marks:
        parts += [escape_controls(excerpt[at:start]), click.style(escape_controls(excerpt[start:end]), bold=True, fg="yellow")]
        at = end
    return "".join(parts) + escape_controls(excerpt[at:])
