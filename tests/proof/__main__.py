"""Prove on real stories that a build equals a clean one: after random edits, after kills, after a full disk.

    python -m tests.proof [--corpus DIR] [--stories 2000] [--edits 200] [--rounds 20] [--kills 100] [--seed 1]

Works on copies of some stories of DIR (its `content/`, or itself; else of generated ones, as the bench has them) in a temporary
folder. Three parts, one after another:

edits   Each round makes a handful of edits (the state is lost, too, the folder moved, a library upgraded, what is indexed
        changed), builds on top of what was there, and compares every published byte and the
        answers of `morgue search` with those of a clean build of the same sources.
kills   Builds of three kinds are killed at random moments. What a reader then finds is whole: each file as it was or as
        it will be, the index and the answers of one build. The next build ends right.
disk    The disk runs full at random points, under the output, the state or both. The build says so, the site stands as it
        was. With room made the next build ends right. A quarter of the stories; needs root, to mount a small disk.

Leaves with 1 and the first differences where something was not as it must be.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.archives import Generated
from tests.proof import disk, edits, kills
from tests.proof.ground import Ground


def main() -> None:
    """Prove, print, and leave with 1 where something differed."""
    arguments = argparse.ArgumentParser(prog="python -m tests.proof", description=(__doc__ or "").split("\n")[0])
    arguments.add_argument("--corpus", type=Path)
    for name, number in (("stories", 2000), ("edits", 200), ("rounds", 20), ("kills", 100), ("seed", 1)):
        arguments.add_argument(f"--{name}", type=int, default=number)
    given = arguments.parse_args()
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(int(time.time())))  # all builds are of one moment
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as work:
        corpus = given.corpus or Path(work) / "generated"
        if given.corpus is None:
            Generated(given.stories).write(corpus)
        ground = Ground.of(corpus, given.stories, chance, Path(work))
        wrong = edits.prove(ground, given.edits, given.rounds, chance, tell) if given.edits else 0
        wrong += kills.prove(ground, given.kills, chance, tell) if given.kills else 0
        wrong += disk.prove(corpus, max(1, given.stories // 4), chance, Path(work), tell)
    tell("Proved." if not wrong else f"{wrong} were not as they must be.")
    sys.exit(bool(wrong))


def tell(line: str) -> None:
    """Print a line at once, wherever it goes."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
