"""What all commands have in common: `-C DIR`, and how they leave."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from builder.base.problems import CONTROL_CHARACTERS

SUCCESS, CONTENT_ERRORS, INTERRUPT = 0, 1, 130
"""Exit codes; those of errors that Morgue raises are their own (base.problems)."""


def _choose_folder(context: click.Context, _: click.Parameter, value: Path | None) -> Path:
    if value is not None:
        context.find_root().obj = value
    return context.find_root().obj or Path()


def folder_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give `command` the option -C and the parameter `folder`; it may stand before the command's name, too."""
    return click.option(
        "-C", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="DIR", callback=_choose_folder,
        help="The archive's folder, the one with site.yml (default: here).",
    )(command)  # fmt: skip


def leave(errors: bool) -> NoReturn:
    """End the command, with the code that says whether articles have `errors`."""
    click.get_current_context().exit(CONTENT_ERRORS if errors else SUCCESS)


def echo_json(data: object) -> None:
    """Print `data` as a line of JSON, its control characters as JSON escapes them: a program reads the same."""
    text = json.dumps(data, ensure_ascii=False)
    click.echo(CONTROL_CHARACTERS.sub(lambda match: f"\\u{ord(match[0]):04x}", text))


def published_counts(articles: int, withdrawn: int, withheld: int) -> str:
    """Return what became of the articles: `100 articles published, 2 withdrawn, 1 held back`.

    `articles` have a page; of `withdrawn` ones among them it is a notice, which is no published article to a person.
    """
    others = "".join(f", {count:,} {what}" for count, what in ((withdrawn, "withdrawn"), (withheld, "held back")) if count)
    return f"{pluralize(articles - withdrawn, 'article')} published{others}"


def pluralize(number: int, noun: str) -> str:
    """Return `number` with `noun` in its singular or plural: `1 error`, `1,200 errors`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
