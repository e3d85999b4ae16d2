"""An article's headline: its title, or the first heading of its text."""

from __future__ import annotations

import re
from typing import Any

from builder.articles import article_html, markdown
from builder.articles.parse_context import ParseContext
from builder.base.problems import Severity

_FIRST_HEADING = re.compile(r"\A\s*+(?:#{1,6}[ \t]+(?P<hash>[^\n]*)|(?P<line>[^\n]+)\n=+[ \t]*)(?:\n|\Z)")
_ANY_HEADING = re.compile(r"^(?:#{1,6}[ \t]+(?P<hash>[^\n]*)|(?P<line>[^\n]+)\n(?:=+|-+)[ \t]*)$", re.MULTILINE)


MAX_FIRST_WORDS = 80
"""Letters of the first words that stand in for a headline."""


def resolve_title(values: dict[str, Any], front_matter: dict[str, Any], context: ParseContext, keeps_untitled: bool = False) -> str:
    """Give `values` a title, from the first heading where it has none; return the body without the heading that is the title.

    With `keeps_untitled` the first words of a text without a heading stand in, and the title is marked as worked out.
    """
    body, title = context.source.body, values.get("title", "")
    if not isinstance(title, str):
        return body  # the model says what is wrong with it
    if title.strip():
        heading = _FIRST_HEADING.match(body)
        if heading is None or _fold(_text_of(heading)) != _fold(title):
            return body
        message = "the heading repeats the title and is not shown twice"
    else:
        heading = _ANY_HEADING.search(body)
        title = article_html.plain_text(markdown.to_html(_text_of(heading))) if heading else ""
        first_words = article_html.plain_text(markdown.to_html(body)).strip() if keeps_untitled and not title else ""
        if first_words:
            values["title"] = article_html.first_words(first_words, MAX_FIRST_WORDS)
            inferred = values.get("inferred") or []
            values["inferred"] = [*(inferred if isinstance(inferred, list) else [inferred]), "title"]
            context.report(Severity.WARNING, (), "title is missing; the first words stand in for it")
            return body
        if heading is None or not title:
            where = ("title",) if context.keys.get("title", "title") in front_matter else ()
            advice = (
                ": there are no first words that could stand in"
                if keeps_untitled
                else (", or let site.yml keep such articles (untitled: keep)")
            )
            context.report(Severity.ERROR, where, f"the title is missing; give the article one{advice}")
            return body
        values["title"] = title
        message = "the title is empty and was read from this heading; `morgue fix` writes it into the file"
    context.report_body(Severity.WARNING, heading[0].strip(), message)
    return body[: heading.start()] + body[heading.end() :]


def split_title(title: str, body: str) -> tuple[str, str]:
    """Return `title`, or where it is empty the text of the first-level heading that `body` begins with, and `body` without it.

    A heading that repeats the title goes too.
    """
    heading = _FIRST_HEADING.match(body)
    if heading is None:
        return title, body
    text = _text_of(heading)
    if _fold(text) != _fold(title) if title else heading[0].lstrip().startswith("##"):
        return title, body
    return title or article_html.plain_text(markdown.to_html(text)), body[heading.end() :]


def _text_of(heading: re.Match[str]) -> str:
    """Return the text of a heading, without the #s that may close it."""
    after_signs = heading["hash"] or ""
    return after_signs.rstrip(" \t").rstrip("#").rstrip(" \t") or heading["line"] or ""


def _fold(title: str) -> str:
    """Return what two spellings of one headline share: case, spacing and Markdown's escapes aside."""
    return "".join(title.replace("\\", "").casefold().split())
