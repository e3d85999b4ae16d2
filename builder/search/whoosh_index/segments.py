"""Segments of the Whoosh index: documents to one file each, and back.

A segment is written by Whoosh's own codec, but its postings are gathered here: Whoosh's analysers and its sorting pool take
ten times as long for Chinese. What Whoosh cannot keep exactly (it has one byte for the length of a field) lies beside it in a
small JSON file of the same name.
"""

# mypy: allow-untyped-calls

from __future__ import annotations

import json
import math
import struct
import zlib
from array import array
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from pickle import PickleError
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from whoosh import fields, formats
from whoosh.analysis.filters import LowercaseFilter
from whoosh.analysis.morph import StemFilter
from whoosh.analysis.tokenizers import RegexTokenizer
from whoosh.codec.whoosh3 import W3Codec, W3PostingsWriter, W3Segment
from whoosh.filedb.compound import CompoundStorage
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import FileFormatError
from whoosh.reading import CorruptIndexError, SegmentReader

from builder.base.files import digest, write_whole
from builder.base.problems import BuildUnavailableError
from builder.search.text.analysis import FACETS, WEIGHTS, Analysis, analyse
from builder.search.text.documents import Document

INDEX_NAME = "MAIN"
SCRATCH = "writing-"
"""How folders begin in which a segment's parts are put together."""
MAX_POSTINGS = 500_000
"""Postings of a segment: some 40 to 60 MB while they are gathered."""
FULL_BYTES = 4_000_000
"""A segment that takes as much is not merged for its size any more. A full one takes more."""

DAMAGE = (
    LookupError, TypeError, ValueError, AssertionError, EOFError, OSError, PickleError, struct.error, zlib.error,
    CorruptIndexError, FileFormatError,
)  # fmt: skip
"""What Whoosh raises over bytes that are not what it wrote."""

_KEPT_ONLY = ("version", "url", "text", "day", "timestamp")
_POSITIONS = formats.Positions()
_FREQUENCY_ONE = (1).to_bytes(4, "big")


def schema() -> Any:
    """Return the schema, for those who open the index with Whoosh itself: one field for each word of front matter.

    `names` has the words of tags, bylines and agencies, `written` the words before stemming; the facets have slugs.
    """
    words = RegexTokenizer(r"[^\W_]+") | LowercaseFilter() | StemFilter()
    made: dict[str, Any] = {name: fields.TEXT(analyzer=words, phrase=True, stored=name == "title") for name in WEIGHTS}
    made |= {attribute: fields.KEYWORD(stored=True) for attribute in FACETS.values()}
    made |= {"id": fields.ID(stored=True, unique=True), "date": fields.ID(stored=True), "written": fields.ID()}
    return fields.Schema(**made, **{name: fields.STORED() for name in _KEPT_ONLY})


class Segment(NamedTuple):
    """A segment as the manifest knows it."""

    name: str
    documents: int
    lengths: dict[str, int]
    """By searched field, the sum of its lengths."""
    size: int
    """Bytes of its file."""
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
        return f"{INDEX_NAME}_{self.name}{W3Segment.COMPOUND_EXT}"

    @property
    def table_file(self) -> str:
        """The name of the table beside it."""
        return f"{INDEX_NAME}_{self.name}.json"

    def for_whoosh(self) -> Any:
        """Return it as Whoosh's table of contents holds it."""
        made: Any = W3Segment(W3Codec(), INDEX_NAME, self.documents, self.name, set(self.deleted) or None)
        made._fieldlengths = dict(self.lengths)
        made.compound = True
        return made

    def reader(self, folder: Path) -> Any:
        """Open it for reading."""
        return SegmentReader(FileStorage(str(folder)), schema(), self.for_whoosh())

    def table(self, folder: Path) -> Table:
        """Read the table beside it. Raises OSError or ValueError where it is not what was written."""
        data = (folder / self.table_file).read_bytes()
        if digest(data) != self.digest:
            raise ValueError(f"{self.table_file} is damaged")
        return Table(**json.loads(data))


class Table(NamedTuple):
    """What is kept of each document of a segment, by its number: exact, and at hand without unpacking it."""

    ids: list[str]
    versions: list[str]
    days: list[str]
    timestamps: list[int | None]
    lengths: list[int]
    """Weighted (see builder.search.text.analysis)."""


@dataclass
class SegmentWriter:
    """Documents on their way into one segment."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    table: Table = field(default_factory=lambda: Table([], [], [], [], []))
    lengths: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in WEIGHTS})
    words: dict[str, dict[str, list[Any]]] = field(default_factory=lambda: {name: {} for name in WEIGHTS})
    """By field and term: a document's number, then its encoded positions, and so on in turn."""
    marks: dict[str, dict[str, list[int]]] = field(
        default_factory=lambda: {name: {} for name in (*FACETS.values(), "id", "date", "written")}
    )
    """By field and term: documents' numbers."""
    postings: int = 0

    def add(self, document: Document, found: Analysis) -> None:
        """Take in `document`, analysed."""
        number = len(self.documents)
        for name, terms in found.fields.items():
            postings = self.words[name]
            self.lengths[name].append(found.lengths[name])
            self.postings += len(terms)
            for term, positions in terms.items():
                value = _single_position(positions[0]) if len(positions) == 1 else _POSITIONS.encode(positions)
                if term in postings:
                    postings[term] += (number, value)
                else:
                    postings[term] = [number, value]
        for facet, attribute in FACETS.items():
            self._mark(attribute, found.facets[facet], number)
        self._mark("id", (document.id,), number)
        self._mark("date", filter(None, (document.day,)), number)
        self._mark("written", found.written, number)
        self.documents.append(document.stored())
        columns: tuple[list[Any], ...] = self.table
        for column, value in zip(
            columns, (document.id, document.version, document.day, document.timestamp, found.length), strict=True
        ):
            column.append(value)

    def _mark(self, name: str, terms: Iterable[str], number: int) -> None:
        marks = self.marks[name]
        for term in terms:
            if term in marks:
                marks[term].append(number)
            else:
                marks[term] = [number]

    def write(self, folder: Path) -> Segment:
        """Write the segment's files to `folder`: whole, under a name of their own, known to nobody until committed."""
        codec, known = _Codec(), schema()
        made = W3Segment(codec, INDEX_NAME)
        with TemporaryDirectory(prefix=SCRATCH, dir=folder) as scratch:
            parts = FileStorage(scratch)
            self._write_documents(codec.per_document_writer(parts, made), known)
            made.set_doc_count(len(self.documents))
            self._write_postings(codec.field_writer(parts, made), known)
            whole = FileStorage(str(folder)).create_file(made.make_filename(W3Segment.COMPOUND_EXT))
            CompoundStorage.assemble(whole, parts, [name for name in parts.list() if (Path(scratch) / name).is_file()])
        table = json.dumps(self.table._asdict(), ensure_ascii=False, separators=(",", ":")).encode()
        lengths = {name: sum(of) for name, of in self.lengths.items()}
        segment = Segment(str(made.segid), len(self.documents), lengths, 0, digest(table))
        write_whole(folder / segment.table_file, table)
        return segment._replace(size=(folder / segment.file).stat().st_size)

    def _write_documents(self, writer: Any, known: Any) -> None:
        for number, stored in enumerate(self.documents):
            writer.start_doc(number)
            for name, value in stored.items():
                writer.add_field(name, known[name], value, 0)
            for name, lengths in self.lengths.items():
                writer.add_field(name, known[name], None, lengths[number])
            writer.finish_doc()
            stored.clear()
        writer.close()

    def _write_postings(self, writer: Any, known: Any) -> None:
        for name, postings in self.words.items():
            lengths = self.lengths[name]
            writer.start_field(name, known[name])
            add = writer._postwriter.add_all
            for term in sorted(postings):
                writer.start_term(term.encode())
                pairs = postings.pop(term)
                numbers, values = pairs[::2], pairs[1::2]
                add(numbers, [_frequency(value) for value in values], values, [lengths[number] for number in numbers])
                writer.finish_term()
            writer.finish_field()
        for name, marks in self.marks.items():
            value = [] if isinstance(known[name].format, formats.Existence) else [_FREQUENCY_ONE]
            writer.start_field(name, known[name])
            add = writer._postwriter.add_all
            for term in sorted(marks):
                writer.start_term(term.encode())
                numbers = marks.pop(term)
                ones = [1] * len(numbers)
                add(numbers, ones, value * len(numbers), ones)
                writer.finish_term()
            writer.finish_field()
        writer.close()


class BulkPostingsWriter(W3PostingsWriter):
    """Whoosh's writer of postings, for those that come a term at a time: posting by posting it takes half as long again."""

    def add_all(self, numbers: list[int], frequencies: list[int], values: list[bytes], lengths: list[int]) -> None:
        """Add all postings of a term: documents' numbers, and of each its frequency, encoded value and length."""
        for at in range(0, len(numbers), self._blocklimit):
            if self._ids:
                self._write_block()
            part = slice(at, at + self._blocklimit)
            self._ids = array("I", numbers[part])
            self._weights = array("f", frequencies[part])
            self._values = values[part]
            self._minlength, self._maxlength = min(lengths[part]), max(lengths[part])
            self._maxweight = float(max(frequencies[part]))


class _Codec(W3Codec):
    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:
        """Return what writes postings to `dbfile`."""
        return BulkPostingsWriter(dbfile, self._blocklimit, byteids, self._compression, self._inlinelimit)


def write(folder: Path, documents: Iterable[tuple[Document, Analysis]]) -> list[Segment]:
    """Write `documents`, analysed, to `folder`, in as many segments as their size asks for."""
    segments = []
    gathered = SegmentWriter()
    for document, analysis in documents:
        gathered.add(document, analysis)
        if gathered.postings >= MAX_POSTINGS:
            segments.append(gathered.write(folder))
            gathered = SegmentWriter()
    if gathered.documents:
        segments.append(gathered.write(folder))
    return segments


@dataclass(frozen=True, slots=True)
class LiveDocuments:
    """The live documents of segments, read back one after another: what a merge writes anew."""

    folder: Path
    segments: tuple[Segment, ...]

    def __iter__(self) -> Iterator[tuple[Document, Analysis]]:
        for segment in self.segments:
            deleted = set(segment.deleted)
            try:
                with closing(segment.reader(self.folder)) as reader:
                    for number in range(segment.documents):
                        if number not in deleted:
                            document = Document.restored(reader.stored_fields(number))
                            yield document, analyse(document)
            except DAMAGE as error:
                raise damaged(self.folder) from error


def damaged(folder: Path) -> BuildUnavailableError:
    """Return what to raise where the index in `folder` turns out to be damaged."""
    return BuildUnavailableError(f"{folder}: the search index is damaged; `morgue build --clean` makes it anew")


@lru_cache(maxsize=16384)
def _single_position(position: int) -> bytes:
    return bytes(_POSITIONS.encode([position]))


def _frequency(value: bytes) -> int:
    return int.from_bytes(value[:4], "big")


def level(segment: Segment) -> int:
    """Return how big `segment` is on a scale of powers of eight."""
    return max(0, int(math.log(max(segment.weight, 1) / 4096, 8)))
