"""Staged files to the output folder: only what changed, all at once, nothing that is not ours.

Ours is what the manifest in the folder names, so that it is known wherever the folder goes and whatever else is lost.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from builder.archive.address_ledger import Ledger, count_kept
from builder.archive.addresses import DATA_FOLDER
from builder.archive.seals import FOLDER as SEALS
from builder.articles.model import ArticleSummary
from builder.articles.originals import ORIGINALS
from builder.base import files
from builder.base.problems import BuildUnavailableError, ConfigError
from builder.base.urls import parents
from builder.formats.fixity import MANIFEST
from builder.incremental.rebuild_reasons import ReasonCollector
from builder.output.dispatch import StagedFile, render_outdated
from builder.output.manifest import (
    checksums_of,
    has_generator_meta,
    manifest_bytes,
    owned_by_manifest,
    read_manifest,
    read_pending,
    update_manifest,
    write_pending,
)
from builder.output.rebuild_decision import OutdatedPageFinder
from builder.output.transaction import Transaction
from builder.parallel.pool import WorkerPool
from builder.plan.model import PlanPart
from builder.render.theme import RenderSettings, Theme
from builder.state.state import FOLDER, OutputRecord, State

STAGING = ".morgue-staging"
_DATA = f"{DATA_FOLDER}/"
"""People take the folder of data without the rest: it has a manifest of its own."""
SOURCE_FOLDERS = ("content", "templates", "static", ORIGINALS, SEALS, FOLDER, ".git")
MAX_REMOVED_PAGES, MAX_REMOVED_SHARE = 10, 5
"""More pages less than these, and than one in so many, are removed by a build only if it is allowed to."""


@dataclass
class PublishCounts:
    """Output files by what became of them."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0
    written_paths: list[str] = field(default_factory=list)
    removed_paths: list[str] = field(default_factory=list)


@dataclass
class Publisher:
    """The output folder of one build: what was published there before, and what is staged to be."""

    folder: Path
    state: State
    outputs: dict[str, OutputRecord]
    """What the state knows of published files, by path."""
    owned_paths: set[str]
    """Every path that Morgue wrote there, known even where the state is lost."""
    page_finder: OutdatedPageFinder
    reasons: ReasonCollector | None = None
    pending: set[str] = field(default_factory=set)
    """What a build that was killed may have left; it stays noted until a build publishes."""
    staged_files: list[StagedFile] = field(default_factory=list)

    @classmethod
    def open(
        cls, folder: Path, site_folder: Path, state: State, is_as_left: bool = False, reasons: ReasonCollector | None = None
    ) -> Publisher:
        """Look at `folder`, of which it may be known that it is as the last build left it.

        Raises ConfigError where it would mix the site with its own sources, or a file stands where a folder has to be.
        """
        sources = [site_folder / name for name in SOURCE_FOLDERS]
        if folder in {site_folder, *site_folder.parents} or any(folder.is_relative_to(source) for source in sources):
            raise ConfigError(f"--output {folder}: holds the archive's sources; choose a folder of its own, such as public")
        nearest = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
        if not nearest.is_dir():
            raise ConfigError(f"--output {folder}: {nearest} is no folder; choose a folder, or a name that nothing has yet")
        outputs = state.outputs(str(folder))
        pending = read_pending(folder / STAGING)
        own = outputs.keys() | pending
        if not outputs or not _is_as_left(folder / MANIFEST, outputs.get(MANIFEST)):
            own |= owned_by_manifest(folder)
        if reasons is not None:
            reasons.begin(has_state=bool(outputs), has_output=bool(own))
        finder = OutdatedPageFinder(folder, outputs, state.parts(), is_as_left, reasons)
        return cls(folder, state, outputs, own, finder, reasons, pending)

    @property
    def staging(self) -> Path:
        """Where rendered files wait: beside their places, so that moving them there is one step."""
        return self.folder / STAGING

    @property
    def planned_paths(self) -> set[str]:
        """Every path of this build."""
        return self.page_finder.planned_paths

    @property
    def identical(self) -> set[str]:
        """The pages that were rendered and came out as they are published."""
        return {file.output.path for file in self.staged_files if not file.name}

    def render(
        self, parts: Iterable[PlanPart], theme: Theme, settings: RenderSettings, workers: WorkerPool, is_whole: bool = True
    ) -> Iterator[int]:
        """Render what is outdated of `parts` into the staging folder, yielding how many pages were done each time.

        Where `parts` are not the whole plan, the others are known to show what they showed. Raises ConfigError for faulty
        templates.
        """
        self.clear()  # a build that was killed may have left some
        self.staging.mkdir(parents=True, exist_ok=True)
        for batch in render_outdated(self.page_finder.find(parts, theme), settings, workers, self.state):
            self.staged_files += batch
            yield len(batch)
        if not is_whole:
            self.page_finder.keep_others()

    def require_few_removals(self, articles: Sequence[ArticleSummary], last_articles: int | None, ledger: Ledger) -> None:
        """Raise BuildUnavailableError where much less is published than before: a folder may be missing, a disk not there.

        `articles` are those of this build, `last_articles` how many the last one into this folder had, None where that is not
        known: then pages are counted. As many others in their place are no less a loss: by the `ledger` they are counted, too.
        """
        now, before = len(articles), last_articles
        current_number, last_number = count_kept(ledger, articles, self.owned_paths, self.planned_paths)
        if before is not None and last_number - current_number > before - now:
            now, before = current_number, last_number
        if before is None:
            now, before = (sum(path.endswith(".html") for path in paths) for paths in (self.planned_paths, self.owned_paths))
        if before - now > max(MAX_REMOVED_PAGES, before / MAX_REMOVED_SHARE):
            noun = "pages" if last_articles is None else "articles"
            raise BuildUnavailableError(
                f"{self.folder}: {before - now:,} of {before:,} published {noun} would be removed; the last good site stands. "
                "See that all of content/ is there; if it is, build with --allow-removals"
            )

    @contextmanager
    def publish(self) -> Iterator[PublishCounts]:
        """Put every staged file in its place and remove what is no longer planned.

        Where the block fails, or the publishing does, the folder is as it was.
        """
        self._stage_manifest()
        changes = [(file.name, file.output.path) for file in self.staged_files if file.name]
        changed_paths = [path for _, path in changes]
        obsolete = self.owned_paths - self.planned_paths
        empty_folders = self._find_conflicts(changed_paths, obsolete)
        if self.planned_paths - self.owned_paths:
            write_pending(self.staging, self.pending | self.planned_paths - self.owned_paths)
        counts = PublishCounts(len(changes), len(self.planned_paths) - len(changes), 0, changed_paths, sorted(obsolete))
        with Transaction(self.folder, self.staging / "backups") as transaction:
            if obsolete and changes:
                counts.removed += sum(map(transaction.remove, _blockers(obsolete, changed_paths)))
            for path in empty_folders:
                shutil.rmtree(self.folder / path, ignore_errors=True)
            # all folders before the first file is replaced
            for parent in sorted({path.rpartition("/")[0] for path in changed_paths}):
                transaction.make_folder(parent)
            for name, path in changes:
                transaction.put(f"{self.staging}/{name}", path)
            counts.removed += sum(map(transaction.remove, obsolete))
            self._update_state(obsolete)
            yield counts
        self.pending = set()
        if self.reasons is not None:
            self.reasons.note_removal(obsolete)

    def clear(self) -> None:
        """Remove what is staged and was not published, but for the note of what a build that was killed may have left."""
        if self.staging.is_symlink() or self.staging.is_file():
            self.staging.unlink()
        shutil.rmtree(self.staging, ignore_errors=True)
        if self.pending:
            write_pending(self.staging, self.pending)

    def _stage_manifest(self) -> None:
        """Stage the manifest of what will be published, and that of the folder of data alone, where they are others."""
        checksums = {file.output.path: file.sha512 for file in self.staged_files if file.sha512}
        if any(path.startswith(_DATA) for path in self.planned_paths):
            checksums |= self._stage_list(_DATA, checksums)
        self._stage_list("", checksums)

    def _stage_list(self, folder: str, checksums: Mapping[str, str]) -> dict[str, str]:
        """Stage the manifest of what will be published in `folder` ("" or a name with its slash), where it is another one.

        `checksums` are the SHA-512 of staged files, by path; that of the manifest is returned where it may be another one.
        """
        path = folder + MANIFEST
        planned_names = _paths_in(folder, self.planned_paths)
        self.planned_paths.add(path)
        new = {name: checksums[folder + name] for name in _paths_in(folder, checksums)}
        last, last_paths = self.outputs.get(path), _paths_in(folder, self.outputs)
        is_as_left = last is not None and _is_as_left(self.folder / path, last)
        if is_as_left and not new and planned_names == last_paths:
            return {}
        data = None
        if is_as_left and last is not None:
            data = update_manifest(self.folder / folder, last.key, new, last_paths - planned_names)
        if data is None:
            old = read_manifest(self.folder / folder, last.key) if is_as_left and last is not None else {}
            data = manifest_bytes(checksums_of(self.folder / folder, planned_names, new, old))
        key, sha512 = files.digest(data), hashlib.sha512(data).hexdigest()
        if not is_as_left or last is None or last.key != key:
            waiting = self.staging / path.replace("/", "-")
            waiting.write_bytes(data)
            status = waiting.stat()
            self.staged_files.append(StagedFile(waiting.name, OutputRecord(path, key, status.st_size, status.st_mtime_ns), sha512))
            if self.reasons is not None:
                self.reasons.note_file(path, "the files that it lists changed")
        return {path: sha512}

    def _update_state(self, obsolete: set[str]) -> None:
        """Store what is published now."""
        new_outputs = {file.output.path: file.output for file in self.staged_files}
        self.outputs.update(new_outputs)
        for path in obsolete:
            self.outputs.pop(path, None)
        self.state.write_outputs(self.outputs, new_outputs.keys() | obsolete)
        parts, last = self.page_finder.parts, self.page_finder.last_parts
        changed_parts = {name for name, part in parts.items() if last.get(name) is not part} | (last.keys() - parts.keys())
        self.state.write_parts(parts, changed_parts)
        self.state.commit()

    def _find_conflicts(self, coming: list[str], obsolete: set[str]) -> list[str]:
        """Return the empty folders that stand where files come.

        Raises, before anything is touched, BuildUnavailableError where a file that Morgue did not write stands in the way,
        and PermissionError where a folder may not be written.
        """
        foreign, empty = [], []
        own_paths = self.owned_paths if self.owned_paths or not has_generator_meta(self.folder) else set(coming)
        for path in coming:
            if not os.path.lexists(f"{self.folder}/{path}"):  # most are new in a first build, and a Path takes as long again
                continue
            target = self.folder / path
            if target.is_dir() and not target.is_symlink():
                inside = [f"{path}/{file.relative_to(target).as_posix()}" for file in target.rglob("*") if not file.is_dir()]
                foreign += [file for file in inside if file not in obsolete]
                if not inside:
                    empty.append(path)
            elif path not in own_paths and target.exists():
                foreign.append(path)
        for parent in sorted({parent for path in coming for parent in parents(path)}):
            if (self.folder / parent).is_file() and parent not in obsolete:
                foreign.append(parent)
        if foreign:
            some = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3} more" if len(foreign) > 3 else "")
            what = f"holds files that Morgue did not write and would have to replace ({some})"
            raise BuildUnavailableError(f"{self.folder}: {what}; move them away or choose another --output")
        for target in (self.folder / parent for parent in sorted({path.rpartition("/")[0] for path in (*coming, *obsolete)})):
            if target.is_dir() and not os.access(target, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
        return empty


def _paths_in(folder: str, paths: Iterable[str]) -> set[str]:
    """Return those of `paths` that are in `folder`, from there, without its manifest."""
    return {path[len(folder) :] for path in paths if path.startswith(folder)} - {MANIFEST}


def _is_as_left(file: Path, last: OutputRecord | None) -> bool:
    """Whether `file` is as the `last` build left it, by its size and time."""
    try:
        status = file.stat()
    except OSError:
        return False
    return last is not None and (status.st_size, status.st_mtime_ns) == (last.size, last.mtime_ns)


def _blockers(obsolete: set[str], coming: list[str]) -> list[str]:
    """Return what is a file where a folder comes, or lies in a folder where a file comes."""
    parent_folders = {parent for path in coming for parent in parents(path)}
    folders = {parent for path in obsolete for parent in parents(path)}
    blockers = folders.intersection(coming)
    return sorted(path for path in obsolete if path in parent_folders or blockers.intersection(parents(path)))
