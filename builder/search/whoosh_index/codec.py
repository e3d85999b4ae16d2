"""Our segments as Whoosh reads them: a codec of our own, without a pickle in what it reads.

Whoosh's own codec keeps a pickle for each posting's positions, each block, each document; that is slow, large, and runs code
when a stranger wrote it. This one hands Whoosh what builder.search.whoosh_index.fields reads, a term at a time. It reads
only: segments are written by builder.search.whoosh_index.segments.
"""

# mypy: allow-untyped-calls

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from whoosh import formats
from whoosh.codec import base
from whoosh.matching.mcore import ListMatcher
from whoosh.reading import TermInfo

from builder.search.text.analysis import FIELDS
from builder.search.text.varints import decode_array, encode_array, restarting_deltas
from builder.search.whoosh_index.columns import Columns
from builder.search.whoosh_index.fields import Field
from builder.search.whoosh_index.stored import StoredDocuments

_READ_ONLY = "Morgue's segments are for reading; `morgue build` writes them"


class PackedPositions(formats.Positions):
    """Positions as varints: the first, then what each adds to the one before."""

    def encode(self, poslist: list[int]) -> bytes:
        """Return the ascending positions `poslist` as bytes."""
        return encode_array(restarting_deltas(np.array(poslist, np.int64), np.zeros(1, np.int64)))[0].tobytes()

    def decode_positions(self, valuestring: bytes) -> list[int]:
        """Return the positions that `valuestring` holds."""
        return np.cumsum(decode_array(np.frombuffer(valuestring, np.uint8))).tolist()  # type: ignore[no-any-return]

    def decode_frequency(self, valuestring: bytes) -> int:
        """Return how many positions `valuestring` holds."""
        return sum(byte < 128 for byte in valuestring)


class MorgueSegment(base.Segment):
    """A segment as Whoosh's table of contents has it. Nothing is deleted from it but by an update of ours."""

    def __init__(self, indexname: str, segid: str, documents: int, deleted: frozenset[int]) -> None:
        super().__init__(indexname)
        self.segid, self._documents, self._deleted = segid, documents, deleted

    def codec(self) -> MorgueCodec:
        """Return what reads it."""
        return MorgueCodec()

    def doc_count_all(self) -> int:
        """Return how many documents it has, deleted ones too."""
        return self._documents

    def deleted_count(self) -> int:
        """Return how many of them are deleted."""
        return len(self._deleted)

    def deleted_docs(self) -> frozenset[int]:
        """Return the numbers of those."""
        return self._deleted

    def is_deleted(self, docnum: int) -> bool:
        """Tell whether a document is one of those."""
        return docnum in self._deleted

    def delete_document(self, docnum: int, delete: bool = True) -> NoReturn:
        """Refuse."""
        raise NotImplementedError(_READ_ONLY)


class MorgueCodec(base.Codec):
    """Opens segments for reading."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise NotImplementedError(_READ_ONLY)

    per_document_writer = field_writer = postings_writer = postings_reader = new_segment = _refuse

    def terms_reader(self, storage: Any, segment: MorgueSegment) -> Terms:
        """Return what reads the terms of `segment`."""
        return Terms(_columns(storage, segment))

    def per_document_reader(self, storage: Any, segment: MorgueSegment) -> PerDocument:
        """Return what reads the documents of `segment`."""
        return PerDocument(_columns(storage, segment), segment)


def _columns(storage: Any, segment: MorgueSegment) -> Columns:
    return Columns(Path(storage.folder) / segment.make_filename(segment.COMPOUND_EXT))


class Terms(base.TermsReader):
    """The terms of a segment and their postings."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._names: list[str] = sorted(name.removesuffix(" terms") for name in columns.names() if name.endswith(" terms"))
        self._fields = {name: Field(columns, name) for name in self._names}

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        name, text = term
        return name in self._fields and len(self._fields[name].find(text)) > 0

    def cursor(self, fieldname: str, fieldobj: Any) -> Cursor:  # noqa: ARG002 (Whoosh's signature)
        """Return what goes through the terms of a field."""
        return Cursor(self._fields[fieldname])

    def indexed_field_names(self) -> list[str]:
        """Return the names of the fields that have terms."""
        return self._names

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield every field's name with each of its terms, in order."""
        return ((name, field.term(number)) for name, field in self._fields.items() for number in range(len(field)))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the terms of a field and of those after it, from `prefix` on."""
        for name in self._names[self._names.index(fieldname) :]:
            field = self._fields[name]
            first = field.lower_bound(prefix) if name == fieldname else 0
            yield from ((name, field.term(number)) for number in range(first, len(field)))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield every term with what is known of it."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield the terms from `prefix` on with what is known of them."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return what is known of a term. Raises KeyError where there is none."""
        documents, counts, _ = self._postings(fieldname, text)
        lengths = self._columns[f"{fieldname} lengths"][documents] if fieldname in FIELDS else np.ones(1, np.int64)
        return TermInfo(
            float(counts.sum()), len(documents), int(lengths.min()), int(lengths.max()), float(counts.max()), int(documents[0]),
            int(documents[-1]),
        )  # fmt: skip

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Return how often a term stands in all documents."""
        return float(self._postings(fieldname, text)[1].sum())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return how many documents have a term."""
        return len(self._postings(fieldname, text)[0])

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        """Return what goes through the postings of a term. Raises KeyError where there is none."""
        documents, counts, values = self._postings(fieldname, text)
        info = self.term_info(fieldname, text)
        weights = counts.astype(float).tolist()
        return ListMatcher(documents.tolist(), weights, values, format_, scorer, term=(fieldname, text), terminfo=info)

    def _postings(self, fieldname: str, text: bytes) -> tuple[Any, Any, list[bytes] | None]:
        field = self._fields[fieldname]
        terms = field.find(text)
        if not terms:
            raise KeyError(f"{fieldname}:{text!r}")
        if fieldname not in FIELDS:
            documents = field.documents(terms)
            return documents, np.ones(len(documents), np.int64), None
        documents, counts, positions = field.postings(terms, with_positions=True)
        encode = PackedPositions().encode
        return documents, counts, [encode(piece.tolist()) for piece in np.split(positions, np.cumsum(counts)[:-1])]


class Cursor(base.FieldCursor):
    """A place among the terms of a field."""

    def __init__(self, field: Field) -> None:
        self._field, self._number = field, 0

    def first(self) -> str | None:
        """Go to the first term, and return it."""
        self._number = 0
        return self.text()

    def find(self, string: str | bytes) -> str | None:
        """Go to the first term that is not before `string`, and return it."""
        self._number = self._field.lower_bound(string if isinstance(string, bytes) else string.encode())
        return self.text()

    def next(self) -> str | None:
        """Go to the next term, and return it."""
        self._number += 1
        return self.text()

    def text(self) -> str | None:
        """Return the term here; None after the last."""
        return self._field.term(self._number).decode() if self._number < len(self._field) else None

    term = text


class PerDocument(base.PerDocumentReader):
    """The documents of a segment: what is stored of them, and how long their fields are."""

    def __init__(self, columns: Columns, segment: MorgueSegment) -> None:
        self._segment = segment
        self._stored_documents = StoredDocuments(columns)
        self._lengths = {name: columns[f"{name} lengths"] for name in FIELDS}

    def doc_count(self) -> int:
        """Return how many documents there are that are not deleted."""
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        """Return how many documents there are."""
        return self._segment.doc_count_all()

    def has_deletions(self) -> bool:
        """Tell whether some are deleted."""
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        """Tell whether a document is deleted."""
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> frozenset[int]:
        """Return the numbers of the deleted ones."""
        return self._segment.deleted_docs()

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return how many tokens a document has in a field."""
        return int(self._lengths[fieldname][docnum]) if fieldname in self._lengths else default

    def field_length(self, fieldname: str) -> int:
        """Return how many tokens all documents have in a field."""
        return self._of_lengths(fieldname, np.sum)

    def min_field_length(self, fieldname: str) -> int:
        """Return the fewest that a document has."""
        return self._of_lengths(fieldname, np.min)

    def max_field_length(self, fieldname: str) -> int:
        """Return the most that a document has."""
        return self._of_lengths(fieldname, np.max)

    def _of_lengths(self, fieldname: str, function: Callable[[Any], Any]) -> int:
        return int(function(self._lengths[fieldname])) if fieldname in self._lengths else 0

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return what is stored of a document, by field."""
        return self._stored_documents[docnum].to_stored()
