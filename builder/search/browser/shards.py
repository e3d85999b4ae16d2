"""Terms cut into files: where one file ends and the next begins, and the bytes of each.

The alphabet is cut into regions, each beginning with a term whose digest says so, and a region into shards of some
kilobytes. Both depend on the terms around alone, so an article that comes or goes changes the shards of its own terms.

    terms      varint size, then so many bytes of UTF-8: the terms, a line each
    shard      terms; for each how many stories have it; for each the bytes of its keys; for each those of its counts; then
               the keys of all, the counts of all, the lengths of all (builder.search.browser.postings)
    positions  terms; for each the bytes of its fields; for each those of its places; then the fields of all, the places of
               all. A long piece goes on in the next file; the list says with which story
    words      the words as terms are; for each the binary logarithm of how many stories have it
    list       varint 0, or 1 for a list of lists; where each file begins, as terms are; how many files begin within a term,
               and for each its number, from the last one's on, and the key of its first story (zigzag); five bytes of name
               for each file. A file begins with a term, of which as many letters are listed as part it from the last one of
               the file before; with all of them where it begins within the term

Terms stand together, not each with what follows from it: a browser reads a text in one step, and a list of numbers in one loop.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from builder.search.browser.postings import Postings, encode_term, encode_varint, encode_varints, zigzag

SMALLEST, LARGEST = 8192, 20480
"""Bytes at which a shard may, and must end."""
FEWEST_POSITIONS, MOST_POSITIONS = 16384, 32768
"""Bytes at which a file of positions may, and must end."""
NAME_BYTES = 5
MOST_LISTED = 4096
"""Files that one list may have, about 36 KB: a smaller list costs less than to ask for another one after it. More files are in
lists of about 32, and these in one list."""


Columns: TypeAlias = tuple[bytes, ...]
"""The bytes of a file in its order, parted where those of another sort begin: what is alike packs best by itself."""


class File(NamedTuple):
    """A file of the index: its `kind` is its folder, `start` the first term or word in it, `last` the last one.

    A file of positions that begins within a term has the `key` of the first story.
    """

    kind: str
    start: bytes
    last: bytes
    key: int | None
    name: str
    columns: Columns


class BlockSize(NamedTuple):
    """A block of postings by what it weighs: `size` is the bytes of its gaps, counts and lengths, `positions` of the others."""

    term: bytes
    first: int
    size: int
    positions: int


class FileRange(NamedTuple):
    """What a file is to hold: the blocks from the one of `start` with the first key `begin` to that of `last` with `end`.

    Where none of its terms has changed, a file of the same file_range holds the same.
    """

    kind: str
    start: bytes
    last: bytes
    key: int | None
    begin: int
    end: int


class DirectoryEntry(NamedTuple):
    """A file as lists tell of it, or a list as a list of lists does."""

    start: bytes
    last: bytes
    key: int | None
    name: str


def is_region_start(term: bytes, one_in: int = 256) -> bool:
    """Tell whether a region begins with `term`."""
    return zlib.crc32(term) % one_in == 0


def name_of(columns: Columns) -> str:
    """Return the name of the file that holds `columns`: 40 bits of its digest."""
    return base64.b32encode(blake2b(b"".join(columns), digest_size=NAME_BYTES).digest()).decode().lower()


def split(block_sizes: Iterable[BlockSize]) -> Iterator[FileRange]:
    """Yield what the files of a region hold, whose blocks come in the order of terms and keys."""
    shard: FileRange | None = None
    piece: FileRange | None = None
    held = positions_held = 0
    for term, found in groupby(block_sizes, itemgetter(0)):
        of_term = list(found)
        # In powers of two: a story more or less seldom moves a cut.
        size = 1 << (len(term) + sum(block.size for block in of_term)).bit_length()
        if shard and ((_is_boundary(term) and held >= SMALLEST) or held + size > LARGEST):
            yield shard
            shard, held = None, 0
        shard = _with(shard or FileRange("t", term, term, None, of_term[0].first, 0), of_term[-1])
        held += size
        for block in of_term:
            if not block.positions:
                continue  # a facet stands nowhere
            size = block.positions & ~63 or 16
            may_cut = positions_held >= FEWEST_POSITIONS and _is_boundary(term + block.first.to_bytes(8, "big", signed=True))
            if piece and (may_cut or positions_held + size > MOST_POSITIONS):
                yield piece
                piece, positions_held = None, 0
            key = None if block is of_term[0] else block.first
            piece = _with(piece or FileRange("p", term, term, key, block.first, 0), block)
            positions_held += size
    if shard:
        yield shard
    if piece:
        yield piece


def _with(file_range: FileRange, block: BlockSize) -> FileRange:
    return file_range._replace(last=block.term, end=block.first)


def _is_boundary(data: bytes) -> bool:
    return zlib.crc32(data) % 8 == 1


def shard_file(blocks: Iterable[tuple[bytes, Postings]]) -> File:
    """Return the shard of `blocks`, each with its term, in order."""
    found = [(term, [block for _, block in of_term]) for term, of_term in groupby(blocks, itemgetter(0))]
    stories = (sum(block.size for block in of_term) for _, of_term in found)
    keys, counts, lengths = zip(*(encode_term(of_term) for _, of_term in found), strict=True)
    return _file("t", [term for term, _ in found], None, [*stories, *map(len, keys), *map(len, counts)], (keys, counts, lengths))


def positions_file(key: int | None, pieces: Iterable[tuple[bytes, bytes, bytes]]) -> File:
    """Return the file of some blocks in order, each its term and its coded fields and places."""
    whole = [(term, [piece for _, *piece in found]) for term, found in groupby(pieces, itemgetter(0))]
    fields, places = ([b"".join(piece[column] for piece in found) for _, found in whole] for column in (0, 1))
    return _file("p", [term for term, _ in whole], key, [*map(len, fields), *map(len, places)], (fields, places))


def _file(kind: str, terms: Sequence[bytes], key: int | None, numbers: Sequence[int], data: Iterable[Sequence[bytes]]) -> File:
    columns = (_lines(terms), encode_varints(numbers), *map(b"".join, data))
    return File(kind, terms[0], terms[-1], key, name_of(columns), columns)


def words_file(words: list[tuple[bytes, int]]) -> File:
    """Return the file of some `words` in order, each with the number of stories that have it."""
    return _file("v", [word for word, _ in words], None, [count.bit_length() for _, count in words], ())


def listed(files: Sequence[DirectoryEntry]) -> tuple[Columns, list[tuple[str, Columns]]]:
    """Return the list of `files`, which come in order.

    With it come, name by name, the lists that it is of where there are many files. Where one ends depends on the terms
    around alone, as with shards, and what goes on with one term stands in one list.
    """
    if len(files) <= MOST_LISTED:
        return _list(0, files), []
    lists: list[list[DirectoryEntry]] = []
    for file in files:
        if not lists or (file.key is None and zlib.crc32(file.start) >> 8 & 31 == 0):
            lists.append([])
        lists[-1].append(file)
    made = [_list(0, found) for found in lists]
    names = list(map(name_of, made))
    whole = [DirectoryEntry(found[0].start, found[-1].last, None, name) for found, name in zip(lists, names, strict=True)]
    return _list(1, whole), list(zip(names, made, strict=True))


def _list(depth: int, files: Sequence[DirectoryEntry]) -> Columns:
    lasts = (b"", *(file.last for file in files))
    starts = [
        shortest_separator(last, file.start) if file.key is None else file.start for last, file in zip(lasts, files, strict=False)
    ]
    within = [(number, file.key) for number, file in enumerate(files) if file.key is not None]
    keys = [encode_varint(len(within))]
    for (before, _), (number, key) in pairwise([(0, 0), *within]):
        keys += encode_varint(number - before), encode_varint(zigzag(key))
    names = (base64.b32decode(file.name.upper()) for file in files)
    return encode_varint(depth) + _lines(starts), b"".join(keys), b"".join(names)


def shortest_separator(before: bytes, term: bytes) -> bytes:
    """Return the first letters of `term`, as many as make it come after `before`."""
    size = next((size for size in range(2, len(term), 2) if term[:size] > before), len(term))
    return term[: size + 2] if term[size - 2] & 0xFC == 0xD8 else term[:size]  # a surrogate pair stays whole


def _lines(terms: Iterable[bytes]) -> bytes:
    text = b"\n".join(term.decode("utf-16-be", "surrogatepass").encode("utf-8", "replace") for term in terms)
    return encode_varint(len(text)) + text
