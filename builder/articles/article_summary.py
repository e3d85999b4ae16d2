"""An article with its HTML to the summary record that lists use."""

from __future__ import annotations

import re

import msgspec

from builder.articles import article_html
from builder.articles.article_html import ArticleHtml
from builder.articles.model import FIELD_NAMES, LISTED_FIELDS, Article, ArticleSummary, PlacedImage, timestamp_of
from builder.articles.named_files import Media
from builder.articles.originals import original_of
from builder.base.dates import first_day
from builder.base.files import digest
from builder.config.site import Site
from builder.incremental.fingerprints import listing_hash

MIN_EQUAL_TEXT = 200
"""Letters from which on two equal texts are no chance."""
_COMPUTED_FIELDS = {"summary", "withdrawn", "embargo", "expires"}
_PROPERTIES = {name for name, value in vars(Article).items() if isinstance(value, property)}
_SAME_IN_ARTICLE = tuple(
    name for name in ArticleSummary.__struct_fields__ if name in (FIELD_NAMES | _PROPERTIES) - _COMPUTED_FIELDS
)
"""What a summary has as the article has it under the same name: front-matter fields, and what the model works out of one."""
_EMBED = re.compile(r'<figure class="embed">.*?</figure>', re.DOTALL)


def summarise(
    article: Article,
    path: str,
    url: str,
    body: ArticleHtml,
    text: str,
    media: tuple[Media, ...],
    content_hash: str,
    site: Site,
    draft_sign: str = "",
) -> ArticleSummary:
    """Return the record of `article`, which stands at content/`path` and whose page is `url`.

    `body` is its HTML and `text` the plain text of that, of which the first words stand in for a missing summary;
    `content_hash` covers all of it; `draft_sign` is another tool's field that makes a draft of it.
    """
    lead = next((image for image in article.images if image.src), None) if not article.withdrawn else None
    latest = max(article.corrections, key=lambda correction: correction.date, default=None)
    summary = "" if article.withdrawn else article.summary or article_html.first_words(_beginning(body.html, text))
    record = ArticleSummary(
        path=path,
        url=url,
        day=first_day(article.date),
        timestamp=timestamp_of(article.date, site.timezone),
        summary=summary,
        image=lead.src if lead else "",
        image_alt=lead.alt if lead else "",
        image_width=lead.width if isinstance(lead, PlacedImage) else 0,
        image_height=lead.height if isinstance(lead, PlacedImage) else 0,
        image_sizes=lead.sizes if isinstance(lead, PlacedImage) else (),
        corrected=latest.date if latest else "",
        correction=latest.text if latest else "",
        withdrawn=article.withdrawn is not None,
        withdrawn_on=article.withdrawn.date if article.withdrawn else "",
        withdrawn_reason=article.withdrawn.reason if article.withdrawn else "",
        embargo=timestamp_of(article.embargo, site.timezone),
        expires=timestamp_of(article.expires, site.timezone),
        draft_sign=draft_sign,
        links=body.links,
        anchors=body.anchors,
        media=media,
        text_hash=digest(" ".join(text.split()))[:16] if len(text) >= MIN_EQUAL_TEXT else "",
        content_hash=content_hash,
        listing_hash="",
        **{name: getattr(article, name) for name in _SAME_IN_ARTICLE},
    )
    original = original_of(media)  # its page links it; a hash of its own for what so seldom comes or goes costs more
    values = [*(getattr(record, field) for field in LISTED_FIELDS), *([original] if original else [])]
    return msgspec.structs.replace(record, listing_hash=listing_hash(url, article.id, values))


def searched_text(article: Article, text: str) -> str:
    """Return what is searched of `article` as its body: its plain `text`, then what stands around it, a sign between them."""
    around = (
        article.summary,
        *(image.caption for image in article.images),
        *(correction.text for correction in article.corrections),
    )
    return "\n· ".join(filter(None, (text, *(words for words in around if words not in text))))


def _beginning(html: str, text: str) -> str:
    """Return the plain text that `html`, of which all is `text`, begins with, without the players that were put into words."""
    return article_html.plain_text(_EMBED.sub("", html[:4000])) if _EMBED.search(html, 0, 4000) else text
