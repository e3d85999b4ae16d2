"""Segments of the Whoosh index: documents to one file each, and back.

A segment is a file of columns (builder.search.whoosh_index.columns): for each field its postings (…fields), its documents
(…stored), and how long their fields are. Whoosh reads it by a codec of ours (…codec). What every question needs of each
document lies beside it in a small JSON file of the same name.
"""

# mypy: allow-untyped-calls

from __future__ import annotations

import json
import math
import secrets
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from msgspec import DecodeError
from numpy.typing import NDArray
from whoosh import fields
from whoosh.analysis.filters import LowercaseFilter
from whoosh.analysis.morph import StemFilter
from whoosh.analysis.tokenizers import RegexTokenizer

from builder.base.files import digest, read_regular, write_whole
from builder.base.problems import BuildUnavailableError
from builder.search.text.analysis import FIELDS, WEIGHTS
from builder.search.text.documents import Document
from builder.search.text.facets import FACETS
from builder.search.text.inversion import InvertedBatch, Keywords, invert
from builder.search.whoosh_index.codec import MorgueSegment, PackedPositions
from builder.search.whoosh_index.columns import Columns, checksum, write_columns
from builder.search.whoosh_index.fields import keyword_columns, token_columns
from builder.search.whoosh_index.stored import StoredDocuments, document_columns

INDEX_NAME = "MAIN"
SUFFIX = MorgueSegment.COMPOUND_EXT
MAX_TOKENS = 600_000
"""Tokens of a segment: about 100 MB while they are sorted and coded."""
FULL_BYTES = 4_000_000
"""A segment that takes as much is not merged for its size any more. A full one takes more."""

DAMAGE = (LookupError, TypeError, ValueError, OSError, DecodeError, zlib.error)
"""What is raised over bytes that are not what was written."""

_STORED_ONLY = ("version", "url", "text", "day", "timestamp")


def schema() -> Any:
    """Return the schema, for those who open the index with Whoosh itself: one field for each word of front matter.

    `names` has the words of tags, bylines and agencies, `written` the words before stemming; the facets have slugs.
    """
    words = RegexTokenizer(r"[^\W_]+") | LowercaseFilter() | StemFilter()
    all_fields: dict[str, Any] = {name: fields.TEXT(analyzer=words, phrase=True, stored=name == "title") for name in FIELDS}
    for field in all_fields.values():
        field.format = PackedPositions()
    all_fields |= {attribute: fields.KEYWORD(stored=True) for attribute in FACETS.values()}
    all_fields |= {"id": fields.ID(stored=True, unique=True), "date": fields.ID(stored=True), "written": fields.ID()}
    return fields.Schema(**all_fields, **{name: fields.STORED() for name in _STORED_ONLY})


class Segment(NamedTuple):
    """A segment as the manifest knows it."""

    name: str
    documents: int
    size: int
    """Bytes of its file."""
    checksum: int
    """Of its file."""
    digest: str
    """Of the table beside it."""
    deleted: tuple[int, ...] = ()
    """Numbers of documents that it holds no more."""

    @property
    def live(self) -> int:
        """How many documents it holds."""
        return self.documents - len(self.deleted)

    @property
    def weight(self) -> float:
        """Bytes that its live documents take, about."""
        return self.size * self.live / self.documents

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{INDEX_NAME}_{self.name}{SUFFIX}"

    @property
    def table_file(self) -> str:
        """The name of the table beside it."""
        return f"{INDEX_NAME}_{self.name}.json"

    def for_whoosh(self) -> MorgueSegment:
        """Return it as Whoosh's table of contents holds it."""
        return MorgueSegment(INDEX_NAME, self.name, self.documents, frozenset(self.deleted))

    def columns(self, folder: Path) -> Columns:
        """Open it for reading. Raises OSError or ValueError where it is not what was written."""
        return Columns(folder / self.file)

    def is_whole(self, folder: Path) -> bool:
        """Tell whether every byte of it is as it was written."""
        try:
            return checksum(folder / self.file) == self.checksum
        except OSError:
            return False

    def table(self, folder: Path) -> SegmentColumns:
        """Read the table beside it. Raises OSError or ValueError where it is not what was written."""
        return SegmentColumns(**json.loads(self._table_bytes(folder)))

    def document_versions(self, folder: Path) -> DocumentVersions:
        """Read what an update needs of the table. Raises as `table`."""
        return msgspec.json.decode(self._table_bytes(folder), type=DocumentVersions)

    def _table_bytes(self, folder: Path) -> bytes:
        data = read_regular(folder / self.table_file)
        if digest(data) != self.digest:
            raise ValueError(f"{self.table_file} is damaged")
        return data


class DocumentVersions(msgspec.Struct, gc=False):
    """The ids of a segment's documents and their versions, by their numbers: what an update needs of its table."""

    ids: list[str]
    versions: list[str]


class SegmentColumns(NamedTuple):
    """What is kept of each document of a segment, by its number, at hand without unpacking it."""

    ids: list[str]
    versions: list[str]
    days: list[str]
    timestamps: list[int | None]
    lengths: list[int]
    """Weighted (see builder.search.text.analysis)."""


def write(folder: Path, documents: Iterable[Document]) -> list[Segment]:
    """Write `documents` to `folder`, in as many segments as their size asks for."""
    return [write_segment(folder, batch) for batch in invert(documents, MAX_TOKENS)]


def write_segment(folder: Path, batch: InvertedBatch) -> Segment:
    """Write `batch` to `folder` as a segment: whole, under a name of its own, known to nobody until committed."""
    name = secrets.token_hex(8)
    documents = batch.documents
    table = SegmentColumns(
        [document.id for document in documents],
        [document.version for document in documents],
        [document.day for document in documents],
        [document.timestamp for document in documents],
        (batch.lengths @ np.array(list(WEIGHTS.values()))).tolist(),
    )
    data = json.dumps(table._asdict(), ensure_ascii=False, separators=(",", ":")).encode()
    segment = Segment(name, len(documents), 0, 0, digest(data))
    write_whole(folder / segment.table_file, data)
    size, crc = write_columns(folder / segment.file, _columns(batch))
    return segment._replace(size=size, checksum=crc)


def _columns(batch: InvertedBatch) -> dict[str, NDArray[Any]]:
    columns = document_columns(batch.documents)
    for number, name in enumerate(FIELDS):
        columns[f"{name} lengths"] = batch.lengths[:, number].astype("<u4")
        columns |= token_columns(name, batch.tokens.where(batch.tokens.field == number))
    for facet, attribute in FACETS.items():
        columns |= keyword_columns(attribute, batch.facets[facet])
    for name, attribute in (("id", "id"), ("date", "day")):
        numbers: dict[str, list[int]] = {}
        for number, document in enumerate(batch.documents):
            if value := getattr(document, attribute):
                numbers.setdefault(value, []).append(number)
        columns |= keyword_columns(name, Keywords.of_lists(numbers))
    return columns | keyword_columns("written", batch.written_words)


@dataclass(frozen=True, slots=True)
class LiveDocuments:
    """The live documents of segments, read back one after another: what a merge writes anew."""

    folder: Path
    segments: tuple[Segment, ...]

    def __iter__(self) -> Iterator[Document]:
        for segment in self.segments:
            deleted = set(segment.deleted)
            try:
                documents = StoredDocuments(segment.columns(self.folder))
                for number in range(segment.documents):
                    if number not in deleted:
                        yield documents[number]
            except DAMAGE as error:
                raise damage_error(self.folder) from error


def damage_error(folder: Path) -> BuildUnavailableError:
    """Return what to raise where the index in `folder` turns out to be damaged."""
    return BuildUnavailableError(f"{folder}: the search index is damaged; `morgue build --clean` makes it anew")


def merge_level(segment: Segment) -> int:
    """Return how big `segment` is on a scale of powers of eight."""
    return max(0, int(math.log(max(segment.weight, 1) / 4096, 8)))
