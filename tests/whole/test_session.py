"""What the tests rely on in their own session."""

from __future__ import annotations

import signal
import subprocess
import sys

CHILD = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler, signal.pthread_sigmask(signal.SIG_BLOCK, ()))"
PARENT = (
    f"import subprocess, sys; import tests.interrupts as i; i.hear_interrupts(); subprocess.run([sys.executable, '-c', {CHILD!r}])"
)


def deaf() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def test_children_hear_ctrl_c_where_the_parent_was_deaf() -> None:
    def said(program: str) -> str:
        return subprocess.run([sys.executable, "-c", program], preexec_fn=deaf, capture_output=True, text=True, check=True).stdout

    assert said(CHILD).startswith("False")
    assert said(PARENT) == "True set()\n"
