"""Staged files to the output folder: only what changed, all at once, nothing that is not ours."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from builder.base import files
from builder.base.problems import BuildUnavailableError, ConfigError
from builder.base.urls import parents
from builder.incremental.rebuild_reasons import ReasonCollector
from builder.output.dispatch import StagedFile, render_outdated
from builder.output.staleness import Staleness
from builder.parallel.pool import WorkerPool
from builder.plan.pages import PlanPart
from builder.render.theme import RenderSettings, Theme
from builder.state.state import FOLDER, OutputRecord, State

STAGING = ".morgue-staging"
GENERATOR_META = b'name="generator" content="Morgue"'


@dataclass
class PublishCounts:
    """Output files by what became of them."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0


@dataclass
class Publisher:
    """The output folder of one build: what was published there before, and what is staged to be."""

    folder: Path
    manifest: Path
    state: State
    outputs: dict[str, OutputRecord]
    """What the state knows of published files, by path."""
    owned_paths: set[str]
    """Every path that Morgue wrote there, known even where the state is lost."""
    staleness: Staleness
    reasons: ReasonCollector | None = None
    staged: list[StagedFile] = field(default_factory=list)

    @classmethod
    def open(cls, folder: Path, site_folder: Path, state: State, reasons: ReasonCollector | None = None) -> Publisher:
        """Look at `folder`. Raises ConfigError where it would mix the site with its own sources."""
        if folder in {site_folder, *site_folder.parents} or folder in (
            site_folder / name for name in ("content", "templates", "static")
        ):
            raise ConfigError(f"--output {folder}: holds the archive's sources; choose a folder of its own, such as public")
        manifest = site_folder / FOLDER / f"published-{files.digest(str(folder))[:8]}.txt"
        try:
            lines = manifest.read_text().split("\n")
            listed = set(lines[:-1])  # a last line without its end was cut short
        except (OSError, UnicodeDecodeError):
            listed = set()
        outputs = state.outputs(str(folder))
        if reasons is not None:
            reasons.begin(known=bool(outputs), published=bool(listed))
        staleness = Staleness(folder, outputs, state.parts(), reasons)
        return cls(folder, manifest, state, outputs, listed | outputs.keys(), staleness, reasons)

    @property
    def staging(self) -> Path:
        """Where rendered files wait: beside their places, so that moving them there is one step."""
        return self.folder / STAGING

    @property
    def planned(self) -> set[str]:
        """Every path of this build."""
        return self.staleness.planned

    @property
    def identical(self) -> set[str]:
        """The pages that were rendered and came out as they are published."""
        return {file.output.path for file in self.staged if not file.name}

    def render(self, parts: Iterable[PlanPart], theme: Theme, settings: RenderSettings, workers: WorkerPool) -> Iterator[int]:
        """Render what is outdated of `parts` into the staging folder, yielding how many pages were done each time.

        Raises ConfigError for faulty templates.
        """
        self.clear()  # a build that was killed may have left some
        self.staging.mkdir(parents=True)
        for batch in render_outdated(self.staleness.outdated(parts, theme), settings, workers, self.state):
            self.staged += batch
            yield len(batch)

    def publish(self) -> PublishCounts:
        """Put every staged file in its place, then remove what is no longer planned."""
        changed = [(file.name, file.output.path) for file in self.staged if file.name]
        changed_paths = [path for _, path in changed]
        gone = self.owned_paths - self.planned
        empty_folders = self._find_conflicts(changed_paths, gone)
        if self.planned - self.owned_paths:
            self._write_manifest(self.owned_paths | self.planned)
        counts = PublishCounts(written=len(changed), unchanged=len(self.planned) - len(changed))
        if gone and changed:
            counts.removed += self._remove_blockers(gone, changed_paths)
        for path in empty_folders:
            shutil.rmtree(self.folder / path, ignore_errors=True)
        for parent in {path.rpartition("/")[0] for path in changed_paths}:
            (self.folder / parent).mkdir(parents=True, exist_ok=True)  # all of them before the first file is replaced
        for name, path in changed:
            os.replace(f"{self.staging}/{name}", f"{self.folder}/{path}")  # noqa: PTH105 (one call for each of 100,000 files)
        for path in gone:
            counts.removed += self._remove(path)
        self._update_state(gone)
        if gone:
            self._write_manifest(self.planned)
        if self.reasons is not None:
            self.reasons.removed(gone)
        return counts

    def clear(self) -> None:
        """Remove what is staged and was not published."""
        if self.staging.is_symlink() or self.staging.is_file():
            self.staging.unlink()
        shutil.rmtree(self.staging, ignore_errors=True)

    def _update_state(self, gone: set[str]) -> None:
        """Store what is published now."""
        rendered = {file.output.path: file.output for file in self.staged}
        self.outputs.update(rendered)
        for path in gone:
            self.outputs.pop(path, None)
        self.state.write_outputs(self.outputs, rendered.keys() | gone)
        parts, last = self.staleness.parts, self.staleness.last_parts
        changed = {name for name, part in parts.items() if last.get(name) is not part} | (last.keys() - parts.keys())
        self.state.write_parts(parts, changed)
        self.state.commit()

    def _remove(self, path: str) -> int:
        file = self.folder / path
        exists = file.is_file() or file.is_symlink()
        if exists:
            files.remove(file, self.folder)
        return int(exists)

    def _remove_blockers(self, gone: set[str], coming: list[str]) -> int:
        """Remove beforehand what is a file where a folder comes, or a folder where a file comes."""
        needed = {parent for path in coming for parent in parents(path)}
        folders = {parent for path in gone for parent in parents(path)}
        blockers = {path for path in gone if path in needed}
        blocked = folders.intersection(coming)
        blockers |= {path for path in gone if blocked.intersection(parents(path))}
        return sum(map(self._remove, blockers))

    def _find_conflicts(self, coming: list[str], gone: set[str]) -> list[str]:
        """Return the empty folders that stand where files come.

        Raises, before anything is touched, BuildUnavailableError where a file that Morgue did not write stands in the way,
        and PermissionError where a folder may not be written.
        """
        foreign, empty = [], []
        owned = self.owned_paths if self.owned_paths or not self._has_generator_meta() else set(coming)
        for path in coming:
            place = self.folder / path
            if place.is_dir() and not place.is_symlink():
                inside = [f"{path}/{file.relative_to(place).as_posix()}" for file in place.rglob("*") if not file.is_dir()]
                foreign += [file for file in inside if file not in gone]
                if not inside:
                    empty.append(path)
            elif path not in owned and place.exists():
                foreign.append(path)
        for parent in sorted({parent for path in coming for parent in parents(path)}):
            if (self.folder / parent).is_file() and parent not in gone:
                foreign.append(parent)
        if foreign:
            some = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3} more" if len(foreign) > 3 else "")
            what = f"holds files that Morgue did not write and would have to replace ({some})"
            raise BuildUnavailableError(f"{self.folder}: {what}; move them away or choose another --output")
        for place in sorted({(self.folder / path).parent for path in (*coming, *gone)}):
            if place.is_dir() and not os.access(place, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))
        return empty

    def _has_generator_meta(self) -> bool:
        try:
            return GENERATOR_META in (self.folder / "index.html").read_bytes()
        except OSError:
            return False

    def _write_manifest(self, paths: set[str]) -> None:
        files.write_whole(self.manifest, "".join(f"{path}\n" for path in sorted(paths)).encode())
        self.owned_paths = set(paths)
