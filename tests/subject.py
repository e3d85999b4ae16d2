"""What the first line of a commit's message has to be: `python -m tests.subject FILE` for the commit-msg hook."""

from __future__ import annotations

import sys
from pathlib import Path

MAX_LENGTH = 72


def subject_faults(message: str) -> list[str]:
    """Return what is wrong with the subject of a commit `message`, nothing where it is sound. Comments of git are no part of it."""
    lines = [line for line in message.splitlines() if not line.startswith("#")]
    subject = lines[0] if lines else ""
    faults = []
    if not subject.strip():
        faults.append("has no subject")
    if len(subject) > MAX_LENGTH:
        faults.append(f"has a subject of {len(subject)} characters; at most {MAX_LENGTH}, the rest in the body")
    if subject.endswith("."):
        faults.append("has a subject that ends with a full stop")
    if len(lines) > 1 and lines[1].strip():
        faults.append("has no blank line between subject and body")
    return faults


if __name__ == "__main__":
    found = subject_faults(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.exit("\n".join(f"The commit {fault}." for fault in found) or 0)
