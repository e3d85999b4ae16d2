"""`morgue` and `python -m builder`: the command line, and what Ctrl-C does before and after it."""

from __future__ import annotations

import os
import sys

# `python -m` looks for modules in the current folder first, and an archive's may hold some of a stranger. Nothing else is
# imported before (so no pathlib); where the program itself lies there it stays.
if __name__ == "__main__" and not sys.flags.safe_path and sys.path[:1] != [os.path.dirname(__file__).rpartition(os.sep)[0]]:  # noqa: PTH120
    del sys.path[:1]

import atexit
import gc
import signal
from types import FrameType

INTERRUPT = 130


def main() -> None:
    """Run the command line, and leave with its exit code.

    While a command works Ctrl-C is raised in it, so that it puts things away. Before that there is nothing to put away:
    it ends the program at once, and no import is torn in the middle.
    """
    code: object = None

    def leave() -> None:
        # Python forgets our code and dies by the signal if it struck inside of exec(), as any dataclass calls it.
        if code == INTERRUPT:
            sys.stderr.flush()
            os._exit(INTERRUPT)

    atexit.register(leave)  # the first to be registered is the last to run
    # A build of a large archive keeps millions of objects and makes hardly a cycle: to look for some as often as Python does by
    # itself takes a sixth of a build that has nothing to do.
    gc.set_threshold(50_000, 20, 20)
    is_ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not where it is ignored: nohup, `&` in a script
    if is_ours:
        signal.signal(signal.SIGINT, _stop)
    from builder.commands.cli import main as program

    try:
        program()
    except SystemExit as end:
        code = end.code
        raise
    finally:
        if is_ours:
            signal.signal(signal.SIGINT, _stop)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    os.write(2, b"stopped\n")
    os._exit(INTERRUPT)


if __name__ == "__main__":
    main()
