"""From the archive to its indexes: which stories are new to them, which are no more, and what of each is searched."""

from __future__ import annotations

import math
import shutil
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from builder.archive.collection import Archive
from builder.articles.model import ArticleSummary
from builder.base.problems import Reporter
from builder.incremental.fingerprints import document_version, respelled_listing_hash
from builder.parallel.pool import WorkerPool, split_batches
from builder.plan.model import PlanPart
from builder.search.browser import layout, store
from builder.search.browser.layout import Item, YearLists
from builder.search.browser.runs import write_run
from builder.search.browser.store import BrowserIndexStore
from builder.search.browser.story_numbers import bits_of, number_stories
from builder.search.text.documents import NAMES, Document
from builder.search.text.inversion import invert
from builder.search.text.query import Node
from builder.search.whoosh_index import index, segments
from builder.search.whoosh_index.searcher import Searcher
from builder.search.whoosh_index.segments import Segment
from builder.state.sqlite import StateCorruptError, delete_entry, error_of
from builder.state.state import FILE, BodyReader, State

FOLDER = "whoosh"
"""Where the Whoosh index is kept, beside the state."""
_RUNS = "browser-runs"
_YEARS = "years of the search"
_STEPS_SECONDS = 0.05
"""For as long, or a little longer, workers have enough to do."""
_END = object()
_LEAST, _MOST = 400, 3200
"""Stories of a batch, of which a segment comes."""
_SUMMARY_FIELDS = tuple(name for name in NAMES if name not in {"version", "text"})
"""What a document has from its article's summary, under the same name."""


@dataclass(frozen=True, slots=True)
class PreparedCommit:
    """Both indexes, ready to take the place of those before, but for what is left of the browsers'.

    That has one process to do, so it is done in steps while workers make pages. To be closed at the end.
    """

    steps: Iterator[None]
    """What is left to do of the browsers' index."""
    pages: Iterator[PlanPart]
    """The files of the browsers' index. The last ones can be planned when all steps are done, which it sees to."""
    close: Callable[[], None]
    """Lets go of the browsers' index; what was begun and not finished is undone."""
    commit: Callable[[], None]
    """Puts the Whoosh index in place; until then `morgue search` finds what it found."""
    find: Callable[[Node], frozenset[str]]
    """Gives the ids of what a query means in the index that is ready."""

    def add_pages(self, plan: Iterable[PlanPart]) -> Iterator[PlanPart]:
        """Yield the parts of `plan`, and take some steps after each: they are on their way to workers. Then the index's own."""
        for part in plan:
            yield part
            until = time.perf_counter() + _STEPS_SECONDS
            while time.perf_counter() < until and next(self.steps, _END) is not _END:
                pass
        yield from self.pages


class IndexDiff(NamedTuple):
    """The ids to add or replace, and the ids to delete, so that an index holds an archive."""

    to_add: Set[str]
    to_remove: Sequence[str] = ()

    @classmethod
    def between(cls, index_states: Mapping[str, object], items: Iterable[Item], state_of: Callable[[Item], object]) -> IndexDiff:
        """Compare the `index_states` of an index, by id, with those of `items`."""
        states = {item.article.id: state_of(item) for item in items}
        to_add = {id_ for id_, state in states.items() if index_states.get(id_) != state}
        return cls(to_add, [id_ for id_ in index_states if id_ not in states])


def prepare(
    folder: Path, whole: Archive, state: State, workers: WorkerPool, reporter: Reporter, edited_paths: Set[str] | None = None
) -> PreparedCommit:
    """Bring the indexes in the state's `folder` to what `whole` publishes; only what differs is read and written.

    `edited_paths`: the content paths of the articles that differ, if that is known of all and both indexes are as they were left.
    Withdrawn articles are not searched. Raises BuildUnavailableError where an index cannot be written or a worker died (it
    is then as it was before), StateCorruptError where the state has lost an article or an index is not what was written.
    """
    years = None if edited_paths is None else _years_of(whole, edited_paths)
    items = list(_items(whole, years))
    try:
        return _prepare(folder, items, bits_of(whole), state, workers, reporter, edited_paths)
    except sqlite3.DatabaseError as error:
        raise error_of(error, folder / store.FILE) from None


def _prepare(
    folder: Path,
    items: list[Item],
    bits: int,
    last_state: State,
    workers: WorkerPool,
    reporter: Reporter,
    edited_paths: Set[str] | None,
) -> PreparedCommit:
    with ExitStack() as stack:
        browser = stack.enter_context(closing(BrowserIndexStore(folder / store.FILE, bits, workers.is_remote)))
        whoosh_index = _read_whoosh_index(folder / FOLDER)
        if edited_paths is not None:
            for_whoosh = for_browser = IndexDiff({item.article.id for item in items if item.article.path in edited_paths})
        else:
            for_whoosh = IndexDiff.between(whoosh_index.versions() if whoosh_index else {}, items, lambda item: item.version)
            versions = browser.versions_and_keys()
            for_browser = IndexDiff.between(versions, items, lambda item: (item.version, item.key))
            if len(for_browser.to_add) + len(for_browser.to_remove) > len(versions) // 4:
                browser.clear()
                for_browser = IndexDiff.between({}, items, lambda item: item.key)
        add = [(item, item.article.id in for_whoosh.to_add, item.article.id in for_browser.to_add) for item in items]
        add = [each for each in add if each[1] or each[2]]
        runs = folder / _RUNS
        delete_entry(runs)  # a build that was killed may have left some
        if for_browser.to_add:
            runs.mkdir(parents=True)
        if add:
            last_state.commit()  # the workers read it
            reporter.stage("Indexing", len(add))
        state = str((folder / FILE).resolve())
        few = min(2 * workers.jobs, index.MERGE_FACTOR - 1)  # segments that need not be merged
        size = max(_LEAST, min(_MOST, math.ceil(len(add) / few)))
        batches = (DocumentBatch(state, some) for some in split_batches(add, size))
        write = partial(_write, runs)
        update = index.prepare(folder / FOLDER, batches, for_whoosh.to_remove, workers, reporter.advance, write, whoosh_index)
        steps: Iterator[None] = iter(())
        if for_browser.to_add or for_browser.to_remove or not browser.is_finished:
            steps = stack.enter_context(closing(_update(browser, runs, for_browser.to_remove, workers)))
        years, parts = layout.plan_years(items)
        if edited_paths is not None:
            years = _with_other_years(years, bits, last_state)
        last_state.keep(_YEARS, str(bits), msgspec.msgpack.encode(years))

        def plan_files() -> Iterator[PlanPart]:
            deque(steps, maxlen=0)
            files = {kind: browser.files(kind) for kind in layout.FILE_KINDS}
            yield from layout.plan_index(years, bits, browser.length, files)

        find = partial(_find, folder / FOLDER, update.segments)
        return PreparedCommit(steps, chain(parts, plan_files()), stack.pop_all().close, update.commit, find)


def _update(browser: BrowserIndexStore, runs: Path, obsolete: Sequence[str], workers: WorkerPool) -> Generator[None, None, None]:
    """Do what browser.update does with what lies in `runs`, which goes. Raises as `prepare`."""
    try:
        yield from browser.update(sorted(runs.glob("*.sqlite")), obsolete, workers)
    except sqlite3.DatabaseError as error:
        raise error_of(error, runs.parent / store.FILE) from None
    finally:
        shutil.rmtree(runs, ignore_errors=True)


def _years_of(whole: Archive, paths: Set[str]) -> set[str]:
    """Return the years of the articles with the content `paths`, "" for one without a date."""
    return {article.day[:4] for article in whole.pages if article.path in paths}


def _with_other_years(years: list[YearLists], bits: int, state: State) -> list[YearLists]:
    """Return the `years` that were looked at, and all others as the last build left them, with numbers of as many bits."""
    data = state.recall(_YEARS, str(bits))
    if data is None:
        raise StateCorruptError("the years of the browsers' index", FILE)
    by_label = {each.year.label: each for each in msgspec.msgpack.decode(data, type=list[YearLists])}
    by_label |= {each.year.label: each for each in years}
    return sorted(by_label.values(), key=lambda each: (each.year.label == "", each.year.label))


def _read_whoosh_index(folder: Path) -> index.StoredIndex | None:
    try:
        return index.StoredIndex.read(folder)
    except index.IndexDamagedError:
        raise StateCorruptError("its files are not those that were written", FOLDER) from None


def _find(folder: Path, ready: list[Segment] | None, query: Node) -> frozenset[str]:
    with Searcher.open(folder, ready) as searcher:
        return searcher.ids(query)


def discard(folder: Path) -> None:
    """Delete the indexes in the state's `folder`."""
    index.discard(folder / FOLDER)
    store.discard(folder / store.FILE)


def discard_damaged(folder: Path, name: str) -> None:
    """Delete the index in the state's `folder` that is `name`, a file's or a folder's name there.

    Where it is neither of them, what browsers' index is made of goes; what `morgue search` asks answers for itself.
    """
    if name == FOLDER:
        index.discard(folder / FOLDER)
    else:
        store.discard(folder / store.FILE)


@dataclass(frozen=True, slots=True)
class DocumentBatch:
    """Some stories, each with whether Whoosh's index needs it and whether the browser's; their texts lie in the `state` file."""

    state: str
    items: list[tuple[Item, bool, bool]]

    def __iter__(self) -> Iterator[tuple[Item, Document, bool, bool]]:
        bodies = BodyReader(Path(self.state))
        try:
            for item, for_whoosh, for_browser in self.items:
                yield item, _document(item.article, item.version, bodies.read(item.article).text), for_whoosh, for_browser
        finally:
            bodies.close()


def _write(runs_folder: Path, folder: Path, stories: DocumentBatch) -> list[segments.Segment]:
    """Invert the stories once, for both indexes. Runs in workers."""
    inputs: dict[str, tuple[int, bool, bool]] = {}

    def documents() -> Iterator[Document]:
        for item, document, for_whoosh, for_browser in stories:
            inputs[document.id] = item.key, for_whoosh, for_browser
            yield document

    new_segments = []
    for batch in invert(documents(), segments.MAX_TOKENS):
        numbers, for_whoosh, for_browser = zip(*(inputs[document.id] for document in batch.documents), strict=True)
        if any(for_browser):
            doc_ids = [number for number, is_chosen in zip(numbers, for_browser, strict=True) if is_chosen]
            write_run(runs_folder, batch.of_documents(for_browser), doc_ids)
        if any(for_whoosh):
            new_segments.append(segments.write_segment(folder, batch.of_documents(for_whoosh)))
    return new_segments


def _items(whole: Archive, years: Set[str] | None) -> Iterator[Item]:
    """Yield what is searched of the `years` (None: of all), in the order of keys; names that slug alike are spelled as their
    listings spell them."""
    usual = whole.spellings
    for key, article in number_stories(whole, years):
        spelling = _with_listed_names(article, usual) if usual else article
        if spelling is article:
            yield Item(key, article, document_version(article), article.listing_hash)
        else:
            names = _names(spelling)
            yield Item(key, spelling, document_version(article, names), respelled_listing_hash(article, names))


def _with_listed_names(article: ArticleSummary, usual: dict[str, dict[str, str]]) -> ArticleSummary:
    """Return `article` with every name in its usual spelling."""
    changes: dict[str, Any] = {}
    for field, names in usual.items():
        value = getattr(article, field)
        if type(value) is tuple:
            if not names.keys().isdisjoint(value):
                changes[field] = tuple(names.get(name, name) for name in value)
        elif value in names:
            changes[field] = names[value]
    return msgspec.structs.replace(article, **changes) if changes else article


def _names(article: ArticleSummary) -> tuple[tuple[str, ...] | str, ...]:
    return article.agency, article.byline, article.tags, article.source, article.section, article.type


def _document(article: ArticleSummary, version: str, text: str) -> Document:
    return Document(version=version, text=text, **{name: getattr(article, name) for name in _SUMMARY_FIELDS})
