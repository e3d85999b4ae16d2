"""Kills: a build that ends at any moment leaves a whole site, and the next one ends right."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from builder.output.publisher import STAGING
from tests.proof.edits import TO_ALL, Editor
from tests.proof.ground import SITE, Ground, Seen, Tell, some

TAXONOMIES = ("edited", "all new", "published", "clean")
"""Some stories were edited, all pages are to be made anew, they are just being put in place, or all is made anew (`--clean`)."""
PUBLISHED = 12_000
"""Files that are put in place in a second, about."""
MANIFEST = "search/manifest.js"
ENOUGH = 20
"""Of so many kills, one at least has to meet a build while it puts files in their places."""
COMPARED = 6
"""Of so many rounds one is compared with a clean build."""


def prove(ground: Ground, kills: int, chance: random.Random, tell: Tell) -> int:
    """Kill `kills` builds, up to three in a row; return how many rounds had faults, having told which."""
    editor = Editor(ground.folder, chance)
    lasts = {kind: _last(ground, editor, kind, number) for number, kind in enumerate(TAXONOMIES)}
    tell("Kills: builds last " + ", ".join(f"{seconds:.1f} s ({kind})" for kind, seconds in lasts.items()))
    struck: Counter[str] = Counter()
    wrong = number = 0
    while struck.total() < kills:
        kind = TAXONOMIES[number % len(TAXONOMIES)]
        _change(ground.folder, editor, kind, len(TAXONOMIES) + number)
        before = ground.see()
        found = []
        for _ in range(1 if kind == "published" else chance.randint(1, 3)):
            after = chance.uniform(0, len(before.files) / PUBLISHED if kind == "published" else lasts[kind])
            if _killed(ground, kind, after):
                found.append(ground.see())
                lasts[kind] *= 1.05
            else:
                lasts[kind] = after  # other work on this machine has ended
        done = ground.run()
        then = ground.see()
        faults = [] if done.returncode in {0, 1} else [f"the next build left with {done.returncode}: {done.stderr[-300:]}"]
        for seen in found:
            struck[_stage(seen, before, then)] += 1
            faults += _faults(seen, before, then, is_clean=kind == "clean")
        is_compared = number % COMPARED == 0 or struck.total() >= kills
        if is_compared:
            faults += [f"{name} differs from a clean build" for name in then.differences(ground.clean())]
        said = f"FAULTS: {some(faults)}" if faults else "as a clean build" if is_compared else "whole"
        tell(f"{number + 1:4} {said}; {len(found)} killed ({kind}), {struck.total()} so far")
        wrong += bool(faults)
        number += 1
    if kills >= ENOUGH and not struck["amid"]:
        wrong += 1
        tell("No kill met a build while it put files in place: that is not proved")
    stages = ", ".join(f"{count} {stage} publishing" for stage, count in sorted(struck.items()))
    tell(f"{struck.total()} kills ({stages}) in {number} rounds, {wrong} rounds have faults")
    return wrong


def _change(folder: Path, editor: Editor, kind: str, number: int) -> None:
    if kind in {"all new", "published"}:
        (folder / "site.yml").write_text(SITE.replace("The Proof", f"Proof {number}"))
    for _ in range(3):
        editor.edit(but=TO_ALL)


def _arguments(kind: str) -> tuple[str, ...]:
    return ("--clean",) if kind == "clean" else ()


def _last(ground: Ground, editor: Editor, kind: str, number: int) -> float:
    """Return how many seconds a build of a kind lasts."""
    _change(ground.folder, editor, kind, number)
    begun = time.monotonic()
    ground.run(*_arguments(kind))
    return time.monotonic() - begun


def _killed(ground: Ground, kind: str, after: float) -> bool:
    """Kill a build and all of its processes after some seconds (of publishing); tell whether it was not done by then."""
    process = subprocess.Popen(ground.command(*_arguments(kind)), start_new_session=True, stderr=subprocess.DEVNULL)
    if kind == "published":
        _wait_for_publishing(ground.folder / ground.output / STAGING / "0", process)
    time.sleep(after)
    os.killpg(process.pid, signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def _wait_for_publishing(first: Path, process: subprocess.Popen[bytes]) -> None:
    """Return when the `first` file that waited to be published waits no more, or all is over."""
    waited = False
    while process.poll() is None:
        waits = first.exists()
        if waited and not waits:
            return
        waited = waits
        time.sleep(0.001)


def _stage(seen: Seen, before: Seen, after: Seen) -> str:
    return "before" if seen.files == before.files else "after" if seen.files == after.files else "amid"


def _faults(seen: Seen, before: Seen, after: Seen, is_clean: bool) -> Iterator[str]:
    yield from (f"{path} breaks off" for path in seen.torn)
    for path, found in seen.files.items():
        if found not in {before.files.get(path), after.files.get(path)}:
            yield f"{path} is of no build"
    for path in before.files.keys() & after.files.keys():
        if path not in seen.files:
            yield f"{path} is gone"
    if not any(_has_index_of(seen, build) for build in (before, after)):
        yield "the browsers' index is of no build"
    if seen.answers not in (before.answers, after.answers) and not (is_clean and not seen.answers):
        yield "the answers of `morgue search` are of no build"


def _has_index_of(seen: Seen, build: Seen) -> bool:
    """Tell whether the manifest is that of `build`, and all that it names is there."""
    if seen.files.get(MANIFEST) != build.files.get(MANIFEST):
        return False
    return all(seen.files.get(path) == found for path, found in build.files.items() if path.startswith("search/"))
