"""Whether all that the last build saw and wrote is as it was: then it is known what a build would say, and nothing is decoded."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import msgspec

from builder.base import files
from builder.base.problems import Problem
from builder.state.sqlite import delete_entry

FILE = "last-build"
_JOURNALS = (f"{database}.sqlite-{kind}" for database in ("state", "browser") for kind in ("wal", "shm"))
_NOT_STATE = frozenset({FILE, "lock", "holder", "pinged.json", *_JOURNALS})
"""What of `.morgue/` comes and goes without a build, and this file."""
_COARSE_NS, _FINE_NS = 2_000_000_000, 50_000_000
"""A file this young may change once more without its time changing: where the file system tells times by the second, and else."""
_NAME = attrgetter("name")


class HeldBackNote(NamedTuple):
    """What a build says of an article that it holds back: the reason (`draft`, `embargo`, `expired`), and a line for people."""

    reason: str
    text: str


class Findings(msgspec.Struct, frozen=True):
    """What a build found, as one that finds all unchanged has to tell it again."""

    articles: int
    withheld: int
    held_back: list[HeldBackNote]
    broken_files: int
    files: int
    """Output files."""
    problems: list[Problem]


class Inputs(NamedTuple):
    """All that a build reads, as it was at one moment."""

    digest: str
    is_settled: bool
    """Whether every later change will show: no file is so young that its time may stay the same."""


class LastBuild(msgspec.Struct, frozen=True):
    """A build that published: what it saw, what it left, and what it found."""

    inputs: str
    """The digest of what it read (Inputs), but for the ledger."""
    ledger: str
    """What the system says of the ledger that it left (look_at_file)."""
    outputs: str
    """The digest of the output folder and of `.morgue/` as it left them."""
    since: int
    until: int
    """The moments, in UTC seconds, from which and before which another build finds the same."""
    findings: Findings


def look_at_inputs(roots: Iterable[Path], *settings: str) -> Inputs:
    """Look at all that a build reads: names, sizes and times of the files in the `roots` (files, and folders with all below).

    `settings`: whatever else decides what the build does.
    """
    start_ns = time.time_ns()
    digest, is_settled = hashlib.blake2b(files.digest(*settings).encode(), digest_size=16), True
    for root in roots:
        is_settled &= _add(digest, root, start_ns)
    return Inputs(digest.hexdigest(), is_settled)


def look_at_outputs(output: Path, state: Path) -> str:
    """Return the digest of the names, sizes and times of the files in the folder `output`, and in the `state`'s (`.morgue/`)."""
    digest = hashlib.blake2b(digest_size=16)
    _add(digest, output, 0)
    _add(digest, state, 0, _NOT_STATE)
    return digest.hexdigest()


def look_at_file(file: Path) -> str:
    """Return what the system says of `file` without opening it."""
    return _line(file, 0)[0]


def read_last_build(state: Path) -> LastBuild | None:
    """Return the last build that the folder `state` knows of, None where it knows of none."""
    with suppress(OSError, ValueError, msgspec.MsgspecError):
        checksum, _, data = files.read_regular(state / FILE).partition(b"\n")
        if checksum.decode("ascii") == files.digest(data):
            return msgspec.msgpack.decode(data, type=LastBuild)
    return None


def write_last_build(state: Path, build: LastBuild) -> None:
    """Store the last build in the folder `state`. Where that fails the next build takes longer, no more."""
    data = msgspec.msgpack.encode(build)
    with suppress(OSError):
        files.write_whole(state / FILE, files.digest(data).encode() + b"\n" + data)


def forget_last_build(state: Path) -> None:
    """Forget the last build: what it left is about to change."""
    delete_entry(state / FILE)


def _add(digest: hashlib.blake2b, root: Path, start_ns: int, without: frozenset[str] = frozenset()) -> bool:
    """Add the file `root`, or all files below it, to `digest`.

    Returns whether every change after the moment `start_ns` (nanoseconds) will show.
    """
    is_settled = True
    stack = [str(root)]
    while stack:
        path = stack.pop()
        lines = [path[len(str(root)) :]]
        try:
            entries = _entries(path)
        except NotADirectoryError:
            line, is_settled = _line(Path(path), start_ns)
            lines.append(line)
            entries = []
        except OSError as error:  # is not there, may not be read: the next build will say so
            lines.append(str(error.errno))
            entries = []
        for entry in entries:
            if entry.name in without:
                continue
            if entry.is_dir(follow_symlinks=False):
                stack.append(entry.path)
                continue
            line, will_show = _line(entry, start_ns)
            lines.append(line)
            is_settled &= will_show
        digest.update("\n".join((*lines, "")).encode(errors="surrogateescape"))
    return is_settled


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=_NAME)


def _line(file: os.DirEntry[str] | Path, start_ns: int) -> tuple[str, bool]:
    """Return what the system says of `file` without opening it, and whether every change after `start_ns` will show in that."""
    try:
        status = file.stat()
    except OSError as error:  # a link that leads nowhere
        return f"{file.name}\0{error.errno}", True
    change_ns = max(status.st_ctime_ns, status.st_mtime_ns)
    will_show = change_ns < start_ns - (_FINE_NS if status.st_ctime_ns % 1_000_000 else _COARSE_NS)
    return f"{file.name}\0{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino} {status.st_mode}", will_show
