"""The front-matter model (`Article`) and the summary record that lists use (`ArticleSummary`)."""

from __future__ import annotations

import json
from typing import Annotated, Any

import msgspec
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SerializeAsAny, ValidationInfo, model_validator

from builder.articles.sluglines import parse_slugline
from builder.base.dates import is_empty_date, is_never, read_moment, to_timestamp
from builder.base.urls import slugify

SPAN_FIELDS = frozenset({"date", "updated"})
"""Dates that may be a month or a year alone; the others decide what is published when, or what a program wrote."""


def _read_date(value: object, info: ValidationInfo) -> object:
    if not isinstance(value, str):
        return "" if value is None else value
    if not value.strip() or is_empty_date(value):
        return ""
    if is_never(value) and info.field_name != "embargo":
        if info.field_name == "expires":
            return ""
        raise ValueError(f'"{value[:40]}" stands for "never" and is no date; take it out')
    return read_moment(value, info.context["timezone"] if info.context else "UTC", info.field_name in SPAN_FIELDS).iso


def _one_line(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else "" if value is None else value


def _as_list(value: object) -> object:
    return [] if value in (None, "") else value if isinstance(value, list) else [value]


def _unique_by_slug(values: tuple[str, ...]) -> tuple[str, ...]:
    """Drop repetitions: names that slug alike are one."""
    return tuple({slugify(value) or value: value for value in reversed(values) if value}.values())[::-1]


def _web_address(value: str) -> str:
    if value and not value.startswith(("https://", "http://")):
        raise ValueError(f'"{value[:60]}" is no web address; it begins with https://')
    return value


def _image(value: object) -> object:
    return {"src": value} if isinstance(value, str) else value


def _withdrawal(value: object, info: ValidationInfo) -> object:
    if not isinstance(value, str):
        return value
    if value.lower() in {"", "false", "no", "off"} or is_empty_date(value):
        return None
    if value.lower() in {"true", "yes", "on"}:
        return {}
    try:
        return {"date": _read_date(value, info)}
    except ValueError:
        return {"reason": value}


def _correction(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


Line = Annotated[str, BeforeValidator(_one_line)]
Date = Annotated[str, BeforeValidator(_read_date)]
Names = Annotated[tuple[Line, ...], BeforeValidator(_as_list), AfterValidator(_unique_by_slug)]
WebAddress = Annotated[Line, AfterValidator(_web_address)]


class Image(BaseModel):
    """A picture that an article names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    src: Line = Field("", description="Its path beside the article, or a full web address; empty where only its caption is known.")
    alt: Line = Field("", description="What it shows, for those who cannot see it.")
    caption: Line = Field("", description="The words under it.")
    credit: Line = Field("", description="Who made it and who owns it.")

    @model_validator(mode="after")
    def _show_something(self) -> Image:
        if not self.src and not self.caption:
            raise ValueError("names neither a file (src) nor a caption; give it one of them, or remove it")
        return self

    @property
    def remote(self) -> bool:
        """Whether it stays a link to another site."""
        return self.src.startswith(("https://", "http://"))


class PlacedImage(Image):
    """A picture as its page shows it: `src` is its output path, or the web address of a remote one."""

    width: int = 0
    """In pixels, as shown; 0 where it is not known."""
    height: int = 0
    sizes: tuple[tuple[int, str], ...] = ()
    """What browsers choose from, where there are smaller versions: widths and output paths."""

    @classmethod
    def from_stored(cls, values: dict[str, Any]) -> PlacedImage:
        """Return the picture whose `model_dump` went through JSON as `values`, without validating it again."""
        return cls.model_construct(**(values | {"sizes": tuple(map(tuple, values.get("sizes", ())))}))


class Correction(BaseModel):
    """A correction that was published."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    date: Date = Field("", description="When it was published.")
    text: Line = Field(description="What was wrong, and what is right.", min_length=1)


class Withdrawal(BaseModel):
    """That an article was withdrawn: its page stays and says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    date: Date = Field("", description="When it was withdrawn.")
    reason: Line = Field("", description="Why, in words that the public may read.")


class Article(BaseModel):
    """One article's front matter. Dates are ISO 8601 texts in the site's zone; what is not given is empty."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Line = Field("", description="The headline.")
    date: Date = Field(
        "", description="When it was first published: a day, a day and time, or a month or year where no more is known."
    )
    updated: Date = Field("", description="When its text last changed in a way that matters.")
    source: Line = Field("", description="Who ran it: the newspaper or site.")
    agency: Names = Field((), description="The wire that it came from; several for joint copy.")
    byline: Names = Field((), description="Who wrote it; several may be given.")
    dateline: Line = Field("", description="The place that it was filed from.")
    section: Line = Field("", description="The part of the paper: World, Business, Sport.")
    type: Line = Field("", description="The story type: news, analysis, opinion, feature, interview, review, editorial, obituary …")
    slugline: Line = Field("", description="The wire's slugline, as it stands; gives places and topics.")
    slug: Line = Field("", description="The last part of its address; else the file's name without a leading date.")
    tags: Names = Field((), description="Its topics.")
    language: Annotated[Line, Field(pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$")] = Field(
        "", description="The language of its text (BCP 47: en, zh-Hant); else the site's."
    )
    summary: Line = Field("", description="A standfirst; else lists show its first words.")
    original_url: WebAddress = Field("", description="Where it stood first.")
    archived_url: WebAddress = Field("", description="A copy in a web archive.")
    captured_at: Date = Field("", description="When this copy was taken.")
    captured_by: Line = Field("", description="What took this copy: a program and its version.")
    captured_sha256: Line = Field("", description="The SHA-256 of the bytes that it was taken from.")
    captured_as: Line = Field(
        "", description="The SHA-256 of this file as `morgue import` wrote it, without this line; a later import replaces the file "
        "only while that holds.",
    )  # fmt: skip
    inferred: Names = Field(
        (), description="Which fields `morgue import`, or the file's name, gave; take a field's name out once it is checked."
    )
    rights: Line = Field("", description="Who owns it and what others may do with it.")
    images: Annotated[tuple[Annotated[SerializeAsAny[Image], BeforeValidator(_image)], ...], BeforeValidator(_as_list)] = Field(
        (), description="Its pictures: `src`, `alt`, `caption`, `credit`. The first one leads."
    )
    corrections: Annotated[tuple[Annotated[Correction, BeforeValidator(_correction)], ...], BeforeValidator(_as_list)] = Field(
        (), description="Corrections that were published: `date`, `text`."
    )
    withdrawn: Annotated[Withdrawal | None, BeforeValidator(_withdrawal)] = Field(
        None, description="That it was withdrawn: `date`, `reason`. Its page stays as a notice."
    )
    embargo: Date = Field("", description="Not to be published before then.")
    expires: Date = Field("", description="Not to be published from then on.")
    draft: bool = Field(False, description="Kept out of the site, but for `--drafts`.")
    aliases: Annotated[tuple[Line, ...], BeforeValidator(_as_list)] = Field(
        (), description="Old addresses of it; they lead on to it."
    )
    id: Line = Field("", description="What names it for ever, in feeds too; `morgue fix` writes one.")
    extra: dict[str, Any] = Field({}, description="Keys that nobody knows, with `unknown_fields: keep`.")

    def to_stored_json(self) -> str:
        """Return what `from_stored_json` makes the article of: what was given, without what every other field has."""
        return self.model_dump_json(exclude_defaults=True)

    @classmethod
    def from_stored_json(cls, text: str | bytes) -> Article:
        """Return the article whose `to_stored_json` is `text`, without validating it again."""
        values = {**_DEFAULTS, **json.loads(text)}
        values["images"] = tuple(PlacedImage.from_stored(image) for image in values["images"])
        values["corrections"] = tuple(Correction.model_construct(**correction) for correction in values["corrections"])
        if values["withdrawn"] is not None:
            values["withdrawn"] = Withdrawal.model_construct(**values["withdrawn"])
        for field in _TUPLES:
            values[field] = tuple(values[field])
        return cls.model_construct(**values)

    @property
    def places(self) -> tuple[str, ...]:
        """The places that its slugline names, the main country first."""
        return parse_slugline(self.slugline)[0]

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that its slugline names."""
        return parse_slugline(self.slugline)[1]


_DEFAULTS = {name: field.default for name, field in Article.model_fields.items() if not field.is_required()}
_TUPLES = [name for name, default in _DEFAULTS.items() if isinstance(default, tuple)]
FIELD_NAMES = frozenset(Article.model_fields) - {"extra"}
"""The names of the front-matter fields."""


class ArticleSummary(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What the archive knows of an article without opening it: enough to sort, group, link and list.

    Plain data. `url` and `image` are output paths, `image_width` and `image_height` pixels (0: not known), `image_sizes`
    widths and output paths of smaller versions, `timestamp` UTC seconds (None: undated), `listing_hash` covers all that a
    list shows, `draft_sign` is another tool's field that makes the draft, `text_hash` its plain text ("" of a short one),
    `content_hash` the article as its own page shows it. Its repr is its `listing_hash`, so that the repr of what a page
    shows tells whether any of it changed.
    """

    path: str
    id: str
    url: str
    title: str
    language: str
    date: str
    day: str
    timestamp: int | None
    updated: str
    source: str
    agency: tuple[str, ...]
    byline: tuple[str, ...]
    section: str
    type: str
    tags: tuple[str, ...]
    slugline: str
    summary: str
    image: str
    image_alt: str
    image_width: int
    image_height: int
    image_sizes: tuple[tuple[int, str], ...]
    corrected: str
    correction: str
    withdrawn: bool
    withdrawn_on: str
    withdrawn_reason: str
    embargo: int | None
    expires: int | None
    draft: bool
    draft_sign: str
    aliases: tuple[str, ...]
    links: tuple[str, ...]
    anchors: tuple[str, ...]
    media: tuple[tuple[str, str, int, int], ...]
    text_hash: str
    content_hash: str
    listing_hash: str

    def __repr__(self) -> str:
        return f"ArticleSummary({self.listing_hash})"


LISTED_FIELDS = ArticleSummary.__struct_fields__[
    ArticleSummary.__struct_fields__.index("title") : ArticleSummary.__struct_fields__.index("embargo")
]
"""What lists may show of an article, beside its `url` and `id`: what `listing_hash` covers."""


def timestamp_of(iso: str, timezone: str) -> int | None:
    """Return the UTC seconds of a date as `Moment.iso` writes it, None of ""."""
    return to_timestamp(iso, timezone) if iso else None
