"""One article's file to its front matter, its HTML and its summary, or to the problems that keep it from being published."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from builder.articles import article_html
from builder.articles.article_summary import searched_text, summarise
from builder.articles.body_rendering import render_body
from builder.articles.field_validation import map_fields, validate
from builder.articles.frontmatter import FrontMatterError, split
from builder.articles.headline import resolve_title
from builder.articles.leftovers import report_leftovers
from builder.articles.model import ArticleSummary
from builder.articles.named_files import Media, NamedFileError
from builder.articles.originals import find_original
from builder.articles.page_fields import PageSettings, page_url, read_page_fields
from builder.articles.parse_context import ParseContext
from builder.articles.permalinks import article_url
from builder.articles.time_budget import TimeBudgetError, limit_time
from builder.articles.yaml_warnings import report_odd_yaml, strip_controls
from builder.base.problems import Problem, Severity
from builder.base.yaml_parsing import Finding, YamlError, parse
from builder.base.yaml_recovery import recover
from builder.config.site import Site
from builder.incremental import fingerprints

_USUAL_BYTES = bytes(byte for byte in range(256) if not 33 <= byte < 127 or chr(byte).isalnum())
_NAMESPACE = uuid.UUID("6b5d9f0e-7c1a-5e3b-9d2f-4a8e1c0b7d63")


@dataclass(frozen=True, slots=True)
class ParsedArticle:
    """What one file gave. Without an `article` it cannot be published, and an error among the `problems` says why."""

    path: str
    sha256: str
    article: ArticleSummary | None = None
    article_json: bytes = b""
    """The Article as JSON."""
    html: str = ""
    """Its body, postprocessed (see builder.articles.article_html)."""
    text: str = ""
    """What is searched as its body, plain (article_summary.searched_text)."""
    problems: tuple[Problem, ...] = ()
    unknown: tuple[str, ...] = ()
    """Unknown fields, where they are only warned of: the build says so once a key."""
    page: PageSettings | None = None
    """Of a page of the archive's own, where it is shown; None: it is an article."""


def parse_article(path: str, data: bytes, content: Path, site: Site, known_outputs: frozenset[str] = frozenset()) -> ParsedArticle:
    """Parse the bytes of the article at `content`/`path` (POSIX) by the settings of `site`. Never raises for its text.

    `known_outputs` are those of its media that are renditions, as it was last read: their pictures are not decoded again.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    file = f"content/{path}"
    try:
        with limit_time(site.article_seconds):
            return _parse(path, file, data, sha256, content, site, known_outputs)
    except TimeBudgetError:
        message = _over_budget(data, site)
    except Exception as error:  # noqa: BLE001 (one captured file must not stop the archive)
        message = f"cannot be read: {type(error).__name__}: {error}; this is a fault of Morgue: please report it, with this file"
    return ParsedArticle(path, sha256, problems=(Problem(file, 1, 1, Severity.ERROR, "", message),))


def _over_budget(data: bytes, site: Site) -> str:
    """Say that an article takes too long, and what there is most of in it beside letters."""
    signs = Counter(data.translate(None, _USUAL_BYTES))
    [(sign, count)] = signs.most_common(1) or [(0, 0)]
    cause = f"; it holds {count} of {chr(sign)}" if count > 1000 else ""
    return (
        f"takes more than {site.article_seconds:g} seconds to be read{cause}: repair its Markdown, "
        "split it, or raise article_seconds in site.yml"
    )


def _parse(
    path: str, file: str, data: bytes, sha256: str, content: Path, site: Site, known_outputs: frozenset[str]
) -> ParsedArticle:
    try:
        source = split(data)
    except FrontMatterError as error:
        return ParsedArticle(path, sha256, problems=(Problem(file, error.line, error.column, Severity.ERROR, "", error.message),))
    context = ParseContext(file, source, known_outputs=known_outputs)
    for line, column, message in source.repairs:
        context.problems.append(Problem(file, line, column, Severity.WARNING, "", message))
    try:
        findings: list[Finding] = []
        front_matter = parse(source.front, findings)
    except YamlError as error:
        return _parse_on(path, context, error, sha256, content, site)
    return _parse_front(path, front_matter, findings, context, sha256, content, site)


def _parse_on(path: str, context: ParseContext, error: YamlError, sha256: str, content: Path, site: Site) -> ParsedArticle:
    """Return all mistakes of a front matter that is no YAML, of its grammar and, where it can be read on, of its other fields."""
    errors, text = recover(context.source.front, error)
    for each in errors:
        context.report_front(Severity.ERROR, each.line, each.column, each.field, each.message)
    count, lines = len(context.problems), {each.line + context.source.front_line - 1 for each in errors}
    unknown: tuple[str, ...] = ()
    if text is not None:
        context.source = replace(context.source, front=text)
        findings: list[Finding] = []
        unknown = _parse_front(path, parse(text, findings), findings, context, sha256, content, site).unknown
    problems = context.problems[:count] + [problem for problem in context.problems[count:] if problem.line not in {1, *lines}]
    return ParsedArticle(path, sha256, problems=tuple(sorted(problems)), unknown=unknown)


def _parse_front(
    path: str,
    front_matter: dict[str, Any],
    findings: list[Finding],
    context: ParseContext,
    sha256: str,
    content: Path,
    site: Site,
) -> ParsedArticle:
    """Return what a file with the fields `front_matter` gives."""
    for finding in findings:
        severity = Severity.ERROR if finding.is_error else Severity.WARNING
        context.report_front(severity, finding.line, finding.column, finding.key, finding.message)
    front_matter = strip_controls(front_matter, context)
    report_odd_yaml(context)
    if site.is_own_page(path):
        return _parse_page(path, front_matter, context, sha256, content, site)
    values, unknown = map_fields(front_matter, context, site)
    body = resolve_title(values, front_matter, context, site.untitled == "keep")
    report_leftovers(context)
    article = validate(values, context, site)
    if article is None:
        return ParsedArticle(path, sha256, problems=tuple(sorted(context.problems)), unknown=unknown)
    article = article.model_copy(update={"id": article.id or default_id(path)})
    article, body_html, media = render_body(article, body, context, path, content, site)
    original = _find_original(article.captured_sha256, content, context)
    url = article_url(article, path, context, site)
    if context.has_errors:
        return ParsedArticle(path, sha256, problems=tuple(sorted(context.problems)), unknown=unknown)
    article_json = article.to_stored_json().encode()
    body_text = article_html.plain_text(body_html.html)
    text = searched_text(article, body_text)
    content_hash = fingerprints.content_hash(article_json, body_html.html, sha256)
    return ParsedArticle(
        path,
        sha256,
        article=summarise(article, path, url, body_html, body_text, media + original, content_hash, site, context.draft_sign),
        article_json=article_json,
        html=body_html.html,
        text=text,
        problems=tuple(sorted(context.problems)),
        unknown=unknown,
    )


def _find_original(digest: str, content: Path, context: ParseContext) -> tuple[Media, ...]:
    """Return the captured bytes as a file of the article (find_original); what else stands in their place is reported."""
    try:
        return find_original(content, digest)
    except NamedFileError as error:
        if error.media is None:
            return ()
        path = error.media[0].removeprefix("../")
        context.report(Severity.WARNING, ("captured_sha256",), f"the captured file {path} {error}; the article is shown without it")
        return (error.media,)


def _parse_page(
    path: str, front_matter: dict[str, Any], context: ParseContext, sha256: str, content: Path, site: Site
) -> ParsedArticle:
    """Return a page of the archive's own: to those that show, link and search texts it is an article without a date."""
    report_leftovers(context)
    url = page_url(path, site.pages)
    fields = read_page_fields(front_matter, context, url, site)
    if fields is None or context.has_errors:
        return ParsedArticle(path, sha256, problems=tuple(sorted(context.problems)))
    article, settings, body = fields
    article = article.model_copy(update={"id": default_id(path)})
    article, html, media = render_body(article, body, context, path, content, site)
    if context.has_errors:
        return ParsedArticle(path, sha256, problems=tuple(sorted(context.problems)))
    article_json, text = article.to_stored_json().encode(), article_html.plain_text(html.html)
    content_hash = fingerprints.content_hash(article_json, html.html, sha256)
    return ParsedArticle(
        path,
        sha256,
        article=summarise(article, path, url, html, text, media, content_hash, site),
        article_json=article_json,
        html=html.html,
        text=searched_text(article, text),
        problems=tuple(sorted(context.problems)),
        page=settings,
    )


def default_id(path: str) -> str:
    """Return the id of an article that gives none: a `tag:` URI (RFC 4151) over a UUIDv5 of its content path."""
    return f"tag:morgue,2025:{uuid.uuid5(_NAMESPACE, path)}"
