"""Planned pages to bytes, and bytes to files waiting to be published; runs in every worker."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import jinja2
from markupsafe import Markup
from rjsmin import jsmin

from builder.archive.collection import TAXONOMIES, Taxonomy, names_of
from builder.articles import article_html
from builder.articles.model import Article, ArticleSummary
from builder.base import version
from builder.base.locales import Localization
from builder.base.problems import Problem, Severity
from builder.base.urls import absolute, page_of, quote, root_of, slugify
from builder.config.site import Site
from builder.formats import citations, feeds, metadata, sitemap
from builder.plan.pages import Page
from builder.plan.views import FeedLink, Link, Story, TermView, by_month, by_year
from builder.render.templating import Environment
from builder.render.theme import RenderSettings
from builder.search.browser import scripts, store
from builder.state.state import BodyReader

_SEARCH = version.theme_folder("static") / "search"
"""Scripts that are loaded before a search has its first answer: they are published without comments and indentation."""
_AT_ONCE = b"//# allFunctionsCalledOnLoad"
"""Before scripts that were joined, as all that is in them is needed: Chromium compiles it while it waits for other files
(explicit compile hints), other browsers read a comment."""

DATE_FILTERS = ("day", "moment", "month", "month_name", "weekday", "number", "type_name", "language_name")
"""The ways of Words that templates have as filters."""


class RenderResult(NamedTuple):
    """What became of a page: the name of the file that waits for it in the staging folder ("" where the published one is
    already the same), or a problem."""

    path: str
    waiting: str
    size: int
    mtime_ns: int
    problem: Problem | None = None


def render_batch(work: tuple[RenderSettings, list[tuple[int, Page]]]) -> list[RenderResult]:
    """Render numbered pages and stage what differs from what is published. A page that fails comes back with a problem."""
    setting, pages = work
    workshop = _workshop(setting)
    with closing(BodyReader(Path(setting.state))) as workshop.bodies:  # not for longer: another state may take its place
        return [_stage(setting, number, page, workshop) for number, page in pages]


def _stage(setting: RenderSettings, number: int, page: Page, workshop: Renderer) -> RenderResult:
    try:
        data = workshop.make(page)
    except jinja2.TemplateError as error:
        return RenderResult(page.path, "", 0, 0, _template_problem(error, page))
    # Names as texts and bare calls: a Path costs as much as the file.
    published, waiting = f"{setting.output}/{page.path}", f"{setting.staging}/{number}"
    try:
        status = os.stat(published)  # noqa: PTH116
        if status.st_size == len(data) and Path(published).read_bytes() == data:
            return RenderResult(page.path, "", status.st_size, status.st_mtime_ns)
    except OSError:
        pass  # it is not there, or is no file that can be read: the new one takes its place
    with open(waiting, "wb", buffering=0) as file:  # noqa: PTH123
        if file.write(data) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), waiting)
        status = os.fstat(file.fileno())
    return RenderResult(page.path, str(number), status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=1)
def _workshop(setting: RenderSettings) -> Renderer:
    return Renderer(setting)


def _template_problem(error: jinja2.TemplateError, page: Page) -> Problem:
    """Say in which template and line a page went wrong."""
    name, line = getattr(error, "name", None) or page.renderer, getattr(error, "lineno", None) or 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith((".html", ".xml")):
            name, line = Path(trace.tb_frame.f_code.co_filename).name, trace.tb_lineno
        trace = trace.tb_next
    return Problem(
        f"templates/{name}", line, 1, Severity.ERROR, "", f"{error.message or type(error).__name__} (while {page.path} was made)"
    )


class Renderer:
    """Makes the bytes of pages for one site."""

    def __init__(self, setting: RenderSettings) -> None:
        self.site = Site.model_validate_json(setting.site)
        self.words = Localization(self.site.language, self.site.timezone, [Path(folder) for folder in setting.templates])
        self.bodies: BodyReader
        self.kept = Path(setting.state).parent
        self.templates = Environment(setting.templates, self.words)
        self.templates.filters.update(
            absolute=lambda path: absolute(self.site.url, path),
            groupby_month=by_month,
            groupby_year=by_year,
            **{name: getattr(self.words, name) for name in DATE_FILTERS},
        )
        self.templates.globals.update(
            site=SimpleNamespace(**self.site.shown),
            nav=[SimpleNamespace(kind=kind.folder, title=kind.title, path=page_of(kind.folder)) for kind in TAXONOMIES],
            has_undated=self.site.undated == "keep",
        )

    def make(self, page: Page) -> bytes:
        """Return the bytes of `page`. Raises jinja2.TemplateError for a fault in a template."""
        renderer = RENDERERS.get(page.renderer)
        if renderer is not None:
            return renderer(self, page)
        context = {"path": page.path, "feeds": self.feeds_of(page), **page.context}
        if page.renderer == "article.html":
            context.update(self._article(page))
        else:
            context["head"] = metadata.page_head(page, self.site, self.words)
        return self.templates.get_template(page.renderer).render(context).encode()

    def feeds_of(self, page: Page) -> list[FeedLink]:
        """Return the feeds that belong to a page: the site's, and a row's own."""
        own = page.context.get("row")
        feeds_ = [
            FeedLink(self.site.title, "feed.xml", "application/rss+xml"),
            FeedLink(self.site.title, "atom.xml", "application/atom+xml"),
            FeedLink(self.site.title, "feed.json", "application/feed+json"),
        ]
        if isinstance(own, TermView) and own.feed:
            feeds_.append(FeedLink(f"{self.site.title}: {own.name}", own.feed, "application/rss+xml"))
        return feeds_

    def entry(self, story: Story) -> tuple[Article, str]:
        """Return a story's article and its postprocessed HTML."""
        body = self.bodies.read(story.card)
        return Article.from_stored_json(body.article), body.html

    def _article(self, page: Page) -> dict[str, Any]:
        story: Story = page.context["story"]
        card = story.card
        body = self.bodies.read(card)
        article = Article.from_stored_json(body.article)
        labels = {kind.folder: [_label(card, kind, name) for name in names_of(card, kind.word)] for kind in TAXONOMIES}
        html = "" if card.withdrawn else article_html.resolve_links(body.html, root_of(page.path), story.links)
        return {
            **labels,
            "article": article,
            "card": card,
            "body": Markup(html),  # noqa: S704 (sanitised when it was read)
            "sha256": body.sha256,
            "source_file": f"content/{card.path}",
            "breadcrumbs": _breadcrumbs(card),
            "cite": citations.cite(article, card, self.site, self.words),
            "head": metadata.article_head(article, card, self.site),
        }


def _label(card: ArticleSummary, kind: Taxonomy, name: str) -> Link:
    """Return a name of `card` with its page; a tombstone's lead nowhere, for its group may have gone."""
    return Link(name, "" if card.withdrawn else page_of(f"{kind.folder}/{slugify(name)}"))


def _breadcrumbs(card: ArticleSummary) -> list[Link]:
    if card.withdrawn or not card.day:
        return []
    return [Link(card.day[:cut], page_of(card.day[:cut].replace("-", "/"))) for cut in (4, 7, 10)]


def _channel(workshop: Renderer, page: Page) -> tuple[feeds.Channel, list[feeds.Entry]]:
    site, context = workshop.site, page.context
    entries = []
    for story in context["stories"]:
        article, html = workshop.entry(story)
        entries.append(feeds.entry_of(article, story.card, html, story.links, site))
    channel = feeds.Channel(
        title=f"{site.title}: {context['name']}" if context["name"] else site.title,
        path=page.path,
        page=context["page"],
        description=site.description or site.title,
        updated=max((entry.updated for entry in entries), default=""),
        archive=context.get("closed", False),
        previous=context.get("previous", ""),
        next=context.get("next", ""),
        current="atom.xml" if context.get("closed") else "",
    )
    return channel, entries


def _rss(workshop: Renderer, page: Page) -> bytes:
    return feeds.rss(workshop.site, *_channel(workshop, page))


def _atom(workshop: Renderer, page: Page) -> bytes:
    return feeds.atom(workshop.site, *_channel(workshop, page))


def _json(workshop: Renderer, page: Page) -> bytes:
    return feeds.json_feed(workshop.site, *_channel(workshop, page))


def _opml(workshop: Renderer, page: Page) -> bytes:
    _ = workshop.words.translations.gettext
    groups = [(_(title), [(row.name, row.feed, row.path) for row in rows]) for _folder, title, rows in page.context["groups"]]
    return feeds.opml(workshop.site, workshop.site.title, groups)


def _sitemap(workshop: Renderer, page: Page) -> bytes:
    return sitemap.sitemap(page.context["entries"], workshop.site.url, workshop.site.timezone)


def _sitemap_index(workshop: Renderer, page: Page) -> bytes:
    return sitemap.index(page.context["paths"], workshop.site.url)


def _robots(workshop: Renderer, page: Page) -> bytes:  # noqa: ARG001 (every maker has the page)
    return sitemap.robots(workshop.site.url)


def _opensearch(workshop: Renderer, page: Page) -> bytes:  # noqa: ARG001
    return sitemap.opensearch(workshop.site)


def _on_this_day(workshop: Renderer, page: Page) -> bytes:  # noqa: ARG001
    stories = [
        {"year": year, "title": title, "language": language, "url": quote(path)}
        for year, title, language, path in page.context["stories"]
    ]
    return f"morgue.onThisDay({json.dumps(stories, ensure_ascii=False, separators=(',', ':'))});\n".encode()


def _search_stories(workshop: Renderer, page: Page) -> bytes:
    found = ((card, workshop.bodies.read(card)) for card in page.context["cards"])
    return scripts.stories_script(
        page.context["name"], [(card, Article.from_stored_json(body.article), body.html) for card, body in found]
    )


def _search_file(workshop: Renderer, page: Page) -> bytes:
    kind, name = page.context["kind"], page.context["name"]
    return scripts.script(f"{kind}/{name}", store.read_file(workshop.kept, kind, name))


def _copy(workshop: Renderer, page: Page) -> bytes:  # noqa: ARG001
    parts = [_file(part) for part in page.context["parts"]]
    return b"\n".join([_AT_ONCE, *parts] if len(parts) > 1 else parts)


def _file(name: str) -> bytes:
    source = Path(name)
    data = source.read_bytes()
    return bytes(jsmin(data)) if source.is_relative_to(_SEARCH) and source.suffix == ".js" else data


RENDERERS: Mapping[str, Callable[[Renderer, Page], bytes]] = {
    "rss": _rss,
    "atom": _atom,
    "json": _json,
    "opml": _opml,
    "sitemap": _sitemap,
    "sitemap_index": _sitemap_index,
    "robots": _robots,
    "opensearch": _opensearch,
    "on_this_day": _on_this_day,
    "copy": _copy,
    "search_data": lambda _, page: scripts.data_script(**page.context),
    "search_stories": _search_stories,
    "search_file": _search_file,
}
