"""Python-Markdown: what `builder/articles/dialect.py` and `builder/articles/inline_markup.py` take the place of."""

from __future__ import annotations

import inspect
import random
from typing import Any

from markdown import Markdown
from markdown.extensions.tables import TableProcessor
from markdown.inlinepatterns import DelimiterProcessor

from builder.articles.dialect import BriefTableProcessor

PRIVATE = {
    "_split": "the cells of a table's row are told from one another",
    "_build_element": "emphasis within emphasis becomes elements",
}


def test_rows_of_tables_are_split_as_ever() -> None:
    parser = Markdown().parser
    theirs: Any = TableProcessor(parser, {})
    ours = BriefTableProcessor(parser, {})
    choose = random.Random(1).choices
    for _ in range(3000):
        row = "".join(choose(["`", "``", "\\", "\\`", "|", "a", "\\|", "\\\\"], k=12))
        assert theirs._split(row) == ours._split(row), row


def test_emphasis_is_built_from_regions() -> None:
    assert list(inspect.signature(vars(DelimiterProcessor)["_build_element"]).parameters) == ["self", "data", "start", "offset"]
    assert {"regions", "cache_index", "handleMatch", "add_region", "increment_next_position"} <= {
        *dir(DelimiterProcessor),
        *vars(Markdown().delimiters),
    }
