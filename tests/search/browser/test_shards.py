"""Shards and their directory: separators part, names follow the content, and a term more changes files near it alone."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from builder.search.browser.shards import LARGEST, SMALLEST, is_region_start, name_of, shortest_separator, split

Block = tuple[bytes, int, int, int]


def block(number: int) -> Block:
    term = hashlib.sha256(str(number).encode()).hexdigest()[:12].encode()
    return term, number, 200 + number % 100, 300


def files(blocks: list[Block]) -> set[tuple[bytes, bytes]]:
    return {(each.start, each.last) for each in split(sorted(blocks)) if each.kind == "t"}


@given(st.binary(max_size=9), st.binary(min_size=1, max_size=9))
def test_a_separator_comes_after_what_is_before_and_not_after_its_term(before: bytes, term: bytes) -> None:
    before, term = min(before, term), max(before, term)
    if before < term:
        assert before < shortest_separator(before, term) <= term
        assert term.startswith(shortest_separator(before, term))


def test_a_name_follows_the_content_alone() -> None:
    assert name_of((b"a", b"bc")) == name_of((b"a", b"bc")) != name_of((b"a", b"bd"))


def test_files_are_cut_between_their_sizes_and_hold_every_term_once() -> None:
    blocks = [block(number) for number in range(2000)]
    terms = sorted(term for term, *_ in blocks)
    ranges = sorted(files(blocks))
    assert ranges[0][0] == terms[0] and ranges[-1][1] == terms[-1]
    inner = [sum(size for term, _, size, _ in blocks if first <= term <= last) for first, last in ranges[:-1]]
    assert len(inner) > 10 and all(SMALLEST / 2 <= size <= LARGEST * 2 for size in inner)


def test_a_term_more_changes_few_files() -> None:
    blocks = [block(number) for number in range(2000)]
    before, after = files(blocks), files([*blocks, block(5000)])
    assert len(before - after) <= 3


def test_about_one_term_in_256_begins_a_region() -> None:
    assert 4 <= sum(is_region_start(block(number)[0]) for number in range(4096)) <= 40
