"""Folders of other site generators (Jekyll, Hugo, Eleventy, Pelican, Zola): Markdown or HTML with front matter of any form."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from builder.base.files import is_file
from builder.base.picture_types import IMAGE_TYPES
from builder.base.urls import slugify
from builder.importers import languages
from builder.importers.encodings import decode
from builder.importers.foreign_fields import give_fields, is_draft
from builder.importers.front_matter_forms import FormError, FrontMatterFile, take_apart
from builder.importers.generator_folders import defaults_of, forget, merge
from builder.importers.local_links import settle_links
from builder.importers.lost_text import name_lost
from builder.importers.settings import ReadSettings
from builder.importers.sources import SourceFile, whole_files
from builder.importers.story import Piece, Refusal, Story
from builder.importers.template_tags import turn
from builder.importers.to_markdown import convert

LEFT_OUT = "left-out"
_MARKDOWN = (".md", ".markdown", ".mkd", ".mkdn", ".mdown", ".mdx")
_TEMPLATES = re.compile(
    r"(?:^|/)(?:_layouts|_includes|_sass|_data|_site|_plugins|layouts|archetypes|templates|themes|node_modules|vendor|resources/_gen)/"
)
_NO_STORY = re.compile(r"^(?:readme|license|licence|changelog|contributing|code_of_conduct|security)$", re.IGNORECASE)
_DATED_NAME = re.compile(r"^(\d{4})[-_](\d{1,2})[-_](\d{1,2})[-_](.+)$")
_LANGUAGE_NAME = re.compile(r"^(.+)\.([a-z]{2}(?:-[A-Za-z]{2,4})?)$")
_DRAFT = re.compile(
    rb"^[ \t\"']*(?:draft[\"']?\s*[:=]\s*[\"']?(?:true|yes)|published[\"']?\s*[:=]\s*[\"']?(?:false|no)"
    rb"|status[\"']?\s*[:=]\s*[\"']?(?:draft|hidden|pending|private|future|trash))", re.MULTILINE | re.IGNORECASE,
)  # fmt: skip
_REFERENCE = re.compile(
    r"(?:relref|ref|post_url|link)\s+[\"']?([^\"'\s%>}#]+)|\]\(@/([^)#\s]+)|(?:path)=[\"']([^\"'#]+)[\"']"
    r"|(?<!!)\]\(\s*<?(?:[{|](?:filename|static|attach)[}|])?/?((?!@)[^)\s>#?:]+\.(?:md|markdown|mkd|rst))\b"
)
_LEAD = re.compile(r"^(?:feature|featured|cover|hero|lead|banner)(?:$|[-_ .])", re.IGNORECASE)
_PELICAN = re.compile(r"^(?:[{|](?:static|attach|filename)[}|])")
_PICTURE = re.compile(r"\]\(\s*<?([^)\s>]+)|<img\b[^>]*?\bsrc=[\"']([^\"']+)", re.IGNORECASE)
_IMAGE_TYPES = {*IMAGE_TYPES, ".svg"}
"""Pictures that other generators publish, by the ending of their names."""
_ROOTS = ("", "static", "assets", "public", "source", "src", "content", "images")
_HTML_SUFFIXES = frozenset((".html", ".htm", ".njk", ".liquid"))
_LOOP = re.compile(rb"\{%-?\s*for\s+[\w, ]+\s+in\s+(?:site\.|collections|pagination|paginator|posts\b|pages\b|section\.)")
_HEADING = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n|\Z)")


def split(files: Sequence[SourceFile], settings: ReadSettings) -> Iterator[Piece | Refusal]:
    """Yield each text as a piece; templates, section pages and (but for `--drafts`) drafts are counted and left out."""
    forget()
    index = _Index(files, settings.drafts)
    for file in files:
        path = PurePosixPath(file.path)
        reason = _reason_to_leave(path, file)
        if reason:
            yield Piece(file.source, LEFT_OUT, reason, b"")
            continue
        for piece in whole_files([file], "markdown"):
            if isinstance(piece, Refusal):
                yield piece
                continue
            defaults = {} if file.is_alone else defaults_of(file.root, path)
            if not settings.drafts and _is_draft(path, piece.data, defaults):
                yield Piece(file.source, LEFT_OUT, "drafts", b"")
            elif not file.is_alone and _is_listing(path, piece.data):
                yield Piece(file.source, LEFT_OUT, "templates of lists", b"")
            else:
                facts = {**piece.facts, "root": str(file.root), "addresses": index.addresses_in(piece.data, str(path.parent))}
                yield replace(piece, facts={**facts, "defaults": defaults} if defaults else facts)


def _reason_to_leave(path: PurePosixPath, file: SourceFile) -> str:
    if file.is_alone:
        return ""
    if _TEMPLATES.search(str(path)):
        return "templates"
    if path.stem == "_index" or path.stem.startswith("_index."):
        return "section pages"
    return "pages about the folder" if _NO_STORY.match(path.stem) else ""


def _is_left_out(file: SourceFile) -> bool:
    try:
        path = PurePosixPath(file.path)
        return _is_draft(path, file.file.read_bytes(), {} if file.is_alone else defaults_of(file.root, path))
    except OSError:
        return True


def _is_listing(path: PurePosixPath, data: bytes) -> bool:
    """Whether a template in HTML walks through the site's texts, as index pages and feeds do."""
    return path.suffix.lower() in _HTML_SUFFIXES and bool(_LOOP.search(data))


def _is_draft(path: PurePosixPath, data: bytes, defaults: Mapping[str, Any]) -> bool:
    if "_drafts" in path.parts:
        return True
    # To read the front matter of each here would cost twice.
    if not _DRAFT.search(data[:16_384]) and not is_draft(defaults):
        return False
    try:
        return is_draft(merge(defaults, take_apart(decode(data)[0]).values))
    except FormError:
        return False


class _Index:
    """The pages of a folder by the names under which others refer to them."""

    def __init__(self, files: Sequence[SourceFile], drafts: bool) -> None:
        self._drafts = drafts
        self._files: dict[str, SourceFile] = {}
        for file in files:
            path = PurePosixPath(file.path)
            base = path.parent if path.stem == "index" else path.with_suffix("")
            for at in range(len(base.parts)):
                self._files.setdefault("/".join(base.parts[at:]), file)

    def addresses_in(self, data: bytes, folder: str) -> dict[str, str]:
        """Return the addresses in this archive of the pages to which a text in `folder` refers, by the names that it uses.

        The address of a page that is left out, as a draft, is "".
        """
        addresses = {}
        for match in _REFERENCE.finditer(data.decode("utf-8", "replace")):
            name = match[1] or match[2] or match[3] or match[4]
            key = name.strip("/").removesuffix("/index.md").removesuffix(".md").removesuffix(".markdown").removesuffix(".html")
            beside = posixpath.normpath(posixpath.join(folder, key))
            key = key.lstrip("./")
            file = self._files.get(beside) or self._files.get(key) or self._files.get(key.removeprefix("_posts/"))
            if file is None:
                continue
            address = _address_of(file)
            if not self._drafts and _is_left_out(file):
                addresses[name] = ""
            elif address:
                addresses[name] = address
        return addresses


def _address_of(file: SourceFile) -> str:
    """Return the address that a page will have under the archive's usual permalink, "" where it has no date."""
    story = Story(0, "")
    path = PurePosixPath(file.path)
    try:
        values = take_apart(decode(file.file.read_bytes())[0]).values
    except (OSError, FormError):
        return ""
    _give_from_name(story, path)
    for key in ("date", "Date", "publishDate"):
        if isinstance(values.get(key), str):
            story.values["date"] = values[key]
    slug = slugify(str(values.get("slug") or story.values.get("slug") or values.get("title") or ""))
    day = re.match(r"(\d{4})-(\d{2})-(\d{2})", story.values.get("date", ""))
    return f"/{day[1]}/{day[2]}/{day[3]}/{slug}.html" if day and slug else ""


def read(piece: Piece, settings: ReadSettings) -> Story | Refusal:
    """Return the story in a text with front matter."""
    story = Story(piece.source, piece.path, piece.line)
    text, note = decode(piece.data)
    if note:
        story.warn("", note)
    try:
        document = take_apart(text)
    except FormError as error:
        return Refusal(piece.source, piece.path, error.line, error.message, error.column)
    if not document.body.strip() and not document.values:
        return Refusal(piece.source, piece.path, 1, "is empty")
    if piece.facts.get("defaults"):
        document = replace(document, values=merge(piece.facts["defaults"], document.values))
    give_fields(story, document.values, settings, by_spaces=document.form == "yaml")
    path = PurePosixPath(str(piece.facts.get("name", "")))
    draft = is_draft(document.values) or "_drafts" in path.parts
    story.give("draft", draft or None)
    _give_from_name(story, path)
    _set_body(story, document, path, piece.facts.get("addresses", {}))
    if not story.values.get("title") and story.values.get("slug"):
        words = str(story.values["slug"]).replace("-", " ").replace("_", " ").strip()
        story.give("title", words[:1].upper() + words[1:], inferred=True)
    story.give("language", languages.of_text(story.markdown), inferred=True)
    _give_resources(story, document.values.get("resources"))
    settle_links(story, Path(str(piece.facts.get("root", "."))), path, piece.facts.get("addresses", {}), settings)
    _find_pictures(story, Path(str(piece.facts.get("root", "."))), path)
    return story


def _give_from_name(story: Story, path: PurePosixPath) -> None:
    """Give the story what its file's name says: date, slug and language."""
    stem = path.stem
    match = _LANGUAGE_NAME.match(stem)
    if match:
        stem = match[1]
        story.give("language", match[2])
    name = path.parent.name if stem == "index" else stem
    date_match = _DATED_NAME.match(name)
    if date_match:
        story.give("date", f"{date_match[1]}-{int(date_match[2]):02}-{int(date_match[3]):02}")
        name = date_match[4]
    story.give("slug", name)


def _set_body(story: Story, document: FrontMatterFile, path: PurePosixPath, addresses: dict[str, str]) -> None:
    page = {str(key).lower(): value for key, value in document.values.items() if isinstance(value, str)}
    expansion = turn(document.body, addresses, page)
    story.markdown = expansion.text
    if path.suffix.lower() in _HTML_SUFFIXES:
        markdown = convert(expansion.text)
        story.take_body(markdown.text, markdown.kept_as_html, markdown.cut)
        name_lost(story, expansion.text)
    elif expansion.has_figures:
        story.kept_as_html.append("figure")
    heading = _HEADING.match(story.markdown)
    if heading and story.values.get("title", heading[1]) == heading[1]:
        story.give("title", heading[1])
        story.markdown = story.markdown[heading.end() :].lstrip("\n")
    for rule, text in expansion.cut:
        story.cut_out(rule, text)
    if expansion.unknown:
        names = sorted(set(expansion.unknown))
        count = len(expansion.unknown)
        some = f"{count} shortcodes stand" if count > 1 else "a shortcode stands"
        story.warn("", f"{some} in the text as written, for want of a rule: {', '.join(names)}")
        story.kept += [f"shortcode {name}" for name in expansion.unknown]


def _give_resources(story: Story, entries: Any) -> None:
    """Take the pictures of Hugo's `resources` that the text does not show; what is said of the others stands under cut."""
    resources = [item for item in entries if isinstance(item, dict)] if isinstance(entries, list) else []
    count = 0
    for item in resources:
        src = str(item.get("src", ""))
        words = item["params"] if isinstance(item.get("params"), dict) else {}
        title = "" if "*" in src or ":counter" in str(item.get("title", "")) else str(item.get("title") or "")
        image = {
            "src": src, "caption": str(words.get("caption") or title), "alt": str(words.get("alt") or ""),
            "credit": str(words.get("credit") or words.get("byline") or words.get("attribution") or ""),
        }  # fmt: skip
        if "*" in src or PurePosixPath(src).suffix.lower() not in IMAGE_TYPES:
            continue
        count += 1
        images = story.values.setdefault("images", [])
        there = next((each_image for each_image in images if isinstance(each_image, dict) and each_image.get("src") == src), None)
        if there is not None:
            there.update({word: value for word, value in image.items() if value and not there.get(word)})
        elif f"({src}" in story.markdown or f'"{src}"' in story.markdown:
            for value in (image["caption"], image["alt"], image["credit"]):
                if value not in story.markdown:
                    story.cut_out("resource-of-a-picture-in-the-text", value)
        else:
            images.append({word: value for word, value in image.items() if value})
    if not story.values.get("images"):
        story.values.pop("images", None)
    if count and count == len(resources) and "resources" in story.dropped:
        story.dropped.remove("resources")


def _find_pictures(story: Story, root: Path, path: PurePosixPath) -> None:
    """Note where the pictures that the story names lie: beside it, or below a folder of the site."""
    addresses = [match[1] or match[2] for match in _PICTURE.finditer(story.markdown)]
    pictures: list[dict[str, Any]] = [image for image in story.values.get("images", []) if isinstance(image, dict)]
    for address in (*addresses, *(str(image.get("src", "")) for image in pictures)):
        if not address or "://" in address or address.startswith(("//", "data:")):
            continue
        plain = unquote(_PELICAN.sub("", address).partition("?")[0].partition("#")[0])
        beside = posixpath.normpath(posixpath.join(str(path.parent), plain))
        candidates = [f"{folder}/{plain.lstrip('/')}".lstrip("/") for folder in _ROOTS]
        for candidate in candidates if plain.startswith("/") else (beside, *candidates):
            file = root / candidate
            if (
                not candidate.startswith("..")
                and "\0" not in candidate
                and is_file(file)
                and file.resolve().is_relative_to(root.resolve())
            ):
                story.files[address] = str(file)
                break
    _name_the_rest(story, root, path)


def _name_the_rest(story: Story, root: Path, path: PurePosixPath) -> None:
    """Take the picture of a page bundle that is called its lead, and name those that the story does not show."""
    if path.stem.partition(".")[0] != "index" or len(path.parts) < 2:
        return
    addresses = set(story.files.values())
    try:
        beside = sorted(file for file in (root / path.parent).iterdir() if file.suffix.lower() in _IMAGE_TYPES and file.is_file())
    except OSError:
        return
    rest = [file for file in beside if str(file) not in addresses and file.resolve().is_relative_to(root.resolve())]
    lead = next((file for file in rest if _LEAD.match(file.stem) and file.suffix.lower() in IMAGE_TYPES), None)
    if lead is not None and not story.values.get("images"):
        story.values["images"] = [{"src": lead.name}]
        story.files[lead.name] = str(lead)
        rest.remove(lead)
    if rest:
        names = ", ".join(file.name for file in rest)
        story.warn("images", f"the story's folder holds pictures that it does not show, and that are left: {names}")
