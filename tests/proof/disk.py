"""Full disks: a build that has no room says so and leaves the last good site, and with room the next one ends right."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.proof.edits import TO_ALL, Editor
from tests.proof.ground import SITE, Ground, Seen, Tell, some

PLACES = ("archive", "output", "state")
"""What lies on the full disk: everything, public/ alone, or .morgue/ alone."""
POINTS = 4
"""How often the disk runs full in each place."""
FULL = ("No space left on device", "full")


def prove(corpus: Path, stories: int, chance: random.Random, work: Path, tell: Tell) -> int:
    """Let the disk run full in each of PLACES; return how often that had faults, having told which."""
    wrong = 0
    for place in PLACES:
        small = work / "small"
        with mounted(small, megabytes=max(64, stories // 2)) as why_not:
            if why_not:
                tell(f"Disk: not possible here: {why_not}")
                return wrong + (os.environ.get("CI") == "true")
            ground = Ground.of(corpus, stories, chance, work, small / "site" if place == "archive" else work / f"disk-{place}")
            if place == "output":
                ground.output = small / "public"
            elif place == "state":
                (small / "kept").mkdir()
                (ground.folder / ".morgue").symlink_to(small / "kept")
            wrong += _prove(ground, place, small, chance, tell)
    return wrong


@contextmanager
def mounted(place: Path, megabytes: int) -> Iterator[str]:
    """Mount a small disk at `place` for the block, which gets "" or the reason why that is not possible."""
    place.mkdir(exist_ok=True)
    if os.geteuid() != 0 or not Path("/proc/mounts").exists():
        yield "to mount a small disk needs root and Linux"
        return
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", place], capture_output=True, text=True)
    if done.returncode:
        yield done.stderr.strip()
        return
    try:
        yield ""
    finally:
        subprocess.run(["umount", place], check=True)


def _prove(ground: Ground, place: str, small: Path, chance: random.Random, tell: Tell) -> int:
    free = shutil.disk_usage(small).free
    ground.run().check_returncode()
    most = free - shutil.disk_usage(small).free  # what a build takes at most
    tell(f"Disk ({place}): {most / 1e6:.0f} MB are taken")
    editor = Editor(ground.folder, chance)
    wrong = ran_full = number = 0
    while ran_full < POINTS:
        (ground.folder / "site.yml").write_text(SITE.replace("The Proof", f"Proof {number}"))
        for _ in range(3):
            editor.edit(but=TO_ALL)
        before = ground.see()
        room = int(chance.uniform(0, most))
        fill(small, room)
        full = ground.run()
        seen = ground.see()
        (small / "ballast").unlink()
        done = ground.run()
        after = ground.see()
        if full.returncode in {0, 1}:
            most = room  # that was enough
            faults = []
        else:
            ran_full += 1
            faults = list(_faults(full, seen, before, after))
        if done.returncode not in {0, 1}:
            faults.append(f"the next build left with {done.returncode}: {done.stderr[-300:]}")
        faults += [f"{name} differs from a clean build" for name in after.differences(ground.clean())]
        wrong += bool(faults)
        said = f"FAULTS: {some(faults)}" if faults else "as a clean build"
        told = full.stderr.strip().rpartition("\n")[2] if full.returncode == 3 else "had room enough"
        tell(f"{number + 1:4} {said}; {room / 1e6:.1f} MB of room: {told.replace(str(small), '')}")
        number += 1
    tell(f"{place} on a full disk: ran full {ran_full} times, {wrong} times with faults")
    return wrong


def fill(small: Path, room: int) -> None:
    """Fill a small disk but for `room` bytes."""
    with (small / "ballast").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, shutil.disk_usage(small).free - room))


def _faults(full: subprocess.CompletedProcess[str], seen: Seen, before: Seen, after: Seen) -> Iterator[str]:
    if full.returncode != 3 or not any(word in full.stderr for word in FULL) or "Traceback" in full.stderr:
        yield f"left with {full.returncode}: {full.stderr[-300:]}"
    if seen.files not in (before.files, after.files):  # the state's disk may run full when all is published
        yield "the site is of no build"
    if seen.answers not in (before.answers, after.answers):
        yield "the answers of `morgue search` are of no build"
