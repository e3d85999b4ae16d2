"""The fields of an article as columns of a table: what kind of value each holds and what it means, read from the model."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from builder.articles.model import Article, Date


class ValueKind(Enum):
    """What a column holds in each row."""

    TEXT = "text"
    DATE = "date"
    """ISO 8601, as exact as it is known: a year, a month, a day, or a moment with its offset."""
    FLAG = "flag"
    NAMES = "names"
    """Any number of texts."""
    PART = "part"
    """None, or an object with fields of its own."""
    PARTS = "parts"
    """Any number of such objects."""
    OBJECT = "object"
    """An object with any keys at all."""


class Column(NamedTuple):
    """A column of a table of articles, or a field of the objects in one."""

    name: str
    kind: ValueKind
    description: str
    parts: tuple[Column, ...] = ()
    """The fields of its objects."""


def columns_of(model: type[BaseModel]) -> Iterator[Column]:
    """Yield the fields of `model` as columns, in their order."""
    for name, field in model.model_fields.items():
        kind, part = _kind_of(field)
        yield Column(name, kind, field.description or "", tuple(columns_of(part)) if part else ())


def _kind_of(field: FieldInfo) -> tuple[ValueKind, type[BaseModel] | None]:
    if field.annotation is bool:
        return ValueKind.FLAG, None
    if set(get_args(Date)[1:]) & set(field.metadata):
        return ValueKind.DATE, None
    if get_origin(field.annotation) is dict:
        return ValueKind.OBJECT, None
    types = list(_plain_types(field.annotation))
    part = next((each for each in types if issubclass(each, BaseModel)), None)
    if get_origin(field.annotation) is tuple:
        return (ValueKind.PARTS if part else ValueKind.NAMES), part
    return (ValueKind.PART if part else ValueKind.TEXT), part


def _plain_types(annotation: Any) -> Iterator[type]:
    """Yield the classes that an annotation is put together from."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    for argument in get_args(annotation):
        yield from _plain_types(argument)


ARTICLE_COLUMNS = tuple(columns_of(Article))
"""Every front-matter field; `extra` holds those that nobody knows."""
RECORD_COLUMNS = (
    Column("url", ValueKind.TEXT, "Where this archive has it."),
    *ARTICLE_COLUMNS,
    Column("documents", ValueKind.NAMES, "Where this archive has the documents that it links to."),
    Column("body", ValueKind.TEXT, "Its text in Markdown."),
)
"""What is handed over of an article: its front matter, and what the archive adds."""
