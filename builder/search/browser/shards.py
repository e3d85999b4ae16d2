"""Terms cut into files: where one file ends and the next begins, and the bytes of each.

The alphabet is cut into regions, each beginning with a term whose digest says so, and a region into shards of some
kilobytes. Both depend on the terms around alone, so an article that comes or goes changes the shards of its own terms.

    terms      varint size, then so many bytes of UTF-8: the terms, a line each
    shard      terms; for each how many stories have it; for each the bytes of its keys; for each those of its counts; then
               the keys of all, the counts of all, the lengths of all (builder.search.browser.postings)
    positions  terms; for each the bytes of its fields; for each those of its positions; then the fields of all, the positions of
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

from builder.search.browser.postings import encode_varint, encode_varints, zigzag

SMALLEST, LARGEST = 8192, 20480
"""Bytes at which a shard may, and must end."""
FEWEST_POSITIONS, MOST_POSITIONS = 16384, 32768
"""Bytes at which a file of positions may, and must end."""
NAME_BYTES = 5
MOST_LISTED = 4096
"""Files that one list may have, about 36 KB: a smaller list costs less than to ask for another one after it. More files are in
lists of about LIST_ODDS, and these in one list."""
LIST_ODDS = 32
"""Of how many files one begins a list."""


Columns: TypeAlias = tuple[bytes, ...]
"""The bytes of a file in its order, parted where those of another sort begin: what is alike packs best by itself."""


class FileRange(NamedTuple):
    """What a file is to hold: of terms the blocks from that of `start` and `first` to that of `last` and `final`.

    Its `kind` is its folder; `start` and `last` are the first and the last term or word in it. A file of positions that begins
    within a term has the `key` of the first story. Where none of its terms has changed, a file of the same range holds the same.
    """

    kind: str
    start: bytes
    last: bytes
    key: int | None
    first: int
    final: int


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


def split(blocks: Iterable[tuple[bytes, int, int, int]]) -> Iterator[FileRange]:
    """Yield what the files of a region hold.

    Of each of `blocks`, in the order of terms and keys: its term, its first key, the bytes of its gaps, counts and lengths, and
    those of its positions.
    """
    shard: tuple[bytes, int] | None = None
    piece: tuple[bytes, int | None, int] | None = None
    shard_size = piece_size = 0
    shard_end = piece_end = (b"", 0)
    for term, of_term in groupby(blocks, itemgetter(0)):
        blocks_of_term = list(of_term)
        # In powers of two: a story more or less seldom moves a cut.
        size = 1 << (len(term) + sum([block[2] for block in blocks_of_term])).bit_length()
        if shard and ((shard_size >= SMALLEST and _is_boundary(term)) or shard_size + size > LARGEST):
            yield FileRange("t", shard[0], shard_end[0], None, shard[1], shard_end[1])
            shard, shard_size = None, 0
        shard, shard_end, shard_size = shard or blocks_of_term[0][:2], blocks_of_term[-1][:2], shard_size + size
        for _, first, _, positions in blocks_of_term:
            if not positions:
                continue  # a facet stands nowhere
            size = positions & ~63 or 16
            may_cut = piece_size >= FEWEST_POSITIONS and _is_boundary(term + first.to_bytes(8, "big", signed=True))
            if piece and (may_cut or piece_size + size > MOST_POSITIONS):
                yield FileRange("p", piece[0], piece_end[0], piece[1], piece[2], piece_end[1])
                piece, piece_size = None, 0
            piece = piece or (term, None if first == blocks_of_term[0][1] else first, first)
            piece_end, piece_size = (term, first), piece_size + size
    if shard:
        yield FileRange("t", shard[0], shard_end[0], None, shard[1], shard_end[1])
    if piece:
        yield FileRange("p", piece[0], piece_end[0], piece[1], piece[2], piece_end[1])


def _is_boundary(data: bytes) -> bool:
    return zlib.crc32(data) % 8 == 1


def shard_columns(blocks: Iterable[tuple[bytes, int, int, int, bytes, bytes, bytes]]) -> Columns:
    """Return the shard of `blocks` in order, each its term, first and last key, size, gaps, counts and lengths."""
    terms: list[bytes] = []
    stories: list[int] = []
    keys: list[bytes] = []
    counts: list[bytes] = []
    lengths: list[bytes] = []
    end = 0
    for term, first, last, size, gaps, count, length in blocks:
        lengths.append(length)
        if terms and terms[-1] == term:
            stories[-1] += size
            keys[-1] += encode_varint(first - end) + gaps
            counts[-1] += count
        else:
            terms.append(term)
            stories.append(size)
            keys.append(encode_varint(zigzag(first)) + gaps)
            counts.append(count)
        end = last
    numbers = encode_varints([*stories, *map(len, keys), *map(len, counts)])
    return _lines(terms), numbers, b"".join(keys), b"".join(counts), b"".join(lengths)


def positions_columns(pieces: Iterable[tuple[bytes, bytes, bytes]]) -> Columns:
    """Return the file of some blocks in order, each its term and its coded fields and positions."""
    terms: list[bytes] = []
    fields: list[bytes] = []
    positions: list[bytes] = []
    for term, field, position in pieces:
        if terms and terms[-1] == term:
            fields[-1] += field
            positions[-1] += position
        else:
            terms.append(term)
            fields.append(field)
            positions.append(position)
    return _lines(terms), encode_varints([*map(len, fields), *map(len, positions)]), b"".join(fields), b"".join(positions)


def words_columns(words: Iterable[tuple[bytes, int]]) -> Columns:
    """Return the file of some `words` in order, each with the number of stories that have it."""
    entries = list(words)
    return _lines([word for word, _ in entries]), encode_varints([count.bit_length() for _, count in entries])


def build_directory(files: Sequence[DirectoryEntry]) -> tuple[Columns, list[tuple[str, Columns]]]:
    """Return the list of `files`, which come in order.

    With it come, name by name, the lists that it is of where there are many files. Where one ends depends on the terms
    around alone, as with shards, and what goes on with one term stands in one list.
    """
    if len(files) <= MOST_LISTED:
        return _list(0, files), []
    lists: list[list[DirectoryEntry]] = []
    for file in files:
        if not lists or (file.key is None and (zlib.crc32(file.start) >> 8) % LIST_ODDS == 0):
            lists.append([])
        lists[-1].append(file)
    parts = [_list(0, part) for part in lists]
    names = list(map(name_of, parts))
    whole = [DirectoryEntry(part[0].start, part[-1].last, None, name) for part, name in zip(lists, names, strict=True)]
    return _list(1, whole), list(zip(names, parts, strict=True))


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
    text = b"\0\n".join(terms).decode("utf-16-be", "surrogatepass").encode("utf-8", "replace")
    return encode_varint(len(text)) + text
