"""Batches: everything once, in order, and in lists of about one weight."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from builder.parallel.pool import WorkerPool, split_batches


@given(st.lists(st.integers(0, 50)), st.integers(1, 60))
def test_batches_hold_all_items_in_order_and_little_more_than_they_may(items: list[int], most: int) -> None:
    batches = list(split_batches(items, most, lambda item: item))
    assert [item for batch in batches for item in batch] == items
    assert all(batches)
    assert all(sum(batch[:-1]) < most for batch in batches)


def test_little_work_is_done_in_this_process_and_in_order() -> None:
    with WorkerPool(4) as workers:
        assert list(workers.run(lambda number: number * 2, [3, 1, 2], min_batches=4)) == [6, 2, 4]
        assert not workers.is_remote
