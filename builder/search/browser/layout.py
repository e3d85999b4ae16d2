"""Which files the browser's index has, and what each is made of."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import chain, groupby, pairwise
from typing import Any, NamedTuple

from builder.articles.model import ArticleSummary
from builder.base.files import digest
from builder.base.urls import slugify
from builder.plan.model import Page, PlanPart
from builder.search.browser import store
from builder.search.browser.data_scripts import HIT
from builder.search.browser.postings import encode_varint
from builder.search.browser.shards import Columns, DirectoryEntry, build_directory, name_of
from builder.search.text.analysis import K1, WEIGHTS, B
from builder.search.text.facets import FACETS

FOLDER = "search"
MANIFEST = f"{FOLDER}/manifest.js"
FILE_KINDS = ("t", "p", "v")
"""The files that the manifest or a list has the names of."""
INDEX_FORMAT = 5
"""What the readers' scripts must know how to read; they leave another one alone and say so."""
PER_FILE = 4
PER_GROUP = 32
"""Stories whose files are named by one digest: a change to one writes the files of all, but the year's list stays short."""
_GROUP_BYTES = 3
FEW_YEARS = 2
"""In an archive of no more years than this every answer needs the days of all: they stand in the manifest."""


class Item(NamedTuple):
    """A story that is searched: its number, its summary with names as lists spell them, a digest of all that is searched."""

    key: int
    article: ArticleSummary
    version: str
    listing_hash: str
    """A digest of all that lists show of it."""


class Year(NamedTuple):
    """A year (`1987`; "" for the undated) with its files."""

    label: str
    stories: int
    days: str
    """The name of the list of its days; "" where the manifest has it."""
    names: str
    """The name of the list of its stories' agencies, tags …"""


class YearLists(NamedTuple):
    """A year as the manifest has it, and the list of its days."""

    year: Year
    days: Columns


def plan_years(items: Iterable[Item]) -> tuple[list[YearLists], list[PlanPart]]:
    """Return the years of `items`, which come in the order of keys, and the files of their stories."""
    years: list[YearLists] = []
    parts: list[PlanPart] = []
    for label, group in groupby(items, lambda item: item.article.day[:4]):
        stories = list(group)
        days = [(day, _groups(list(of_day))) for day, of_day in groupby(stories, lambda item: item.article.day)]
        listed_days = _days(days)
        names = digest("".join([item.listing_hash for item in stories]))[:10]
        years.append(YearLists(Year(label, len(stories), name_of(listed_days), names), listed_days))
        parts.append(PlanPart(f"search {label}", _fingerprint(names), partial(_names, names, stories)))
        parts += (_month(month, list(of_month)) for month, of_month in groupby(days, lambda each: each[0][:7]))
    return years, parts


def plan_index(years: list[YearLists], bits: int, length: int, files: Mapping[str, list[DirectoryEntry]]) -> Iterator[PlanPart]:
    """Yield every other file of the index, the manifest last: once it is there, all that it names is.

    `years` are all of the archive, the undated last; `length` is the sum of the stories' lengths; `files` are those of each of
    `FILE_KINDS`. The manifest has what is told of the whole, as JSON; the list of shards; and where there are few years the list
    of each one's days, after its size.
    """
    file_names = [(kind, file.name) for kind, every in files.items() for file in every]
    files_of = (
        Page(f"{FOLDER}/{kind}/{name}.js", "search_file", {"kind": kind, "name": name, "deflater": store.DEFLATER})
        for kind, name in file_names
    )
    yield PlanPart("search terms", _fingerprint(repr(file_names)), lambda: files_of)
    roots: dict[str, Columns] = {}
    parts: list[Page] = []
    for kind, every in files.items():
        roots[kind], within = build_directory(every)
        parts += (_data(f"i/{name}", columns) for name, columns in within)
    yield PlanPart("search lists", digest(repr(parts)), lambda: parts)
    inside = [each.days for each in years] if len(years) <= FEW_YEARS else []
    head = {
        "format": INDEX_FORMAT,
        "bits": bits,
        "stories": sum(each.year.stories for each in years),
        "length": length,
        "positions": name_of(roots["p"]),
        "words": name_of(roots["v"]),
        "facets": list(FACETS),
        "weights": WEIGHTS,
        "k1": K1,
        "b": B,
        "perFile": PER_FILE,
        "perGroup": PER_GROUP,
        "hit": HIT,
        "years": [each.year._replace(days="") if inside else each.year for each in years],
    }
    last = [_data(f"y/{each.year.days}", each.days) for each in years if not inside]
    last += [_data(f"{kind}/{name_of(columns)}", columns) for kind, columns in roots.items() if kind != "t"]
    with_sizes = [column for columns in inside for column in (encode_varint(sum(map(len, columns))), *columns)]
    last.append(_data("manifest", (_with_head(head), *roots["t"], *with_sizes)))
    yield PlanPart("search manifest", digest(repr(last)), lambda: last)


def _fingerprint(content: str) -> str:
    """Return the fingerprint of a part with this `content`, as it is packed here."""
    return digest(content, store.DEFLATER)


def _data(name: str, columns: Columns) -> Page:
    return Page(f"{FOLDER}/{name}.js", "search_data", {"name": name, "columns": columns, "deflater": store.DEFLATER})


def _names(name: str, stories: list[Item]) -> Iterator[Page]:
    """Yield the file with the facets of `stories`: by facet its slugs and names as JSON, then for each story how many of
    them it has, and which (varints, facet after facet)."""
    names_by_facet: dict[str, list[list[str]]] = {}
    data = bytearray()
    for facet, field in FACETS.items():
        numbers: dict[str, int] = {}
        names_by_facet[facet] = []
        for item in stories:
            value = getattr(item.article, field)
            indices = []
            for each in (value,) if isinstance(value, str) else value:
                slug = slugify(each)
                if slug and slug not in numbers:
                    numbers[slug] = len(numbers)
                    names_by_facet[facet].append([slug, each])
                if slug:
                    indices.append(numbers[slug])
            data += encode_varint(len(indices))
            for number in indices:
                data += encode_varint(number)
    yield _data(f"f/{name}", (_with_head(names_by_facet), bytes(data)))


def _month(month: str, days: list[tuple[str, list[tuple[str, list[Item]]]]]) -> PlanPart:
    shows = _fingerprint(
        "".join([item.article.listing_hash + item.version for _, groups in days for _, part in groups for item in part])
    )
    return PlanPart(
        f"search {month or 'undated'} stories", shows, lambda: (page for day, groups in days for page in _stories(day, groups))
    )


def _groups(stories: list[Item]) -> list[tuple[str, list[Item]]]:
    """Return the stories of one day in groups, each with what names its files."""
    parts = (stories[at : at + PER_GROUP] for at in range(0, len(stories), PER_GROUP))
    return [(digest("".join([item.version for item in part]))[: 2 * _GROUP_BYTES], part) for part in parts]


def _stories(day: str, groups: list[tuple[str, list[Item]]]) -> Iterator[Page]:
    for number, (mark, part) in enumerate(groups):
        for at in range(0, len(part), PER_FILE):
            some = part[at : at + PER_FILE]
            name = f"d/{day[:4] or 'undated'}/{day[5:7]}{day[8:]}-{number}-{mark}-{at // PER_FILE}"
            context: dict[str, Any] = {
                "name": name,
                "articles": [item.article for item in some],
                "versions": [item.version for item in some],
                "deflater": store.DEFLATER,
            }
            yield Page(f"{FOLDER}/{name}.js", "search_stories", context)


def _days(days: list[tuple[str, list[tuple[str, list[Item]]]]]) -> Columns:
    """Return the list of days: how many; their months and days as numbers (0212; the undated: 0), each the gap from the one
    before; how many stories each has; of how many moments less than stories these are; for each day where that is not 0, how
    many stories in a row are of each moment; then the three bytes that name each group's files.
    """
    numbers = [int(day[5:7] + day[8:]) if day else 0 for day, _ in days]
    columns: tuple[list[bytes], ...] = ([], [], [])
    runs: list[bytes] = []
    marks: list[bytes] = []
    for (_, groups), (before, number) in zip(days, pairwise([0, *numbers]), strict=True):
        moments = [*Counter([item.article.timestamp for _, part in groups for item in part]).values()]  # they come in order
        size = sum(moments)
        for column, value in zip(columns, (number - before, size, size - len(moments)), strict=True):
            column.append(encode_varint(value))
        if len(moments) < size:
            runs += map(encode_varint, moments)
        marks += (bytes.fromhex(mark) for mark, _ in groups)
    return b"".join((encode_varint(len(days)), *chain(*columns), *runs)), b"".join(marks)


def _with_head(head: dict[str, Any]) -> bytes:
    data = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    return encode_varint(len(data)) + data
