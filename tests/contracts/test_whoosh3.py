"""whoosh3: what `builder/search/whoosh_index/` uses to write segments as Whoosh's own codec does."""

from __future__ import annotations

import inspect
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from whoosh.codec.whoosh3 import W3Codec, W3PostingsWriter, W3Segment
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.formats import Existence, Positions
from whoosh.index import TOC

from builder.parallel.pool import WorkerPool
from builder.search.text.documents import Document
from builder.search.whoosh_index import index
from builder.search.whoosh_index.segments import schema

PRIVATE = {
    "_blocklimit": "postings are cut into blocks of so many",
    "_ids": "the block that is gathered: documents' numbers",
    "_weights": "the block that is gathered: frequencies",
    "_values": "the block that is gathered: encoded positions",
    "_minlength": "the block's shortest field, for its head",
    "_maxlength": "the block's longest field, for its head",
    "_maxweight": "the block's highest frequency, for its head",
    "_write_block": "a full block is written",
    "_compression": "the codec hands it to its postings writer",
    "_inlinelimit": "the codec hands it to its postings writer",
    "_postwriter": "the field writer's postings writer, which takes a term's postings at once",
    "_fieldlengths": "a segment's sums of lengths, restored from the manifest",
    "_filename": "the name of the table of contents, which the manifest holds",
    "_latest_generation": "the number of the table of contents, which grows by one",
}
PER_TERM = ("_ids", "_weights", "_values", "_minlength", "_maxlength", "_maxweight")


def holder(name: str) -> Any:
    """Return the object of whoosh3 that has the private `name`."""
    codec, storage = W3Codec(), RamStorage()
    if name in {"_filename", "_latest_generation"}:
        return TOC
    if name == "_postwriter":
        return codec.field_writer(storage, W3Segment(codec, "MAIN"))
    if name in {"_compression", "_inlinelimit", "_blocklimit"}:
        return codec
    writer = W3PostingsWriter(storage.create_file("postings"), 128)
    writer.start_postings(Positions(), object())
    return writer


@pytest.mark.parametrize("name", PRIVATE.keys() - {"_fieldlengths"})
def test_the_private_name_is_there(name: str) -> None:
    found = holder(name)
    assert hasattr(found, name), f"whoosh3 has no {type(found).__name__}.{name} any more ({PRIVATE[name]})"


@pytest.mark.parametrize("name", PER_TERM)
def test_a_block_is_nothing_but_what_we_fill(name: str) -> None:
    own = set(re.findall(r"self\.(_\w+) = ", inspect.getsource(W3PostingsWriter._new_block)))
    assert own == set(PER_TERM), f"a new block of whoosh3 also has {own - set(PER_TERM)}: BulkPostingsWriter has to fill it"


def test_a_segment_knows_its_fields_by_their_lengths(tmp_path: Path) -> None:
    plain = {
        "url": "",
        "language": "",
        "day": "",
        "date": "",
        "source": "",
        "agency": (),
        "byline": (),
        "section": "",
        "type": "",
        "tags": (),
    }
    index.update(
        tmp_path, [[Document(id="1", version="1", title="Oil", text="crude oil falls", timestamp=0, **plain)]], [], WorkerPool(1)
    )  # type: ignore[arg-type]
    (segment,) = index.Manifest.read(tmp_path).segments
    with closing(segment.reader(tmp_path)) as reader:
        assert reader.field_length("body") == 3, (
            f"whoosh3 does not read W3Segment._fieldlengths any more ({PRIVATE['_fieldlengths']})"
        )


def test_the_codec_makes_its_postings_writer_as_ours_does() -> None:
    names = list(inspect.signature(W3PostingsWriter.__init__).parameters)
    assert names == ["self", "postfile", "blocklimit", "byteids", "compression", "inlinelimit"]
    assert list(inspect.signature(W3Codec.postings_writer).parameters) == ["self", "dbfile", "byteids"]


def test_positions_begin_with_their_number_in_four_bytes() -> None:
    for positions in ([7], [0, 1, 2, 900]):
        assert int.from_bytes(Positions().encode(positions)[:4], "big") == len(positions)
    assert isinstance(schema()["id"].format, Existence)


def test_the_table_of_contents_is_numbered_and_named(tmp_path: Path) -> None:
    storage = FileStorage(str(tmp_path))
    assert TOC._latest_generation(storage, "MAIN") == -1
    (tmp_path / TOC._filename("MAIN", 4)).touch()
    assert TOC._latest_generation(storage, "MAIN") == 4
