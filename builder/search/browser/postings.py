"""The stories that have a term, as bytes: coded as they come, joined, changed, and read back.

Five columns, so that like stands beside like and packs well:

* `keys`: the first key zigzag-coded, then the gaps from each to the next;
* `counts`: how often the story has the term, weighted (builder.search.text.analysis);
* `lengths`: the story's weighted length, in one byte (`fieldnorm_id`);
* `fields`: for each story 0, or 1 and how many positions it has in the title and in the names; the others are in the body;
* `positions`: for each story those in the body, the title and the names, each field's first one and the gaps that follow.

All other numbers are varints (LEB128). Facets have keys alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from builder.search.text.analysis import WEIGHTS

_SMALL = [bytes((number,)) if number < 128 else bytes((number & 127 | 128, number >> 7)) for number in range(1 << 14)]


def encode_varint(number: int) -> bytes:
    """Return `number` (0 or more) as a varint."""
    if number < 1 << 14:
        return _SMALL[number]
    parts = bytearray()
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    parts.append(number)
    return bytes(parts)


def encode_varints(numbers: Sequence[int]) -> bytes:
    """Return `numbers` (0 or more) as varints."""
    return bytes(numbers) if max(numbers, default=0) < 128 else b"".join(map(encode_varint, numbers))


def decode_varints(data: bytes) -> Iterator[int]:
    """Yield the numbers that `data` holds."""
    number = shift = 0
    for byte in data:
        number |= (byte & 127) << shift
        if byte > 127:
            shift += 7
        else:
            yield number
            number = shift = 0


def zigzag(number: int) -> int:
    """Return `number` without a sign: 0, 1, -1, 2, -2 as 0, 2, 3, 4, 5."""
    return number << 1 if number >= 0 else -number << 1 | 1


def fieldnorm_id(length: int) -> int:
    """Return `length` in a byte: itself up to 63, then in steps of four in a hundred.

    So a story that gains a word leaves the postings of its other words as they are, and scores are right to about one in a
    hundred. The sum of all lengths is kept exactly.
    """
    return length if length < 64 else min(255, 64 + round(math.log(length / 64, 1.04)))


class Posting(NamedTuple):
    """One story that has a term. `length` is coded."""

    key: int
    frequency: int
    length: int
    fields: bytes
    positions: bytes


class Postings(NamedTuple):
    """The stories that have one term, in the order of keys."""

    first: int
    last: int
    size: int
    gaps: bytes
    """The keys after the first."""
    counts: bytes
    lengths: bytes
    fields: bytes
    positions: bytes

    @classmethod
    def of_columns(
        cls, keys: Sequence[int], counts: Sequence[int], lengths: Sequence[int], fields: Sequence[bytes], positions: Sequence[bytes]
    ) -> Postings:
        """Code one or more stories, in the order of keys; counts of 0 are those of a facet."""
        if not counts[0]:
            counts = lengths = ()
        gaps = encode_varints([key - before for before, key in pairwise(keys)])
        return cls(
            keys[0], keys[-1], len(keys), gaps, encode_varints(counts), bytes(lengths), b"".join(fields), b"".join(positions)
        )

    def each(self) -> Iterator[Posting]:
        """Yield one story after another."""
        counts, lengths, positions = decode_varints(self.counts), iter(self.lengths), _Positions(self.fields, self.positions)
        key = self.first
        gaps = decode_varints(self.gaps)
        for _ in range(self.size):
            count = next(counts, 0)
            yield Posting(key, count, next(lengths, 0), *positions.next(count))
            key += next(gaps, 0)


def chunk_starts(keys: Sequence[int]) -> list[int]:
    """Return the positions in `keys` with which new blocks of postings begin: one in 256, whatever stands around it.

    So a long list is kept in blocks, a change touches the block where it happens, and the blocks are the same whichever
    way the list came about.
    """
    return [at for at, key in enumerate(keys) if not key * 0x9E3779B1 & 0xFF000]


def in_blocks(keys: Sequence[int]) -> Iterator[slice]:
    """Yield what of `keys`, of which there are some, each block takes."""
    return (slice(*ends) for ends in pairwise((0, *(at for at in chunk_starts(keys) if at), len(keys))))


def blocks(postings: Sequence[Posting]) -> Iterator[Postings]:
    """Code `postings`, which come in the order of keys, in blocks."""
    if postings:
        for block in in_blocks([posting.key for posting in postings]):
            yield Postings.of_columns(*zip(*postings[block], strict=True))


def join_postings(parts: Sequence[Postings]) -> Iterator[Postings]:
    """Yield blocks in the order of keys, put together again where another was begun without need."""
    if parts:
        for block in in_blocks([part.first for part in parts]):
            yield _join(parts[block])


def _join(parts: Sequence[Postings]) -> Postings:
    """Return `parts`, each of which has later keys than the one before, as one."""
    if len(parts) == 1:
        return parts[0]
    gaps = [parts[0].gaps]
    for before, part in pairwise(parts):
        gaps += encode_varint(part.first - before.last), part.gaps
    columns = zip(*(part[4:] for part in parts), strict=True)
    return Postings(parts[0].first, parts[-1].last, sum(part.size for part in parts), b"".join(gaps), *map(b"".join, columns))


class _Positions:
    """Reads where one story after another has a term."""

    def __init__(self, fields: bytes, positions: bytes) -> None:
        self._fields, self._positions = fields, positions
        self._field = self._position = 0

    def next(self, count: int) -> tuple[bytes, bytes]:
        """Return the fields and the positions, both coded, of the next story, whose weighted count is `count`."""
        fields, positions = self._fields, self._positions
        field, position = self._field, self._position
        if not count:
            return b"", b""
        numbers = count
        end = field + 1
        if fields[field]:
            title, names = islice(decode_varints(fields[end:]), 2)
            end += len(encode_varint(title)) + len(encode_varint(names))
            numbers -= (WEIGHTS["title"] - 1) * title + (WEIGHTS["names"] - 1) * names
        at = position
        while numbers:
            numbers -= positions[at] < 128
            at += 1
        self._field, self._position = end, at
        return fields[field:end], positions[position:at]
