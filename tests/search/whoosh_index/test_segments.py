"""A segment of the Whoosh index: what is written reads back, whole or not at all, and a merge has the live documents alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.base.problems import BuildUnavailableError
from builder.search.whoosh_index import segments
from builder.search.whoosh_index.fields import Field
from builder.search.whoosh_index.segments import LiveDocuments, Segment, merge_level, write
from tests.search.whoosh_index.test_index import document

STORIES = [
    document("a", "Ferry stops", "The ferry waits.", day="2025-02-12", timestamp=1739318400, agency=("Harbour Wire",)),
    document("b", "Crane", "A crane waits for the ferry, the ferry for it."),
    document("c", "渡輪", "渡輪復航。", day="", timestamp=None, tags=("Ferries",)),
]


def test_documents_and_postings_read_back(tmp_path: Path) -> None:
    (segment,) = write(tmp_path, STORIES)
    assert (segment.documents, segment.live, segment.is_whole(tmp_path)) == (3, 3, True)
    assert list(LiveDocuments(tmp_path, (segment,))) == STORIES
    table = segment.table(tmp_path)
    assert (table.ids, table.days, table.timestamps[2]) == (["a", "b", "c"], ["2025-02-12", "1970-01-01", ""], None)
    body = Field(segment.columns(tmp_path), "body")
    postings = body.postings(body.find(b"ferri"), with_positions=True)
    assert (postings.documents.tolist(), postings.counts.tolist()) == ([0, 1], [1, 2])
    assert postings.positions.tolist() == [1, 5, 7]


def test_many_documents_are_several_segments_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "MAX_TOKENS", 4)
    several = write(tmp_path, STORIES)
    assert len(several) > 1
    assert [story.id for story in LiveDocuments(tmp_path, tuple(several))] == ["a", "b", "c"]


def test_a_merge_leaves_deleted_documents_out(tmp_path: Path) -> None:
    (segment,) = write(tmp_path, STORIES)
    smaller = segment._replace(deleted=(1,))
    (merged,) = write(tmp_path, LiveDocuments(tmp_path, (smaller,)))
    assert (smaller.live, merged.documents, merged.table(tmp_path).ids) == (2, 2, ["a", "c"])
    assert segment.weight > smaller.weight


@pytest.mark.parametrize("name", ["file", "table_file"])
def test_a_changed_byte_is_noticed(tmp_path: Path, name: str) -> None:
    (segment,) = write(tmp_path, STORIES)
    file = tmp_path / getattr(segment, name)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    if name == "file":
        assert not segment.is_whole(tmp_path)
    else:
        with pytest.raises(ValueError, match="is damaged"):
            segment.table(tmp_path)


def test_a_segment_that_is_gone_is_named_when_it_is_read(tmp_path: Path) -> None:
    (segment,) = write(tmp_path, STORIES)
    (tmp_path / segment.file).unlink()
    assert not segment.is_whole(tmp_path)
    with pytest.raises(BuildUnavailableError, match="the search index is damaged"):
        list(LiveDocuments(tmp_path, (segment,)))


def test_segments_of_one_level_differ_by_less_than_eight_times() -> None:
    def level(size: int) -> int:
        return merge_level(Segment("", 10, size, 0, ""))

    assert [level(size) for size in (1, 4096, 8 * 4096 - 1)] == [0, 0, 0]
    assert [level(size) for size in (8 * 4096 + 1, 64 * 4096 + 1)] == [1, 2]
    assert merge_level(Segment("", 10, 16 * 4096, 0, "", tuple(range(9)))) == 0, "only what is live has weight"
