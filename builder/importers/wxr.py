"""WordPress exports (WXR 1.0 to 1.2, and what looks like them): posts and pages with authors, terms, pictures and meta."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any
from urllib.parse import unquote

from builder.base.dates import read_moment
from builder.importers import copy_marks, languages, wxr_meta
from builder.importers.addresses import join, split_address
from builder.importers.encodings import decode
from builder.importers.lost_text import name_lost
from builder.importers.settings import ReadSettings
from builder.importers.sources import SourceFile
from builder.importers.story import Piece, Refusal, Story, unique
from builder.importers.to_markdown import convert
from builder.importers.wxr_attachments import Attachments
from builder.importers.wxr_body import body_html
from builder.importers.wxr_shortcodes import without_shortcodes
from builder.importers.xml_items import XmlBreakError, XmlItems, encoding_of, parse_item

_POST_TYPE = re.compile(rb"<wp:post_type>\s*(?:<!\[CDATA\[)?\s*([\w-]+)")
_STATUS = re.compile(rb"<wp:status>\s*(?:<!\[CDATA\[)?\s*([\w-]+)")
_POST_ID = re.compile(rb"<wp:post_id>\s*(?:<!\[CDATA\[)?\s*(\d+)")
_CREATOR = re.compile(rb"<dc:creator>\s*(?:<!\[CDATA\[)?([^<\]]{0,200})")
_REFERENCES = tuple(
    (mark, re.compile(pattern, re.DOTALL))
    for mark, pattern in (
        (b"wp-image-", rb"wp-image-(\d+)"),
        (b"attachment_", rb"attachment_(\d+)"),
        (b'"id":', rb"\"id\":\s*(\d+)"),
        (b'"mediaId":', rb"\"mediaId\":\s*(\d+)"),
        (b"_thumbnail_id", rb"_thumbnail_id.{0,120}?(\d+)"),
        (b"ids=", rb"\bids=[\"']?([\d, ]+)"),
        (b"include=", rb"\binclude=[\"']?([\d, ]+)"),
        (b'"ids":', rb"\"ids\":\[([\d,]+)\]"),
    )
)
"""What refers to attachments: a text that has to be there, and the pattern with their numbers."""
_CLOCK = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?")
_TECHNICAL = frozenset(
    "nav_menu_item revision custom_css customize_changeset oembed_cache user_request wp_block wp_template wp_template_part "
    "wp_global_styles wp_navigation wp_font_family wp_font_face acf-field acf-field-group feedback shop_order shop_coupon "
    "wpcf7_contact_form mc4wp-form elementor_library popup amn_smtp scheduled-action jp_pay_order spectra-popup".split()
)
_DRAFT_STATUSES = frozenset(("draft", "pending", "future", "private"))


def split(files: Sequence[SourceFile], settings: ReadSettings) -> Iterator[Piece | Refusal]:
    """Yield the posts of the exports; a first pass gathers what they refer to (attachments, authors), of all files together."""
    sites = {file.file: _Channel(file) for file in files}
    sources = {file.file: file.source for file in files}
    authors: dict[str, str] = {}
    with closing(Attachments()) as attachments:
        for path, channel in sites.items():
            if channel.refusal:
                continue
            authors |= channel.authors
            for item in XmlItems(path, "item"):
                if b"attachment" in item.data and _first(_POST_TYPE, item.data) == "attachment" and item.break_at is None:
                    number, attachment = wxr_meta.attachment_in(item.data, channel.encoding)
                    if attachment:
                        attachments.add(channel.facts["site"], number, attachment, sources[path])
        attachments.settle()
        for file in files:
            channel = sites[file.file]
            if channel.refusal:
                yield Refusal(file.source, file.printable, 1, channel.refusal)
            else:
                yield from _pieces(file, channel, authors, attachments, settings)
        for source, attachment in attachments.not_shown():
            for word in wxr_meta.attachment_texts(attachment):
                yield Piece(source, "left-out", f"{wxr_meta.ATTACHMENT_TEXTS[word]} of attachments that no story shows", b"")


class _Channel:
    """What an export says before its first item."""

    def __init__(self, file: SourceFile) -> None:
        items = XmlItems(file.file, "item")
        first = next(iter(items), None)
        header = items.header
        self.encoding = encoding_of(header)
        self.refusal = ""
        self.facts: dict[str, Any] = {}
        self.authors: dict[str, str] = {}
        if b"<!ENTITY" in header or b"<!entity" in header:
            self.refusal = "declares entities of its own (an XML bomb, or a way to other files); nothing of it is read"
            return
        text = decode(header, self.encoding)[0]
        self.facts = {
            "site": _element(text, "wp:base_blog_url") or _element(text, "link"),
            "title": _element(text, "title"),
            "language": _element(text, "language"),
            "exported": _element(text, "pubDate"),
        }
        self.authors = wxr_meta.authors_in(text)
        if first is None:
            self.refusal = "holds no item"


def _pieces(
    file: SourceFile, channel: _Channel, authors: dict[str, str], attachments: Attachments, settings: ReadSettings
) -> Iterator[Piece | Refusal]:
    stories, site = 0, channel.facts["site"]
    items = XmlItems(file.file, "item")
    for item in items:
        kind, status = _first(_POST_TYPE, item.data) or "post", _first(_STATUS, item.data)
        if item.break_at is not None:
            stories += 1
            message = f"the item that begins on line {item.line} has no end before this place: the file is cut off, or broken here"
            yield Refusal(file.source, file.printable, item.break_at[0], message, item.break_at[1])
        elif kind in _TECHNICAL or kind == "attachment":
            yield Piece(file.source, "left-out", "attachments" if kind == "attachment" else f"{kind} items", b"")
        elif status in {"trash", "auto-draft", "inherit"} or (status in _DRAFT_STATUSES and not settings.drafts):
            yield Piece(
                file.source,
                "left-out",
                f"{status} {kind}s (--drafts brings them in)" if status in _DRAFT_STATUSES else f"{status} {kind}s",
                b"",
            )
        else:
            stories += 1
            if not settings.comments:
                for _ in range(item.data.count(b"<wp:comment>")):
                    yield Piece(file.source, "left-out", "comments (--comments keeps them)", b"")
            post_id = _first(_POST_ID, item.data)
            children = attachments.children(site, post_id) if b"[gallery" in item.data else []
            pictures = attachments.find(site, unique([*_references(item.data), *children]))
            creators = {login: authors[login] for login in _creators(item.data, channel.encoding) if login in authors}
            facts = {**channel.facts, "encoding": channel.encoding, "authors": creators, "attachments": pictures}
            facts |= {"column": item.column, "children": children}
            yield Piece(file.source, "wxr", file.printable, item.data, item.line, facts)
    if items.breaks_off:
        line, column = items.breaks_off
        yield Refusal(file.source, file.printable, line, "the export breaks off here; the items before this place are in", column)
    if not stories:
        yield Piece(file.source, "left-out", "files without a post or page", b"")


def _first(pattern: re.Pattern[bytes], data: bytes) -> str:
    match = pattern.search(data)
    return match[1].decode() if match else ""


def _creators(data: bytes, encoding: str) -> Iterator[str]:
    for match in _CREATOR.finditer(data):
        yield decode(match[1], encoding)[0].strip()


def _references(data: bytes) -> Iterator[str]:
    for mark, pattern in _REFERENCES:
        if mark in data:  # much faster than the patterns
            for match in pattern.finditer(data):
                yield from re.findall(r"\d+", match[1].decode())


def _element(text: str, name: str) -> str:
    match = re.search(rf"<{name}>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</{name}>", text, re.DOTALL)
    return match[1].strip() if match else ""


def read(piece: Piece, settings: ReadSettings) -> Story | Refusal:
    """Return the post or page in `piece`."""
    try:
        item, note = parse_item(piece.data, piece.facts["encoding"])
    except XmlBreakError as error:
        column = error.column + (piece.facts["column"] - 1 if error.line == 1 else 0)
        message = f"the item that begins on line {piece.line} {error}"
        return Refusal(piece.source, piece.path, piece.line + error.line - 1, message, column)
    story = Story(piece.source, piece.path, piece.line)
    if note:
        story.warn("", note)
    texts, meta = wxr_meta.texts_and_meta(item)
    site = piece.facts["site"]
    story.give("title", wxr_meta.plain(texts.get("title", "")))
    story.give("id", texts.get("guid"))
    link = texts.get("link", "")
    if link and not link.startswith("http"):
        link = join(site, link)
    if link.startswith("http"):
        story.give("original_url", link)
    _give_dates(story, texts, settings)
    story.give("slug", _slug(texts.get("wp:post_name", "")))
    if texts.get("wp:status") in _DRAFT_STATUSES:
        story.values["draft"] = True
    if texts.get("wp:post_password"):
        story.values["draft"] = True
        story.warn("draft", "is protected by a password at its source; it came in as a draft")
    if texts.get("wp:post_type") == "page":
        story.give("type", "page")
    wxr_meta.give_terms(story, item)
    wxr_meta.give_people(story, item, texts.get("dc:creator", ""), piece.facts["authors"])
    for key in ("excerpt:encoded", "description"):
        text = wxr_meta.plain(texts.get(key, ""))
        if text:
            story.give_from("summary", key.partition(":")[0], text, keep_unknown=settings.keep_unknown)
    wxr_meta.give_meta(story, meta, settings)
    wxr_meta.give_featured(story, meta, piece.facts["attachments"], site)
    body = body_html(
        story, texts.get("content:encoded", ""), piece.facts["attachments"], piece.facts["children"], meta.get("enclosure", [])
    )
    markdown = convert(body, link or site)
    story.take_body(markdown.text, markdown.kept_as_html, markdown.cut)
    name_lost(story, without_shortcodes(texts.get("content:encoded", "")))
    wxr_meta.name_attachment_texts(story, piece.facts["attachments"])
    if settings.comments:
        story.markdown += wxr_meta.comments_text(item)
    first, _, rest = story.markdown.partition("\n\n")
    first, _ = copy_marks.take_dateline(story, first, settings.rules)
    story.markdown = f"{first}\n\n{rest}".strip()
    story.give("source", settings.rules.outlet_at(site) or piece.facts["title"])
    _give_language(story, piece.facts["language"])
    export_time = read_or_empty(piece.facts["exported"], settings.timezone)
    story.give("captured_at", export_time)
    path = split_address(link).path
    aliases = [path] if len(path) > 1 else []
    story.give(
        "aliases",
        unique([*aliases, *(f"{path.rstrip('/').rpartition('/')[0]}/{old}/" for old in meta.get("_wp_old_slug", []) if path)]),
    )
    return story


def _give_dates(story: Story, texts: dict[str, str], settings: ReadSettings) -> None:
    for word, gmt, local in (("date", "wp:post_date_gmt", "wp:post_date"), ("updated", "wp:post_modified_gmt", "wp:post_modified")):
        text = texts.get(gmt, "")
        if text and not text.startswith("0000"):
            story.give(word, f"{text} +00:00" if _CLOCK.fullmatch(text) else text)
        story.give(word, texts.get(local) if not texts.get(local, "").startswith("0000") else "")
    if not story.values.get("date"):
        story.give("date", read_or_empty(texts.get("pubDate", ""), settings.timezone))
    if not story.values.get("date") and (texts.get("wp:post_date") or texts.get("pubDate")):
        story.dropped.append("date")
        story.warn("date", f'"{texts.get("wp:post_date") or texts.get("pubDate")}" is no date; give the article one')


def read_or_empty(text: str, zone: str) -> str:
    """Return a date in ISO 8601, or "" where it cannot be read."""
    try:
        return read_moment(text, zone).iso if text else ""
    except ValueError:
        return ""


def _slug(name: str) -> str:
    """Return what names the post in its address: the last part, without an ending (some exports have whole paths there)."""
    last = re.sub(r"\.(?:html?|php)$", "", unquote(name).rstrip("/").rpartition("/")[2])
    return "" if last.isdigit() else last


def _give_language(story: Story, channel: str) -> None:
    of_script = languages.of_text(story.markdown)
    code = channel.replace("_", "-")
    if of_script and (not code.lower().startswith(of_script[:2]) or code.lower() == "zh"):
        story.give("language", of_script, inferred=True)
    elif re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", code):
        story.give("language", code.partition("-")[0] if not code.lower().startswith("zh") else code)
