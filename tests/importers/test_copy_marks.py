"""Names in bylines: several in one line, and what belongs to a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.config.site import Site
from builder.importers.copy_marks import give_words, split_names
from builder.importers.rules import compile_rules, load_rules
from builder.importers.story import Story


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A reader in Quay Bay", ["A reader in Quay Bay"]),
        ("Ada Lam and Bo Chan", ["Ada Lam", "Bo Chan"]),
        ("何子謙、陳大文", ["何子謙", "陳大文"]),
        ("The Women in Print Group", ["The Women in Print Group"]),
    ],
)
def test_what_follows_a_name_belongs_to_it(text: str, names: list[str]) -> None:
    assert split_names(text) == names


def test_where_the_writers_of_a_wire_were_is_no_part_of_their_names(tmp_path: Path) -> None:
    story = Story(0, "a.txt")
    rules = compile_rules(load_rules(tmp_path, Site(title="T", url="https://t.example/")).model_dump_json())
    give_words(story, {"byline": "Ada Lam in Quay Bay and Bo Chan"}, rules)
    assert story.values["byline"] == ["Ada Lam", "Bo Chan"]
