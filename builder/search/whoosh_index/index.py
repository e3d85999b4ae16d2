"""The Whoosh index as a whole: which segments it has, and how it comes from one state to the next without a moment between.

`manifest.json` names the segments; replacing it is the commit. Until then nobody sees what was written, after it nobody sees
what was there before, and a build that is killed leaves the index as it was. Whoosh's own table of contents is written beside
it for those who open the folder with Whoosh: it is a pickle, which can run code when it is read, so Morgue never does. An
index whose manifest does not answer for every file counts as absent.

Changes come as new segments, and as marks on what they replace. Segments merge by size: at most seven of one level (a level
is eight times the one before), full ones only when a quarter of them is gone. So an update writes what changed and, over many
updates, each document a few times more.
"""

# mypy: allow-untyped-calls

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TypeVar

import whoosh
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from builder.base import version as version_of_code
from builder.base.files import digest, read_regular, write_whole
from builder.base.problems import BuildUnavailableError
from builder.parallel.pool import WorkerPool
from builder.search.text.documents import Document
from builder.search.whoosh_index import segments
from builder.search.whoosh_index.segments import INDEX_NAME, LiveDocuments, Segment
from builder.state.sqlite import delete_entry

Batch = TypeVar("Batch")

MANIFEST = "manifest.json"

MERGE_FACTOR = 8
"""As many segments of one level become one."""
MIN_LIVE_RATIO = 0.75


def index_format() -> str:
    """Return the format of the index: with another one documents may have other words, so the index is made anew.

    What decides the words is Whoosh, Unicode, and our own code that makes plain text, words and postings.
    """
    code = version_of_code.sources_digest("base", "articles", "search")
    return f"4, whoosh {whoosh.versionstring()}, unicode {unicodedata.unidata_version}, code {code}"


class IndexMissingError(Exception):
    """There is no index here that can be read: none was made, or another program's, or it is damaged."""


class IndexDamagedError(IndexMissingError):
    """The index here is not what was written."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the index is made of."""

    contents: str
    """The file name of Whoosh's table of contents."""
    digest: str
    """Of that file."""
    segments: tuple[Segment, ...]

    @classmethod
    def read(cls, folder: Path, verify: bool = False) -> Manifest:
        """Return the manifest of the index in `folder`; to `verify` it reads every byte of the segments.

        Raises IndexMissingError where there is none, IndexDamagedError where it does not fit its files.
        """
        try:
            text = read_regular(folder / MANIFEST)
        except FileNotFoundError:
            raise IndexMissingError("there is no search index yet") from None
        except OSError as error:
            raise IndexDamagedError(f"{MANIFEST}: {error.strerror or error}") from None
        try:
            data = json.loads(text)
            if data["format"] != index_format():
                raise IndexMissingError("the search index is of another version of Morgue, which reads words in another way")
            listed = tuple(Segment(**entry | {"deleted": tuple(entry["deleted"])}) for entry in data["segments"])
            made = cls(data["contents"], data["digest"], listed)
            sound = digest(read_regular(folder / made.contents)) == made.digest
            sound = sound and all((folder / segment.file).stat().st_size == segment.size for segment in listed)
            sound = sound and (not verify or all(segment.is_whole(folder) for segment in listed))
        except (OSError, ValueError, KeyError, TypeError):
            sound = False
        if not sound:
            raise IndexDamagedError("the search index is damaged")
        return made

    def write(self, folder: Path) -> None:
        """Put this manifest in the place of the one before."""
        listed = [segment._asdict() for segment in self.segments]
        data = {"format": index_format(), "contents": self.contents, "digest": self.digest, "segments": listed}
        write_whole(folder / MANIFEST, json.dumps(data).encode())


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What an update did, in documents: `added` new ones, `changed`, `removed`, and how many there are now."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class PreparedUpdate:
    """Segments that are written and wait to be the index."""

    folder: Path
    segments: list[Segment] | None
    """None where the index stays as it is."""
    report: IndexReport

    def commit(self) -> None:
        """Put them in the place of those before. Raises BuildUnavailableError where they cannot be written."""
        if self.segments is not None:
            try:
                _commit(self.folder, self.segments)
            except OSError as error:
                raise _unable(error, self.folder) from None


def is_whole(folder: Path) -> bool:
    """Tell whether there is an index in `folder` every byte of which is as it was written."""
    try:
        Manifest.read(folder, verify=True)
    except IndexMissingError:
        return False
    return True


def version(folder: Path) -> dict[str, str] | None:
    """Return the version of each document in the index by its id, or None where there is no index of this format.

    Raises IndexDamagedError.
    """
    try:
        manifest = Manifest.read(folder, verify=True)
        return {id_: version for segment in manifest.segments for id_, version in _live(folder, segment)}
    except IndexDamagedError:
        raise
    except IndexMissingError:
        return None
    except (OSError, ValueError, TypeError):
        raise IndexDamagedError("the search index is damaged") from None


def update(
    folder: Path,
    batches: Iterable[Iterable[Document]],
    remove: Iterable[str],
    workers: WorkerPool,
    advance: Callable[[int], None] | None = None,
) -> IndexReport:
    """Bring the documents of `batches` into the index in `folder`, and take those with the ids `remove` out of it.

    An id that is in the index already is replaced; none may come twice. Otherwise as `prepare`.
    """
    prepared = prepare(folder, batches, remove, workers, advance or (lambda _: None), segments.write)
    prepared.commit()
    return prepared.report


def prepare(
    folder: Path,
    batches: Iterable[Batch],
    remove: Iterable[str],
    workers: WorkerPool,
    advance: Callable[[int], None],
    write: Callable[[Path, Batch], list[Segment]],
) -> PreparedUpdate:
    """Make ready what `update` does: nobody sees it until the `commit` of what comes back is called.

    Batches cross into workers, where `write(folder, batch)` makes segments of them; both must be plain. Where no index
    can be read, a new one begins. The folder must be locked by the caller. Raises BuildUnavailableError where a worker
    died or the index cannot be written: it is then as it was before. `advance` hears how many documents each finished batch had.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _prepare(folder, workers.run(partial(write, folder), batches), set(remove), workers, advance)
    except OSError as error:
        raise _unable(error, folder) from None


def discard(folder: Path) -> None:
    """Delete the index in `folder`, whatever stands there."""
    delete_entry(folder)


def _unable(error: OSError, folder: Path) -> BuildUnavailableError:
    return BuildUnavailableError(f"{error.filename or folder}: {error.strerror}; the search index is as it was before")


def _prepare(
    folder: Path, batches: Iterable[list[Segment]], remove: set[str], workers: WorkerPool, advance: Callable[[int], None]
) -> PreparedUpdate:
    try:
        known: Manifest | None = Manifest.read(folder, verify=True)
        tables = [segment.table(folder).ids for segment in known.segments] if known else []
    except (IndexMissingError, OSError, ValueError, TypeError):
        known, tables = None, []
    _clear(folder, known)
    try:
        old = known.segments if known else ()
        new: list[Segment] = []
        for written in batches:
            new += written
            advance(sum(segment.documents for segment in written))
        ids = {id_ for segment in new for id_ in segment.table(folder).ids}
        if len(ids) != sum(segment.documents for segment in new):
            raise ValueError("the same id twice among the documents of one update")
        gone = remove | ids
        held = [_mark_deleted(segment, table, gone) for segment, table in zip(old, tables, strict=True)]
        lost = {
            table[at]
            for segment, after, table in zip(old, held, tables, strict=True)
            for at in {*after.deleted} - {*segment.deleted}
        }
        kept = _merge_segments(folder, [segment for segment in (*held, *new) if segment.live], workers)
    except BaseException:
        _clear(folder, known)
        raise
    changed = len(lost & ids)
    report = IndexReport(len(ids) - changed, changed, len(lost) - changed, sum(segment.live for segment in kept))
    return PreparedUpdate(folder, None if known is not None and list(old) == kept else kept, report)


def _live(folder: Path, segment: Segment) -> Iterator[tuple[str, str]]:
    table = segment.table(folder)
    deleted = set(segment.deleted)
    return (pair for at, pair in enumerate(zip(table.ids, table.versions, strict=True)) if at not in deleted)


def _mark_deleted(segment: Segment, ids: list[str], gone: set[str]) -> Segment:
    deleted = set(segment.deleted).union(at for at, id_ in enumerate(ids) if id_ in gone)
    return segment._replace(deleted=tuple(sorted(deleted)))


def _merge_segments(folder: Path, kept: list[Segment], workers: WorkerPool) -> list[Segment]:
    """Return the segments that stand in for `kept`, so that there are few and most of what they hold is live."""
    while True:
        sparse = [segment for segment in kept if segment.live < MIN_LIVE_RATIO * segment.documents]
        small = sorted((segment for segment in kept if segment.weight < segments.FULL_BYTES), key=segments.merge_level)
        groups = [tuple(group) for _, group in groupby(small, segments.merge_level)]
        chosen = [group for group in groups if len(group) >= MERGE_FACTOR or any(segment in sparse for segment in group)]
        chosen += [(segment,) for segment in sparse if segment not in small]
        if not chosen:
            return kept
        replaced = {segment.name for group in chosen for segment in group}
        written = workers.run(partial(segments.write, folder), [LiveDocuments(folder, group) for group in chosen])
        kept = [segment for segment in kept if segment.name not in replaced] + [segment for made in written for segment in made]


def _commit(folder: Path, kept: list[Segment]) -> None:
    storage = FileStorage(str(folder))
    generation = TOC._latest_generation(storage, INDEX_NAME) + 1
    TOC(segments.schema(), [segment.for_whoosh() for segment in kept], generation).write(storage, INDEX_NAME)
    contents = TOC._filename(INDEX_NAME, generation)
    manifest = Manifest(contents, digest((folder / contents).read_bytes()), tuple(kept))
    manifest.write(folder)
    _clear(folder, manifest)


def _clear(folder: Path, manifest: Manifest | None) -> None:
    """Delete whatever no manifest names: what earlier states held, and what a killed build left."""
    named = {MANIFEST, manifest.contents} if manifest else set()
    for segment in manifest.segments if manifest else ():
        named |= {segment.file, segment.table_file}
    for entry in folder.iterdir():
        if entry.name in named:
            continue
        if entry.name == MANIFEST or INDEX_NAME in entry.name:
            with suppress(OSError):  # somebody reads it still, on a system that minds
                delete_entry(entry)
