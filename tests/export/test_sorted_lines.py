from __future__ import annotations

import random

from builder.export.sorted_lines import SortedLines


def test_lines_come_back_in_the_order_of_their_keys_by_code_points() -> None:
    keys = [
        *(f"data/{number}" for number in range(2500)),
        "data/a-b/c",
        "data/a/b",
        "data/é",
        "data/渡輪",
        "data/\U0001f6a2",
        "data/\udcff",
    ]
    random.Random(7).shuffle(keys)
    with SortedLines() as lines:
        for key in keys:
            lines.add(key, f"{key} line")
        assert lines.count == len(keys)
        in_order = sorted(keys, key=lambda key: key.encode("utf-8", "surrogateescape"))
        assert list(lines) == list(lines) == [f"{key} line" for key in in_order]
