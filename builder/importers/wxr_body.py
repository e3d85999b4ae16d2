"""The text of a WordPress post to plain HTML: blocks, classic paragraphs, shortcodes, embeds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Any

from builder.importers.lost_text import Wording
from builder.importers.story import Story
from builder.importers.wxr_meta import plain
from builder.importers.wxr_shortcodes import SHORTCODE, attributes_of

_BLOCK_COMMENT = re.compile(r"<!--\s*/?wp:([\w/-]+)(?:\s+\{.*?\})?\s*/?-->", re.DOTALL)
_ATTRIBUTES = re.compile(r"<!--\s*wp:[\w/-]+\s+(\{.*?\})\s*/?-->", re.DOTALL)
_MORE = re.compile(r"<!--\s*more\b(.*?)-->", re.DOTALL)
_LOOKS = frozenset(("className", "style", "layout", "gradient", "customGradient", "fontFamily", "sizes", "srcset", "code", "css"))
"""Attributes of blocks that say how they look."""
_TEXT_ATTRIBUTES = frozenset(
    "alt author buttontext caption citation content description heading label placeholder quote subtitle summary text title".split()
)
"""Attributes of blocks that are text though they are one word; another is text where it has several, or letters beyond ASCII."""
_ADDRESS = re.compile(r"\s*(?:https?:|mailto:|/|#|var:|data:)\S*\s*\Z|.*[{};]", re.DOTALL)
_DYNAMIC = re.compile(r"<!--\s*wp:([\w/-]+)(?:\s+\{(?:(?!-->).)*\})?\s*/-->", re.DOTALL)
_BLOCK_TAG = re.compile(
    r"^\s*</?(?:p|div|h[1-6]|ul|ol|li|blockquote|table|thead|tbody|tr|td|th|figure|figcaption|pre|hr|section|article|iframe|video|audio"
    r"|details|dl|dt|dd|address|form|script|style)\b", re.IGNORECASE,
)  # fmt: skip
_BARE_URL = re.compile(r"(?m)^\s*(?:<p>)?\s*(https?://[^\s<>\"']+)\s*(?:</p>)?\s*$")
_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_WP_IMAGE = re.compile(r"wp-image-(\d+)")


def body_html(
    story: Story, content: str, attachments: dict[str, dict[str, Any]], children: list[str], enclosures: list[str]
) -> str:
    """Return the post's text as HTML without WordPress's own marks. What is left out or kept as text is told to `story`."""
    is_blocks = "<!-- wp:" in content
    html = content
    if "<!--" in html:
        for name in _DYNAMIC.findall(html):
            story.cut_out("dynamic-block", name)
        attributes = _ATTRIBUTES.findall(html)
        html = _BLOCK_COMMENT.sub("", html)
        if attributes:
            _name_attributes(story, attributes, html)
        for words in _MORE.findall(html):
            story.cut_out("more-tag", words)
        html = _MORE.sub("", html).replace("<!--nextpage-->", "<hr>")
    if "[" in html:
        html = SHORTCODE.sub(lambda match: _shortcode(match, story, attachments, children), html)
    if "http" in html:
        html = _BARE_URL.sub(r'<p><a href="\1">\1</a></p>', html)
    if attachments:
        html = _IMAGE.sub(lambda match: _with_alt(match[0], attachments), html)
    if not is_blocks:
        html = paragraphs(html)
    for enclosure in enclosures:
        address = enclosure.split("\n")[0].strip()
        if address.startswith("http") and address not in html:
            html += f'<p><a href="{escape(address)}">{escape(address.rpartition("/")[2] or address)}</a></p>'
    return html


def _name_attributes(story: Story, attributes: list[str], html: str) -> None:
    """Add to the story's cuts the texts in the attributes of blocks that their HTML does not say."""
    article: Wording | None = None
    for source in attributes:
        try:
            values = json.loads(source)
        except (ValueError, RecursionError):
            continue
        for text in filter(None, map(plain, _texts(values))):
            article = article or Wording(f"{unescape(html)} {plain(html)}")
            if not article.says(text):
                article.add(text)
                story.cut_out("block-attribute", text)


def _texts(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for inner_key, inner in value.items():
            if inner_key not in _LOOKS:
                yield from _texts(inner, inner_key)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, key)
    elif isinstance(value, str) and _is_text(key, value):
        yield value


def _is_text(key: str, value: str) -> bool:
    if not re.search(r"[^\W\d_]", value) or _ADDRESS.match(value):
        return False
    return key.lower() in _TEXT_ATTRIBUTES or " " in value.strip() or not value.isascii()


def paragraphs(html: str) -> str:
    """Return classic text with its paragraphs marked: WordPress stores blank lines and line ends, and shows `p` and `br`."""
    parts = []
    for chunk in re.split(r"\n\s*\n", html.replace("\r\n", "\n")):
        if not chunk.strip():
            continue
        if _BLOCK_TAG.match(chunk) or "<pre" in chunk:
            parts.append(chunk)
        else:
            parts.append(
                "<p>"
                + re.sub(r"(?<!>)\n(?!\s*<(?:/?(?:p|div|ul|ol|li|h\d|blockquote|table|tr|figure)\b))", "<br>\n", chunk.strip())
                + "</p>"
            )
    return "\n\n".join(parts)


def _shortcode(match: re.Match[str], story: Story, attachments: dict[str, dict[str, Any]], children: list[str]) -> str:
    name, values, inner = match["name"].lower(), attributes_of(match["attributes"] or ""), match["inner"] or ""
    if match["open"]:  # [[name]] shows [name]
        return match[0][1:-1]
    if name in {"caption", "wp_caption"}:
        image = re.search(r"(?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?", inner, re.IGNORECASE)
        words = values.get("caption") or (inner[image.end() :].strip() if image else inner.strip())
        picture = image[0] if image else ""
        return f"\n\n<figure>{picture}<figcaption>{words}</figcaption></figure>\n\n" if words else f"\n\n{picture}\n\n"
    if name == "gallery":
        numbers = re.findall(r"\d+", values.get("ids") or values.get("include") or "") or children
        return "\n\n" + "\n\n".join(_figure(attachments[number]) for number in numbers if number in attachments) + "\n\n"
    if name in {"embed", "video", "audio", "youtube", "vimeo", "playlist", "soundcloud", "tweet", "wpvideo", "iframe"}:
        sources = [
            inner.strip(),
            *(values.get(key, "") for key in ("src", "url", "mp3", "mp4", "m4a", "ogg", "webm", "href", "0")),
        ]
        address = next((source.strip("= ") for source in sources if source.strip("= ").startswith("http")), "")
        if address:
            return f'\n\n<p><a href="{escape(address)}">{escape(address)}</a></p>\n\n'
    story.kept.append(f"[{name}]")
    return match[0]


def _figure(attachment: dict[str, Any]) -> str:
    words = " ".join(filter(None, (attachment["caption"], attachment["credit"])))
    image = f'<img src="{escape(attachment["src"])}" alt="{escape(attachment["alt"])}">'
    return f"<figure>{image}<figcaption>{escape(words)}</figcaption></figure>" if words else f"<p>{image}</p>"


def _with_alt(image: str, attachments: dict[str, dict[str, Any]]) -> str:
    """Return an `img` tag with the alternative text of its attachment, where it has none of its own."""
    number = _WP_IMAGE.search(image)
    attachment = attachments.get(number[1]) if number else None
    if not attachment or not attachment["alt"] or re.search(r"\balt=([\"'])(?!\1)", image):
        return image
    return re.sub(r"\salt=([\"'])\1", "", image).replace("<img", f'<img alt="{escape(attachment["alt"])}"', 1)
