"""A bare walk: what it takes to ask the system for the size and the times of every file below some folders.

    python -m tests.bench.walk FOLDER ...

No build that looks whether anything changed can take less.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Walk through the folders that the command line names."""
    folders = sys.argv[1:]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    entry.stat(follow_symlinks=False)


if __name__ == "__main__":
    main()
