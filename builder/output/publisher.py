"""Rendered pages to the output folder: only what changed, all at once, nothing that is not ours."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from builder.base import files
from builder.base.problems import BuildUnavailableError, ConfigError
from builder.incremental import rebuild_reasons
from builder.incremental.rebuild_reasons import ReasonCollector
from builder.parallel.pool import WorkerPool, batched
from builder.plan.pages import Page, PlanPart
from builder.render.theme import RenderSettings, Theme
from builder.state.state import FOLDER, OutputRecord, PartRecord, State

STAGING = ".morgue-staging"
BATCH_CARDS = 400
MIN_PARALLEL_BATCHES = 8
"""As many batches are rendered sooner here than by processes that would have to be started."""
MARK = b'name="generator" content="Morgue"'


class OutdatedPage(NamedTuple):
    """A page that is not published as it should be, the key that it gets, and what it is made of (explain.inputs_of)."""

    page: Page
    key: str
    inputs: str


@dataclass
class PublishCounts:
    """Output files by what became of them."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0


@dataclass
class Publisher:
    """The output folder of one build: what was published there before, and what waits to be."""

    folder: Path
    ledger: Path
    state: State
    before: dict[str, OutputRecord]
    parts_before: dict[str, PartRecord]
    ours: set[str]
    """Every path that Morgue wrote there, known even where the state is lost."""
    explainer: ReasonCollector | None = None
    """Notes why pages are made, where somebody asks."""
    planned: set[str] = field(default_factory=set)
    waiting: list[tuple[str, OutputRecord]] = field(default_factory=list)
    """The name of the file that waits in the staging folder ("": what is published is right), and what is to be known of it."""
    parts: dict[str, PartRecord] = field(default_factory=dict)
    """The parts of this plan, as far as they may be passed over next time."""

    @classmethod
    def open(cls, folder: Path, site_folder: Path, state: State, explainer: ReasonCollector | None = None) -> Publisher:
        """Look at `folder`. Raises ConfigError where it would mix the site with its own sources."""
        if folder in {site_folder, *site_folder.parents} or folder in (
            site_folder / name for name in ("content", "templates", "static")
        ):
            raise ConfigError(f"--output {folder}: holds the archive's sources; choose a folder of its own, such as public")
        ledger = site_folder / FOLDER / f"published-{files.digest(str(folder))[:8]}.txt"
        try:
            listed = ledger.read_text().split("\n")
            ours = set(listed[:-1])  # a last line without its end was cut short
        except (OSError, UnicodeDecodeError):
            ours = set()
        before = state.outputs(str(folder))
        if explainer is not None:
            explainer.begin(known=bool(before), published=bool(ours))
        return cls(folder, ledger, state, before, state.parts(), ours | before.keys(), explainer)

    @property
    def staging(self) -> Path:
        """Where finished files wait: beside their places, so that moving them there is one step."""
        return self.folder / STAGING

    def stale(self, parts: Iterable[PlanPart], theme: Theme) -> Iterator[OutdatedPage]:
        """Note every page as planned, and yield those to be rendered; parts that show what they showed are passed over whole."""
        for part in parts:
            key = files.digest(theme.digest, part.shows) if part.shows else ""
            known = self.parts_before.get(part.name)
            if key and known is not None and known.key == key:
                paths = known.outputs.split("\n") if known.outputs else []
                if self._stand(paths):
                    self.planned.update(paths)
                    self.parts[part.name] = known
                    continue
            planned = list(part.pages())
            paths = [page.path for page in planned]
            self.planned.update(paths)
            if key:
                self.parts[part.name] = PartRecord(part.name, key, "\n".join(paths))
            for page in planned:
                yield from self._stale(page, theme)

    def _stale(self, page: Page, theme: Theme) -> Iterator[OutdatedPage]:
        key = files.digest(theme.key_of(page.renderer), repr(page.context))
        known = self.before.get(page.path)
        if known is None or known.key != key or not self._stand([page.path]):
            inputs = rebuild_reasons.inputs_of(page, theme.inputs_of(page.renderer))
            if self.explainer is not None:
                self.explainer.note(page, inputs, self._fault(page.path) if known is not None and known.key == key else "")
            yield OutdatedPage(page, key, inputs)

    def _fault(self, path: str) -> str:
        there = (self.folder / path).exists()
        return "the published file was changed by something else" if there else "the published file was missing"

    def _stand(self, paths: Iterable[str]) -> bool:
        """Whether all these files are published as they were left. A sixth of a build that has nothing to do is spent here."""
        before, folder, stat = self.before, f"{self.folder}/", os.stat
        for path in paths:
            known = before.get(path)
            if known is None:
                return False
            try:
                status = stat(folder + path)
            except OSError:
                return False
            if status.st_mtime_ns != known.mtime_ns or status.st_size != known.size:
                return False
        return True

    def render(self, stale: Iterable[OutdatedPage], setting: RenderSettings, workers: WorkerPool) -> Iterator[int]:
        """Render `stale` pages into the staging folder, yielding how many were done each time.

        Raises ConfigError for faulty templates.
        """
        from builder.render.renderer import (
            render_batch,  # Jinja, feedgen and all: a build that has nothing to do starts twice as soon
        )

        self.clear()  # a build that was killed may have left some
        self.staging.mkdir(parents=True)
        under_way: dict[str, OutdatedPage] = {}

        def numbered() -> Iterator[tuple[int, Page]]:
            for number, each in enumerate(stale):
                under_way[each.page.path] = each
                yield number, each.page

        problems = []
        work = ((setting, batch) for batch in batched(numbered(), BATCH_CARDS, lambda item: weight(item[1])))
        for made in workers.run(render_batch, work, min_batches=MIN_PARALLEL_BATCHES):
            kept = []
            for path, waiting, size, mtime_ns, problem in made:
                page, key, inputs = under_way.pop(path)
                kept.append((path, inputs))
                if problem is not None:
                    problems.append(problem)
                else:  # the page's own path, not the worker's copy: there are hundreds of thousands
                    self.waiting.append((waiting, OutputRecord(page.path, key, size, mtime_ns)))
            self.state.write_inputs(kept)
            yield len(made)
        if problems:
            raise ConfigError(sorted(set(problems))[:20])

    def publish(self) -> PublishCounts:
        """Put everything that waits in its place, then remove what is no longer planned."""
        changed = [(waiting, output.path) for waiting, output in self.waiting if waiting]
        gone = self.ours - self.planned
        empty = self._look_ahead([path for _, path in changed], gone)
        if self.planned - self.ours:
            self._write_ledger(self.ours | self.planned)
        tally = PublishCounts(written=len(changed), unchanged=len(self.planned) - len(changed))
        if gone and changed:
            tally.removed += self._clear_way(gone, [path for _, path in changed])
        for path in empty:
            shutil.rmtree(self.folder / path, ignore_errors=True)
        for parent in {path.rpartition("/")[0] for _, path in changed}:
            (self.folder / parent).mkdir(parents=True, exist_ok=True)  # all of them before the first file is replaced
        for waiting, path in changed:
            os.replace(f"{self.staging}/{waiting}", f"{self.folder}/{path}")  # noqa: PTH105 (one call for each of 100,000 files)
        for path in gone:
            tally.removed += self._remove(path)
        self._keep(gone)
        if gone:
            self._write_ledger(self.planned)
        if self.explainer is not None:
            self.explainer.removed(gone)
        return tally

    def _keep(self, gone: set[str]) -> None:
        """Have the state know what is published now."""
        made = {output.path: output for _, output in self.waiting}
        self.before.update(made)
        for path in gone:
            self.before.pop(path, None)
        self.state.write_outputs(self.before, made.keys() | gone)
        known = self.parts_before
        changed = {name for name, part in self.parts.items() if known.get(name) is not part} | (known.keys() - self.parts.keys())
        self.state.write_parts(self.parts, changed)
        self.state.commit()

    @property
    def same(self) -> set[str]:
        """The pages that were rendered and came out as they are published."""
        return {output.path for waiting, output in self.waiting if not waiting}

    def clear(self) -> None:
        """Remove what waits and was not published."""
        if self.staging.is_symlink() or self.staging.is_file():
            self.staging.unlink()
        shutil.rmtree(self.staging, ignore_errors=True)

    def _remove(self, path: str) -> int:
        file = self.folder / path
        there = file.is_file() or file.is_symlink()
        if there:
            files.remove(file, self.folder)
        return int(there)

    def _clear_way(self, gone: set[str], coming: list[str]) -> int:
        """Remove beforehand what is a file where a folder comes, or a folder where a file comes."""
        parents = {parent for path in coming for parent in _parents(path)}
        folders = {parent for path in gone for parent in _parents(path)}
        in_way = {path for path in gone if path in parents}
        blocked = folders.intersection(coming)
        in_way |= {path for path in gone if blocked.intersection(_parents(path))}
        return sum(map(self._remove, in_way))

    def _look_ahead(self, coming: list[str], gone: set[str]) -> list[str]:
        """Return the empty folders that stand where files come.

        Raises, before anything is touched, Unable where a file that Morgue did not write stands in the way, and
        PermissionError where a folder may not be written.
        """
        strangers, empty = [], []
        known = self.ours if self.ours or not self._bears_our_mark() else set(coming)
        for path in coming:
            place = self.folder / path
            if place.is_dir() and not place.is_symlink():
                inside = [f"{path}/{found.relative_to(place).as_posix()}" for found in place.rglob("*") if not found.is_dir()]
                strangers += [found for found in inside if found not in gone]
                if not inside:
                    empty.append(path)
            elif path not in known and place.exists():
                strangers.append(path)
        for parent in sorted({parent for path in coming for parent in _parents(path)}):
            if (self.folder / parent).is_file() and parent not in gone:
                strangers.append(parent)
        if strangers:
            some = ", ".join(strangers[:3]) + (f" and {len(strangers) - 3} more" if len(strangers) > 3 else "")
            what = f"holds files that Morgue did not write and would have to replace ({some})"
            raise BuildUnavailableError(f"{self.folder}: {what}; move them away or choose another --output")
        for place in sorted({(self.folder / path).parent for path in (*coming, *gone)}):
            if place.is_dir() and not os.access(place, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))
        return empty

    def _bears_our_mark(self) -> bool:
        try:
            return MARK in (self.folder / "index.html").read_bytes()
        except OSError:
            return False

    def _write_ledger(self, paths: set[str]) -> None:
        files.write_whole(self.ledger, "".join(f"{path}\n" for path in sorted(paths)).encode())
        self.ours = set(paths)


def weight(page: Page) -> int:
    """Return about how much work a page is, counted in the cards that it shows."""
    return 2 + sum(len(value) for value in page.context.values() if isinstance(value, list))


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
