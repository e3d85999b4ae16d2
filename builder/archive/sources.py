"""The content folder in, a record of every file in it out: only what changed since the last build is read."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import msgspec

from builder.archive.archive_folders import unusable_folders
from builder.archive.other_files import report_other_files
from builder.archive.problems import ArchiveProblem
from builder.articles import parsing
from builder.articles.model import ArticleSummary
from builder.articles.page_fields import OwnPage
from builder.articles.parsing import ParsedArticle
from builder.base import files
from builder.base.picture_renditions import width_of
from builder.base.problems import BuildUnavailableError, ConfigError, Problem, Reporter, Severity
from builder.config.site import FILE_NAME, Site, setting_position
from builder.parallel.pool import WorkerPool, split_batches
from builder.state.state import SourceRecord, State

BATCH_BYTES = 400_000
MAX_EDITS = 100
"""Articles whose texts changed; of more all is looked at."""
_MTIME_GRANULARITY_NS = 2_000_000_000
"""A file this young may change once more without its time changing: it is looked into again next time."""


class _ReadTask(NamedTuple):
    """Files to read: of each its path, the SHA-256 of what is known of it ("" to read it in any case), and the renditions of its
    pictures as they are known."""

    content: str
    site: str
    files: list[tuple[str, str, frozenset[str]]]


class _ReadResult(NamedTuple):
    path: str
    status: tuple[int, int, int]
    parse: ParsedArticle | None
    """None: the bytes are those that are known."""


@dataclass(slots=True)
class SourceScan:
    """The content folder as it is: a record of every file by path, and what is wrong with files as such."""

    records: dict[str, SourceRecord]
    problems: list[Problem] = field(default_factory=list)
    archive_problems: list[ArchiveProblem] = field(default_factory=list)
    closed_folders: list[str] = field(default_factory=list)
    """Folders that may not be read: what is in them is out of reach, not gone. Each is an error among the problems, too."""
    read_count: int = 0
    """Files that were parsed; the others are as the last build knew them."""
    has_renames: bool = False
    """Whether files have another name than at the last build, and lose their ids by it: that is said once."""
    edited_paths: frozenset[str] | None = None
    """Where nothing but the texts of some articles is other than at the last build: their content paths."""

    def require_folders(self) -> None:
        """Raise BuildUnavailableError where folders cannot be read: --keep-going leaves out articles with errors alone."""
        if self.closed_folders:
            others = f" and {len(self.closed_folders) - 1} more" if len(self.closed_folders) > 1 else ""
            raise BuildUnavailableError(
                f"{self.closed_folders[0]}{others}: cannot be read; the last good site stands. --keep-going leaves out articles "
                "with errors, not a whole folder: see who may read there, or whether its disk is connected"
            )

    @property
    def articles(self) -> list[ArticleSummary]:
        """Every article that a file gave, in the order of content paths."""
        return [record.article for record in self.records.values() if record.article is not None and record.page is None]

    @property
    def own_pages(self) -> list[OwnPage]:
        """Every page of the archive's own that a file gave, in the order of content paths."""
        records = self.records.values()
        return [OwnPage(each.article, each.page) for each in records if each.article is not None and each.page is not None]

    @property
    def broken_files(self) -> int:
        """How many files gave neither, for their errors."""
        return sum(record.article is None for record in self.records.values())


def scan_sources(content: Path, site: Site, reading_key: str, state: State, workers: WorkerPool, reporter: Reporter) -> SourceScan:
    """Bring `state` up to date with the folder `content` and return what is in it.

    `reading_key` (fingerprints.reading_key): what was read under another one is read again. Raises ConfigError where the
    folder is not there, BuildUnavailableError where it, or a folder in it, cannot be read: an archive that is only out of
    reach must not be taken for an empty one.
    """
    try:
        return _scan(content, site, reading_key, state, workers, reporter)
    except OSError as error:
        if error.filename is None or not Path(error.filename).is_relative_to(content):
            raise
        path_text = files.printable(str(error.filename))
        raise BuildUnavailableError(
            f"{path_text}: cannot be read: {error.strerror}; see who may read there, or whether its disk is connected"
        ) from None


def _scan(content: Path, site: Site, reading_key: str, state: State, workers: WorkerPool, reporter: Reporter) -> SourceScan:
    require_folder(content)
    scan = SourceScan({})
    if site.pages and not (content / site.pages).is_dir():
        position = setting_position(content.parent, "pages")
        message = f"content/{site.pages} {_missing_folder(content / site.pages, 'your own pages')}"
        scan.problems.append(Problem(FILE_NAME, *position, Severity.ERROR, "pages", message))
    folder_problems = list(unusable_folders(content.parent))
    scan.problems += folder_problems
    scan.closed_folders += [problem.path for problem in folder_problems if problem.severity is Severity.ERROR]
    before = state.articles(reading_key)
    todo: list[tuple[str, str, int, frozenset[str]]] = []
    others: list[str] = []
    for entry in files.walk(content, files.ARTICLE_SUFFIXES, others):
        record = before.get(entry.path)
        if record is not None and _is_unchanged(record, entry) and not _media_changed(record, content):
            scan.records[entry.path] = record
            continue
        if fault := entry_fault(entry):
            scan.problems.append(fault)
            if entry.is_closed_folder:
                scan.closed_folders.append(fault.path)
            continue
        known_sha256 = record.sha256 if record is not None and not _media_changed(record, content) else ""
        todo.append((entry.path, known_sha256, entry.size, _renditions(record)))
    missing = before.keys() - scan.records.keys() - {path for path, *_ in todo}
    reporter.stage("Reading articles", len(todo))
    tasks = (
        _ReadTask(str(content), site.model_dump_json(), [(path, sha256, outputs) for path, sha256, _, outputs in batch])
        for batch in split_batches(todo, BATCH_BYTES, lambda item: item[2] + 2000)
    )
    for results in workers.run(_read_batch, tasks):
        state.write_bodies(result.parse for result in results if result.parse is not None)
        for result in results:
            scan.records[result.path] = _record(result, before)
            scan.read_count += result.parse is not None
        reporter.advance(len(results))
    state.write_articles(scan.records, missing.union(path for path, *_ in todo))
    state.commit()
    scan.records = dict(sorted(scan.records.items()))
    if others:
        of_files, of_links = report_other_files(others, scan.records, site)
        scan.problems.extend(of_files)
        scan.archive_problems.extend(of_links)
    renames = list(_find_renames({path: before[path] for path in missing}, before, scan))
    scan.has_renames = bool(renames)
    scan.archive_problems.extend(renames)
    return scan


def require_folder(content: Path) -> None:
    """Raise ConfigError, with what there is instead, where the folder `content` is not there."""
    if not content.is_dir():
        raise ConfigError(f"{content}: {_missing_folder(content)}")


def entry_fault(entry: files.FileEntry) -> Problem | None:
    """Return why a file of the content folder is not read as an article, None where it is."""
    if not files.is_utf8(entry.path):
        return _unread(files.printable(entry.path), "its name is not UTF-8; rename it")
    if entry.is_outside:
        message = "is a symbolic link that leaves the content folder, or a folder behind a link; put the file itself here"
        return _unread(entry.path, message)
    return _unread(entry.path, entry.error) if entry.error else None


def scan_texts(
    content: Path, site: Site, reading_key: str, folders: Sequence[str], problem_paths: Container[str], state: State
) -> SourceScan | None:
    """Bring `state` up to date where the texts of some articles are all that changed since the last build, else return None.

    Files of articles in the `folders` below `content` are the only ones that were written since. What is said of
    `problem_paths` (content paths) names a place in them, so a change of one is never a change of its text alone.
    """
    if not all(f"{folder}/".startswith(f"{content}/") for folder in folders):
        return None
    before = state.articles(reading_key)
    records, bodies = dict(before), []
    edited_paths: set[str] = set()
    for path in chain.from_iterable(_written_since(content, folder, before) for folder in folders):
        record = before.get(path)
        if record is None:
            return None
        for result in _read(path, record.sha256, _renditions(record), content, site):
            records[path] = _record(result, before)
            if result.parse is not None:
                if path in problem_paths or len(edited_paths) == MAX_EDITS or not _is_same_but_for_text(record, records[path]):
                    return None
                bodies.append(result.parse)
                edited_paths.add(path)
    state.write_bodies(bodies)
    state.write_articles(records, [path for path, record in records.items() if record is not before[path]])
    state.commit()
    return SourceScan(records, read_count=len(bodies), edited_paths=frozenset(edited_paths))


def _written_since(content: Path, folder: str, before: Mapping[str, SourceRecord]) -> Iterator[str]:
    """Yield the articles of one `folder` below `content` that are not as they were `before`, by content paths."""
    for entry in files.walk(Path(folder), files.ARTICLE_SUFFIXES, is_flat=True):
        path = f"{folder[len(str(content)) + 1 :]}/{entry.path}".lstrip("/")
        if path not in before or not _is_unchanged(before[path], entry):
            yield path


def _is_same_but_for_text(before: SourceRecord, after: SourceRecord) -> bool:
    """Whether nothing but its own page, feeds, data and the search show that an article was edited."""
    old, new = before.article, after.article
    if old is None or new is None or (before.page, after.page) != (None, None):
        return False
    same_findings = (before.problems, before.unknown) == (after.problems, after.unknown)
    return same_findings and old == msgspec.structs.replace(new, content_hash=old.content_hash, text_hash=old.text_hash)


def _missing_folder(folder: Path, what: str = "the articles") -> str:
    """Say what is the matter with a `folder` that is not there."""
    if folder.exists():
        return f"is not a folder; {what} lie in a folder of this name"
    beside = folder.parent.iterdir() if folder.parent.is_dir() else ()
    names = [name.name for name in beside if name.name.casefold() == folder.name.casefold()]
    hint = f"; there is {names[0]}/: rename it" if names else f"; {what} lie there: make it, or connect the disk that has it"
    return f"not found{hint}"


def _record(result: _ReadResult, before: dict[str, SourceRecord]) -> SourceRecord:
    """Return the record of a file that was read; its bytes may be those that were known before."""
    size, mtime_ns, ctime_ns = result.status
    if result.parse is None:
        return msgspec.structs.replace(before[result.path], size=size, mtime_ns=mtime_ns, ctime_ns=ctime_ns)
    parse = result.parse
    return SourceRecord(
        path=result.path,
        size=size,
        mtime_ns=mtime_ns,
        ctime_ns=ctime_ns,
        sha256=parse.sha256,
        article=parse.article,
        problems=parse.problems,
        unknown=parse.unknown,
        page=parse.page,
    )


def _is_unchanged(record: SourceRecord, entry: files.FileEntry) -> bool:
    return (
        record.mtime_ns == entry.mtime_ns
        and record.ctime_ns == entry.ctime_ns
        and record.size == entry.size
        and not (entry.is_outside or entry.error)
    )


def _media_changed(record: SourceRecord, content: Path) -> bool:
    """Whether a picture or document that the article names has come, gone or changed."""
    if record.article is None or not record.article.media:
        return False
    for source, _, size, mtime_ns in record.article.media:
        try:
            status = (content / source).stat()
        except OSError:
            if size != -1 or files.find_spelled(content, source) is not None:
                return True
        else:
            if (status.st_size, status.st_mtime_ns) != (size, mtime_ns):
                return True
    return False


@lru_cache(maxsize=1)
def _site(text: str) -> Site:
    return Site.model_validate_json(text)


def _read_batch(task: _ReadTask) -> list[_ReadResult]:
    content, site = Path(task.content), _site(task.site)
    return [result for path, sha256, outputs in task.files for result in _read(path, sha256, outputs, content, site)]


def _renditions(record: SourceRecord | None) -> frozenset[str]:
    """Return the output paths of the smaller versions of the pictures that an article had when it was last read."""
    media = record.article.media if record is not None and record.article is not None else ()
    return frozenset(output for _, output, _, _ in media if width_of(output))


def _read(path: str, known_sha256: str, known_outputs: frozenset[str], content: Path, site: Site) -> Iterator[_ReadResult]:
    """Yield what one file gives; nothing for one that is gone by now."""
    max_bytes = int(site.article_megabytes * 1e6)
    try:
        with files.open_regular(content / path) as file:
            status = os.fstat(file.fileno())
            data = file.read(max_bytes + 1)
    except FileNotFoundError:
        return
    except OSError as error:
        yield _ReadResult(
            path, (-1, -1, -1), ParsedArticle(path, "", problems=(_unread(path, f"cannot be read: {error.strerror}"),))
        )
        return
    fresh = status.st_mtime_ns > time.time_ns() - _MTIME_GRANULARITY_NS
    stamp = (status.st_size, -1 if fresh else status.st_mtime_ns, status.st_ctime_ns)
    if status.st_size > max_bytes:
        message = (
            f"is {round(status.st_size / 1e6, 1):g} MB; an article has at most {site.article_megabytes:g} MB: split it, keep it "
            "elsewhere, or raise article_megabytes in site.yml"
        )
        yield _ReadResult(path, stamp, ParsedArticle(path, "", problems=(_unread(path, message),)))
    elif known_sha256 and hashlib.sha256(data).hexdigest() == known_sha256:
        yield _ReadResult(path, stamp, None)
    else:
        yield _ReadResult(path, stamp, parsing.parse_article(path, data, content, site, known_outputs))


def _unread(path: str, message: str) -> Problem:
    return Problem(f"content/{path}", 1, 1, Severity.ERROR, "", message)


def _find_renames(missing: dict[str, SourceRecord], before: dict[str, SourceRecord], scan: SourceScan) -> Iterator[ArchiveProblem]:
    """Yield a warning for each file that has a new name and no id of its own: to subscribers it is a new article."""
    old = {record.sha256: path for path, record in missing.items()}
    if not old:
        return
    for path, record in scan.records.items():
        was = old.get(record.sha256)
        if (
            path not in before
            and was
            and record.article is not None
            and record.page is None
            and record.article.id == parsing.default_id(path)
        ):
            keep = f"to keep it one, give it `id: {parsing.default_id(was)}`"
            message = f"was content/{was} at the last build and has no id, so it counts as a new article; {keep}"
            yield ArchiveProblem(path, "", "", Severity.WARNING, message)
