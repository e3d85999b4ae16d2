"""The index: its answers are those of a slow reading, whatever was done to it, and no update is ever half seen."""

from __future__ import annotations

import json
import os
import pickle
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh.index import open_dir
from whoosh.query import And, Phrase, Prefix, Term  # type: ignore[attr-defined]

from builder.base.problems import BuildUnavailableError
from builder.parallel.pool import WorkerPool
from builder.search.text.documents import Document
from builder.search.text.query import Node, compose, parse
from builder.search.whoosh_index import index, segments
from builder.search.whoosh_index.searcher import Searcher
from tests.effort import effort
from tests.search import reference

HERE = WorkerPool(1)
FIELD_NAMES = (
    "oil oils price prices crude universe universities Vance's café AI峰會 峰會 會議 中 中國人 3.5 35 U.S. happy happiness".split()
)
QUERIES = [
    "", "oil", "oil price", '"crude oil"', '"oil price"', "oil OR crude price", "-oil", "oil -price", "univers*", "universit*", "3*", "中", "會",
    "峰會", "中國人", "AI峰會", '"峰會 中國"', "Vance", "vance's", "cafe", "title:oil", "title:univ*", "title:中", "tag:oil", "agency:afp -oil",
    "agency:afp OR tag:oil", "language:zh", "language:zh-hant", "byline:a", "oil OR -price", "!!", 'title:"crude oil" price', "p*", "-p* -o*", "happi*",
]  # fmt: skip


def document(id_: str, title: str = "", text: str = "", **more: object) -> Document:
    """A document of which only what matters is said."""
    plain = {
        "version": "1", "url": f"{id_}.html", "language": "en", "timestamp": 0, "day": "1970-01-01", "date": "1970-01-01", "source": "",
        "agency": (), "byline": (), "section": "", "type": "", "tags": (),
    }  # fmt: skip
    return Document(id=id_, title=title, text=text, **(plain | more))  # type: ignore[arg-type]


prose = st.lists(st.sampled_from(FIELD_NAMES), max_size=9).map(" ".join)
names = st.lists(st.sampled_from(["Oil", "AFP", "Crude oil", "人工智能"]), max_size=2, unique=True).map(tuple)
day_numbers = st.none() | st.integers(-2, 2)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document with one of seven ids."""
    day = draw(day_numbers)
    made = document(
        draw(st.sampled_from("abcdefg")), draw(prose), draw(prose), language=draw(st.sampled_from(["en", "zh-Hant", "zh", ""])),
        timestamp=None if day is None else day * 86400, day="" if day is None else f"19{70 + (day >= 0) - 1}-01-0{3 + day}",
        agency=draw(names), tags=draw(names), byline=draw(st.sampled_from([(), ("A",), ("A", "AFP")])),
    )  # fmt: skip
    return replace(made, version=str(hash(made)))


updates = st.lists(
    st.tuples(st.lists(documents(), max_size=5, unique_by=lambda one: one.id), st.sets(st.sampled_from("abcdefg"), max_size=2)),
    max_size=12,
)


def answers(folder: Path, query: Node, sort: str) -> tuple[int, list[tuple[str, float]]]:
    """All hits of the index in `folder`."""
    with Searcher.open(folder) as searcher:
        results = searcher.search(query, sort, 1000)  # type: ignore[arg-type]
        return results.total, [(hit.document.id, hit.score) for hit in results.hits]


@settings(max_examples=effort(8, 50), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(updates, st.sampled_from([25, 10_000]), st.lists(st.sampled_from(QUERIES), min_size=8, max_size=8, unique=True))
def test_answers_are_those_of_a_slow_reading_and_of_a_clean_index(
    monkeypatch: pytest.MonkeyPatch, steps: list[tuple[list[Document], set[str]]], full: int, queries: list[str]
) -> None:
    monkeypatch.setattr(segments, "MAX_TOKENS", full)
    expected: dict[str, Document] = {}
    with TemporaryDirectory() as top:
        grown, clean = Path(top, "grown"), Path(top, "clean")
        index.update(grown, [], [], HERE)
        for added, removed in steps:
            report = index.update(grown, [added], removed, HERE)
            gone = removed & set(expected) - {one.id for one in added}
            assert report == index.IndexReport(
                sum(one.id not in expected for one in added), sum(one.id in expected for one in added), len(gone),
                len({one.id for one in added} | set(expected) - removed),
            )  # fmt: skip
            for id_ in removed:
                expected.pop(id_, None)
            expected |= {one.id: one for one in added}
        index.update(clean, [list(expected.values())], [], HERE)
        assert index.version(grown) == index.version(clean) == {id_: one.version for id_, one in expected.items()}
        for text in queries:
            for sort, since in (("relevance", ""), ("newest", ""), ("oldest", "1970-01-02")):
                query = compose(text, {}, since)
                total, hits = answers(grown, query, sort)
                assert (total, hits) == answers(clean, query, sort)
                slow = reference.search(expected.values(), query, sort)
                assert [id_ for id_, _ in hits] == [id_ for id_, _ in slow]
                if sort == "relevance":
                    assert [score for _, score in hits] == pytest.approx([score for _, score in slow])
                assert total == len(slow)


def test_documents_cross_processes_and_come_back_from_the_index(tmp_path: Path) -> None:
    whole = document("tag:x,2024:1", "Title", "One\nTwo", timestamp=-5, agency=("A", "B"), tags=("人工智能",), language="zh-Hant")
    bare = replace(document("2"), timestamp=None, day="", date="")
    assert pickle.loads(pickle.dumps(whole)) == whole
    index.update(tmp_path, [[whole, bare]], [], HERE)
    with Searcher.open(tmp_path) as searcher:
        assert [hit.document for hit in searcher.search(parse("")).hits] == [whole, bare]


def test_whoosh_itself_reads_the_index(tmp_path: Path) -> None:
    index.update(
        tmp_path,
        [[document("1", "Oil prices fall", "Crude oil is cheap", tags=("AI summit",), day="2024-05-03"), document("2", "Gas")]],
        [],
        HERE,
    )
    index.update(tmp_path, [[document("3", "More oil", agency=("Harbour Wire",))]], ["2"], HERE)
    opened = open_dir(str(tmp_path))
    with opened.searcher() as searcher:

        def ids(query: object) -> list[str]:
            return sorted(hit["id"] for hit in searcher.search(query))

        assert ids(Term("title", "oil")) == ["1", "3"]
        assert ids(Term("title", "ga")) == []
        assert ids(Phrase("body", ["crude", "oil"])) == ["1"]
        assert ids(And([Term("tags", "ai-summit"), Prefix("date", "2024-05")])) == ["1"]
        assert ids(Term("agency", "harbour-wire")) == ids(Term("id", "3")) == ["3"]
        assert searcher.search(Term("id", "1"))[0]["title"] == "Oil prices fall"
    assert set("title body tags agency source section byline date type language id url".split()) <= set(opened.schema.names())


def test_segments_stay_few_and_what_is_gone_is_dropped(tmp_path: Path) -> None:
    for number in range(120):
        index.update(
            tmp_path, [[document(f"n{number}", "oil", version=str(number)), document("same", "gas", version=str(number))]], [], HERE
        )
    held = index.Manifest.read(tmp_path).segments
    assert sum(segment.live for segment in held) == 121
    assert sum(segment.documents for segment in held) <= 160
    assert len(held) <= 14
    files = {file.name for file in tmp_path.iterdir()}
    assert len(files) == 2 * len(held) + 2


def test_nothing_to_do_writes_nothing(tmp_path: Path) -> None:
    index.update(tmp_path, [[document("1", "oil")]], [], HERE)
    before = {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    assert index.update(tmp_path, [], ["unknown"], HERE) == index.IndexReport(0, 0, 0, 1)
    assert {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == before


def test_an_id_twice_in_one_update_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="twice"):
        index.update(tmp_path, [[document("1")], [document("1")]], [], HERE)
    assert index.version(tmp_path) is None


@dataclass(frozen=True)
class Fatal:
    """A batch whose worker dies of it, or finds the disk full, after two documents."""

    killed: bool

    def __iter__(self) -> Iterator[Document]:
        yield document("x1", "oil")
        yield document("x2", "oil")
        if self.killed:
            os._exit(9)
        raise OSError(28, "No space left on device", "somewhere")


@pytest.mark.parametrize(("killed", "message"), [(True, "a worker process died"), (False, "No space left on device")])
def test_a_worker_that_dies_is_told_of_and_costs_nothing(tmp_path: Path, killed: bool, message: str) -> None:
    index.update(tmp_path, [[document("1", "oil")]], [], HERE)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    with WorkerPool(2) as workers, pytest.raises(BuildUnavailableError, match=message) as raised:
        index.update(tmp_path, [[document("2", "oil")], Fatal(killed), [document("3", "oil")]], ["1"], workers)
    assert raised.value.exit_code == 3
    assert answers(tmp_path, parse("oil"), "relevance")[0] == 1
    index.update(tmp_path, [], [], HERE)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_two_processes_make_the_same_index_as_one(tmp_path: Path) -> None:
    batches = [
        [document(f"{batch}-{number}", FIELD_NAMES[number], FIELD_NAMES[batch]) for number in range(9)] for batch in range(5)
    ]
    heard: list[int] = []
    with WorkerPool(2) as workers:
        index.update(tmp_path / "two", batches, [], workers, heard.append)
    index.update(tmp_path / "one", batches, [], HERE)
    assert heard == [9] * 5
    for text in QUERIES:
        assert answers(tmp_path / "two", parse(text), "relevance") == answers(tmp_path / "one", parse(text), "relevance")


@pytest.mark.parametrize("spoil", ["remove", "cut", "empty", "other"])
@pytest.mark.parametrize("what", ["manifest.json", "_MAIN_*.toc", "MAIN_*.json", "MAIN_*.seg"])
def test_a_damaged_index_counts_as_absent_and_is_made_anew(tmp_path: Path, what: str, spoil: str) -> None:
    index.update(tmp_path, [[document("1", "oil")]], [], HERE)
    (file,) = tmp_path.glob(what)
    if spoil == "remove":
        file.unlink()
    else:
        data = file.read_bytes()
        file.write_bytes({"cut": data[:-1], "empty": b"", "other": b"cos\nsystem\n(S'echo'\ntR." + data}[spoil])
    with pytest.raises(BuildUnavailableError, match="morgue build"):
        Searcher.open(tmp_path)
    if (what, spoil) == ("manifest.json", "remove"):
        assert index.version(tmp_path) is None
    else:
        with pytest.raises(index.IndexDamagedError):
            index.version(tmp_path)
    index.update(tmp_path, [[document("2", "oil")]], [], HERE)
    assert answers(tmp_path, parse("oil"), "relevance")[0] == 1
    assert index.version(tmp_path) == {"2": "1"}


def test_an_index_of_another_format_is_not_opened(tmp_path: Path) -> None:
    index.update(tmp_path, [[document("1", "oil")]], [], HERE)
    manifest = tmp_path / index.MANIFEST
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": "0"}))
    assert index.version(tmp_path) is None
    with pytest.raises(BuildUnavailableError, match="another version"):
        Searcher.open(tmp_path)


def test_readers_see_one_state_whatever_is_written_meanwhile(tmp_path: Path) -> None:
    def state(number: int) -> list[Document]:
        return [document(f"d{at}", f"state{number}", "oil " * 50, version=str(number)) for at in range(30)]

    index.update(tmp_path, [state(0)], [], HERE)
    held = Searcher.open(tmp_path)
    seen: list[set[str]] = []
    failures: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                with Searcher.open(tmp_path) as searcher:
                    seen.append({hit.document.title for hit in searcher.search(parse("oil"), limit=100).hits})
        except BaseException as error:  # noqa: BLE001 (told by the test)
            failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 20):
        index.update(tmp_path, [state(number)[:15], state(number)[15:]], [], HERE)
    stop.set()
    reader.join()
    assert not failures
    assert all(len(titles) == 1 for titles in seen)
    assert len(set.union(*seen)) > 2
    with held:
        assert {hit.document.title for hit in held.search(parse("state0"), limit=100).hits} == {"state0"}
