"""The index that browsers search, read back from its published files as ARCHITECTURE.md tells their form."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Any

from builder.search.browser.postings import decode_varints
from builder.search.browser.story_numbers import day_number


@dataclass(frozen=True)
class PublishedIndex:
    """What the files say: each story by its number, and which stories have a term."""

    stories: dict[int, dict[str, Any]]
    terms: dict[str, frozenset[int]]

    @classmethod
    def read(cls, files: Mapping[str, bytes]) -> PublishedIndex:
        """Read it from the files of a site, by path."""
        head = _json_at_start(read_script(files["search/manifest.js"])[1])
        stories: dict[int, dict[str, Any]] = {}
        by_day: dict[str, list[tuple[list[int], bytes]]] = {}
        for path, data in files.items():
            if path.startswith("search/d/"):
                year, name = path.removeprefix("search/d/").split("/")
                day, group, _, at = name.removesuffix(".js").split("-")
                by_day.setdefault(f"{year}-{day[:2]}-{day[2:]}" if day else "", []).append(([int(group), int(at)], data))
        for day, some in by_day.items():
            hits = [hit for _, data in sorted(some) for hit in json.loads(read_script(data)[1])]
            first = day_number(day) << head["bits"]
            stories |= {first + slot: dict(zip(head["hit"], hit, strict=True)) for slot, hit in enumerate(hits)}
        assert len(stories) == head["stories"]
        terms: dict[str, frozenset[int]] = {}
        for path, data in files.items():
            if path.startswith("search/t/"):
                for term, keys in _shard(read_script(data)[1]):
                    terms[term] = terms.get(term, frozenset()) | keys
        return cls(stories, terms)


def read_script(script: bytes) -> tuple[str, bytes]:
    """Return the name and the data of a script; undoes what builder.search.browser.data_scripts does, as its docstring tells it."""
    text = script.decode("utf-16")
    head, data, tail = text.partition('","')[0], text.partition('","')[2][:-4], text[-4:]
    assert tail == '");\n'
    units: list[int] = []
    raw = iter(data[1:].encode("utf-16-le"))
    for low, high in zip(raw, raw, strict=True):
        unit = low | high << 8
        if units and units[-1] == -1:
            units[-1] = unit - 0x1000 if unit >= 0x1000 else 0xD800 + unit - 0x100
        else:
            units.append(-1 if unit == 1 else unit)
    packed = b"".join(unit.to_bytes(2, "little") for unit in units)
    packed = packed[:-1] if data[0] == "1" else packed
    return head.removeprefix('morgue.search.deliver("'), zlib.decompress(packed, -15)


def _after_size(data: bytes) -> tuple[bytes, bytes]:
    """Return what stands behind its size at the beginning of `data`, and the rest."""
    width = next(at for at, byte in enumerate(data) if byte < 128) + 1
    size = next(decode_varints(data[:width]))
    return data[width : width + size], data[width + size :]


def _json_at_start(data: bytes) -> dict[str, Any]:
    head: dict[str, Any] = json.loads(_after_size(data)[0])
    return head


def _shard(data: bytes) -> Iterator[tuple[str, frozenset[int]]]:
    """Yield each term of a file with the numbers of the stories that have it."""
    text, rest = _after_size(data)
    terms = text.decode("utf-8", "surrogatepass").split("\n")
    numbers = decode_varints(rest)
    counts, sizes, frequency_sizes = (list(islice(numbers, len(terms))) for _ in range(3))
    begin = sum(map(_width, (*counts, *sizes, *frequency_sizes)))
    for term, count, size in zip(terms, counts, sizes, strict=True):
        first, *gaps = decode_varints(rest[begin : begin + size])
        begin += size
        keys = frozenset(accumulate(gaps, initial=first >> 1 ^ -(first & 1)))
        assert len(keys) == count
        yield term, keys


def _width(number: int) -> int:
    """The bytes of `number` as a varint."""
    return max(1, -(-number.bit_length() // 7))
