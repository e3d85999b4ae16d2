"""Whether all that the last build saw and wrote is as it was: then it is known what a build would say, and nothing is decoded.

Where article files alone were written anew it is known in which folders, so that nothing else is looked at again.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import msgspec

from builder.base import files
from builder.base.problems import Problem, Severity
from builder.base.urls import parents
from builder.state.sqlite import delete_entry

FILE = "last-build"
_JOURNALS = (f"{database}.sqlite-{kind}" for database in ("state", "browser") for kind in ("wal", "shm"))
_NOT_STATE = frozenset({FILE, "lock", "holder", "pinged.json", *_JOURNALS})
"""What of `.morgue/` comes and goes without a build, and this file."""
_COARSE_NS, _FINE_NS = 2_000_000_000, 50_000_000
"""A file this young may change once more without its time changing: where the file system tells times by the second, and else."""


class HeldBackNote(NamedTuple):
    """What a build says of an article that it holds back: the reason (`draft`, `embargo`, `expired`), and a line for people."""

    reason: str
    text: str


class Findings(msgspec.Struct, frozen=True):
    """What a build found, as one that finds all unchanged has to tell it again."""

    articles: int
    withdrawn: int
    withheld: int
    held_back: list[HeldBackNote]
    broken_files: int
    files: int
    """Output files."""
    problems: list[Problem]
    former: dict[str, str]
    """Addresses that are no article's now, with the content path of the article that each leads to."""
    spellings: dict[str, dict[str, str]]
    """Names that are filed under another spelling, and that (Archive.spellings)."""


class Inputs(NamedTuple):
    """All that a build reads, as it was at one moment."""

    articles: dict[str, bytes]
    """Of each folder with files of articles the digest of what the system says of them."""
    others: bytes
    """The digest of all else: settings, other files, the names of all files and folders."""
    is_settled: bool
    """Whether every later change will show: no file is so young that its time may stay the same."""


@dataclass(slots=True)
class Notes:
    """What a build notes of itself for the one after it, beside its findings."""

    since: int
    """The moment that it is for, in UTC seconds."""
    ledger: str
    """What the system says of the ledger (look_at_file), as it stands or as this build leaves it."""
    until: int = sys.maxsize
    """The moment, in UTC seconds, from which a build of the same files finds something else."""
    is_repeatable: bool = True
    """Whether one before that moment says the same."""
    is_of_texts: bool = False
    """Whether the build knew that only texts of articles were other than at the last one."""
    former: dict[str, str] = field(default_factory=dict)
    spellings: dict[str, dict[str, str]] = field(default_factory=dict)
    """As Findings has both."""


class LastBuild(msgspec.Struct, frozen=True):
    """A build that published: what it saw, what it left, and what it found."""

    articles: dict[str, bytes]
    others: bytes
    """What it read (Inputs), but for the ledger."""
    ledger: str
    """What the system says of the ledger that it left (look_at_file)."""
    outputs: dict[str, bytes]
    """The digests of the folders of the site and of `.morgue/` as it left them (look_at_outputs)."""
    since: int
    until: int
    """The moments, in UTC seconds, from which and before which another build finds the same."""
    findings: Findings

    @classmethod
    def of(cls, inputs: Inputs, outputs: dict[str, bytes], notes: Notes, findings: Findings) -> LastBuild:
        """Return what is to be kept of a build that published."""
        return cls(inputs.articles, inputs.others, notes.ledger, outputs, notes.since, notes.until, findings)

    def holds_at(self, moment: int, ledger: str) -> bool:
        """Whether a build at `moment` (UTC seconds), with what the system says of the `ledger`, finds the same in the same."""
        return self.since <= moment < self.until and self.ledger == ledger

    def edits(self, inputs: Inputs, output: Path, state: Path) -> Edits | None:
        """Return what was written anew by `inputs`; None where that is not files of articles alone, or where it found errors.

        The folders `output` and `state` (`.morgue/`) have to be as it left them.
        """
        if self.others != inputs.others or self.articles.keys() != inputs.articles.keys():
            return None
        folders = [folder for folder, digest in inputs.articles.items() if self.articles[folder] != digest]
        has_errors = any(problem.severity is Severity.ERROR for problem in self.findings.problems)
        if (folders and has_errors) or look_at_outputs(output, state) != self.outputs:
            return None
        return Edits(folders, self)


class Edits(NamedTuple):
    """The folders in which files of articles were written anew since the last build; nothing else is other than that left it."""

    folders: list[str]
    last: LastBuild

    @property
    def problem_paths(self) -> set[str]:
        """The content paths of the articles that the last build said something of."""
        return {problem.path.removeprefix("content/") for problem in self.last.findings.problems}


_Status = tuple[bytes, int, int, int, int, int]
"""What the system says of a file: its name, its size in bytes, its times (nanoseconds), its number and its mode.

Where it says nothing the size is -1 and the number is that of the error.
"""


class _FolderListing(NamedTuple):
    """What the system says of the files of one folder, in the order of names, and what folders it has."""

    articles: list[_Status]
    others: list[_Status]
    folders: list[str]
    is_settled: bool


def look_at_inputs(roots: Iterable[Path], *settings: str) -> Inputs:
    """Look at all that a build reads: names, sizes and times of the files in the `roots` (files, and folders with all below).

    `settings`: whatever else decides what the build does.
    """
    start_ns, is_settled = time.time_ns(), True
    articles: dict[str, bytes] = {}
    others = hashlib.blake2b(files.digest(*settings).encode(), digest_size=16)
    for path, folder in chain.from_iterable(_walk(place, start_ns) for place in roots):
        is_settled &= folder.is_settled
        others.update(_digest(os.fsencode(path), folder.others, [file[0] for file in folder.articles]))
        if folder.articles:
            articles[path] = _digest(folder.articles)
    return Inputs(articles, others.digest(), is_settled)


def look_at_outputs(output: Path, state: Path) -> dict[str, bytes]:
    """Return the digest of the names, sizes and times of the files of each folder, from `output` and the `state`'s (`.morgue/`)
    down."""
    return _digests(chain(_walk(output, 0), _walk(state, 0, _NOT_STATE)))


def look_again(before: Mapping[str, bytes], output: Path, state: Path, paths: Iterable[str]) -> dict[str, bytes]:
    """Return what look_at_outputs does, where it returned `before` until the files at `paths` below `output` were written or
    removed, and the `state` with it."""
    places = {f"{output}/{folder}" for path in paths for folder in parents(path)} | {str(output)}
    own = f"{state}/"
    result = {path: digest for path, digest in before.items() if path not in places and not f"{path}/".startswith(own)}
    there = ((path, _look(path, 0)) for path in places if Path(path).is_dir())
    return result | _digests(chain(there, _walk(state, 0, _NOT_STATE)))


def look_at_file(file: Path) -> str:
    """Return what the system says of `file` without opening it."""
    name, *status = _status(file)
    return f"{os.fsdecode(name)} {status}"


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


def _walk(place: Path, start_ns: int, without: frozenset[str] = frozenset()) -> Iterator[tuple[str, _FolderListing]]:
    """Yield what `_look` says of the file `place`, or of it and all folders below, with the path of each."""
    stack = [str(place)]
    while stack:
        path = stack.pop()
        folder = _look(path, start_ns, without)
        stack += folder.folders
        yield path, folder


def _look(path: str, start_ns: int, without: frozenset[str] = frozenset()) -> _FolderListing:
    """Look at the folder (or file) at `path`; at the moment `start_ns` (nanoseconds) its files were not yet read."""
    articles: list[_Status] = []
    others: list[_Status] = []
    folders: list[str] = []
    try:
        with os.scandir(path) as entries:
            for entry in entries:  # there may be hundreds of thousands: most of a build that has nothing to do is spent here
                name = entry.name
                if name in without:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif name.endswith(files.ARTICLE_SUFFIXES) and name[0] != ".":
                    articles.append(_status(entry))
                else:
                    others.append(_status(entry))
    except NotADirectoryError:
        others.append(_status(Path(path)))
    except OSError as error:  # is not there, may not be read: the next build will say so
        return _FolderListing([], [_no_status("", error)], [], True)
    articles.sort()
    others.sort()
    folders.sort()
    is_settled = all(_will_show(file, start_ns) for file in chain(articles, others)) if start_ns else True
    return _FolderListing(articles, others, folders, is_settled)


def _digests(folders: Iterable[tuple[str, _FolderListing]]) -> dict[str, bytes]:
    return {path: _digest(folder.articles, folder.others) for path, folder in folders}


def _digest(*values: object) -> bytes:
    return hashlib.blake2b(msgspec.msgpack.encode(values), digest_size=16).digest()


def _status(file: os.DirEntry[str] | Path) -> _Status:
    """Return what the system says of `file` without opening it."""
    try:
        status = file.stat()
    except OSError as error:  # a link that leads nowhere
        return _no_status(file.name, error)
    return (
        os.fsencode(file.name), status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_mode
    )  # fmt: skip


def _no_status(name: str, error: OSError) -> _Status:
    return os.fsencode(name), -1, 0, 0, error.errno or 0, 0


def _will_show(file: _Status, start_ns: int) -> bool:
    """Whether every change after `start_ns` (nanoseconds) will show in what the system says of the `file`."""
    mtime, ctime = file[2], file[3]
    latest = start_ns - (_FINE_NS if ctime % 1_000_000 else _COARSE_NS)
    return ctime < latest and mtime < latest
