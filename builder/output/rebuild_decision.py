"""Compares the plan with what the last build published and returns the pages that have to be made again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from builder.formats.fixity import MANIFEST
from builder.incremental import fingerprints, rebuild_reasons
from builder.incremental.rebuild_reasons import ReasonCollector
from builder.plan.model import Page, PlanPart
from builder.render.theme import Theme
from builder.state.state import OutputRecord, PartRecord


class OutdatedPage(NamedTuple):
    """A page that is not published as it should be, its new key, and its inputs (rebuild_reasons.inputs_of)."""

    page: Page
    key: str
    inputs: str


@dataclass
class OutdatedPageFinder:
    """Compares the plan of this build with what the last one published in `folder`."""

    folder: Path
    outputs: Mapping[str, OutputRecord]
    """What the last build published, by path."""
    last_parts: Mapping[str, PartRecord]
    """The parts of its plan, by name."""
    is_as_left: bool = False
    """Whether it is known that all these files are published as they were left."""
    reasons: ReasonCollector | None = None
    """Notes why pages are made, where somebody asks."""
    planned_paths: set[str] = field(default_factory=set)
    """The paths of this plan, as far as it was looked at."""
    parts: dict[str, PartRecord] = field(default_factory=dict)
    """The parts of this plan that may be passed over next time."""

    def find(self, parts: Iterable[PlanPart], theme: Theme) -> Iterator[OutdatedPage]:
        """Note every page as planned, and yield those to be rendered. A part with the same fingerprint is passed over whole."""
        for part in parts:
            key = fingerprints.part_key(theme.digest, part.fingerprint)
            last = self.last_parts.get(part.name)
            if key and last is not None and last.key == key:
                paths = last.outputs.split("\n") if last.outputs else []
                if self.are_current(paths):
                    self.planned_paths.update(paths)
                    self.parts[part.name] = last
                    continue
            pages = list(part.pages())
            paths = [page.path for page in pages]
            self.planned_paths.update(paths)
            if key:
                self.parts[part.name] = PartRecord(part.name, key, "\n".join(paths))
            for page in pages:
                yield from self._outdated_page(page, theme)

    def keep_others(self) -> None:
        """Take what was not looked at as it was, where nothing that it shows changed."""
        again = [last for name, part in self.parts.items() if (last := self.last_parts.get(name)) is not None and last is not part]
        stale = {path for last in again for path in last.outputs.split("\n")} - self.planned_paths
        self.planned_paths.update(self.outputs.keys() - stale - {MANIFEST})
        self.parts = {**self.last_parts, **self.parts}

    def _outdated_page(self, page: Page, theme: Theme) -> Iterator[OutdatedPage]:
        key = theme.page_key(page)
        last = self.outputs.get(page.path)
        has_same_key = last is not None and last.key == key
        if not has_same_key or not self.are_current([page.path]):
            inputs = rebuild_reasons.inputs_of(page, theme.inputs_of(page.renderer))
            if self.reasons is not None:
                self.reasons.note(page, inputs, self._outdated_reason(page.path) if has_same_key else "")
            yield OutdatedPage(page, key, inputs)

    def _outdated_reason(self, path: str) -> str:
        exists = (self.folder / path).exists()
        return "the published file was changed by something else" if exists else "the published file was missing"

    def are_current(self, paths: Iterable[str]) -> bool:
        """Whether all these files are published as they were left. A sixth of a build that has nothing to do is spent here."""
        if self.is_as_left:
            return all(path in self.outputs for path in paths)
        outputs, folder, stat = self.outputs, f"{self.folder}/", os.stat
        for path in paths:
            last = outputs.get(path)
            if last is None:
                return False
            try:
                status = stat(folder + path)
            except OSError:
                return False
            if status.st_mtime_ns != last.mtime_ns or status.st_size != last.size:
                return False
        return True
