"""What surrounds a WordPress post's text: authors, terms, attachments, post meta and comments, into words of front matter."""

from __future__ import annotations

import html
import re
from typing import Any

from builder.importers.addresses import join
from builder.importers.lost_text import Wording, texts_of
from builder.importers.settings import ReadSettings
from builder.importers.story import Story, squeeze, unique
from builder.importers.to_markdown import convert, escape
from builder.importers.xml_items import XmlElement, key_of, parse_item, text_in, texts_in

_FIELD_KEYS: dict[str, str] = {
    "summary": "subtitle _subtitle secondary_title deck dek standfirst _yoast_wpseo_metadesc _aioseo_description "
    "_aioseop_description rank_math_description _seopress_titles_desc _genesis_description",
    "title": "_yoast_wpseo_title _aioseo_title _aioseop_title rank_math_title _seopress_titles_title _genesis_title",
    "byline": "byline _byline author_name guest_author guest-author largo_byline_text post_author_name",
    "dateline": "dateline _dateline city",
    "source": "source _source source_name publication",
    "rights": "copyright rights license",
    "slugline": "slugline _slugline",
    "type": "story_type article_type",
}
"""Keys of post meta by the archive's fields, the most telling first. A search engine's title counts where there is no other."""
_KEYS_BY_FIELD = {word: tuple(keys.split()) for word, keys in _FIELD_KEYS.items()}
_FIELD_KEY_NAMES = frozenset(key for keys in _KEYS_BY_FIELD.values() for key in keys)
_CREDITS = (
    "_media_credit", "media_credit", "_navis_media_credit", "photo_credit", "_photo_credit", "credit", "_credit", "copyright",
    "image_credit", "_wp_attachment_credit",
)  # fmt: skip
ATTACHMENT_TEXTS = {
    "title": "titles", "caption": "captions", "description": "descriptions", "alt": "alternative texts", "credit": "credits",
}  # fmt: skip
"""The texts that an attachment has, and what several of them are called."""
_KEYS_ELSEWHERE = frozenset(("_thumbnail_id", "enclosure", "_wp_old_slug"))
_BLOCK_TAG = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6]|blockquote|figure|table|tr|td|th)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<(?:!--.*?--|[A-Za-z/!?][^>]*)>", re.DOTALL)
_TYPES = frozenset(("type", "story_type", "article_type", "genre", "format"))


def authors_in(header: str) -> dict[str, str]:
    """Return the display names of the authors that a channel lists, by login."""
    names = {}
    for block in re.findall(r"<wp:author>(.*?)</wp:author>", header, re.DOTALL):
        values = dict(re.findall(r"<wp:(author_\w+)>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</wp:\1>", block, re.DOTALL))
        full = f"{values.get('author_first_name', '')} {values.get('author_last_name', '')}".strip()
        name = values.get("author_display_name", "").strip() or full
        if values.get("author_login") and name:
            names[values["author_login"].strip()] = plain(name)
    return names


def texts_and_meta(item: XmlElement) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the text of each element in `item` by its name with its prefix, and its post meta: the values of each key."""
    texts: dict[str, str] = {}
    meta: dict[str, list[str]] = {}
    for child in item:
        name = key_of(child) if isinstance(child.tag, str) else ""
        if name == "wp:postmeta":
            key = value = ""
            for part in child:
                tag = part.tag if isinstance(part.tag, str) else ""
                if tag.endswith("meta_key"):
                    key = text_in(part).strip()
                elif tag.endswith("meta_value"):
                    value = text_in(part).strip()
            meta.setdefault(key, []).append(value)
        elif name:
            texts[name] = text_in(child).strip()
    return texts, meta


def attachment_in(data: bytes, encoding: str) -> tuple[str, dict[str, Any]]:
    """Return an attachment's number with its `src`, the texts of ATTACHMENT_TEXTS, and `parent`, the post that has it.

    One that is no sound XML is an empty mapping: its own refusal is told with the items.
    """
    try:
        item, _ = parse_item(data, encoding)
    except ValueError:
        return "", {}
    texts, meta = texts_and_meta(item)
    caption, description = plain(texts.get("excerpt:encoded", "")), plain(texts.get("content:encoded", ""))
    return texts.get("wp:post_id", ""), {
        "src": texts.get("wp:attachment_url") or texts.get("link", ""),
        "alt": plain(next(iter(meta.get("_wp_attachment_image_alt", [])), "")),
        "caption": caption or description,
        "title": plain(texts.get("title", "")),
        "description": description if caption else "",
        "credit": next((credit for key in _CREDITS if meta.get(key) and (credit := plain(meta[key][0]))), ""),
        "parent": texts.get("wp:post_parent", ""),
    }


def plain(text: str) -> str:
    """Return `text` without the HTML that may be in it."""
    if "<" in text or "&" in text:
        text = html.unescape(_TAG.sub("", _BLOCK_TAG.sub(" ", text)))
    return " ".join(text.split())


def give_terms(story: Story, item: XmlElement) -> None:
    """Give the story its section (the first category), its type and its tags (all other terms)."""
    tags: list[str] = []
    for term in item.iter("category"):
        name, domain = plain(term.text or ""), term.get("domain", "category")
        if not name or domain in {"author", "post_format", "language", "post_translations"}:
            continue
        if name.casefold() in {"uncategorized", "uncategorised", "未分類", "未分类"}:
            story.cut_out("no-category", name)
        elif domain == "category" and not story.values.get("section"):
            story.give("section", name)
        elif domain in _TYPES:
            story.give("type", name)
        else:
            tags.append(name)
    story.give("tags", unique(tags))


def give_people(story: Story, item: XmlElement, creator: str, authors: dict[str, str]) -> None:
    """Give the story its writers by the names that they sign with: co-authors, else the one who is filed as its author."""
    coauthors = unique(plain(term.text or "") for term in item.iter("category") if term.get("domain") == "author")
    story.give("byline", coauthors)
    if creator in authors:
        story.give("byline", [authors[creator]])
    elif creator:
        name = creator.partition("@")[0] if "@" in creator else creator
        story.give("byline", [name], inferred="@" in creator)


def give_meta(story: Story, meta: dict[str, list[str]], settings: ReadSettings) -> None:
    """Give the words that known keys of post meta stand for; all others are kept under their own names, or counted as dropped."""
    for word, keys in _KEYS_BY_FIELD.items():
        for key in keys:
            for value in unique(map(plain, meta.get(key, ()))):
                if "%%" in value:  # a template of the search plug-in
                    story.dropped.append(key)
                else:
                    story.give_from(word, key, [value] if word == "byline" else value, keep_unknown=settings.keep_unknown)
    for key, values in meta.items():
        if key in _FIELD_KEY_NAMES or key in _KEYS_ELSEWHERE or not key or not any(values):
            continue
        if settings.keep_unknown:
            story.values.setdefault("extra", {})[key] = values[0] if len(values) == 1 else values
        else:
            story.dropped.append(key)


def give_featured(story: Story, meta: dict[str, list[str]], attachments: dict[str, dict[str, Any]], site: str) -> None:
    """Give the story its featured image."""
    for number in meta.get("_thumbnail_id", []):
        attachment = attachments.get(number)
        if attachment and attachment["src"]:
            picture = {key: attachment[key] for key in ("alt", "caption", "credit")}
            story.give("images", [{"src": join(site, attachment["src"]), **picture}])
        elif number.strip("0"):
            story.warn("images", f"the featured image {number} is not in the export; import the file that has it at the same time")


def attachment_texts(attachment: dict[str, Any]) -> dict[str, str]:
    """Return the texts of an attachment by their names; a title that is its file's name, as it is by default, is none."""
    texts = {word: attachment[word] for word in ATTACHMENT_TEXTS if attachment[word]}
    if squeeze(texts.get("title", "")).casefold() in squeeze(attachment["src"]).casefold():
        texts.pop("title", None)
    return texts


def name_attachment_texts(story: Story, attachments: dict[str, dict[str, Any]]) -> None:
    """Add to the story's cuts what is said of its attachments and is neither in its body nor in its front matter."""
    if not attachments:
        return
    article = Wording(f"{html.unescape(story.markdown)} {' '.join(texts_of(story.values))}")
    for attachment in attachments.values():
        for word, text in attachment_texts(attachment).items():
            if not article.says(text):
                article.add(text)
                story.cut_out(f"attachment-{word}", text)


def comments_text(item: XmlElement) -> str:
    """Return the approved comments as Markdown below a story, or ""."""
    parts = []
    for comment in item.iter():
        if not isinstance(comment.tag, str) or key_of(comment) != "wp:comment":
            continue
        values = texts_in(comment)
        if values.get("wp:comment_approved") != "1" or values.get("wp:comment_type") in {"pingback", "trackback"}:
            continue
        text = "\n".join(f"> {line}".rstrip() for line in convert(values.get("wp:comment_content", "")).text.split("\n"))
        parts.append(f"**{escape(values.get('wp:comment_author', ''))}**, {values.get('wp:comment_date', '')[:10]}\n\n{text}")
    return "\n\n## Comments\n\n" + "\n\n".join(parts) if parts else ""
