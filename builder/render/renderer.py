"""Planned pages to bytes, and bytes to files staged for publishing; runs in every worker."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import lru_cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import jinja2
from markupsafe import Markup
from rcssmin import cssmin
from rjsmin import jsmin

from builder.archive.addresses import ATOM, CORRECTIONS, JSON_FEED, RSS, date_page
from builder.archive.taxonomies import TAXONOMIES, WATCHES, Taxonomy, names_of
from builder.articles import article_html
from builder.articles.embeds import translate_labels
from builder.articles.model import Article, ArticleSummary
from builder.articles.originals import original_of
from builder.base import files, version
from builder.base.directions import direction_of, is_right_to_left
from builder.base.geotags import without_position
from builder.base.locales import Localization
from builder.base.picture_renditions import shrink
from builder.base.problems import Problem, Severity
from builder.base.urls import absolute, page_of, root_of, slugify
from builder.config.site import Site
from builder.formats import calendar_data, citations, corrections_feed, feeds, opml, page_head, server_redirects, sitemap
from builder.plan.article_pages import LinkedArticle
from builder.plan.charts import Link, by_year
from builder.plan.feed_pages import FeedLink
from builder.plan.model import PICTURE_SIZE, PICTURE_WITHOUT_POSITION, Page
from builder.plan.term_pages import TermView, by_month
from builder.render import data_files, feed_files
from builder.render.templating import open_environment
from builder.render.theme import RenderSettings
from builder.search.browser import data_scripts, store
from builder.search.text.facets import TABLE as FACET_TABLE
from builder.state.state import FILE as STATE_FILE
from builder.state.state import BodyReader, StoredBody

_THEME = version.theme_folder("static")
_MINIFIERS: Mapping[str, Callable[[bytes], bytes | bytearray]] = {".css": cssmin, ".js": jsmin}
"""The theme's scripts and style sheet are published without comments and indentation."""
_COMPILE_HINT = b"//# allFunctionsCalledOnLoad"
"""Before scripts that were joined, as all that is in them is needed: Chromium compiles it while it waits for other files
(explicit compile hints), other browsers read a comment."""

DATE_FILTERS = ("day", "moment", "month", "month_name", "weekday", "number", "type_name", "language_name")
"""The methods of Localization that templates have as filters."""


MAX_COPY_BYTES = 16_000_000
"""Larger files are copied in pieces, and not compared with what is published."""


_FAULTS = (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError)
"""What a template's expressions raise."""


class RenderResult(NamedTuple):
    """What became of a page: the name of its file in the staging folder ("" where the published one is already the same),
    or a problem."""

    path: str
    staged_name: str
    size: int
    mtime_ns: int
    sha512: str = ""
    """In hexadecimal."""
    problem: Problem | None = None


def render_batch(work: tuple[RenderSettings, list[tuple[int, Page]]]) -> list[RenderResult]:
    """Render numbered pages and stage what differs from what is published. A page that fails comes back with a problem."""
    settings, pages = work
    renderer = _renderer(settings._replace(state_folder="", output="", staging=""))
    renderer.state_folder, renderer.output = Path(settings.state_folder), Path(settings.output)
    with (  # not for longer: another state may take its place
        closing(BodyReader(renderer.state_folder / STATE_FILE)) as renderer.bodies,
        closing(store.FileReader(renderer.state_folder)) as renderer.search_files,
    ):
        return [_stage(settings, number, page, renderer) for number, page in pages]


def _stage(settings: RenderSettings, number: int, page: Page, renderer: Renderer) -> RenderResult:
    if page.renderer == "copy" and _is_large(page.context["parts"]):
        return _stage_large(settings, number, page)
    try:
        data = renderer.render(page)
    except (jinja2.TemplateError, *_FAULTS) as error:
        problem = _template_problem(error, page)
        if problem is None:
            raise
        return RenderResult(page.path, "", 0, 0, problem=problem)
    sha512 = hashlib.sha512(data).hexdigest()
    # Names as texts and bare calls: a Path costs as much as the file.
    target, temporary = f"{settings.output}/{page.path}", f"{settings.staging}/{number}"
    try:
        status = os.stat(target)  # noqa: PTH116
        if status.st_size == len(data) and Path(target).read_bytes() == data:
            return RenderResult(page.path, "", status.st_size, status.st_mtime_ns, sha512)
    except OSError:
        pass  # it is not there, or is no file that can be read: the new one takes its place
    with open(temporary, "wb", buffering=0) as file:  # noqa: PTH123
        if file.write(data) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), temporary)
        status = os.fstat(file.fileno())
    return RenderResult(page.path, str(number), status.st_size, status.st_mtime_ns, sha512)


def _is_large(parts: tuple[str, ...]) -> bool:
    return len(parts) == 1 and os.stat(parts[0]).st_size > MAX_COPY_BYTES  # noqa: PTH116


def _stage_large(settings: RenderSettings, number: int, page: Page) -> RenderResult:
    """Copy a large file in pieces: however large it is, it costs the memory of one."""
    temporary, sha512 = Path(settings.staging, str(number)), hashlib.sha512()
    with files.open_regular(Path(page.context["parts"][0])) as source, temporary.open("wb") as target:
        for piece in files.pieces(source):
            sha512.update(piece)
            target.write(piece)
    status = temporary.stat()
    return RenderResult(page.path, str(number), status.st_size, status.st_mtime_ns, sha512.hexdigest())


@lru_cache(maxsize=4)
def _renderer(settings: RenderSettings) -> Renderer:
    """Return the renderer of a theme and settings, wherever the archive is: to open templates takes as long as to render some."""
    return Renderer(settings)


def _template_problem(error: Exception, page: Page) -> Problem | None:
    """Say in which template and line a page went wrong; None where another part of the program did."""
    name, line = getattr(error, "name", None) or page.renderer, getattr(error, "lineno", None) or 0
    is_of_template = isinstance(error, jinja2.TemplateError)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith((".html", ".xml")):
            name, line = Path(trace.tb_frame.f_code.co_filename).name, trace.tb_lineno
            is_of_template = True
        trace = trace.tb_next
    fault = getattr(error, "message", "") or f"{type(error).__name__}{': ' if str(error) else ''}{error}"
    message = f"{fault} (while {page.path} was rendered)"
    return Problem(f"templates/{name}", line, 1, Severity.ERROR, "", message) if is_of_template else None


class Renderer:
    """Renders the pages of one theme with one site's settings, from the stored texts and search files that it is given."""

    def __init__(self, settings: RenderSettings) -> None:
        self.site = Site.model_validate_json(settings.site)
        self.localization = Localization(self.site.language, self.site.timezone, [Path(folder) for folder in settings.templates])
        self.feed_entries = feed_files.EntryCache(self._feed_entry)
        self.bodies: BodyReader
        self.search_files: store.FileReader
        self.state_folder: Path
        self.output: Path
        self.templates = open_environment(settings.templates, self.localization)
        self.templates.add_filters(
            absolute=lambda path: absolute(self.site.url, path),
            groupby_month=by_month,
            groupby_year=by_year,
            language_attributes=partial(_language_attributes, direction_of(self.site.language)),
            **{name: getattr(self.localization, name) for name in DATE_FILTERS},
        )
        taxonomies = [*TAXONOMIES, WATCHES] if self.site.watches else TAXONOMIES
        self.templates.globals.update(
            site=SimpleNamespace(**self.site.display_settings),
            menus=settings.menus,
            nav=[SimpleNamespace(kind=each.folder, title=each.title, path=page_of(each.folder)) for each in taxonomies],
            direction=direction_of(self.site.language),
            interface_language=self.localization.language,
            arrows=dict(zip(("back", "forward"), "→←" if is_right_to_left(self.site.language) else "←→", strict=True)),
            has_undated=self.site.undated == "keep",
            has_data=self.site.data != "none",
            facets=sorted(FACET_TABLE, key=lambda facet: facet.name != "tag"),  # topics first: they narrow, the others widen
        )

    def render(self, page: Page) -> bytes:
        """Return the bytes of `page`. Raises jinja2.TemplateError for a fault in a template."""
        render = RENDERERS.get(page.renderer)
        if render is not None:
            return render(self, page)
        context = {"path": page.path, "feeds": self.feeds_of(page), **page.context}
        if page.renderer == "article.html":
            context.update(self._article(page))
        else:
            if page.renderer == "corrections.html":
                context["notes"] = corrections_feed.newest_first(self.stored_articles(page))
            if "source" in page.context:
                context["page"], context["body"] = self._own_page(page)
            if "release" in page.context:
                context["cite"] = citations.cite_archive(page.context["release"], self.site, self.localization)
            context["head"] = page_head.page_head(page, self.site, self.localization)
        return self.templates.render(page.renderer, context).encode()

    def stored_articles(self, page: Page) -> Iterator[tuple[Article, ArticleSummary]]:
        """Yield the articles of a page's context, each with its summary."""
        for summary in page.context["articles"]:
            yield Article.from_stored_json(self.bodies.read(summary).article), summary

    def feeds_of(self, page: Page) -> list[FeedLink]:
        """Return the feeds that belong to a page: the site's, and a term's own."""
        term = page.context.get("term")
        feeds_ = [
            FeedLink(self.site.title, RSS, "application/rss+xml"),
            FeedLink(self.site.title, ATOM, "application/atom+xml"),
            FeedLink(self.site.title, JSON_FEED, "application/feed+json"),
        ]
        if isinstance(term, TermView) and term.feed:
            feeds_.append(FeedLink(f"{self.site.title}: {term.name}", term.feed, "application/rss+xml"))
        return feeds_

    def entry(self, story: LinkedArticle) -> tuple[Article, str]:
        """Return an article and its HTML, with links still to be resolved."""
        body = self.bodies.read(story.article)
        return Article.from_stored_json(body.article), self._html(body)

    def _feed_entry(self, story: LinkedArticle) -> feeds.Entry:
        article, html = self.entry(story)
        return feeds.entry_of(article, story.article, html, story.links, self.site)

    def _html(self, body: StoredBody) -> str:
        return translate_labels(body.html, self.localization.translations.gettext)

    def _own_page(self, page: Page) -> tuple[SimpleNamespace | None, Markup]:
        """Return the front matter and the HTML of the archive's own page that `page` takes its words from, if there is one."""
        source: LinkedArticle | None = page.context["source"]
        if source is None:
            return None, Markup()
        article, html = self.entry(source)
        head_fields = {
            "title": article.title,
            "description": article.summary,
            "language": article.language,
            "updated": article.updated,
        }
        linked_html = article_html.resolve_links(html, root_of(page.path), source.links)
        return SimpleNamespace(**head_fields), Markup(linked_html)  # noqa: S704 (sanitised when it was read)

    def _article(self, page: Page) -> dict[str, Any]:
        story: LinkedArticle = page.context["story"]
        summary = story.article
        body = self.bodies.read(summary)
        article = Article.from_stored_json(body.article)
        labels = {
            taxonomy.folder: [_label(summary, taxonomy, name) for name in names_of(summary, taxonomy.field)]
            for taxonomy in TAXONOMIES
        }
        html = "" if summary.withdrawn else article_html.resolve_links(self._html(body), root_of(page.path), story.links)
        return {
            **labels,
            "article": article,
            "summary": summary,
            "body": Markup(html),  # noqa: S704 (sanitised when it was read)
            "sha256": body.sha256,
            "source_file": f"content/{summary.path}",
            "original": "" if summary.withdrawn else original_of(summary.media),
            "breadcrumbs": _breadcrumbs(summary),
            "cite": citations.cite(article, summary, self.site, self.localization),
            "head": page_head.article_head(article, summary, self.site),
        }


@lru_cache(maxsize=256)
def _language_attributes(page_direction: str, language: str) -> Markup:
    """Return the HTML attributes of an element whose text is in `language`: `lang`, and `dir` where it is not the page's."""
    direction = direction_of(language)
    dir_ = Markup(' dir="{}"').format(direction) if direction != page_direction else ""
    return Markup(' lang="{}"{}').format(language, dir_)


def _label(article: ArticleSummary, taxonomy: Taxonomy, name: str) -> Link:
    """Return a name of `article` with its page; a tombstone's lead nowhere, for its term may have gone."""
    return Link(name, "" if article.withdrawn else page_of(f"{taxonomy.folder}/{slugify(name)}"))


def _breadcrumbs(article: ArticleSummary) -> list[Link]:
    if article.withdrawn or not article.day:
        return []
    return [Link(article.day[:length], date_page(article.day[:length])) for length in (4, 7, 10) if length <= len(article.date)]


def _rss(renderer: Renderer, page: Page) -> bytes:
    return feeds.rss(renderer.site, *feed_files.channel_of(page, renderer.site, renderer.feed_entries))


def _atom(renderer: Renderer, page: Page) -> bytes:
    return feeds.atom(renderer.site, *feed_files.channel_of(page, renderer.site, renderer.feed_entries))


def _json(renderer: Renderer, page: Page) -> bytes:
    return feeds.json_feed(renderer.site, *feed_files.channel_of(page, renderer.site, renderer.feed_entries))


def _corrections(renderer: Renderer, page: Page) -> bytes:
    notes, _ = corrections_feed.newest_first(renderer.stored_articles(page)), renderer.localization.translations.gettext
    return corrections_feed.feed(notes, page.path, _(CORRECTIONS.title), renderer.site)


def _opml(renderer: Renderer, page: Page) -> bytes:
    _ = renderer.localization.translations.gettext
    groups = [(_(title), [(term.name, term.feed, term.path) for term in terms]) for _folder, title, terms in page.context["groups"]]
    return opml.opml(renderer.site, renderer.site.title, groups)


def _sitemap(renderer: Renderer, page: Page) -> bytes:
    return sitemap.sitemap(page.context["entries"], renderer.site.url, renderer.site.timezone)


def _sitemap_index(renderer: Renderer, page: Page) -> bytes:
    return sitemap.index(page.context["paths"], renderer.site.url)


def _robots(renderer: Renderer, page: Page) -> bytes:  # noqa: ARG001 (every renderer takes the page)
    return sitemap.robots(renderer.site.url)


def _opensearch(renderer: Renderer, page: Page) -> bytes:  # noqa: ARG001
    return sitemap.opensearch(renderer.site)


def _search_stories(renderer: Renderer, page: Page) -> bytes:
    bodies = ((article, renderer.bodies.read(article)) for article in page.context["articles"])
    items = [(article, Article.from_stored_json(body.article), body.text) for article, body in bodies]
    return data_scripts.stories_script(page.context["name"], items)


def _search_file(renderer: Renderer, page: Page) -> bytes:
    kind, name = page.context["kind"], page.context["name"]
    return data_scripts.script(f"{kind}/{name}", renderer.search_files.read(kind, name))


def _data(renderer: Renderer, page: Page) -> bytes:
    return data_files.year_file(page.context, renderer.bodies, renderer.state_folder, renderer.site, renderer.output / page.path)


def _copy(renderer: Renderer, page: Page) -> bytes:  # noqa: ARG001
    parts = [_file(part) for part in page.context["parts"]]
    is_script_bundle = len(parts) > 1 and page.path.endswith(".js")
    return b"\n".join([_COMPILE_HINT, *parts] if is_script_bundle else parts)


def _picture_size(renderer: Renderer, page: Page) -> bytes:  # noqa: ARG001
    return shrink(Path(page.context["parts"][0]), page.context["width"])


def _file(name: str) -> bytes:
    source = Path(name)
    data = source.read_bytes()
    minify = _MINIFIERS.get(source.suffix) if source.is_relative_to(_THEME) else None
    return bytes(minify(data)) if minify else data


RENDERERS: Mapping[str, Callable[[Renderer, Page], bytes]] = {
    "rss": _rss,
    "atom": _atom,
    "json": _json,
    "opml": _opml,
    "sitemap": _sitemap,
    "sitemap_index": _sitemap_index,
    "robots": _robots,
    "nojekyll": lambda renderer, page: b"",  # noqa: ARG005 (GitHub Pages looks whether it is there)
    "opensearch": _opensearch,
    "on_this_day": lambda _, page: calendar_data.on_this_day(page.context["stories"]),
    "netlify_redirects": lambda renderer, page: server_redirects.netlify(page.context["entries"], renderer.site.url),
    "nginx_redirects": lambda renderer, page: server_redirects.nginx(page.context["entries"], renderer.site.url),
    "calendar_days": lambda _, page: calendar_data.calendar_days(page.context["months"]),
    "data": _data,
    "data_fields": lambda _, page: data_files.fields_file(),  # noqa: ARG005
    "data_package": lambda renderer, page: data_files.package_file(page.context, renderer.site),
    "data_terms": lambda renderer, page: data_files.terms_file(page.context, renderer.site, renderer.localization),
    "corrections": _corrections,
    "copy": _copy,
    PICTURE_SIZE: _picture_size,
    PICTURE_WITHOUT_POSITION: lambda _, page: without_position(Path(page.context["parts"][0]).read_bytes()),
    "search_data": lambda _, page: data_scripts.data_script(page.context["name"], page.context["columns"]),
    "search_stories": _search_stories,
    "search_file": _search_file,
}
