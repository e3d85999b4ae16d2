"""The front matter of a page of the archive's own (about, contact, terms), and what is known of such a page."""

from __future__ import annotations

import posixpath
from typing import Annotated, Any, NamedTuple

import msgspec
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from builder.articles.field_validation import explain
from builder.articles.headline import split_title
from builder.articles.model import Article, ArticleSummary, Date, Line
from builder.articles.parse_context import ParseContext
from builder.base.languages import language_fault
from builder.base.problems import Severity
from builder.base.urls import slugify
from builder.config.site import Site

ABOUT_URL = "about.html"
"""The page that the archive writes in any case; it takes its words from a page of this address."""


class PageFields(BaseModel):
    """The front matter of a page of the archive's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Line = Field("", description="Its name, in the menu and above it; else its first heading.")
    description: Line = Field("", description="One sentence under its name, for search engines too.")
    language: Annotated[Line, Field(pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$")] = Field(
        "", description="The language of its text (BCP 47: en, zh-Hant); else the site's."
    )
    updated: Date = Field("", description="When its text last changed in a way that matters: shown, and in the sitemap.")
    menu: bool = Field(False, description="Whether the menu at the top of every page leads to it.")
    footer: bool | None = Field(
        None, description="Whether the foot of every page leads to it; not given, yes, unless it lies in a folder of its own."
    )
    order: float | None = Field(
        None, description="A number by which menu and footer sort their pages, the smallest first; those without one come last."
    )
    search: bool = Field(False, description="Whether the search finds it.")


class PageSettings(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Where a page of the archive's own is shown."""

    menu: bool
    footer: bool
    order: float | None
    search: bool


class OwnPage(NamedTuple):
    """A page of the archive's own: what an article's summary says of its text, and where it is shown."""

    summary: ArticleSummary
    settings: PageSettings


def page_url(path: str, folder: str) -> str:
    """Return the output path of the page at content/`path`, in the pages' `folder`: `pages/Our Terms.md` is `our-terms.html`.

    "" where a part of its name has no letter or digit.
    """
    parts = [slugify(part) for part in posixpath.splitext(posixpath.relpath(f"/{path}", f"/{folder}"))[0].split("/")]
    return f"{'/'.join(parts)}.html" if all(parts) else ""


def read_page_fields(
    front_matter: dict[str, Any], context: ParseContext, url: str, site: Site
) -> tuple[Article, PageSettings, str] | None:
    """Return the page of `front_matter` as an article without a date, where it is shown, and its body in Markdown.

    None where that cannot be; what is wrong is reported to `context`. The page at ABOUT_URL needs a title for the search alone.
    """
    values = {key: value for key, value in front_matter.items() if value is not None}
    try:
        fields = PageFields.model_validate(values, context={"timezone": site.timezone})
    except ValidationError as error:
        for detail in error.errors():
            field_list = f"; a page has {', '.join(PageFields.model_fields)}" if detail["type"] == "extra_forbidden" else ""
            context.report(Severity.ERROR, detail["loc"], f"{explain(detail, PageFields)}{field_list}")
        return None
    if fault := language_fault(fields.language):
        context.report(fault[0], ("language",), fault[1])
    title, body = split_title(fields.title, context.source.body)
    if not title and (url != ABOUT_URL or fields.search):
        where = ("title",) if "title" in front_matter else ()
        context.report(Severity.ERROR, where, "the title is missing; write `title:`, or begin the text with a heading")
    if not url:
        context.report(Severity.ERROR, (), "has no letter or digit in its name to make an address of; rename it")
    article = Article(title=title, summary=fields.description, language=fields.language or site.language, updated=fields.updated)
    footer = "/" not in url if fields.footer is None else fields.footer
    return article, PageSettings(fields.menu, footer, fields.order, fields.search), body
