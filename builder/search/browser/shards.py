"""Terms cut into files: where one file ends and the next begins, and the bytes of each.

The alphabet is cut into regions, each beginning with a term whose digest says so, and a region into shards of some
kilobytes. Both depend on the terms around alone, so an article that comes or goes changes the shards of its own terms.

    shard      varint n, then n terms: how many bytes are as in the term before, how many follow, these (UTF-8), how many
               stories have it, and the bytes of its record; then the records (builder.search.browser.postings)
    positions  varint n, then n terms as in a shard, without the number of stories: each with the bytes of its piece; then
               the pieces. A long piece goes on in the next file; the directory says with which story
    words      varint n, then n words as in a shard, each with the binary logarithm of how many stories have it
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from builder.search.browser.postings import Postings, record, varint, zigzag

SMALLEST, LARGEST = 8192, 20480
"""Bytes at which a shard may, and must end; both grow with the archive (`scale_of`)."""
FEWEST_POSITIONS, MOST_POSITIONS = 16384, 32768
"""Bytes at which a file of positions may, and must end."""
NAME_BYTES = 5


class File(NamedTuple):
    """A file of the index: its `kind` is its folder, `start` the first term or word in it.

    A file of positions that begins within a term has the `key` of the first story.
    """

    kind: str
    start: bytes
    key: int | None
    name: str
    data: bytes


def scale_of(postings: int) -> int:
    """Return how many times larger than at first the shards of an archive with so many postings are: 1, 2, 4 …

    A question reads a whole shard for each word, and the list of all shards: with sizes that grow as the root of the archive
    neither outgrows the other.
    """
    return 1 << max(0, postings.bit_length() - 21) // 2


def begins_region(term: bytes, one_in: int = 256) -> bool:
    """Tell whether a region begins with `term`."""
    return zlib.crc32(term) % one_in == 0


def name_of(data: bytes) -> str:
    """Return the name of the file that holds `data`: 40 bits of its digest."""
    return base64.b32encode(blake2b(data, digest_size=NAME_BYTES).digest()).decode().lower()


def cut(terms: Iterable[tuple[bytes, list[Postings]]], scale: int) -> Iterator[File]:
    """Yield the files of a region, whose `terms` come in order."""
    shard: list[tuple[bytes, int, bytes]] = []
    pieces: list[tuple[bytes, bytes]] = []
    held = positions_held = 0
    key: int | None = None
    for term, blocks in terms:
        found = record(blocks)
        # In powers of two: a story more or less seldom moves a cut.
        size = 1 << (len(found) + len(term)).bit_length()
        if shard and ((_may_cut(term) and held >= SMALLEST * scale) or held + size > LARGEST * scale):
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
    parts = [varint(len(terms))]
    for followed, (_, stories, found) in zip(followers(term for term, _, _ in terms), terms, strict=True):
        parts += followed, varint(stories), varint(len(found))
    data = b"".join((*parts, *(found for _, _, found in terms)))
    return File("t", terms[0][0], None, name_of(data), data)


def _positions(pieces: list[tuple[bytes, bytes]], key: int | None) -> File:
    whole = [(term, b"".join(piece for _, piece in found)) for term, found in groupby(pieces, itemgetter(0))]
    parts = [varint(len(whole))]
    for followed, (_, piece) in zip(followers(term for term, _ in whole), whole, strict=True):
        parts += followed, varint(len(piece))
    data = b"".join((*parts, *(piece for _, piece in whole)))
    return File("p", whole[0][0], key, name_of(data), data)


def words_file(words: list[tuple[bytes, int]]) -> File:
    """Return the file of some `words` in order, each with the number of stories that have it."""
    parts = [varint(len(words))]
    for followed, (_, count) in zip(followers(word for word, _ in words), words, strict=True):
        parts += followed, varint(count.bit_length())
    data = b"".join(parts)
    return File("v", words[0][0], None, name_of(data), data)


def directory(files: Iterable[tuple[bytes, int | None, str]]) -> bytes:
    """Return the list of files, in order: how many; where each begins, coded as terms are, and 0 or 1 more than the key
    (zigzag) that it begins with; then five bytes of name for each."""
    listed = list(files)
    parts = [varint(len(listed))]
    for followed, (_, key, _) in zip(followers(start for start, _, _ in listed), listed, strict=True):
        parts += followed, varint(0 if key is None else zigzag(key) + 1)
    return b"".join((*parts, *(base64.b32decode(name.upper()) for _, _, name in listed)))


def followers(terms: Iterable[bytes]) -> Iterator[bytes]:
    """Yield `terms` as each follows from the one before: how many bytes of UTF-8 are the same, how many not, and these."""
    before = b""
    for term in terms:
        written = term.decode("utf-16-be", "surrogatepass").encode("utf-8", "replace")
        shared = 0
        for one, other in zip(before, written, strict=False):
            if one != other:
                break
            shared += 1
        yield b"".join((varint(shared), varint(len(written) - shared), written[shared:]))
        before = written
