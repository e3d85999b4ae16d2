"""Where an article's page stands: its slug, from front matter or the file's name, in the site's permalink."""

from __future__ import annotations

import posixpath
import re

from builder.articles.model import Article
from builder.articles.parse_context import ParseContext
from builder.base.dates import first_day
from builder.base.problems import Severity
from builder.base.urls import decode_percent, slugify
from builder.config.site import Site

_LEADING_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}-(?=.)")


def article_url(article: Article, path: str, context: ParseContext, site: Site) -> str:
    """Return the output path of the page of `article`, which stands at content/`path`; "" where none can be made."""
    stem = posixpath.splitext(posixpath.basename(path))[0]
    if stem == "index" and posixpath.dirname(path):  # a story in a folder of its own, beside its pictures
        stem = posixpath.basename(posixpath.dirname(path))
    name = decode_percent(article.slug)
    if "/" in name or "\\" in name or ".." in name:
        message = f'"{article.slug}" would leave its folder; a slug is letters, digits and hyphens'
        context.report(Severity.ERROR, ("slug",), message)
        return ""
    slug = slugify(name or _LEADING_DATE.sub("", decode_percent(stem)))
    if not slug:
        where = ("slug",) if article.slug else ()
        context.report(Severity.ERROR, where, "no address can be made of the file's name; give the article a slug")
        return ""
    if not article.date:
        return f"undated/{slug}.html"
    year, month, day = first_day(article.date).split("-")
    return site.permalink.format(
        year=year,
        month=month,
        day=day,
        slug=slug,
        section=slugify(article.section) or "none",
        source=slugify(article.source) or "none",
    )
