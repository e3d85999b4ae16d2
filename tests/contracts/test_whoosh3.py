"""whoosh3: what `builder/search/whoosh_index/` uses so that Whoosh reads segments of our own."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Existence
from whoosh.index import TOC
from whoosh.matching.mcore import ListMatcher

from builder.search.whoosh_index import codec
from builder.search.whoosh_index.segments import schema

PRIVATE = {
    "_filename": "the name of the table of contents, which the manifest holds",
    "_latest_generation": "the number of the table of contents, which grows by one",
}


@pytest.mark.parametrize("name", PRIVATE)
def test_the_private_name_is_there(name: str) -> None:
    assert hasattr(TOC, name), f"whoosh3 has no TOC.{name} any more ({PRIVATE[name]})"


def test_the_table_of_contents_is_numbered_and_named(tmp_path: Path) -> None:
    storage = FileStorage(str(tmp_path))
    assert TOC._latest_generation(storage, "MAIN") == -1
    (tmp_path / TOC._filename("MAIN", 4)).touch()
    assert TOC._latest_generation(storage, "MAIN") == 4


@pytest.mark.parametrize(
    ("ours", "theirs", "not_for_us"),
    [
        (codec.MorgueSegment, base.Segment, {"set_doc_count"}),
        (codec.MorgueCodec, base.Codec, set()),
        (codec.Terms, base.TermsReader, set()),
        (codec.Cursor, base.FieldCursor, set()),
        (codec.PerDocument, base.PerDocumentReader, {"column_reader", "list_columns", "vector"}),
    ],
)
def test_all_that_whoosh_leaves_to_a_codec_is_there(ours: type, theirs: type, not_for_us: set[str]) -> None:
    for name, method in inspect.getmembers(theirs, inspect.isfunction):
        if "NotImplementedError" in inspect.getsource(method) or getattr(method, "__isabstractmethod__", False):
            assert name in not_for_us or getattr(ours, name) is not method, f"{ours.__name__} has to have {name}"


def test_a_list_of_postings_is_gone_through_by_a_matcher_of_whoosh() -> None:
    names = set(inspect.signature(ListMatcher.__init__).parameters)
    assert {"ids", "weights", "values", "format", "scorer", "term", "terminfo"} <= names


def test_positions_come_back_and_ids_have_none() -> None:
    packed = codec.PackedPositions()
    for positions in ([7], [0, 1, 2, 900, 70_000]):
        assert packed.decode_positions(packed.encode(positions)) == positions
        assert packed.decode_frequency(packed.encode(positions)) == len(positions)
    assert isinstance(schema()["id"].format, Existence)
