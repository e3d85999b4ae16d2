"""The content folder to what is known of every file in it: only what changed since the last build is read."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from builder.archive.collection import ArchiveProblem
from builder.articles import parsing
from builder.articles.frontmatter import MAX_BYTES
from builder.articles.parsing import ParsedArticle
from builder.base import files
from builder.base.problems import Problem, Reporter, Severity
from builder.config.site import Site
from builder.parallel.pool import WorkerPool, batched
from builder.state.state import SourceRecord, State

BATCH_BYTES = 400_000
_TICK_NS = 2_000_000_000
"""A file this young may change once more without its time changing: it is looked into again next time."""


class _Task(NamedTuple):
    """Files to read: their paths, and the SHA-256 of what is known of each ("" to read it in any case)."""

    content: str
    site: str
    files: list[tuple[str, str]]


class _Read(NamedTuple):
    path: str
    status: tuple[int, int, int]
    loaded: ParsedArticle | None
    """None: the bytes are those that are known."""


@dataclass(slots=True)
class SourceScan:
    """What stands in the content folder: every file by path, what cannot be read at all, and what was noticed."""

    known: dict[str, SourceRecord]
    problems: list[Problem] = field(default_factory=list)
    findings: list[ArchiveProblem] = field(default_factory=list)
    read: int = 0


def scan_sources(content: Path, site: Site, reading: str, state: State, workers: WorkerPool, reporter: Reporter) -> SourceScan:
    """Bring `state` up to date with the folder `content` and return what is in it.

    `reading` is the key of the settings and the program: what was read under another is read again.
    """
    before = state.articles(reading)
    intake = SourceScan({})
    todo: list[tuple[str, str, int]] = []
    for found in files.walk(content, files.ARTICLE_SUFFIXES):
        if (shown := files.printable(found.path)) != found.path:
            intake.problems.append(_unread(shown, "its name is not UTF-8; rename it"))
            continue
        if found.is_outside:
            intake.problems.append(
                _unread(
                    found.path,
                    "is a symbolic link that leaves the content folder, or a folder behind a link; put the file itself here",
                )
            )
            continue
        known = before.get(found.path)
        if known is not None and _still(known, found) and not _pictures_moved(known, content):
            intake.known[found.path] = known
        else:
            same_unless_changed = known.sha256 if known is not None and not _pictures_moved(known, content) else ""
            todo.append((found.path, same_unless_changed, found.size))
    gone = before.keys() - intake.known.keys() - {path for path, _, _ in todo}
    reporter.stage("Reading articles", len(todo))
    tasks = (
        _Task(str(content), site.model_dump_json(), [(path, sha256) for path, sha256, _ in batch])
        for batch in batched(todo, BATCH_BYTES, lambda item: item[2] + 2000)
    )
    for results in workers.run(_read_batch, tasks):
        state.write_bodies(read.loaded for read in results if read.loaded is not None)
        for read in results:
            intake.known[read.path] = _known(read, before)
            intake.read += read.loaded is not None
        reporter.advance(len(results))
    state.write_articles(intake.known, gone.union(path for path, _, _ in todo))
    state.commit()
    intake.known = dict(sorted(intake.known.items()))
    intake.findings.extend(_renamed({path: before[path] for path in gone}, before, intake))
    return intake


def _known(read: _Read, before: dict[str, SourceRecord]) -> SourceRecord:
    """Return what is known of a file now that it was read; its bytes may be those that were known before."""
    size, mtime_ns, ctime_ns = read.status
    if read.loaded is None:
        return msgspec.structs.replace(before[read.path], size=size, mtime_ns=mtime_ns, ctime_ns=ctime_ns)
    loaded = read.loaded
    return SourceRecord(read.path, size, mtime_ns, ctime_ns, loaded.sha256, loaded.article, loaded.problems, loaded.unknown)


def _still(known: SourceRecord, found: files.FileEntry) -> bool:
    return (known.size, known.mtime_ns, known.ctime_ns) == (found.size, found.mtime_ns, found.ctime_ns)


def _pictures_moved(known: SourceRecord, content: Path) -> bool:
    """Whether a picture that the article names has come, gone or changed."""
    if known.card is None or not known.card.media:
        return False
    for source, _, size, mtime_ns in known.card.media:
        try:
            status = (content / source).stat()
        except OSError:
            if size != -1:
                return True
        else:
            if (status.st_size, status.st_mtime_ns) != (size, mtime_ns):
                return True
    return False


@lru_cache(maxsize=1)
def _site(text: str) -> Site:
    return Site.model_validate_json(text)


def _read_batch(task: _Task) -> list[_Read]:
    return [read for path, sha256 in task.files for read in _read(path, sha256, Path(task.content), _site(task.site))]


def _read(path: str, known_sha256: str, content: Path, site: Site) -> Iterator[_Read]:
    """Yield what one file gives; nothing for one that is gone by now."""
    try:
        with (content / path).open("rb") as file:
            status = os.fstat(file.fileno())
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return
    except OSError as error:
        yield _Read(path, (-1, -1, -1), ParsedArticle(path, "", problems=(_unread(path, f"cannot be read: {error.strerror}"),)))
        return
    fresh = status.st_mtime_ns > time.time_ns() - _TICK_NS
    stamp = (status.st_size, -1 if fresh else status.st_mtime_ns, status.st_ctime_ns)
    if status.st_size > MAX_BYTES:
        message = (
            f"is {status.st_size / 1e6:.0f} MB; an article has at most {MAX_BYTES / 1e6:.0f} MB: split it or keep it elsewhere"
        )
        yield _Read(path, stamp, ParsedArticle(path, "", problems=(_unread(path, message),)))
    elif known_sha256 and hashlib.sha256(data).hexdigest() == known_sha256:
        yield _Read(path, stamp, None)
    else:
        yield _Read(path, stamp, parsing.parse_article(path, data, content, site))


def _unread(path: str, message: str) -> Problem:
    return Problem(f"content/{path}", 1, 1, Severity.ERROR, "", message)


def _renamed(gone: dict[str, SourceRecord], before: dict[str, SourceRecord], intake: SourceScan) -> Iterator[ArchiveProblem]:
    """Yield a warning for each file that has a new name and no id of its own: to subscribers it is a new article."""
    old = {known.sha256: path for path, known in gone.items()}
    if not old:
        return
    for path, known in intake.known.items():
        was = old.get(known.sha256)
        if path not in before and was and known.card is not None and known.card.id == parsing.default_id(path):
            keep = f"to keep it one, give it `id: {parsing.default_id(was)}`"
            message = f"was content/{was} at the last build and has no id, so it counts as a new article; {keep}"
            yield ArchiveProblem(path, "", "", Severity.WARNING, message)
