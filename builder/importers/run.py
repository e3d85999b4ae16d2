"""The import on one screen: sources → files → kinds → pieces → stories → articles → report."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from builder.articles.model import FIELD_NAMES
from builder.base import files, version
from builder.base.claims import claimed_folder
from builder.base.document_types import DOCUMENT_TYPES
from builder.base.picture_types import IMAGE_TYPES
from builder.base.problems import BuildUnavailableError, ConfigError, Problem, Reporter, Severity
from builder.config.site import Site, load_site
from builder.importers import finish, source_kinds
from builder.importers.generator_folders import why_no_story
from builder.importers.report import ImportReport
from builder.importers.rules import load_rules
from builder.importers.settings import ReadSettings, read_fields
from builder.importers.source_kinds import SourceKind
from builder.importers.sources import ARCHIVE_SUFFIXES, SourceFile, open_source
from builder.importers.story import Piece, Refusal, Story
from builder.importers.writer import Writer
from builder.parallel.pool import WorkerPool, split_batches

BATCH_BYTES = 1_500_000
BATCH_PIECES = 40
SCRATCH = "morgue-import-"
"""How the names of temporary folders of imports begin; a folder that no import claims is cleared by the next one."""
_SETTLE_SECONDS = 2.0
PRELOAD_MODULES = {"pages": ("trafilatura",), "warcs": ("builder.importers.pages", "trafilatura")}
"""What the module of a kind imports late, and each worker would import again."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the command line asks for."""

    into: str = ""
    kind: str = ""
    dry_run: bool = False
    jobs: int = 0
    drafts: bool = False
    comments: bool = False
    fields: tuple[str, ...] = ()
    keep_originals: bool = False
    media: Path | None = None
    download: bool = False


@dataclass(frozen=True, slots=True)
class _Batch:
    module: str
    pieces: list[Piece]
    settings: ReadSettings


def import_stories(
    folder: Path, sources: Sequence[tuple[str, Path]], options: ImportOptions, reporter: Reporter,
    ask_title: Callable[[Story], str] | None = None,
) -> ImportReport:  # fmt: skip
    """Bring the stories of `sources` (what messages call each, and its path) into the archive at `folder`.

    `ask_title` asks a person for the headline of a story that has none. Raises ConfigError for what is asked for wrongly
    and BuildUnavailableError where the disk or a worker failed; what was written by then is whole, and stays.
    """
    site = load_site(folder, FIELD_NAMES)
    only = _kind_option(options.kind)
    settings = _settings(folder, site, options)
    content = folder / "content"
    into = _into(options.into, content)
    report = ImportReport(dry_run=options.dry_run)
    completion = finish.Finish(folder, site, settings, into, options.media, options.download, options.dry_run)
    with (
        nullcontext() if options.dry_run else _sole_import(folder),
        _scratch_folder() as scratch,
        _named_disk(content),
        Writer(content, into, options.dry_run) as writer,
    ):
        settings = replace(settings, scratch=scratch, take_pictures=options.media is not None)
        completion.pictures.scratch = Path(scratch)
        try:
            files_by_kind = _by_kind(sources, Path(scratch), only, report, reporter, completion.pictures.roots)
        except OSError as error:
            raise BuildUnavailableError(f"{scratch}: cannot unpack here: {error.strerror}; nothing was imported") from None
        with _pool(options, files_by_kind) as pool:
            for kind, of_kind in files_by_kind.items():
                reporter.stage(f"reading {kind.about.removeprefix('a ')}", len(of_kind) if len(of_kind) > 1 else 0)
                pieces = _sorted_out(_named_source(kind.format.split(of_kind, settings)), report)
                for stories in pool.run(_read_batch, _batches(kind, pieces, settings)):
                    for story in stories:
                        _complete_story(story, completion, writer, report, ask_title)
                    reporter.advance(len(stories))
    for row in report.rows:
        if row.kind != "unknown" and not row.found and not row.left_out:  # a table of names alone
            report.problems.append(Problem(row.path, 0, 0, Severity.ERROR, "", "holds no story"))
    return report


def _complete_story(
    story: Story | Refusal, completion: finish.Finish, writer: Writer, report: ImportReport,
    ask_title: Callable[[Story], str] | None,
) -> None:  # fmt: skip
    if isinstance(story, Refusal):
        report.refuse(story)
        return
    if story.ask_title and ask_title is not None and "title" in story.inferred:
        answer = " ".join(ask_title(story).split())
        if answer and answer != story.values["title"]:
            story.values["title"] = answer
            story.inferred.remove("title")
    renews = completion.complete(story, writer.same_capture(story))
    result = writer.put(story, renews)
    if story.original:
        writer.settle(result.path)
    completion.after(story, result)
    report.count(story, result)


def _named_source(pieces: Iterator[Piece | Refusal]) -> Iterator[Piece | Refusal]:
    """Yield `pieces`. Raises BuildUnavailableError for a source that can no longer be read."""
    try:
        yield from pieces
    except OSError as error:
        raise BuildUnavailableError(
            f"{error.filename or 'a source'}: cannot be read: {error.strerror}; the stories before are in; import again"
        ) from None


@contextmanager
def _sole_import(folder: Path) -> Iterator[None]:
    """Keep other imports out of the archive within the block: none knows what another one writes, and a story could come in twice.

    Raises BuildUnavailableError where one is under way.
    """
    with claimed_folder(folder) as is_free:
        if not is_free:
            raise BuildUnavailableError(f"{folder}: another import into this archive is under way; wait until it is done")
        yield


@contextmanager
def _scratch_folder() -> Iterator[str]:
    """Give a folder for what is unpacked, within the block. Those of imports that were killed go: they may hold gigabytes."""
    for folder in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"):
        with suppress(OSError):
            is_old = time.time() - folder.lstat().st_mtime > _SETTLE_SECONDS  # a new one may not be claimed yet
            if os.name == "posix" and is_old and folder.lstat().st_uid == os.getuid():
                with claimed_folder(folder) as is_free:
                    if is_free:
                        shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=SCRATCH) as scratch, claimed_folder(Path(scratch)):
        yield scratch


@contextmanager
def _named_disk(content: Path) -> Iterator[None]:
    """Raise BuildUnavailableError for what the disk would not have within the block."""
    try:
        yield
    except OSError as error:
        raise BuildUnavailableError(
            f"{error.filename or content}: cannot be written: {error.strerror}; what is there is whole; import again"
        ) from None
    except sqlite3.Error as error:
        raise BuildUnavailableError(
            f"{tempfile.gettempdir()}: what is in the archive cannot be noted there: {error}; import again"
        ) from None


def _read_batch(batch: _Batch) -> list[Story | Refusal]:
    """Read pieces in a worker. What a piece's bytes provoke in a library is a refusal of that piece, never an end of the import."""
    from importlib import import_module

    module = import_module(f"builder.importers.{batch.module}")
    stories: list[Story | Refusal] = []
    for piece in batch.pieces:
        try:
            story = module.read(piece, batch.settings)
            if isinstance(story, Story):
                finish.record(story, piece, batch.settings)
        except Exception as error:  # noqa: BLE001 (what a library raises for odd bytes is not to end the import)
            story = Refusal(piece.source, piece.path, piece.line, f"cannot be read ({type(error).__name__}: {str(error)[:120]})")
        stories.append(story)
    return stories


def _batches(kind: SourceKind, pieces: Iterator[Piece], settings: ReadSettings) -> Iterator[_Batch]:
    for batch in split_batches(pieces, BATCH_BYTES, lambda piece: max(len(piece.data), BATCH_BYTES // BATCH_PIECES)):
        yield _Batch(kind.module, batch, settings)


def _sorted_out(pieces: Iterator[Piece | Refusal], report: ImportReport) -> Iterator[Piece]:
    """Yield the pieces; what `split` refused or left out goes into the report."""
    for piece in pieces:
        if isinstance(piece, Refusal):
            report.rows[piece.source].found += 1
            report.refuse(piece)
        elif piece.kind == COVERAGE:
            report.rows[piece.source].coverage.setdefault(piece.path, Counter()).update(piece.facts)
        elif piece.kind == LEFT_OUT:
            report.rows[piece.source].left_out[piece.path] += 1
        else:
            report.rows[piece.source].found += 1
            yield piece


COVERAGE = "coverage"
"""The kind of a piece whose facts are counts for the day that is its `path`."""
LEFT_OUT = "left-out"
"""The kind of a piece that is counted under its `path`, as a reason, and not read."""


def _by_kind(
    sources: Sequence[tuple[str, Path]],
    scratch: Path,
    only: SourceKind | None,
    report: ImportReport,
    reporter: Reporter,
    roots: dict[int, Path],
) -> dict[SourceKind, list[SourceFile]]:
    """Return the files of each kind; their `source` is the row of the report that counts them. `roots` gets each row's folder."""
    files_by_kind: dict[SourceKind, list[SourceFile]] = {}
    reporter.stage("looking through the sources", 0)
    for number, (label, path) in enumerate(sources):
        stories = 0
        others: list[tuple[SourceFile, str]] = []
        for file in open_source(number, label, path, scratch):
            if isinstance(file, Refusal):
                _refuse_file(report, file, label, "unreadable")
                stories += 1
                continue
            try:
                head = file.head()
            except OSError as error:
                _refuse_file(report, Refusal(number, file.printable, 0, f"cannot be read: {error.strerror}"), label, "unreadable")
                stories += 1
                continue
            reason = "" if only else why_no_story(file.root, file.path, is_alone=file.is_alone)
            if reason:
                others.append((file, reason))
                continue
            kind = only or source_kinds.kind_of(file, head)
            if kind is not None and head.strip():
                row = report.row(label, kind.name)
                files_by_kind.setdefault(kind, []).append(SourceFile(row, file.label, file.root, file.path, file.is_alone))
                stories += 1
                if not file.is_alone:
                    roots[row] = file.root
            elif file.is_alone or file.suffix in source_kinds.STORY_SUFFIXES:
                message = f"is {source_kinds.describe(head)}" + (
                    "; --kind says what it is, if that is wrong" if head.strip() else ""
                )
                _refuse_file(report, Refusal(number, file.printable, 1, message), label, "unknown")
                stories += 1
            else:
                others.append((file, ""))
        kind_name = next((row.kind for row in report.rows if row.path == label), "unknown")
        for file, reason in others:
            row = report.row(label, kind_name)
            if not reason and file.suffix in ARCHIVE_SUFFIXES:
                message = "is an archive within the source, and is not opened; import it by itself"
                report.pass_over(row, file.printable, "archives within", message)
            else:
                report.rows[row].left_out[reason or _no_story(file.suffix)] += 1
        if not stories:
            number = report.row(label, "unknown")
            report.problems.append(Problem(label, 0, 0, Severity.ERROR, "", "holds no story"))
    return files_by_kind


def _no_story(suffix: str) -> str:
    """Return what the report calls files of this ending, which are no stories."""
    if suffix in IMAGE_TYPES:
        return f"{suffix} files (as stories; those that a story shows come with it)"
    if suffix in DOCUMENT_TYPES:
        return f"{suffix} files (--media copies those that a story links to)"
    return f"{suffix or 'other'} files"


def _refuse_file(report: ImportReport, refusal: Refusal, label: str, kind: str) -> None:
    """Refuse a file that is of no kind, or not read at all, in the row that such files of its source have."""
    row = report.row(label, kind)
    report.rows[row].found += 1
    report.refuse(refusal, row)


def _kind_option(name: str) -> SourceKind | None:
    if not name:
        return None
    kind = source_kinds.kind_named(name)
    if kind is None:
        raise ConfigError(f'--kind: there is no "{name}"; there are {", ".join(kind.name for kind in source_kinds.SOURCE_KINDS)}')
    return kind


def _into(text: str, content: Path) -> str:
    """Return the folder that `--into` names, from `content`. Raises ConfigError where it leaves it, also through a link."""
    path = PurePosixPath(text.replace("\\", "/"))
    parts = path.parts[1:] if path.parts[:1] == ("content",) else path.parts
    if path.is_absolute() or ".." in parts or any(ord(sign) < 32 for sign in text):
        raise ConfigError(f"--into {files.printable(text)}: must be a folder below content/")
    if any(part.startswith(".") for part in parts):
        raise ConfigError(f"--into {text}: names that begin with a dot are not read as articles")
    try:
        target = content.joinpath(*parts).resolve()
    except (OSError, RuntimeError) as error:
        raise ConfigError(f"--into {text}: {getattr(error, 'strerror', None) or 'links in a circle'}") from None
    if not target.is_relative_to(content.resolve()):
        raise ConfigError(f"--into {text}: is a link out of content/")
    return "/".join(parts)


def _settings(folder: Path, site: Site, options: ImportOptions) -> ReadSettings:
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    at = datetime.fromtimestamp(int(epoch) if epoch.isdigit() else int(time.time()), UTC).astimezone(ZoneInfo(site.timezone))
    return ReadSettings(
        rules_json=load_rules(folder, site).model_dump_json(),
        timezone=site.timezone,
        language=site.language,
        now=at.isoformat(timespec="seconds"),
        tool=f"morgue {version.version()}",
        keep_originals=options.keep_originals,
        drafts=options.drafts,
        comments=options.comments,
        keep_unknown=site.unknown_fields == "keep",
        fields=read_fields(options.fields),
        documents=tuple(sorted(DOCUMENT_TYPES.union(site.documents))),
    )


def _pool(options: ImportOptions, files_by_kind: dict[SourceKind, list[SourceFile]]) -> WorkerPool:
    modules = {kind.module for kind in files_by_kind}
    late = {name for module in modules for name in PRELOAD_MODULES.get(module, ())}
    return WorkerPool(
        options.jobs or os.cpu_count() or 1,
        (__name__, *sorted(f"builder.importers.{module}" for module in modules), *sorted(late)),
    )
