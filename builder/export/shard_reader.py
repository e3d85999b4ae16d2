"""The browser's index read back: which stories have all words of a name, and whether the index still shows those stories."""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from builder.search.browser.postings import decode_varints
from builder.search.browser.story_numbers import UNDATED_DAY, day_number
from builder.search.text.query import Phrase, QueryError, QueryTerm, parse

_CALL = "morgue.search.deliver("
_ESCAPE_PAIR = re.compile("\x01(.)", re.DOTALL)


def script_payload(data: bytes) -> tuple[str, bytes] | None:
    """Return the name and the unpacked payload of a search script (builder.search.browser.data_scripts), None for anything else."""
    if not data.startswith(b"\xff\xfe"):
        return None
    text = data[2:].decode("utf-16-le", "surrogatepass")
    if not text.startswith(_CALL):
        return None
    name, _, rest = text.removeprefix(_CALL + '"').partition('","')
    body = _ESCAPE_PAIR.sub(_single, rest.rpartition('"')[0][1:])
    data = body.encode("utf-16-le", "surrogatepass")
    with suppress(zlib.error):
        return name, zlib.decompress(data[:-1] if rest[:1] == "1" else data, -zlib.MAX_WBITS)
    return None


def _single(match: re.Match[str]) -> str:
    unit = ord(match[1])
    return chr(unit - 0x1000) if unit >= 0x1000 else chr(0xD800 + unit - 0x100)


class ShardReader:
    """What the scripts of one index say of the words of `name`; `pattern` finds the name in the text of a story."""

    def __init__(self, name: str, pattern: re.Pattern[bytes]) -> None:
        self._pattern = pattern
        try:
            node = parse('"' + name.replace('"', " ") + '"')
        except QueryError:
            node = None
        parts = node.parts if isinstance(node, Phrase) else ()
        self._words = list(dict.fromkeys(part.text for part in parts if isinstance(part, QueryTerm)))
        self._keys: dict[str, set[int]] = {}
        self._stories: Counter[int] = Counter()
        self._with_name: set[int] = set()
        self._bits = 0

    def add(self, name: str, payload: bytes) -> None:
        """Take in the script `name` of the index."""
        kind = name.partition("/")[0]
        if kind == "t":
            self._add_shard(payload)
        elif kind == "d":
            with suppress(ValueError, TypeError, LookupError):
                self._add_stories(json.loads(payload))
        elif name == "manifest":
            match = re.search(rb'"bits":(\d+)', payload)
            self._bits = int(match[1]) if match else 0

    def leftovers(self) -> Iterator[str]:
        """Say where postings have all words of the name for a story that is not shown, or that has the name in its text."""
        if len(self._words) < 2 or not self._bits or len(self._keys) < len(self._words):
            return
        common = set.intersection(*self._keys.values())
        current_keys = [key for key in common if self._is_left(key)]
        if current_keys:
            yield f"postings: {len(current_keys)} of its stories have all words of the name"

    def _is_left(self, key: int) -> bool:
        day, slot = key >> self._bits, key & ((1 << self._bits) - 1)
        if day >= UNDATED_DAY:
            day, slot = UNDATED_DAY, key - (UNDATED_DAY << self._bits)
        return day in self._with_name or slot >= self._stories[day]

    def _add_stories(self, stories: list[list[object]]) -> None:
        for story in stories:
            day = day_number(str(story[2])[:10])
            self._stories[day] += 1
            if self._pattern.search(json.dumps(story, ensure_ascii=False).encode()):
                self._with_name.add(day)

    def _add_shard(self, payload: bytes) -> None:
        size, at = _varint(payload, 0)
        terms = payload[at : at + size].decode().split("\n")
        if not any(word in terms for word in self._words):
            return
        at += size
        numbers: list[int] = []
        while len(numbers) < 3 * len(terms):
            number, at = _varint(payload, at)
            numbers.append(number)
        sizes = numbers[len(terms) : 2 * len(terms)]
        for term, length in zip(terms, sizes, strict=True):
            if term in self._words:
                self._keys.setdefault(term, set()).update(_keys(payload[at : at + length]))
            at += length


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the number that begins at `at`, and where it ends."""
    end = at
    while data[end] > 127:
        end += 1
    return next(decode_varints(data[at : end + 1])), end + 1


def _keys(data: bytes) -> Iterator[int]:
    key = None
    for number in decode_varints(data):
        key = (-(number >> 1) if number & 1 else number >> 1) if key is None else key + number
        yield key
