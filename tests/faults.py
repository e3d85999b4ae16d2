"""Fault injection: `morgue` in a process of its own that meets a fault at an exact moment, told in Python's audit events.

    python -m tests.faults kill os.rename .morgue-staging 200 build --jobs 1
    python -m tests.faults full open .morgue-staging 20 build --jobs 1

The moment is the NUMBERth event of that name (PEP 578) in this process of which an argument contains a text: a file that is opened
for writing (`open`), one that is renamed (`os.rename`, which os.replace raises too). `kill` ends the process and its children there,
`full` lets that and every later such event fail as on a full disk, `once` that one alone: what was done can be taken back.
"""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress

PATIENCE = 120


def run_with_fault(fault: str, event: str, part: str, number: int, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run `morgue` with `arguments` and a fault, and wait for it. A process that met `kill` has the return code -SIGKILL."""
    command = [sys.executable, "-m", "tests.faults", fault, event, part, str(number), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, start_new_session=True)


def main() -> None:
    """Set the trap, and run the command line."""
    from builder.__main__ import main as morgue

    fault, event, part, number = sys.argv[1:5]
    left = int(number)

    def watch(name: str, given: tuple[object, ...]) -> None:
        nonlocal left
        if name != event or not any(part in text for text in given[:2] if isinstance(text, str)):
            return
        if event == "open" and not int(str(given[2] or 0)) & (os.O_WRONLY | os.O_RDWR):
            return
        left -= 1
        if (left <= 0 and fault == "full") or (left == 0 and fault == "once"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(given[0]))
        if left == 0 and fault == "kill":
            os.killpg(0, signal.SIGKILL)

    with suppress(PermissionError):  # it leads a group already
        os.setsid()  # whoever started it is not to be killed with it
    sys.addaudithook(watch)
    sys.argv[1:] = sys.argv[5:]
    morgue()


if __name__ == "__main__":
    main()
