"""Outdated pages to files in the staging folder: sent to the workers in batches of about the same work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from builder.base.problems import ConfigError
from builder.output.rebuild_decision import OutdatedPage
from builder.parallel.pool import WorkerPool, split_batches
from builder.plan.model import PICTURE_SIZE, Page
from builder.render.theme import RenderSettings
from builder.state.state import OutputRecord, State

BATCH_ARTICLES = 400
MIN_PARALLEL_BATCHES = 8
"""As many batches are rendered sooner here than by processes that would have to be started."""
MAX_PROBLEMS = 20


class StagedFile(NamedTuple):
    """A rendered page: the name of its file in the staging folder ("": what is published is right), its record and SHA-512."""

    name: str
    output: OutputRecord
    sha512: str


def render_outdated(
    outdated_pages: Iterable[OutdatedPage], settings: RenderSettings, workers: WorkerPool, state: State
) -> Iterator[list[StagedFile]]:
    """Render pages into the staging folder, which exists, and yield them in batches. The state learns what they are made of.

    Raises ConfigError for faulty templates, when all other pages are rendered.
    """
    outdated_pages = iter(outdated_pages)
    first = next(outdated_pages, None)
    if first is None:
        return
    from builder.render.renderer import render_batch  # Jinja, feedgen and all: a build with nothing to do starts twice as soon

    under_way: dict[str, OutdatedPage] = {}

    def number_pages() -> Iterator[tuple[int, Page]]:
        for number, each in enumerate(chain((first,), outdated_pages)):
            under_way[each.page.path] = each
            yield number, each.page

    problems = []
    batches = ((settings, batch) for batch in split_batches(number_pages(), BATCH_ARTICLES, lambda item: weight(item[1])))
    for results in workers.run(render_batch, batches, min_batches=MIN_PARALLEL_BATCHES):
        staged_files, inputs = [], []
        for result in results:
            each = under_way.pop(result.path)
            inputs.append((result.path, each.inputs))
            if result.problem is not None:
                problems.append(result.problem)
            else:  # the page's own path, not the worker's copy: there are hundreds of thousands
                output = OutputRecord(each.page.path, each.key, result.size, result.mtime_ns)
                staged_files.append(StagedFile(result.staged_name, output, result.sha512))
        state.write_inputs(inputs)
        yield staged_files
    if problems:
        raise ConfigError(sorted(set(problems))[:MAX_PROBLEMS])


def weight(page: Page) -> int:
    """Return about how much work a page is, counted in the articles that it shows."""
    if page.renderer == PICTURE_SIZE:
        return BATCH_ARTICLES  # it takes as long
    return 2 + sum(len(value) for value in page.context.values() if isinstance(value, list))
