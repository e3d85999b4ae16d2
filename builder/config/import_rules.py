"""The rules by which `morgue import` tells a story from its surroundings: the shape of rules/*.yml and of site.yml's `import:`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

PLACEHOLDERS = ("agency", "outlet", "month", "weekday", "number", "date", "time", "moment")
"""What a pattern may name in braces: an agency, an outlet, a month, a weekday, Chinese or Arabic figures, a whole date, a time,
a date with or without a time."""


def _as_list(value: object) -> object:
    return [] if value is None else value if isinstance(value, list | tuple) else [value]


def _check_patterns(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        plain = value
        for name in PLACEHOLDERS:
            plain = plain.replace("{" + name + "}", "x")
        try:
            re.compile(plain)
        except re.error as error:
            raise ValueError(f'"{value[:60]}" is no regular expression: {error}') from None
    return values


TextList = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
Patterns = Annotated[tuple[str, ...], BeforeValidator(_as_list), AfterValidator(_check_patterns)]


class Names(BaseModel):
    """What an agency or an outlet is called."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    names: TextList = Field((), description="Its other names, in any language; each is filed under its key.")
    domains: TextList = Field((), description="Its hosts: a page from one of them, or from a host below, was run by it.")


class LineRule(BaseModel):
    """A rule for one line or paragraph: what is cut, and what it says of the story on the way."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: str = Field(description="Its name, in the loss report.", min_length=1)
    line: Patterns = Field(
        (), description="Regular expressions for the whole line. A group named as a front-matter field, such as "
        "`(?P<type>.+)`, gives that field.",
    )  # fmt: skip
    has: Patterns = Field((), description="Regular expressions for a part of a line.")
    longest: int = Field(250, description="Lines of more characters than this are text, whatever they hold.")
    furniture: bool = Field(
        True, description="Whether such a line shows that the story is over, so that fragments after it are cut too."
    )
    stays: bool = Field(False, description="Whether the line stays in the text, and gives its fields alone.")


class ImportRules(BaseModel):
    """All that the import knows of agencies, outlets and page furniture. Every list adds to those that come with Morgue."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: TextList = Field((), description="Further files of rules of this shape, seen from the archive's folder.")
    agencies: dict[str, Names] = Field({}, description="Agencies by the name under which they are filed: `names`, `domains`.")
    outlets: dict[str, Names] = Field({}, description="Newspapers and sites: `names`, `domains`.")
    lines: tuple[LineRule, ...] = Field(
        (),
        description="Lines that are no part of a story, or its makers: `rule`, `line`, `has`, `longest`, `furniture`, `stays`.",
    )
    captions: Patterns = Field((), description="Lines that are a picture's caption; groups `caption` and `credit`.")
    datelines: Patterns = Field((), description="How a story's first line begins; groups `dateline`, `agency`, `day`.")
    endings: Patterns = Field((), description="How a story's last line ends; group `agency`.")
    bylines: Patterns = Field((), description="Lines that name the writers; groups `byline`, `agency`.")
    dates: Patterns = Field((), description="Lines that give the date; groups `date`, `updated`.")
    headlines: Patterns = Field((), description="What a page's title has beside the headline; group `title`.")
