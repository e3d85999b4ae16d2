"""Postings as bytes: what is coded comes back, and blocks are the same whichever way a list came about."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from builder.search.browser.postings import (
    Posting,
    blocks,
    decode_varints,
    encode_varint,
    encode_varints,
    fieldnorm_id,
    in_blocks,
    join_postings,
    zigzag,
)

KEYS = st.lists(st.integers(0, 2**30), min_size=1, max_size=900, unique=True).map(sorted)


def posting(key: int) -> Posting:
    return Posting(key, 1 + key % 5, fieldnorm_id(key % 2000), b"\0", encode_varints([key % 90] * (1 + key % 5)))


@given(st.lists(st.integers(0, 2**40)))
def test_varints_come_back(numbers: list[int]) -> None:
    assert list(decode_varints(encode_varints(numbers))) == numbers
    assert b"".join(map(encode_varint, numbers)) == encode_varints(numbers)


def test_zigzag_has_no_sign_and_keeps_small_numbers_small() -> None:
    assert [zigzag(number) for number in (0, 1, -1, 2, -2)] == [0, 2, 3, 4, 5]


@given(st.integers(0, 10**7))
def test_lengths_are_right_to_about_one_in_fifty_in_one_byte(length: int) -> None:
    assert 0 <= fieldnorm_id(length) <= fieldnorm_id(length + 1) < 256
    assert length > 63 or fieldnorm_id(length) == length


@given(KEYS)
def test_blocks_hold_all_stories_in_order(keys: list[int]) -> None:
    coded = list(blocks([posting(key) for key in keys]))
    assert [story for block in coded for story in block.each()] == [posting(key) for key in keys]
    assert [block.size for block in coded] == [len(keys[some]) for some in in_blocks(keys)]


@given(KEYS, st.integers(0, 900))
def test_blocks_that_were_made_in_two_parts_are_those_of_the_whole(keys: list[int], cut: int) -> None:
    parts = [part for part in (keys[:cut], keys[cut:]) if part]
    joined = join_postings([block for part in parts for block in blocks([posting(key) for key in part])])
    assert list(joined) == list(blocks([posting(key) for key in keys]))
