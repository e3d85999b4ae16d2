"""The command line: the program with its commands, and what becomes of what they raise.

A new command is a module here with a click command in it, and its line in `COMMANDS`. What it needs it imports when it
runs, so that `--help` answers at once.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from builder.base import version
from builder.base.problems import MorgueError, escape_controls
from builder.commands.bag import bag
from builder.commands.build import build
from builder.commands.check import check
from builder.commands.export import export
from builder.commands.fix import fix
from builder.commands.import_ import import_
from builder.commands.init import init
from builder.commands.new import new
from builder.commands.options import INTERRUPT, SUCCESS, folder_option
from builder.commands.ping import ping
from builder.commands.release import release
from builder.commands.remove import remove
from builder.commands.seal import seal
from builder.commands.search import search
from builder.commands.serve import serve
from builder.commands.theme import theme
from builder.commands.verify import verify
from builder.commands.withdraw import withdraw

COMMANDS: tuple[click.Command, ...] = (
    bag,
    build,
    check,
    export,
    fix,
    import_,
    init,
    new,
    ping,
    release,
    remove,
    seal,
    search,
    serve,
    theme,
    verify,
    withdraw,
)


class _Program(click.Group):
    """Turns what Morgue raises on purpose into a message and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _raising_interrupts():
                return super().invoke(ctx)
        except MorgueError as error:
            click.echo("\n".join(map(escape_controls, str(error).split("\n"))), err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("stopped", err=True)
            ctx.exit(INTERRUPT)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(SUCCESS)


@contextmanager
def _raising_interrupts() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt in the block, where the program would else end at once (builder.__main__)."""
    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or before is signal.default_int_handler:  # ignored, or so already
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@click.group(cls=_Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@folder_option
@click.version_option(version.version(), prog_name="morgue")
def main(folder: Path) -> None:
    """Keep a news archive: articles in Markdown become a static site that people browse, search and subscribe to.

    \b
    A new archive:        morgue init my-archive
    Make its site:        morgue build -C my-archive
    See it while editing: morgue serve -C my-archive
    """


for _command in COMMANDS:
    main.add_command(_command)
