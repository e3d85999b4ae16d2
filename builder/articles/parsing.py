"""One article's file to the article, its HTML and its card, or to the problems that keep it from being one."""

from __future__ import annotations

import hashlib
import posixpath
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from builder.articles import article_html, markdown
from builder.articles.frontmatter import FrontMatterError, Source, split
from builder.articles.model import FIELD_NAMES, Article, ArticleSummary, Correction, Image, Withdrawal, timestamp_of
from builder.base import files
from builder.base.imagetypes import IMAGE_TYPES
from builder.base.problems import Problem, Severity, suggestion
from builder.base.urls import slugify
from builder.base.yamltext import YamlError, parse, position
from builder.config.site import Site

_NAMESPACE = uuid.UUID("6b5d9f0e-7c1a-5e3b-9d2f-4a8e1c0b7d63")
_LEADING_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}-(?=.)")
_FIRST_HEADING = re.compile(r"\A\s*(?:#{1,6}[ \t]+(?P<hash>[^\n]*?)[ \t]*#*[ \t]*|(?P<line>[^\n]+)\n=+[ \t]*)(?:\n|\Z)")
_ANY_HEADING = re.compile(r"^(?:#{1,6}[ \t]+(?P<hash>[^\n]*?)[ \t]*#*[ \t]*|(?P<line>[^\n]+)\n(?:=+|-+)[ \t]*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ParsedArticle:
    """What one file gave. Without a `card` it cannot be published, and an error among the `problems` says why."""

    path: str
    sha256: str
    card: ArticleSummary | None = None
    article: bytes = b""
    """The Article as JSON."""
    html: str = ""
    """Its body, postprocessed (see builder.articles.article_html)."""
    problems: tuple[Problem, ...] = ()
    unknown: tuple[str, ...] = ()
    """Keys that are none of our words, where they are only warned of: the build says so once a key."""


@dataclass(slots=True)
class _ParseContext:
    """One file while it is read: where problems are gathered and positions found."""

    path: str
    source: Source
    keys: dict[str, str] = field(default_factory=dict)
    """How this file spells our words, where `fields` maps them."""
    problems: list[Problem] = field(default_factory=list)

    def tell(self, severity: Severity, where: Sequence[str | int], message: str) -> None:
        """Add a problem at the key path `where` of the front matter."""
        spelled = [self.keys.get(str(where[0]), where[0]), *where[1:]] if where else []
        line, column = position(self.source.front, spelled) if self.source.front and spelled else (0, 1)
        self.problems.append(
            Problem(
                self.path, self.source.front_line - 1 + line if line else 1, column, severity, ".".join(map(str, spelled)), message
            )
        )

    def tell_body(self, severity: Severity, text: str, message: str) -> None:
        """Add a problem at the first place of `text` in the body."""
        at = max(self.source.body.find(text), 0)
        before = self.source.body[:at]
        line = self.source.body_line + before.count("\n")
        self.problems.append(Problem(self.path, line, at - before.rfind("\n"), severity, "", message))


def load(path: str, data: bytes, content: Path, site: Site) -> ParsedArticle:
    """Read the bytes of the article at `content`/`path` (POSIX) by the settings of `site`. Never raises for its text."""
    sha256 = hashlib.sha256(data).hexdigest()
    shown = f"content/{path}"
    try:
        source = split(data)
    except FrontMatterError as error:
        return ParsedArticle(path, sha256, problems=(Problem(shown, error.line, error.column, Severity.ERROR, "", error.message),))
    reading = _ParseContext(shown, source)
    for line, column, message in source.mended:
        reading.problems.append(Problem(shown, line, column, Severity.WARNING, "", message))
    try:
        given = parse(source.front)
    except YamlError as error:
        at = error.line + source.front_line - 1
        reading.problems.append(Problem(shown, at, error.column, Severity.ERROR, error.field, error.message))
        return ParsedArticle(path, sha256, problems=tuple(reading.problems))
    values, unknown = _in_our_words(given, reading, site)
    body = _settle_title(values, given, reading, site)
    article = _validate(values, reading, site)
    if article is None:
        return ParsedArticle(path, sha256, problems=tuple(sorted(reading.problems)), unknown=unknown)
    article, html, links, media = _settle_body(article, body, reading, path, content, site)
    url = _url(article, path, reading, site)
    if any(problem.severity is Severity.ERROR for problem in reading.problems):
        return ParsedArticle(path, sha256, problems=tuple(sorted(reading.problems)), unknown=unknown)
    record = article.model_dump_json().encode()
    card = _card(article, path, url, html, links, media, files.digest(record, html, sha256), site)
    return ParsedArticle(path, sha256, card, record, html, tuple(sorted(reading.problems)), unknown)


def default_id(path: str) -> str:
    """Return the id of an article that gives none: a `tag:` URI (RFC 4151) over a UUIDv5 of its content path."""
    return f"tag:morgue,2025:{uuid.uuid5(_NAMESPACE, path)}"


def _in_our_words(given: dict[str, Any], reading: _ParseContext, site: Site) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the front matter under our words, with the site's defaults, and the keys that are none of them."""
    values = {word: value for word, value in given.items() if word in FIELD_NAMES and value is not None}
    for word, key in site.fields.items():
        if given.get(key) not in (None, ""):
            values[word] = given[key]
            reading.keys[word] = key
    for word, default in site.defaults.items():
        if values.get(word) in (None, "", []):
            values[word] = default
    if isinstance(values.get("language"), str):
        values["language"] = values["language"].replace("_", "-")
    values.setdefault("language", site.language)
    known = FIELD_NAMES | set(site.fields.values())
    strangers = [key for key in given if key not in known]
    if site.unknown_fields == "keep":
        values["extra"] = {key: given[key] for key in strangers}
        return values, ()
    if site.unknown_fields == "error":
        for key in strangers:
            reading.tell(
                Severity.ERROR,
                (key,),
                f"unknown field{suggestion(key, FIELD_NAMES)}; map it with `fields` in site.yml or remove it",
            )
        return values, ()
    return values, tuple(strangers)


def _settle_title(values: dict[str, Any], given: dict[str, Any], reading: _ParseContext, site: Site) -> str:
    """Give `values` a title, from the first heading where it has none; return the body without the heading that is the title."""
    body, title = reading.source.body, values.get("title", "")
    if not isinstance(title, str):
        return body  # the model says what is wrong with it
    if title.strip():
        heading = _FIRST_HEADING.match(body)
        if heading is None or _compared(heading["hash"] or heading["line"] or "") != _compared(title):
            return body
        message = "the heading repeats the title and is not shown twice"
    else:
        heading = _ANY_HEADING.search(body)
        title = article_html.plain(markdown.to_html(heading["hash"] or heading["line"] or "")) if heading else ""
        if heading is None or not title:
            reading.tell(
                Severity.ERROR,
                ("title",) if site.fields.get("title", "title") in given else (),
                "the title is missing; give the article one",
            )
            return body
        values["title"] = title
        message = "the title is empty and was read from this heading; `morgue fix` writes it into the file"
    reading.tell_body(Severity.WARNING, heading[0].strip(), message)
    return body[: heading.start()] + body[heading.end() :]


def _compared(title: str) -> str:
    """Return what two spellings of one headline have in common: case, spacing and Markdown's escapes aside."""
    return "".join(title.replace("\\", "").casefold().split())


def _validate(values: dict[str, Any], reading: _ParseContext, site: Site) -> Article | None:
    try:
        article = Article.model_validate(values, context={"timezone": site.timezone})
    except ValidationError as error:
        for detail in error.errors():
            reading.tell(Severity.ERROR, detail["loc"], _explain(detail))
        return None
    if not article.date and site.undated == "error":
        reading.tell(Severity.ERROR, (), "date is missing; give it one, or let site.yml keep undated articles (undated: keep)")
    for word in ("tags", "agency", "byline"):
        for name in getattr(article, word):
            if not slugify(name):
                reading.tell(Severity.WARNING, (word,), f'"{name}" has no letter or digit and is left out')
    for place, image in enumerate(article.images):
        for word, help_ in (("credit", "say who made it"), ("alt", "say what it shows, for those who cannot see it")):
            if not getattr(image, word):
                reading.tell(Severity.WARNING, ("images", place, word), f"the picture {image.src} has no {word}; {help_}")
    return article.model_copy(
        update={
            "agency": _canonical(article.agency, "agencies", site),
            "source": site.name_of("sources", article.source) if article.source else "",
            "byline": tuple(filter(slugify, article.byline)),
            "tags": tuple(filter(slugify, article.tags)),
            "section": article.section if slugify(article.section) else "",
            "type": article.type if slugify(article.type) else "",
            "id": article.id or default_id(reading.path.removeprefix("content/")),
        }
    )


def _canonical(names: tuple[str, ...], kind: Any, site: Site) -> tuple[str, ...]:
    return tuple(dict.fromkeys(site.name_of(kind, name) for name in names if slugify(name)))


def _explain(detail: Any) -> str:
    """Say what pydantic found in words for the person who wrote the file."""
    kind, where = detail["type"], detail["loc"]
    if kind == "extra_forbidden":
        models: dict[Any, type[BaseModel]] = {"images": Image, "corrections": Correction, "withdrawn": Withdrawal}
        model = models.get(where[0], Article)
        return f"unknown field{suggestion(str(where[-1]), model.model_fields)}"
    if kind == "missing":
        return f"{where[-1]} is missing"
    if kind == "string_type":
        return "must be one text, not a list or a mapping"
    if kind == "model_type":
        return "must be `key: value` lines"
    if kind == "bool_parsing":
        return "must be true or false"
    if kind == "string_pattern_mismatch":
        return f'"{detail["input"]}" is no language code; write one like en or zh-Hant'
    message = str(detail["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _settle_body(
    article: Article, body: str, reading: _ParseContext, path: str, content: Path, site: Site
) -> tuple[Article, str, tuple[str, ...], tuple[tuple[str, str, int, int], ...]]:
    """Return the article with its pictures placed, its HTML, its links, and its media (source, output, size, mtime)."""
    folder = posixpath.dirname(path)
    media: dict[str, tuple[str, str, int, int]] = {}

    def place(src: str) -> str | None:
        target = posixpath.normpath(src.lstrip("/") if src.startswith("/") else posixpath.join(folder, src))
        if target.startswith("../") or not (content / target).resolve().is_relative_to(content.resolve()):
            complain(src, "leaves the content folder")
            return None
        if not target.lower().endswith(tuple(IMAGE_TYPES)):
            complain(src, f"is not one of {', '.join(IMAGE_TYPES)}")
            return None
        try:
            status = (content / target).stat()
            output = _media_path(content / target, status.st_size, status.st_mtime_ns)
        except OSError:
            media[target] = (target, "", -1, 0)
            complain(src, "is not there; put the file beside the article or mend its name")
            return None
        media[target] = (target, output, status.st_size, status.st_mtime_ns)
        return output

    def complain(src: str, why: str) -> None:
        named = [index for index, image in enumerate(article.images) if image.src == src]
        if named:
            reading.tell(Severity.WARNING, ("images", named[0], "src"), f"the picture {src} {why}; the article is shown without it")
        else:
            reading.tell_body(Severity.WARNING, src, f"the picture {src} {why}; the article is shown without it")

    images = []
    for image in article.images:
        placed = image.src if image.remote else place(image.src)
        if placed:
            images.append(image.model_copy(update={"src": placed}))
    try:
        html = markdown.to_html(body, site.markdown)
    except ValueError as error:
        reading.tell_body(Severity.ERROR, "", str(error))
        html = ""
    html, links = article_html.postprocess(html, place, folder)
    if not body.strip():
        reading.tell_body(Severity.WARNING, "", "has no text; its page shows the headline alone")
    return article.model_copy(update={"images": tuple(images)}), html, links, tuple(media.values())


@lru_cache(maxsize=1024)
def _media_path(file: Path, size: int, mtime_ns: int) -> str:  # noqa: ARG001 (they tell one state of a file from the next)
    return f"media/{files.digest(file.read_bytes())[:20]}{file.suffix.lower()}"


def _url(article: Article, path: str, reading: _ParseContext, site: Site) -> str:
    stem = posixpath.splitext(posixpath.basename(path))[0]
    if stem == "index" and posixpath.dirname(path):  # a story in a folder of its own, beside its pictures
        stem = posixpath.basename(posixpath.dirname(path))
    if article.slug and ("/" in article.slug or "\\" in article.slug or ".." in article.slug):
        reading.tell(Severity.ERROR, ("slug",), f'"{article.slug}" would leave its folder; a slug is letters, digits and hyphens')
        return ""
    slug = slugify(article.slug or _LEADING_DATE.sub("", stem))
    if not slug:
        reading.tell(
            Severity.ERROR, ("slug",) if article.slug else (), "no address can be made of the file's name; give the article a slug"
        )
        return ""
    if not article.date:
        return f"undated/{slug}.html"
    year, month, day = article.date[:10].split("-")
    return site.permalink.format(
        year=year,
        month=month,
        day=day,
        slug=slug,
        section=slugify(article.section) or "none",
        source=slugify(article.source) or "none",
    )


def _card(
    article: Article, path: str, url: str, html: str, links: tuple[str, ...], media: tuple[tuple[str, str, int, int], ...],
    record: str, site: Site,
) -> ArticleSummary:  # fmt: skip
    lead = article.images[0] if article.images and not article.withdrawn else None
    latest = max(article.corrections, key=lambda correction: correction.date, default=None)
    summary = "" if article.withdrawn else article.summary or article_html.first_words(article_html.plain(html[:4000]))
    listed = (
        article.title, article.language, article.date, article.date[:10], timestamp_of(article.date, site.timezone),
        article.updated,
        article.source, article.agency, article.byline, article.section, article.type, article.tags, article.slugline, summary,
        lead.src if lead else "", lead.alt if lead else "", latest.date if latest else "", latest.text if latest else "",
        article.withdrawn is not None, article.withdrawn.date if article.withdrawn else "",
        article.withdrawn.reason if article.withdrawn else "",
    )  # fmt: skip
    return ArticleSummary(
        path, article.id, url, *listed, timestamp_of(article.embargo, site.timezone), timestamp_of(article.expires, site.timezone),
        article.draft, article.aliases, links, media, record, files.digest(url, article.id, repr(listed)),
    )  # fmt: skip
