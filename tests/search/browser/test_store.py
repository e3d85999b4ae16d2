"""The browser's index: what is kept reads back, changes equal a fresh start, and a file filed late touches its own day's."""

from __future__ import annotations

import random
import sqlite3
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.parallel.pool import WorkerPool
from builder.search.browser import data_scripts, layout, shards, store
from builder.search.browser.blocks import are_chunk_starts, blocks_of_tokens
from builder.search.browser.postings import (
    Posting,
    Postings,
    blocks,
    chunk_starts,
    decode_varints,
    encode_varint,
    fieldnorm_id,
    join_postings,
)
from builder.search.browser.runs import utf16_key, write_run
from builder.search.text.documents import Document
from builder.search.text.inversion import invert
from builder.search.text.words import term_of
from builder.state.last_build import forget_last_build
from tests.effort import effort
from tests.search import reference
from tests.search.published_index import read_script
from tests.sites import archive, story

HERE = WorkerPool(1)
FIELD_NAMES = "oil prices rose sharply in the port of 新加坡 and 香港 today as OPEC met again naïve co-operation U.S. 3.5".split()


def document(number: int, chance: random.Random) -> Document:
    text = " ".join(chance.choices(FIELD_NAMES, k=chance.randint(0, 60)))
    title = " ".join(chance.choices(FIELD_NAMES, k=4))
    return Document(
        str(number), "1", f"{number}.html", title, text, "en", 0, "2020-01-01", "2020-01-01",
        source="Lantern", agency=("Harbour Wire",), tags=(title[:3],),
    )  # fmt: skip


@given(st.lists(st.integers(0, 1 << 40)))
def test_numbers_read_back(numbers: list[int]) -> None:
    assert list(decode_varints(b"".join(map(encode_varint, numbers)))) == numbers


@given(st.integers(0, 10**6))
def test_a_length_is_right_to_two_in_a_hundred(length: int) -> None:
    code = fieldnorm_id(length)
    assert 0 <= code < 256
    decoded = code if code < 64 else 64 * 1.04 ** (code - 64)
    assert abs(decoded - length) <= 0.0201 * length or length > 100_000


@st.composite
def postings(draw: st.DrawFn) -> list[Posting]:
    keys = sorted(draw(st.sets(st.integers(-(1 << 20), 1 << 33), min_size=1, max_size=60)))
    made = []
    for key in keys:
        (batch,) = invert([document(key, random.Random(draw(st.integers(0, 99))))], 10_000)
        found = [posting for _, block in blocks_of_tokens(batch, np.array([key])) for posting in block.each()]
        made.append(draw(st.sampled_from(found)))
    return made


@given(postings(), st.integers(0, 60))
def test_blocks_are_the_same_however_they_come_together(made: list[Posting], at: int) -> None:
    whole = list(blocks(made))
    assert [posting for block in whole for posting in block.each()] == made
    assert list(join_postings([*blocks(made[:at]), *blocks(made[at:])])) == whole
    assert chunk_starts([block.first for block in whole[1:]]) == list(range(len(whole) - 1))
    assert isinstance(whole[0], Postings)
    rows = [(b"\0a", *block[:6]) for block in whole]
    (_, number, *columns) = shards.shard_columns(rows)
    assert list(decode_varints(number)) == [len(made), len(columns[0]), len(columns[1])]
    keys = [0, *accumulate(decode_varints(columns[0]))]
    assert [key - keys[1] + whole[0].first for key in keys[1:]] == [posting.key for posting in made]
    assert list(decode_varints(columns[1])) == [posting.frequency for posting in made]
    assert list(columns[2]) == [posting.length for posting in made]


@given(st.lists(st.integers(-(1 << 32), 1 << 33), unique=True, max_size=60), st.integers(1, 400), st.randoms(use_true_random=False))
def test_arrays_are_coded_as_one_posting_after_another_is(keys: list[int], max_tokens: int, chance: random.Random) -> None:
    documents = {key: document(key, chance) for key in sorted(keys)}
    by_term: dict[str, list[Posting]] = {}
    at = 0
    for batch in invert(documents.values(), max_tokens):
        doc_ids = sorted(keys)[at : at + len(batch.documents)]
        at += len(doc_ids)
        whole = list(blocks_of_tokens(batch, np.array(doc_ids)))
        for term, block in whole:
            by_term.setdefault(term, []).extend(block.each())
        for term in batch.tokens.terms:
            coded = [block for other, block in whole if other == term]
            assert coded == list(blocks([posting for block in coded for posting in block.each()]))
    assert at == len(keys)
    expected: dict[str, list[tuple[int, int, int]]] = {}
    for key, each in documents.items():
        counts: dict[str, int] = {}
        for _, weight, words in reference.fields(each):
            for word in words:
                counts[term_of(word)] = counts.get(term_of(word), 0) + weight
        for term, count in counts.items():
            expected.setdefault(term, []).append((key, count, fieldnorm_id(reference.length(each))))
    assert {term: [posting[:3] for posting in found] for term, found in by_term.items()} == expected


@given(st.integers(-(1 << 50), 1 << 50))
def test_chunks_start_alike_by_the_array_and_one_by_one(key: int) -> None:
    assert bool(are_chunk_starts(np.array([key]))[0]) == (chunk_starts([key]) == [0])


BEGINNINGS = [key for key in range(12_000) if chunk_starts([key])][:30]
KEYS = dict(enumerate(sorted({key + step for key in BEGINNINGS for step in (0, 1, 2)})))
"""Numbers of stories, of which every third begins a block."""


def filled(folder: Path, documents: dict[int, Document], keys: dict[int, int] | None = None, max_tokens: int = 500) -> list[Path]:
    folder.mkdir()
    by_key = {(keys or {}).get(number, number): found for number, found in documents.items()}
    doc_ids = sorted(by_key)
    for batch in invert([by_key[key] for key in doc_ids], max_tokens):
        write_run(folder, batch, doc_ids[: len(batch.documents)])
        doc_ids = doc_ids[len(batch.documents) :]
    return sorted(folder.glob("*.sqlite"))


def update(kept: store.BrowserIndexStore, runs: list[Path], obsolete: Iterable[str], workers: WorkerPool) -> None:
    deque(kept.update(runs, obsolete, workers), maxlen=0)


def rows(file: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as kept:
        return kept.execute("SELECT * FROM blocks ORDER BY term, first").fetchall()


def contents(file: Path) -> list[tuple[bytes, bytes, int | None, str, bytes]]:
    with closing(store.BrowserIndexStore(file, 6)) as kept, closing(store.FileReader(file.parent)) as files:
        return [(*found, files.read(kind, found.name)) for kind in layout.FILE_KINDS for found in kept.files(kind)]


@pytest.fixture(scope="module", params=["as they are", "small"])
def sizes(request: pytest.FixtureRequest) -> Iterator[None]:
    """Files of the usual sizes, and such small ones that few stories fill many."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "small":
            for name, size in {"SMALLEST": 96, "LARGEST": 400, "FEWEST_POSITIONS": 64, "MOST_POSITIONS": 200}.items():
                patch.setattr(shards, name, size)
        yield


@pytest.mark.usefixtures("sizes")
@settings(max_examples=effort(5, 60), deadline=None)
@given(st.randoms(use_true_random=False), st.integers(2, 6))
def test_any_changes_give_the_files_of_a_fresh_start(
    tmp_path_factory: pytest.TempPathFactory, chance: random.Random, steps: int
) -> None:
    folder = tmp_path_factory.mktemp("store")
    documents: dict[int, Document] = {}
    with closing(store.BrowserIndexStore(folder / store.FILE, 6)) as kept:
        for step in range(steps):
            new = {number: document(number, chance) for number in chance.sample(range(90), chance.randint(0, 40))}
            gone = [number for number in documents if number not in new and chance.random() < 0.3]
            update(kept, filled(folder / f"runs-{step}", new, KEYS), map(str, gone), HERE)
            documents = {number: found for number, found in {**documents, **new}.items() if number not in gone}
    fresh = tmp_path_factory.mktemp("fresh")
    with closing(store.BrowserIndexStore(fresh / store.FILE, 6)) as clean:
        update(clean, filled(fresh / "runs", documents, KEYS), [], HERE)
        assert clean.length == sum(map(reference.length, documents.values()))
    assert rows(folder / store.FILE) == rows(fresh / store.FILE)
    assert contents(folder / store.FILE) == contents(fresh / store.FILE)


@pytest.mark.parametrize("taken", [1, 2, 8])
def test_an_update_that_is_left_in_the_middle_leaves_what_was_there(tmp_path: Path, taken: int) -> None:
    made = {number: document(number, random.Random(number)) for number in range(50)}
    with closing(store.BrowserIndexStore(tmp_path / store.FILE, 6)) as kept:
        update(kept, filled(tmp_path / "runs", made), [], HERE)
        before = rows(tmp_path / store.FILE)
        more = filled(tmp_path / "more", {50: document(50, random.Random(50))})
        with closing(kept.update(more, ["3"], HERE)) as steps:
            for _ in range(taken):
                next(steps)
        assert rows(tmp_path / store.FILE) == before
        steps = kept.update(more, ["3"], HERE)
        assert sum(1 for _ in steps) > taken, "it was left in the middle"
    assert rows(tmp_path / store.FILE) != before


def test_a_build_that_was_killed_before_it_cut_its_files_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {number: document(number, random.Random(number)) for number in range(50)}
    runs = filled(tmp_path / "runs", made)
    with closing(store.BrowserIndexStore(tmp_path / store.FILE, 6)) as kept:
        with monkeypatch.context() as patch:
            patch.setattr(store.BrowserIndexStore, "_rebuild_dirty", lambda *_: iter(()))
            update(kept, runs, [], HERE)
        assert not kept.is_finished
        update(kept, [], [], HERE)
        assert kept.is_finished
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    with closing(store.BrowserIndexStore(fresh / store.FILE, 6)) as clean:
        update(clean, runs, [], HERE)
    assert contents(tmp_path / store.FILE) == contents(fresh / store.FILE)


def lines(column: bytes) -> list[str]:
    """Return the terms that a column of them holds, behind their size."""
    size = next(decode_varints(column))
    return column[-size:].decode().split("\n")


def test_many_files_are_listed_in_parts_and_one_more_changes_one_part() -> None:
    def file(text: str, key: int | None = None) -> shards.DirectoryEntry:
        return shards.DirectoryEntry(utf16_key(text), utf16_key(text), key, shards.name_of((text.encode(),)))

    files = [file(f"{number:05}", number if number % 9 == 8 else None) for number in range(9000)]
    few, none = shards.build_directory(files[: shards.MOST_LISTED])
    assert (few[0][0], none) == (0, [])
    root, parts = shards.build_directory(files)
    assert root[0][0] == 1
    assert len(parts) > 90
    assert all(shards.name_of(columns) == name and columns[0][0] == 0 for name, columns in parts)
    assert sum(columns[0].count(b"\n") + 1 for _, columns in parts) == len(files)
    assert len(b"".join(root)) < len(b"".join(few)) / 8
    more = shards.build_directory([*files[:1501], file(f"{1500:05}x"), *files[1501:]])[1]
    assert len(dict(more).keys() - dict(parts).keys()) in {1, 2}


@given(
    st.lists(st.text("ab峰\U00020000\U0002f800", min_size=1, max_size=6), min_size=1, unique=True),
    st.randoms(use_true_random=False),
)
def test_every_term_is_found_in_its_file_by_as_much_as_the_list_tells(terms: list[str], chance: random.Random) -> None:
    ordered = sorted(map(utf16_key, terms))
    parts: list[list[bytes]] = []
    for term in ordered:
        if not parts or chance.random() < 0.4:
            parts.append([])
        parts[-1].append(term)
    (column, *_), _ = shards.build_directory([shards.DirectoryEntry(part[0], part[-1], None, "aaaaaaaa") for part in parts])
    starts = [utf16_key(start) for start in lines(column[1:])]
    for number, part in enumerate(parts):
        assert {bisect_right(starts, term) - 1 for term in part} == {number}
        assert part[0].startswith(starts[number])


@given(st.lists(st.text(max_size=8), unique=True))
def test_terms_sort_as_in_javascript(terms: list[str]) -> None:
    units = sorted(terms, key=lambda term: list(term.encode("utf-16-be", "surrogatepass")))
    assert sorted(terms, key=utf16_key) == units


@given(st.lists(st.binary(max_size=2000), max_size=4), st.text("abc/", min_size=1))
def test_scripts_hold_any_bytes(columns: list[bytes], name: str) -> None:
    made = data_scripts.data_script(name, tuple(columns))
    assert read_script(made) == (name, b"".join(columns))
    assert made[:2] == b"\xff\xfe"
    assert not set("\n\r") & set(made.decode("utf-16")[:-1])


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    chance = random.Random(4)
    files = {
        f"content/{number}.md": story(f"Story {number}", f"{2000 + number % 20}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}", " ".join(chance.choices(FIELD_NAMES, k=80)))
        for number in range(200)
    }  # fmt: skip
    site = archive(tmp_path_factory.mktemp("years") / "site", files)
    assert site.build().code == 0
    yield site


def test_a_story_filed_under_an_old_date_touches_its_own_year(years: object) -> None:
    from tests.sites import Archive

    assert isinstance(years, Archive)
    before = {path: data for path, data in years.published().items() if path.startswith(f"{layout.FOLDER}/")}
    years.write({"content/late.md": story("Filed late", "2004-05-15", "Oil and a quokka.")})
    assert years.build().code == 0
    after = {path: data for path, data in years.published().items() if path.startswith(f"{layout.FOLDER}/")}
    changed = {path for path in after if before.get(path) != after[path]}
    assert {path for path in changed if path.startswith("search/d/")} == {
        path for path in changed if path.startswith("search/d/2004/0515-")
    }
    for kind, most in (("y", 1), ("f", 1), ("d", 1)):
        assert len([path for path in changed if path.startswith(f"search/{kind}/")]) == most
    years.write({"content/late.md": story("Filed late", "2004-05-15", "Oil and a quokka.", draft="true")})
    assert years.build().code == 0
    assert {path: data for path, data in years.published().items() if path.startswith(f"{layout.FOLDER}/")} == before


def test_files_of_two_deflaters_are_never_mixed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(9)
    files = {
        f"content/{number}.md": story(f"Story {number}", f"{2000 + number}-01-02", " ".join(chance.choices(FIELD_NAMES, k=80)))
        for number in range(9)
    }
    site = archive(tmp_path / "site", files)
    assert site.build("--jobs", "1").code == 0
    before = site.published()
    monkeypatch.setattr(store, "ZLIB_LEVEL", 0)
    monkeypatch.setattr(store, "DEFLATER", "another one")
    forget_last_build(site.folder / ".morgue")  # which knows the program by its version, and would have nothing to do
    assert site.build("--jobs", "1").code == 0
    after = site.published()
    assert site.build("--jobs", "1", "--clean").code == 0
    assert after == site.published()
    changed = {path.split("/")[1] for path in after if path.startswith("search/") and after[path] != before.get(path)}
    assert changed == {"d", "f", "manifest.js", "p", "t", "v", "y"}
