"""The search language: a text to a tree that says which documents are meant.

    oil price           both words (stemmed, as everything is that is asked)     "oil price"     side by side, in this order
    opec OR iea cuts    cuts, and one of the two beside OR                       -gas  -"a b"    documents without
    petrol*             any word written so from its beginning                   title:oil       in the title
    agency: source: section: type: tag: byline: language:                        a name, a slug, or a name in quotes

What the table leaves open, so that the browser's parser decides alike:

* The text is NFKC first. “ ” „ ‟ « » 「 」 『 』 are quotation marks like `"`. One that is never closed closes at the end.
* Items part at white space and at quotation marks. Hyphens before an item exclude it; inside it they part words.
* Words joined in one item (`Vance's`, `3.5`, `AI峰會`) are asked side by side, as they stand in a text; what is one word there
  (`U.S.`, `e-mail`) is one here. But what a colon joins to a
  name that is no field (`foo:bar`) is two items.
* `OR` binds items only, written so in capitals; without an item on both sides it says nothing. It binds excluded ones too.
* `*` counts at the end of an item outside quotation marks, after a word; scripts without spaces are found inside words anyway.
* A single character of these stands for every term that begins with it.
* The names of fields may be capitalised. A field without a value is a word.
* Several tags must all hold; several values of another facet need one, as with the filters. Facets bound by OR or excluded
  are for themselves.
* An item without a letter or digit says nothing. A text of such items alone finds nothing; an empty text finds everything.
* The same item twice is one item.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from builder.base.problems import MorgueError
from builder.base.urls import slugify
from builder.search.text.facets import FACETS
from builder.search.text.words import bigrams, fold, runs, term_of


class QueryError(MorgueError):
    """The query cannot be understood; the message says why, for the person who typed it."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """One term, as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any term of a word that is written with this beginning."""

    text: str


@dataclass(frozen=True, slots=True)
class Character:
    """Any term that begins with this character of a script without spaces."""

    text: str


Part: TypeAlias = QueryTerm | Prefix | Character
"""One thing that a phrase must have."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """The document has `parts` side by side in one field: each at `offsets` from wherever the first stands."""

    parts: tuple[Part, ...]
    offsets: tuple[int, ...]
    title: bool = False
    """In the title, not just anywhere."""


@dataclass(frozen=True, slots=True)
class FacetFilter:
    """The document has this value: its `slug` in the facet `name` (`agency`, `tag` …)."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Period:
    """The document is of a day from `since` to `until`: years, months or days, both inclusive; empty is open."""

    since: str = ""
    until: str = ""

    def holds(self, day: str) -> bool:
        """Tell whether `day` (`2025-02-12`, empty for the undated) lies in it."""
        return bool(day) and day >= self.since and (not self.until or day[: len(self.until)] <= self.until)


@dataclass(frozen=True, slots=True)
class And:
    """All of `nodes` hold; of none, everything does."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of `nodes` holds; of none, nothing does."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """`node` does not hold."""

    node: Node


Node: TypeAlias = Phrase | FacetFilter | Period | And | Or | Not

_QUOTES = dict.fromkeys(map(ord, "“”„‟«»「」『』"), '"')
_ITEM = re.compile(r'(?P<dashes>-*)(?:(?P<name>[A-Za-z]+):(?P<value>"[^"]*"?|[^\s"]*)|"(?P<quoted>[^"]*)"?|(?P<word>[^\s"]+))')
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def parse(text: str) -> Node:
    """Return what `text` asks for. Every text asks for something: none is an error."""
    normal = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    if not normal.strip():
        return And(())
    groups: list[list[Node]] = []
    is_bound = False
    for item in _items(normal):
        if item == "OR":
            is_bound = bool(groups)
        elif not isinstance(item, str):
            if is_bound:
                groups[-1].append(item)
            else:
                groups.append([item])
            is_bound = False
    return _join(groups) if groups else Or(())


def compose(text: str, filters: Mapping[str, Sequence[str]], since: str = "", until: str = "") -> Node:
    """Return what `text` asks for within `filters`: names or slugs by facet.

    Raises QueryError for a date that is none; KeyError for a facet that is none.
    """
    nodes = [parse(text)]
    for name in FACETS:
        values = tuple(dict.fromkeys(FacetFilter(name, slugify(value)) for value in filters.get(name, ())))
        if values:
            nodes += values if name == "tag" else (Or(values),)
    if unknown := set(filters) - set(FACETS):
        raise KeyError(*unknown)
    if since or until:
        nodes.append(Period(_date(since), _date(until)))
    return And(tuple(nodes)) if len(nodes) > 1 else nodes[0]


def phrases(node: Node) -> Iterator[Phrase]:
    """Yield the phrases that `node` asks for and does not exclude, in their order: what is scored, and what is marked."""
    if isinstance(node, Phrase):
        yield node
    elif isinstance(node, And | Or):
        for inner in node.nodes:
            yield from phrases(inner)


def _items(text: str) -> Iterator[Node | Literal["OR"]]:
    for match in _ITEM.finditer(text):
        dashes, name, value, phrase, word = match.group("dashes", "name", "value", "quoted", "word")
        if word == "OR" and not dashes:
            yield "OR"
            continue
        if name is not None:
            nodes: Iterable[Node | None] = _of_field(name, value)
        elif phrase is not None:
            nodes = (_phrase(phrase),)
        else:
            nodes = (_phrase(word, may_begin=True),)
        for node in nodes:
            if node is not None:
                yield Not(node) if dashes else node


def _of_field(name: str, value: str) -> Iterator[Node | None]:
    """Yield what `name:value` asks for; `value` may be in quotes."""
    field, is_quoted, inner = name.lower(), value.startswith('"'), value.strip('"')
    if field == "title" and (phrase := _phrase(inner, title=True, may_begin=not is_quoted)):
        yield phrase
    elif field in FACETS and slugify(inner):
        yield FacetFilter(field, slugify(inner))
    else:
        yield _phrase(name)
        yield _phrase(inner, may_begin=not is_quoted)


def _phrase(text: str, title: bool = False, may_begin: bool = False) -> Phrase | None:
    """Return what asks for all words of `text` side by side, or None where it has none."""
    folded_text = fold(text.rstrip("*") if may_begin else text)
    parts: list[Part] = []
    offsets: list[int] = []
    at = 0
    for run in runs(folded_text):
        if run.is_word:
            begins = may_begin and text.endswith("*") and run.end == len(folded_text)
            all_parts: list[Part] = [Prefix(run.text) if begins else QueryTerm(term_of(run.text))]
        elif len(run.text) == 1:
            all_parts = [Character(run.text)]
        else:
            all_parts = [QueryTerm(term) for term in bigrams(run.text)[:-1]]
        parts += all_parts
        offsets += range(at, at + len(all_parts))
        at += 1 if run.is_word else len(run.text)
    return Phrase(tuple(parts), tuple(offsets), title) if parts else None


def _join(groups: list[list[Node]]) -> Node:
    """Return all of `groups`, each of which needs one; values of one facet come together."""
    facets: dict[str, list[Node]] = {}
    nodes: dict[Node, None] = {}
    for group in groups:
        only = group[0]
        if len(group) > 1:
            nodes[Or(tuple(dict.fromkeys(group)))] = None
        elif isinstance(only, FacetFilter) and only.name != "tag":
            facets.setdefault(only.name, []).append(only)
        else:
            nodes[only] = None
    for values in facets.values():
        different = tuple(dict.fromkeys(values))
        nodes[Or(different) if len(different) > 1 else different[0]] = None
    return And(tuple(nodes)) if len(nodes) != 1 else next(iter(nodes))


def _date(text: str) -> str:
    match = _DATE.fullmatch(text)
    if text and not (match and _is_day(*map(int, match.groups("1")))):
        raise QueryError(f'"{text[:40]}" is no date: write 2024, 2024-05 or 2024-05-31')
    return text


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
