"""Numbers as varints (LEB128), a whole array at once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.int64]
Bytes: TypeAlias = NDArray[np.uint8]


def encode_array(numbers: Numbers) -> tuple[Bytes, Numbers]:
    """Return `numbers` (0 or more) one after another as varints, and for each how many bytes it takes."""
    sizes = np.ones(len(numbers), np.int64)
    highest = int(numbers.max(initial=0))
    for bits in range(7, highest.bit_length(), 7):
        sizes += numbers >> bits > 0
    if highest < 128:
        return numbers.astype(np.uint8), sizes
    begins = np.cumsum(sizes) - sizes
    data = np.empty(int(sizes.sum()), np.uint8)
    for at in range(int(sizes.max())):
        longer = sizes > at
        more = (sizes[longer] > at + 1).astype(np.uint8) << 7
        data[begins[longer] + at] = (numbers[longer] >> 7 * at & 127).astype(np.uint8) | more
    return data, sizes


def decode_array(data: Bytes) -> Numbers:
    """Return the numbers that `data` holds."""
    ends = np.flatnonzero(data < 128)
    if len(ends) == len(data):
        return data.astype(np.int64)
    begins = np.concatenate(([0], ends[:-1] + 1))
    sizes = ends - begins + 1
    numbers = (data[begins] & 127).astype(np.int64)
    for at in range(1, int(sizes.max(initial=0))):
        longer = sizes > at
        numbers[longer] |= (data[begins[longer] + at] & 127).astype(np.int64) << 7 * at
    return numbers


def restarting_deltas(numbers: Numbers, starts: Numbers) -> Numbers:
    """Return what each of `numbers` adds to the one before it; those at `starts` stand for themselves."""
    deltas = np.diff(numbers, prepend=0)
    deltas[starts] = numbers[starts]
    return deltas


def restarting_sums(deltas: Numbers, starts: Numbers) -> Numbers:
    """Undo `restarting_deltas`. `starts` ascend from 0, where there are any `deltas`."""
    sums = np.cumsum(deltas)
    if len(starts) > 1:
        before = np.concatenate(([0], sums[starts[1:] - 1]))
        sums -= np.repeat(before, np.diff(starts, append=len(deltas)))
    return sums


def starts_of(*columns: NDArray[np.integer]) -> Numbers:
    """Return the numbers of the rows with which any of `columns`, all of one length, takes another value than before."""
    changes = np.zeros(len(columns[0]), bool)
    changes[:1] = True
    for column in columns:
        changes[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(changes)
