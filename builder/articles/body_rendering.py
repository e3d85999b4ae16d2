"""An article's Markdown to the HTML of its page: what goes is reported, and its time is limited."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from builder.articles import article_html, markdown
from builder.articles.article_html import ArticleHtml, PlacedPicture
from builder.articles.documents import DocumentPlacer
from builder.articles.html_nesting import NestingError
from builder.articles.images import ImagePlacer
from builder.articles.model import Article, Image, PlacedImage
from builder.articles.named_files import Media
from builder.articles.parse_context import ParseContext
from builder.base.problems import Severity
from builder.config.site import Site

MAX_REPORTS = 10
"""Problems of one kind that an article reports singly; the rest are counted."""
_LONE_ITEM = re.compile(r'<ol start="(\d+)">\s*<li>(?:(?!</?li\b).)*</li>\s*</ol>', re.DOTALL)


def render_body(
    article: Article, body: str, context: ParseContext, path: str, content: Path, site: Site
) -> tuple[Article, ArticleHtml, tuple[Media, ...]]:
    """Return the article with its pictures and documents placed, its text as HTML, and its media.

    `body` is Markdown, `path` the article's path under `content`. Problems are reported to `context`.
    """
    placer = ImagePlacer(article, path, content, context, site.pictures)
    images: list[Image] = []
    for image in article.images:
        picture = PlacedPicture(image.src) if image.remote or not image.src else placer.place(image.src)
        if picture is not None:
            attributes = {"src": picture.path, "width": picture.width, "height": picture.height, "sizes": picture.sizes}
            images.append(PlacedImage.model_construct(**(image.model_dump() | attributes)))
    removals = _Removals(context)
    try:
        html = markdown.to_html(body, site.markdown, removals.report)
    except NestingError as error:
        context.report_at(Severity.ERROR, context.find_in_body(error.text, 0), str(error))
        html = ""
    except ValueError as error:
        context.report_body(Severity.ERROR, "", str(error))
        html = ""
    removals.report_rest()
    documents = DocumentPlacer(path, content, context, site.documents, lambda name: _path(placer.place(name)))
    text = article_html.postprocess(html, placer.place, path, documents.place)
    for item in _LONE_ITEM.finditer(html) if "<ol start" in html else ():
        message = f"a list of one item that begins with {item[1]}; if that is a date or a year, write {item[1]}\\."
        context.report_body(Severity.WARNING, f"{item[1]}.", message)
    if not body.strip() and article.withdrawn is None:
        context.report_body(Severity.WARNING, "", "has no text; its page shows the headline alone")
    return article.model_copy(update={"images": tuple(images)}), text, placer.media + documents.media


def _path(picture: PlacedPicture | None) -> str | None:
    return picture.path if picture is not None else None


class _Removals:
    """Reports what is taken out of one article, each at its own place, ten of a kind."""

    def __init__(self, context: ParseContext) -> None:
        self._context = context
        self._counts: Counter[str] = Counter()
        self._offsets: dict[str, int] = {}

    def report(self, kind: str, text: str, message: str) -> None:
        """Report one at the next place of `text`, in any case, in the body."""
        self._counts[kind] += 1
        if self._counts[kind] > MAX_REPORTS:
            return
        offset = self._context.find_in_body(text, self._offsets.get(text, 0))
        self._offsets[text] = offset + 1
        self._context.report_at(Severity.WARNING, offset, message)

    def report_rest(self) -> None:
        """Say of each kind how many there were beyond those that were reported."""
        for kind, count in self._counts.items():
            if count > MAX_REPORTS:
                self._context.report_at(Severity.WARNING, 0, f"{kind}: {count - MAX_REPORTS} more were left out or changed")
