"""Numbers as varints: what goes in comes out, in the bytes of LEB128."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from builder.search.text.varints import decode_array, encode_array, restarting_deltas, restarting_sums, starts_of


def test_the_bytes_are_those_of_leb128() -> None:
    data, sizes = encode_array(np.array([0, 1, 127, 128, 300, 16384], np.int64))
    assert data.tobytes() == bytes.fromhex("00 01 7f 8001 ac02 808001")
    assert sizes.tolist() == [1, 1, 1, 2, 2, 3]


@given(st.lists(st.integers(0, 2**62)))
def test_numbers_come_back(numbers: list[int]) -> None:
    assert decode_array(encode_array(np.array(numbers, np.int64))[0]).tolist() == numbers


@given(st.lists(st.lists(st.integers(0, 2**40), min_size=1), max_size=6))
def test_deltas_that_begin_anew_are_undone(groups: list[list[int]]) -> None:
    groups = [sorted(group) for group in groups]
    numbers = np.array([number for group in groups for number in group], np.int64)
    starts = np.cumsum([0, *map(len, groups[:-1])], dtype=np.int64) if groups else np.empty(0, np.int64)
    deltas = restarting_deltas(numbers, starts)
    assert (deltas >= 0).all()
    assert restarting_sums(deltas, starts).tolist() == numbers.tolist()


def test_rows_begin_where_any_column_changes() -> None:
    assert starts_of(np.array([1, 1, 2, 2, 2]), np.array([5, 5, 5, 6, 6])).tolist() == [0, 2, 3]
