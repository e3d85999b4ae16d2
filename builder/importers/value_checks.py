"""Values that no article may have are left out of a story, and told: an error in one article would stop the archive's build."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import ValidationError

from builder.articles.field_validation import explain
from builder.articles.model import Article
from builder.base.portable import path_fault
from builder.base.problems import field_path
from builder.base.urls import alias_path, has_query, query_address
from builder.importers.story import Story

_MOST_ROUNDS = 20
"""What was wrong is found again without what was left out: a picture that lost its address may have no caption, either."""
_SOUND_DATES = frozenset(("date", "updated", "captured_at"))
"""What was read as a date already: to read it again takes longer than all else."""
_PLAIN_ALIAS = re.compile(r"/(?:(?:[a-z0-9-]{5,}|\d{2,4})/)*[a-z0-9-]{5,}(?:/|\.html)?")
"""As most old addresses are; names of devices (`aux`, `com1`) have four letters at most."""
_LONGEST = 1_000
"""Characters of such a value in the report."""


def leave_out_unsound(story: Story, zone: str) -> None:
    """Take out of the story's values what the front-matter model refuses, and old addresses that are none."""
    if "aliases" in story.values:
        _check_aliases(story)
    for _ in range(_MOST_ROUNDS):
        values = {word: value for word, value in story.values.items() if word not in _SOUND_DATES}
        try:
            Article.model_validate({"title": "Untitled", **values}, context={"timezone": zone})
        except ValidationError as error:
            for detail in sorted(
                error.errors(), key=lambda detail: str(detail["loc"]), reverse=True
            ):  # later items of a list first
                _leave_out(story, detail["loc"], explain(detail, Article))
        else:
            return


def _check_aliases(story: Story) -> None:
    aliases = story.values["aliases"]
    for number, alias in reversed(list(enumerate(aliases))) if isinstance(aliases, list) else ():
        if isinstance(alias, str) and _PLAIN_ALIAS.fullmatch(alias):
            continue
        try:
            fault = path_fault(query_address(str(alias)) if has_query(str(alias)) else alias_path(str(alias)))
        except ValueError as error:
            fault = str(error)
        if fault:
            _leave_out(story, ("aliases", number), f'"{str(alias)[:60]}" is no address that a page can have: {fault}')


def _leave_out(story: Story, where: tuple[int | str, ...], why: str) -> None:
    """Take out the value at the key path `where`: within a list of parts that key alone, else the item, else the field."""
    word = str(where[0])
    if word not in story.values:
        return
    place: Any = story.values
    last: Any = word
    for key in where[1:3]:
        inner: Any = place[last]
        if isinstance(inner, list) and isinstance(key, int) and key >= len(inner):
            return  # it went with another of its faults
        if not (key in inner if isinstance(inner, dict) else isinstance(inner, list) and isinstance(key, int)):
            break
        place, last = inner, key
    value = place.pop(last)
    if not story.values.get(word):
        story.values.pop(word, None)
        story.inferred = [each for each in story.inferred if each != word]
    story.dropped.append(word)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    story.cut_out(f"no-value-of-{word}", text[:_LONGEST])
    story.warn(field_path(where), f"{why}; left out")
