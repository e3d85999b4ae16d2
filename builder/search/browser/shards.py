"""Terms cut into files: where one file ends and the next begins, and the bytes of each.

The alphabet is cut into regions, each beginning with a term whose digest says so, and a region into shards of some
kilobytes. Both depend on the terms around alone, so an article that comes or goes changes the shards of its own terms.

    terms      varint size, then so many bytes of UTF-8: the terms, a line each
    shard      terms; for each how many stories have it; for each the bytes of its record; then the records
               (builder.search.browser.postings)
    positions  terms; for each the bytes of its piece; then the pieces. A long piece goes on in the next file; the list says
               with which story
    words      the words as terms are; for each the binary logarithm of how many stories have it
    list       varint 0, or 1 for a list of lists; the term or word that each file begins with, as terms are; how many files
               begin within a term, and for each its number, from the last one's on, and the key of its first story
               (zigzag); five bytes of name for each file

Terms stand together, not each with what follows from it: a browser reads a text in one step, and a list of numbers in one loop.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from builder.search.browser.postings import Postings, record, varint, zigzag

SMALLEST, LARGEST = 8192, 20480
"""Bytes at which a shard may, and must end."""
FEWEST_POSITIONS, MOST_POSITIONS = 16384, 32768
"""Bytes at which a file of positions may, and must end."""
NAME_BYTES = 5
MOST_LISTED = 4096
"""Files that one list may have, about 36 KB: a smaller list costs less than to ask for another one after it. More files are in
lists of about 32, and these in one list."""


class File(NamedTuple):
    """A file of the index: its `kind` is its folder, `start` the first term or word in it.

    A file of positions that begins within a term has the `key` of the first story.
    """

    kind: str
    start: bytes
    key: int | None
    name: str
    data: bytes


def begins_region(term: bytes, one_in: int = 256) -> bool:
    """Tell whether a region begins with `term`."""
    return zlib.crc32(term) % one_in == 0


def name_of(data: bytes) -> str:
    """Return the name of the file that holds `data`: 40 bits of its digest."""
    return base64.b32encode(blake2b(data, digest_size=NAME_BYTES).digest()).decode().lower()


def cut(terms: Iterable[tuple[bytes, list[Postings]]]) -> Iterator[File]:
    """Yield the files of a region, whose `terms` come in order."""
    shard: list[tuple[bytes, int, bytes]] = []
    pieces: list[tuple[bytes, bytes]] = []
    held = positions_held = 0
    key: int | None = None
    for term, blocks in terms:
        found = record(blocks)
        # In powers of two: a story more or less seldom moves a cut.
        size = 1 << (len(found) + len(term)).bit_length()
        if shard and ((_may_cut(term) and held >= SMALLEST) or held + size > LARGEST):
            yield _shard(shard)
            shard, held = [], 0
        shard.append((term, sum(block.size for block in blocks), found))
        held += size
        for block in blocks:
            size = len(block.positions) & ~63 or 16
            may_cut = positions_held >= FEWEST_POSITIONS and _may_cut(term + block.first.to_bytes(8, "big", signed=True))
            if pieces and (may_cut or positions_held + size > MOST_POSITIONS):
                yield _positions(pieces, key)
                pieces, positions_held, key = [], 0, None if block is blocks[0] else block.first
            if block.positions:
                pieces.append((term, bytes(block.positions)))
                positions_held += size
    if shard:
        yield _shard(shard)
    if pieces:
        yield _positions(pieces, key)


def _may_cut(data: bytes) -> bool:
    return zlib.crc32(data) % 8 == 1


def _shard(terms: list[tuple[bytes, int, bytes]]) -> File:
    stories = (varint(number) for _, number, _ in terms)
    sizes = (varint(len(found)) for _, _, found in terms)
    data = b"".join((_lines(term for term, _, _ in terms), *stories, *sizes, *(found for _, _, found in terms)))
    return File("t", terms[0][0], None, name_of(data), data)


def _positions(pieces: list[tuple[bytes, bytes]], key: int | None) -> File:
    whole = [(term, b"".join(piece for _, piece in found)) for term, found in groupby(pieces, itemgetter(0))]
    sizes = (varint(len(piece)) for _, piece in whole)
    data = b"".join((_lines(term for term, _ in whole), *sizes, *(piece for _, piece in whole)))
    return File("p", whole[0][0], key, name_of(data), data)


def words_file(words: list[tuple[bytes, int]]) -> File:
    """Return the file of some `words` in order, each with the number of stories that have it."""
    data = b"".join((_lines(word for word, _ in words), *(varint(count.bit_length()) for _, count in words)))
    return File("v", words[0][0], None, name_of(data), data)


def listed(files: Iterable[tuple[bytes, int | None, str]]) -> tuple[bytes, list[tuple[str, bytes]]]:
    """Return the list of files, each told by the term and perhaps the key that it begins with, and its name; in order.

    With it come, name by name, the lists that it is of where there are many files. Where one ends depends on the terms
    around alone, as with shards, and what goes on with one term stands in one list.
    """
    every = list(files)
    if len(every) <= MOST_LISTED:
        return _list(0, every), []
    lists: list[list[tuple[bytes, int | None, str]]] = []
    for file in every:
        start, key, _ = file
        if not lists or (key is None and zlib.crc32(start) >> 8 & 31 == 0):
            lists.append([])
        lists[-1].append(file)
    made = [_list(0, found) for found in lists]
    names = [name_of(data) for data in made]
    starts = [(found[0][0], None, name) for found, name in zip(lists, names, strict=True)]
    return _list(1, starts), list(zip(names, made, strict=True))


def _list(depth: int, files: Sequence[tuple[bytes, int | None, str]]) -> bytes:
    within = [(number, key) for number, (_, key, _) in enumerate(files) if key is not None]
    parts = [varint(depth), _lines(start for start, _, _ in files), varint(len(within))]
    for (before, _), (number, key) in pairwise([(0, 0), *within]):
        parts += varint(number - before), varint(zigzag(key))
    return b"".join((*parts, *(base64.b32decode(name.upper()) for _, _, name in files)))


def _lines(terms: Iterable[bytes]) -> bytes:
    text = b"\n".join(term.decode("utf-16-be", "surrogatepass").encode("utf-8", "replace") for term in terms)
    return varint(len(text)) + text
