"""The postings of a batch in blocks: every column of all its terms coded as one array, then cut.

A block is what one term has of stories from one chunk start to the next (builder.search.browser.postings, which says what the
columns are). Where a block ends follows from the stories' numbers alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from builder.search.browser.postings import Postings, fieldnorm_id
from builder.search.text.analysis import FIELDS, WEIGHTS
from builder.search.text.inversion import Flags, InvertedBatch, Keywords, Tokens
from builder.search.text.varints import Bytes, Numbers, encode_array, restarting_deltas, starts_of

_WEIGHTS = np.array(list(WEIGHTS.values()))
_TITLE, _NAMES = FIELDS.index("title"), FIELDS.index("names")


def blocks_of_tokens(batch: InvertedBatch, doc_ids: Numbers) -> Iterator[tuple[str, Postings]]:
    """Yield each term of `batch` with its blocks, in the order of code points, then of numbers.

    `doc_ids` are the stories' numbers in the browsers' index, ascending.
    """
    tokens = batch.tokens
    postings = starts_of(tokens.term, tokens.document)
    term, document = tokens.term[postings], tokens.document[postings]
    norms = np.array([fieldnorm_id(int(length)) for length in batch.lengths @ _WEIGHTS], np.uint8)
    deltas = restarting_deltas(tokens.position, starts_of(tokens.term, tokens.document, tokens.field))
    positions, position_sizes = encode_array(deltas)
    counts, count_sizes = encode_array(np.add.reduceat(_WEIGHTS[tokens.field], postings) if len(postings) else postings)
    columns = [
        (counts, count_sizes),
        (norms[document], np.ones(len(document), np.int64)),
        _fields(tokens, postings),
        (positions, np.add.reduceat(position_sizes, postings) if len(postings) else postings),
    ]
    yield from _cut(tokens.terms, term, doc_ids[document], columns)


def blocks_of_keywords(keywords: Keywords, doc_ids: Numbers) -> Iterator[tuple[str, Postings]]:
    """Yield each of `keywords` with its blocks, which have the stories' numbers alone; otherwise as `blocks_of_tokens`."""
    nothing = np.empty(0, np.uint8), np.zeros(len(keywords.term), np.int64)
    yield from _cut(keywords.terms, keywords.term, doc_ids[keywords.document], [nothing] * 4)


def are_chunk_starts(doc_ids: Numbers) -> Flags:
    """Return which of `doc_ids` begin a block: one in 256, whatever stands around it."""
    flags: Flags = doc_ids * 0x9E3779B1 & 0xFF000 == 0
    return flags


def _fields(tokens: Tokens, postings: Numbers) -> tuple[Bytes, Numbers]:
    """Return of each of `postings` 0, or 1 and how many places it has in the title and in the names; and the bytes of that."""
    if not len(postings):
        return np.empty(0, np.uint8), postings
    title, names = (np.add.reduceat((tokens.field == field).astype(np.int64), postings) for field in (_TITLE, _NAMES))
    is_above = title + names > 0
    sizes = np.where(is_above, 3, 1)
    starts = np.cumsum(sizes) - sizes
    numbers = np.zeros(int(sizes.sum()), np.int64)
    above = starts[is_above]
    numbers[above], numbers[above + 1], numbers[above + 2] = 1, title[is_above], names[is_above]
    data, number_sizes = encode_array(numbers)
    return data, np.add.reduceat(number_sizes, starts)


def _cut(terms: list[str], term: Numbers, doc_ids: Numbers, columns: list[tuple[Bytes, Numbers]]) -> Iterator[tuple[str, Postings]]:
    """Yield the blocks of postings that have a `term` and a doc id each; `columns` have the bytes of all, and of each how many."""
    if not len(term):
        return
    chunks = np.flatnonzero(are_chunk_starts(doc_ids))
    starts = np.union1d(starts_of(term), chunks)
    ends = np.append(starts[1:], len(term))
    deltas = restarting_deltas(doc_ids, starts)
    deltas[starts] = 0
    gaps, gap_sizes = encode_array(deltas)
    gaps = np.delete(gaps, np.cumsum(gap_sizes)[starts] - 1)  # the first one is in the block's row
    gap_sizes[starts] = 0
    pieces = [_pieces(data, sizes, ends) for data, sizes in [(gaps, gap_sizes), *columns]]
    rows = zip(
        term[starts].tolist(), doc_ids[starts].tolist(), doc_ids[ends - 1].tolist(), (ends - starts).tolist(), *pieces, strict=True
    )
    for number, first, last, size, *parts in rows:
        yield terms[number], Postings(first, last, size, *parts)


def _pieces(data: Bytes, sizes: Numbers, ends: Numbers) -> Iterator[bytes]:
    """Yield of `data`, which has so many bytes a posting as `sizes` say, what each block up to one of `ends` has."""
    whole = data.tobytes()
    start = 0
    for end in np.cumsum(sizes)[ends - 1].tolist():
        yield whole[start:end]
        start = end
