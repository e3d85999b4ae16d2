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
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TypeVar

import msgspec
import whoosh
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from builder.base import version as version_of_code
from builder.base.files import digest, read_regular, write_whole
from builder.base.problems import BuildUnavailableError
from builder.parallel.pool import WorkerPool
from builder.search.text.documents import Document
from builder.search.whoosh_index import segments
from builder.search.whoosh_index.segments import INDEX_NAME, DocumentVersions, LiveDocuments, Segment
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
            segments = tuple(Segment(**entry | {"deleted": tuple(entry["deleted"])}) for entry in data["segments"])
            manifest = cls(data["contents"], data["digest"], segments)
            sound = digest(read_regular(folder / manifest.contents)) == manifest.digest
            sound = sound and all((folder / segment.file).stat().st_size == segment.size for segment in segments)
            sound = sound and (not verify or all(segment.is_whole(folder) for segment in segments))
        except (OSError, ValueError, KeyError, TypeError):
            sound = False
        if not sound:
            raise IndexDamagedError("the search index is damaged")
        return manifest

    def write(self, folder: Path) -> None:
        """Put this manifest in the place of the one before."""
        segments = [segment._asdict() for segment in self.segments]
        data = {"format": index_format(), "contents": self.contents, "digest": self.digest, "segments": segments}
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


@dataclass(frozen=True, slots=True)
class StoredIndex:
    """An index every byte of which was found to be as it was written: its manifest, and each segment's ids and their versions."""

    manifest: Manifest
    tables: list[DocumentVersions]

    @classmethod
    def read(cls, folder: Path) -> StoredIndex | None:
        """Return the index in `folder`, or None where there is none of this format. Raises IndexDamagedError."""
        try:
            manifest = Manifest.read(folder, verify=True)
            return cls(manifest, [segment.document_versions(folder) for segment in manifest.segments])
        except IndexDamagedError:
            raise
        except IndexMissingError:
            return None
        except (OSError, ValueError, TypeError, msgspec.MsgspecError):
            raise IndexDamagedError("the search index is damaged") from None

    def versions(self) -> dict[str, str]:
        """Return the version of each document that is not deleted, by its id."""
        versions: dict[str, str] = {}
        for segment, table in zip(self.manifest.segments, self.tables, strict=True):
            pairs = zip(table.ids, table.versions, strict=True)
            if segment.deleted:
                deleted = set(segment.deleted)
                versions.update(pair for at, pair in enumerate(pairs) if at not in deleted)
            else:
                versions.update(pairs)
        return versions


def version(folder: Path) -> dict[str, str] | None:
    """Return the version of each document in the index by its id, or None where there is no index of this format.

    Raises IndexDamagedError.
    """
    index = StoredIndex.read(folder)
    return None if index is None else index.versions()


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
    try:
        index = StoredIndex.read(folder)
    except IndexDamagedError:
        index = None
    commit = prepare(folder, batches, remove, workers, advance or (lambda _: None), segments.write, index)
    commit.commit()
    return commit.report


def prepare(
    folder: Path,
    batches: Iterable[Batch],
    remove: Iterable[str],
    workers: WorkerPool,
    advance: Callable[[int], None],
    write: Callable[[Path, Batch], list[Segment]],
    index: StoredIndex | None,
) -> PreparedUpdate:
    """Make ready what `update` does: nobody sees it until the `commit` of what comes back is called.

    Batches cross into workers, where `write(folder, batch)` makes segments of them; both must be plain. `index` is the one
    in `folder` (StoredIndex.read); where it is None, a new one begins. The folder must be locked by the caller. Raises
    BuildUnavailableError where a worker died or the index cannot be written: it is then as it was before. `advance` hears how
    many documents each finished batch had.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _prepare(folder, workers.run(partial(write, folder), batches), set(remove), workers, advance, index)
    except OSError as error:
        raise _unable(error, folder) from None


def discard(folder: Path) -> None:
    """Delete the index in `folder`, whatever stands there."""
    delete_entry(folder)


def _unable(error: OSError, folder: Path) -> BuildUnavailableError:
    return BuildUnavailableError(f"{error.filename or folder}: {error.strerror}; the search index is as it was before")


def _prepare(
    folder: Path,
    batches: Iterable[list[Segment]],
    remove: set[str],
    workers: WorkerPool,
    advance: Callable[[int], None],
    index: StoredIndex | None,
) -> PreparedUpdate:
    manifest = index.manifest if index else None
    tables = [table.ids for table in index.tables] if index else []
    _clear(folder, manifest)
    try:
        old = manifest.segments if manifest else ()
        new: list[Segment] = []
        for segments_of_batch in batches:
            new += segments_of_batch
            advance(sum(segment.documents for segment in segments_of_batch))
        ids = {id_ for segment in new for id_ in segment.document_versions(folder).ids}
        if len(ids) != sum(segment.documents for segment in new):
            raise ValueError("the same id twice among the documents of one update")
        obsolete = remove | ids
        old_live = [_mark_deleted(segment, table, obsolete) for segment, table in zip(old, tables, strict=True)]
        absent = {
            table[at]
            for segment, after, table in zip(old, old_live, tables, strict=True)
            for at in {*after.deleted} - {*segment.deleted}
        }
        result = _merge_segments(folder, [segment for segment in (*old_live, *new) if segment.live], workers)
    except BaseException:
        _clear(folder, manifest)
        raise
    replacements = len(absent & ids)
    report = IndexReport(len(ids) - replacements, replacements, len(absent) - replacements, sum(segment.live for segment in result))
    return PreparedUpdate(folder, None if manifest is not None and list(old) == result else result, report)


def _mark_deleted(segment: Segment, ids: list[str], obsolete: set[str]) -> Segment:
    if obsolete.isdisjoint(ids):
        return segment
    deleted = set(segment.deleted).union(at for at, id_ in enumerate(ids) if id_ in obsolete)
    return segment._replace(deleted=tuple(sorted(deleted)))


def _merge_segments(folder: Path, live: list[Segment], workers: WorkerPool) -> list[Segment]:
    """Return the segments that stand in for `live`, so that there are few and most of what they hold is live."""
    while True:
        sparse = [segment for segment in live if segment.live < MIN_LIVE_RATIO * segment.documents]
        small = sorted((segment for segment in live if segment.weight < segments.FULL_BYTES), key=segments.merge_level)
        groups = [tuple(group) for _, group in groupby(small, segments.merge_level)]
        to_merge = [group for group in groups if len(group) >= MERGE_FACTOR or any(segment in sparse for segment in group)]
        to_merge += [(segment,) for segment in sparse if segment not in small]
        if not to_merge:
            return live
        old_names = {segment.name for group in to_merge for segment in group}
        batches = workers.run(partial(segments.write, folder), [LiveDocuments(folder, group) for group in to_merge])
        live = [segment for segment in live if segment.name not in old_names] + [segment for part in batches for segment in part]


def _commit(folder: Path, live: list[Segment]) -> None:
    storage = FileStorage(str(folder))
    generation = TOC._latest_generation(storage, INDEX_NAME) + 1
    TOC(segments.schema(), [segment.for_whoosh() for segment in live], generation).write(storage, INDEX_NAME)
    contents = TOC._filename(INDEX_NAME, generation)
    manifest = Manifest(contents, digest((folder / contents).read_bytes()), tuple(live))
    manifest.write(folder)
    _clear(folder, manifest)


def _clear(folder: Path, manifest: Manifest | None) -> None:
    """Delete whatever no manifest names: what earlier states held, and what a killed build left."""
    names = {MANIFEST, manifest.contents} if manifest else set()
    for segment in manifest.segments if manifest else ():
        names |= {segment.file, segment.table_file}
    for entry in folder.iterdir():
        if entry.name in names:
            continue
        if entry.name == MANIFEST or INDEX_NAME in entry.name:
            with suppress(OSError):  # somebody reads it still, on a system that minds
                delete_entry(entry)
