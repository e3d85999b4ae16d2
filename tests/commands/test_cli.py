"""The command line: that it answers at once."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("pydantic", "whoosh", "numpy", "markdown", "lxml", "builder.build")


def test_a_command_imports_what_it_needs_when_it_runs() -> None:
    program = f"import sys, builder.commands.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
