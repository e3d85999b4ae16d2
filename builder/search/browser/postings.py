"""The stories that have a term, as bytes: coded as they come, joined, changed, and read back.

Five columns, so that like stands beside like and packs well:

* `keys`: the first key zigzag-coded, then the gaps from each to the next;
* `counts`: how often the story has the term, weighted (builder.search.analysis);
* `lengths`: the story's weighted length, in one byte (`length_code`);
* `fields`: for each story 0, or 1 and how many places it has in the title and in the names; the others are in the body;
* `places`: for each story those in the body, the title and the names, each field's first one and the gaps that follow.

All other numbers are varints (LEB128). Facets have keys alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import NamedTuple

from builder.search.analysis import WEIGHTS, Analysis

_SMALL = [bytes((number,)) if number < 128 else bytes((number & 127 | 128, number >> 7)) for number in range(1 << 14)]


def varint(number: int) -> bytes:
    """Return `number` (0 or more) as a varint."""
    if number < 1 << 14:
        return _SMALL[number]
    parts = bytearray()
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    parts.append(number)
    return bytes(parts)


def varints(data: bytes) -> Iterator[int]:
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
    """Return `number` without a sign: 0, -1, 1, -2 … as 0, 1, 2, 3 …"""
    return number << 1 if number >= 0 else -number << 1 | 1


def length_code(length: int) -> int:
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
    places: bytes


@dataclass(frozen=True, slots=True)
class Postings:
    """The stories that have one term, in the order of keys."""

    size: int
    first: int
    last: int
    gaps: bytes
    """The keys after the first."""
    counts: bytes
    lengths: bytes
    fields: bytes
    places: bytes

    @classmethod
    def of_columns(
        cls, keys: Sequence[int], counts: Sequence[int], lengths: Sequence[int], fields: Sequence[bytes], places: Sequence[bytes]
    ) -> Postings:
        """Code one or more stories, in the order of keys; counts of 0 are those of a facet."""
        if not counts[0]:
            counts = lengths = ()
        gaps = b"".join([varint(key - before) for before, key in pairwise(keys)])
        coded = b"".join(map(varint, counts))
        return cls(len(keys), keys[0], keys[-1], gaps, coded, bytes(lengths), b"".join(fields), b"".join(places))

    def join(self, later: Postings) -> Postings:
        """Return these and `later` ones as one. Those that come later may only have later keys."""
        return Postings(
            self.size + later.size,
            self.first,
            later.last,
            b"".join((self.gaps, varint(later.first - self.last), later.gaps)),
            self.counts + later.counts,
            self.lengths + later.lengths,
            self.fields + later.fields,
            self.places + later.places,
        )

    def __iter__(self) -> Iterator[Posting]:
        counts, lengths, positions = varints(self.counts), iter(self.lengths), _Positions(self.fields, self.places)
        key = self.first
        gaps = varints(self.gaps)
        for _ in range(self.size):
            count = next(counts, 0)
            yield Posting(key, count, next(lengths, 0), *positions.next(count))
            key += next(gaps, 0)


def cuts(key: int) -> bool:
    """Tell whether a new block of postings begins with `key`: with one in 256, whatever stands around it.

    So a long list is kept in blocks, a change touches the block where it happens, and the blocks are the same whichever
    way the list came about.
    """
    return key * 0x9E3779B1 >> 12 & 255 == 0


def blocks(postings: Iterable[Posting]) -> Iterator[Postings]:
    """Code `postings`, which come in the order of keys, in blocks."""
    block: list[Posting] = []
    for posting in postings:
        if block and cuts(posting.key):
            yield Postings.of_columns(*zip(*block, strict=True))
            block = []
        block.append(posting)
    if block:
        yield Postings.of_columns(*zip(*block, strict=True))


def joined(parts: Iterable[Postings]) -> Iterator[Postings]:
    """Yield blocks in the order of keys, put together again where another was begun without need."""
    last: Postings | None = None
    for part in parts:
        if last is not None and cuts(part.first):
            yield last
            last = None
        last = part if last is None else last.join(part)
    if last is not None:
        yield last


def record(parts: Iterable[Postings]) -> tuple[bytes, bytes, bytes]:
    """Return the keys, counts and lengths of all blocks of a term, each column as a shard holds it."""
    keys: list[bytes] = []
    counts, lengths = [], []
    last: int | None = None
    for part in parts:
        keys += varint(zigzag(part.first) if last is None else part.first - last), part.gaps
        counts.append(part.counts)
        lengths.append(part.lengths)
        last = part.last
    return b"".join(keys), b"".join(counts), b"".join(lengths)


class _Positions:
    """Reads where one story after another has a term."""

    def __init__(self, fields: bytes, places: bytes) -> None:
        self._fields, self._places = fields, places
        self._field = self._place = 0

    def next(self, count: int) -> tuple[bytes, bytes]:
        """Return the fields and the places, both coded, of the next story, whose weighted count is `count`."""
        fields, places = self._fields, self._places
        field, place = self._field, self._place
        if not count:
            return b"", b""
        numbers = count
        end = field + 1
        if fields[field]:
            title, names = islice(varints(fields[end:]), 2)
            end += len(varint(title)) + len(varint(names))
            numbers -= (WEIGHTS["title"] - 1) * title + (WEIGHTS["names"] - 1) * names
        at = place
        while numbers:
            numbers -= places[at] < 128
            at += 1
        self._field, self._place = end, at
        return fields[field:end], places[place:at]


def coded_positions(analysis: Analysis) -> Iterator[tuple[str, int, bytes, bytes]]:
    """Yield each term of a story with its weighted count, and in which fields and places it stands, coded."""
    fields = analysis.fields
    title, names = fields["title"], fields["names"]
    for term, places in fields["body"].items():
        if term not in title and term not in names:
            yield term, len(places), b"\0", _SMALL[places[0]] if len(places) == 1 and places[0] < 1 << 14 else _gaps(places)
    for term in {**title, **names}:
        yield term, *_coded(term, fields)


def _coded(term: str, fields: Mapping[str, Mapping[str, list[int]]]) -> tuple[int, bytes, bytes]:
    body, title, names = (fields[name].get(term, []) for name in ("body", "title", "names"))
    count = len(body) * WEIGHTS["body"] + len(title) * WEIGHTS["title"] + len(names) * WEIGHTS["names"]
    inside = b"\1" + varint(len(title)) + varint(len(names))
    return count, inside, b"".join((_gaps(body), _gaps(title), _gaps(names)))


def _gaps(places: list[int]) -> bytes:
    before = 0
    parts = []
    for place in places:
        parts.append(varint(place - before))
        before = place
    return b"".join(parts)
