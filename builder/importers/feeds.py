"""Feeds: RSS, Atom and JSON Feed documents, with their archives (RFC 5005), to the stories in them."""

from __future__ import annotations

import html as entities
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from lxml import etree

from builder.base.dates import read_moment, to_datetime
from builder.base.files import is_file
from builder.importers.addresses import join, split_address
from builder.importers.copy_marks import give_agencies
from builder.importers.encodings import decode, parse_json
from builder.importers.feed_documents import FeedDocument, FeedError, digest_of, parse_entry, take_apart
from builder.importers.feed_entries import MARKED_UP, SourceEntry, entry_of_json, entry_of_xml, plain_text
from builder.importers.html_repairs import parse_fragment, text_of
from builder.importers.lost_text import Wording, name_lost, texts_of
from builder.importers.rules import Rules
from builder.importers.settings import ReadSettings
from builder.importers.sources import SourceFile, whole_files
from builder.importers.story import Piece, Refusal, Story, squeeze, unique
from builder.importers.to_markdown import convert, escape

LEFT_OUT = "left-out"
_CUT_SHORT = re.compile(
    r"(?:\[?(?:…|\.\.\.|&#8230;|&hellip;)\]?|\b(?:read more|continue reading|weiterlesen|lire la suite)\W*)\s*$", re.IGNORECASE
)
_ATOM_ENTRY = re.compile(rb"<entry-of-feed[^>]*><(?:[\w-]+:)?entry\b")
_CHAIN = ("prev-archive", "next-archive", "current", "next", "previous", "first", "last")


def split(files: Sequence[SourceFile], settings: ReadSettings) -> Iterator[Piece | Refusal]:  # noqa: ARG001 (every format's way in)
    """Yield each entry as a piece, the newest document first: of one that several documents have the newest, by its own
    `updated` and then its document's; the others are counted and left out.
    """
    documents: dict[tuple[float, int], SourceFile] = {}
    newest: dict[str, tuple[float, tuple[float, int]]] = {}
    for number, file in enumerate(_with_chain(files)):
        document = _open(file)
        if isinstance(document, Refusal):
            yield document
            continue
        place = _instant(document.updated), -number
        documents[place] = file
        for entry in document.entries:
            rank = _instant(entry.updated), place
            newest[digest_of(entry)] = max(rank, newest.get(digest_of(entry), rank))
    for place in sorted(documents, reverse=True):
        file = documents[place]
        document = _open(file)
        if isinstance(document, Refusal):
            continue
        if not document.entries:
            yield Refusal(file.source, file.printable, 1, "is a feed without an entry")
        for entry in document.entries:
            if entry.fault:
                yield Refusal(file.source, file.printable, entry.line, entry.fault, entry.column)
                continue
            if newest[digest_of(entry)][1] != place:
                yield Piece(file.source, LEFT_OUT, "entries that a newer document has", b"")
                continue
            yield Piece(
                file.source,
                "feed",
                file.printable,
                entry.data,
                entry.line,
                {**document.facts, "form": document.form, "links": document.links, "column": entry.column},
            )
        if document.facts.get("truncated") and document.entries and not document.entries[-1].fault:
            line, column = document.facts["truncated"]
            yield Refusal(file.source, file.printable, line, "breaks off here; the entries before this place are in", column)
        for address in _missing(file, document, files):
            yield Piece(file.source, LEFT_OUT, f"earlier document of the feed that is not here ({address})", b"")


def _open(file: SourceFile) -> FeedDocument | Refusal:
    piece = next(whole_files([file], "feed"))
    if isinstance(piece, Refusal):
        return piece
    try:
        return take_apart(decode(piece.data)[0])
    except FeedError as error:
        return Refusal(file.source, file.printable, 1, str(error))


def _with_chain(files: Sequence[SourceFile]) -> list[SourceFile]:
    """Return `files` with the archive documents to which they lead and that lie beside them (RFC 5005, 4)."""
    documents = {file.file.resolve(): file for file in files}
    todo = [file for file in files if file.is_alone]
    while todo:
        file = todo.pop()
        document = _open(file)
        if isinstance(document, Refusal):
            continue
        for path in _chain_paths(document):
            next_file = _beside(file, document, path)
            if next_file is not None and next_file.file.resolve() not in documents:
                documents[next_file.file.resolve()] = next_file
                todo.append(next_file)
    return list(documents.values())


def _chain_paths(document: FeedDocument) -> list[str]:
    own = document.links.get("self", "")
    return unique(path for rel in _CHAIN if (path := _path(document, rel)) and join(own, document.links[rel]) != own)


def _path(document: FeedDocument, rel: str) -> str:
    """Return path and query of the document that the relation `rel` names, "" for none."""
    address = split_address(join(document.links.get("self", ""), document.links.get(rel, ""))) if document.links.get(rel) else None
    if address is None:
        return ""
    return unquote(address.path).lstrip("/") + (f"?{address.query}" if address.query else "")


def _beside(file: SourceFile, document: FeedDocument, path: str) -> SourceFile | None:
    """Return the file of a chain's `path`, counted from the folder in which the feed's own path begins.

    The file of one with a query is named as mirrors do it (`feed.xml?page=2`, on Windows `feed.xml@page=2`), or without it.
    """
    own = PurePosixPath(_path(document, "self").partition("?")[0])
    actual = file.file.resolve()
    up = len(own.parts) if own.parts and actual.parts[-len(own.parts) :] == own.parts else 1
    root = actual.parents[up - 1]
    bare = path.partition("?")[0]
    for name in unique([path, path.replace("?", "@", 1), *([bare] if bare != str(own) else [])]):
        for candidate in (root / name, actual.parent / PurePosixPath(name).name):
            if is_file(candidate) and candidate.resolve().is_relative_to(root):
                label = os.path.normpath(Path(file.label).parent / os.path.relpath(candidate, actual.parent))
                return SourceFile(file.source, label, candidate.parent, candidate.name, is_alone=True)
    return None


def _missing(file: SourceFile, document: FeedDocument, files: Sequence[SourceFile]) -> list[str]:
    """Return the addresses of the older documents that the document names and that are not here."""
    missing = []
    for rel in ("prev-archive", "next"):
        path = _path(document, rel)
        is_here = any(f"/{other.path}".endswith(f"/{path}") for other in files) or _beside(file, document, path) is not None
        if path and path != _path(document, "self") and not is_here:
            missing.append(join(document.links.get("self", ""), document.links[rel]))
    return missing


def _instant(text: str) -> float:
    """Return a moment as seconds since 1970, 0 for what is none."""
    try:
        return to_datetime(read_moment(text, "UTC").iso, "UTC").timestamp()
    except (ValueError, OverflowError):
        return 0.0


def read(piece: Piece, settings: ReadSettings) -> Story | Refusal:
    """Return the story in an entry."""
    if piece.facts.get("form") == "json":
        entry = entry_of_json(parse_json(piece.data.decode()))
    else:
        try:
            element = parse_entry(piece.data)
        except etree.XMLSyntaxError as error:
            line, column = error.position
            if line == 1:  # where the entry stands within a document of its own
                column += piece.facts["column"] - piece.data.index(b">") - 2
            message = f"the entry that begins on line {piece.line} is no sound XML: {error.msg.partition(', line')[0]}"
            return Refusal(piece.source, piece.path, piece.line + line - 1, message, max(1, column))
        entry = entry_of_xml(element, str(piece.facts.get("base", "")), _address_of_feed(piece))
    _complete_addresses(entry, _address_of_feed(piece))
    return _story(entry, piece, settings)


def _address_of_feed(piece: Piece) -> str:
    """Return what the addresses of an entry count from without `xml:base`: for RSS and JSON the site, for Atom the feed."""
    links = piece.facts.get("links", {})
    order = ("self", "alternate") if _ATOM_ENTRY.match(piece.data) else ("alternate", "self")
    return str(piece.facts.get("base") or next((links[rel] for rel in order if links.get(rel)), ""))


def _complete_addresses(entry: SourceEntry, base: str) -> None:
    """Make an entry's own addresses absolute: its page's, its pictures' and its sounds'."""
    entry.url, entry.original = (join(base, address) if address else "" for address in (entry.url, entry.original))
    for picture in entry.pictures:
        picture["src"] = join(base, picture["src"])
    entry.enclosures = [join(base, address) for address in entry.enclosures]


def _story(entry: SourceEntry, piece: Piece, settings: ReadSettings) -> Story | Refusal:
    story = Story(piece.source, piece.path, piece.line)
    rules = settings.rules
    feed_title = str(piece.facts.get("title", ""))
    story.give("title", entry.title)
    story.give("date", _moment(entry.published or entry.updated, settings.timezone))
    story.give("updated", _moment(entry.updated, settings.timezone))
    story.give("id", _identity(entry, piece))
    url = entry.url if entry.url.startswith(("http://", "https://")) else ""
    if entry.url and not url and not split_address(entry.url).scheme:
        story.warn("original_url", f'the link "{entry.url}" names no site, and neither does the feed; it is left out')
    story.give("original_url", entry.original or url)
    _give_people(story, entry, piece.facts, rules)
    story.give("source", rules.outlet_at(url) or rules.outlet_named(feed_title), inferred=True)
    if entry.rights and not rules.agency_named(entry.rights) and entry.rights != ", ".join(story.values.get("agency", [])):
        story.give("rights", entry.rights)
    story.give("tags", unique(entry.categories))
    language = entry.language or str(piece.facts.get("language", ""))
    if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        story.give("language", language)
    story.dropped += entry.dropped
    for term in entry.terms:
        story.cut_out("category-term", term)
    _set_body(story, entry, entry.base or url or _address_of_feed(piece))
    for word, key, text in entry.others:
        if not Wording(f"{story.markdown} {' '.join(texts_of(story.values))}").says(text):
            story.give_from(word, key, text, keep_unknown=settings.keep_unknown)
    if not story.markdown and not story.values.get("title"):
        return Refusal(piece.source, piece.path, piece.line, "this entry has neither a title nor a text")
    return story


def _give_people(story: Story, entry: SourceEntry, facts: dict[str, Any], rules: Rules) -> None:
    """Give the story its writers, agencies and source: the entry's own, else those whom the feed names for all its entries."""
    is_own = bool(facts.get("is_own"))
    of_feed = [] if entry.authors or entry.origins or is_own else [str(name) for name in facts.get("authors", [])]
    feed_title = str(facts.get("title", ""))
    publisher = str(facts.get("author", "")).casefold() if is_own else ""
    for name in (*entry.authors, *of_feed, *entry.origins):
        agencies = [agency for part in (name, *re.split(r",\s*", name)) if (agency := rules.agency_named(part))]
        outlet = rules.outlet_named(name)
        if agencies:
            give_agencies(story, agencies)
        elif rules.outlets_in(name) == [outlet]:
            story.give("source", outlet)
        elif name in entry.origins:
            story.give("source", name)
        elif len(entry.authors) > 1 or not (_is_the_outlet(name, feed_title) or name.casefold() == publisher):
            story.values.setdefault("byline", []).append(name)
    if of_feed and story.values.get("byline"):
        story.inferred.append("byline")
    for name in unique(entry.contributors):
        if name not in story.values.get("byline", []):
            story.cut_out("contributor", name)


def _is_the_outlet(name: str, feed_title: str) -> bool:
    """Whether an author's name is the feed's own (`The Quay` of `The Quay – News`): who publishes, not who writes."""
    words, title = (re.findall(r"\w+", text.casefold()) for text in (name, feed_title))
    return bool(words and title) and (words == title[: len(words)] or title == words[: len(title)])


def _identity(entry: SourceEntry, piece: Piece) -> str:
    """Return the entry's id; one that is a number alone, which two feeds may share, with its site's name before it."""
    links = piece.facts.get("links", {})
    host = split_address(str(links.get("alternate") or links.get("self") or entry.url)).hostname or ""
    return f"{host}:{entry.id}" if re.fullmatch(r"\d+", entry.id) and host else entry.id


def _moment(text: str, zone: str) -> str:
    """Return a date in the site's zone; midnight there is a day without a time, which feeds have no way to say."""
    try:
        iso = read_moment(text, zone, spans=True).iso
    except ValueError:
        return text
    return iso[:10] if iso[10:19] in {"T00:00:00", "T00:00"} or (iso[10:16] == "T00:00" and len(iso) == 22) else iso


def _set_body(story: Story, entry: SourceEntry, base: str) -> None:
    html, summary = entry.html, " ".join(plain_text(entry.summary_html).split())
    if not html.strip() and entry.summary_html.strip():
        html = (
            entry.summary_html
            if MARKED_UP.search(entry.summary_html)
            else f"<p>{entities.escape(entry.summary_html, quote=False)}</p>"
        )
        if _CUT_SHORT.search(summary):
            story.warn("", "the feed has only the beginning of the text; the rest is at its original address")
        summary = ""
    if html.strip():
        root = parse_fragment(html)
        images = _take_pictures(root, entry.pictures, base)
        markdown = convert(root, base)
        story.take_body(markdown.text, markdown.kept_as_html, markdown.cut)
    else:
        images = entry.pictures
    story.give("images", [{key: value for key, value in image.items() if value or key == "src"} for image in images])
    for address in entry.enclosures:
        if address not in story.markdown:
            story.markdown += f"\n\n[{escape(unquote(address.rpartition('/')[2]) or address)}]({address})"
    begins = squeeze(story.markdown)[: len(summary) + 400]
    if summary and squeeze(summary)[:120] not in begins:
        story.give("summary", summary)
    name_lost(story, html)


def _take_pictures(root: etree._Element, pictures: list[dict[str, str]], url: str) -> list[dict[str, str]]:
    """Take the entry's own pictures out of its text, where they stand again; return them with what the text says of them."""
    usable = []
    for picture in pictures:
        fields = dict(picture)
        for image in list(root.iter("img")):
            if join(url, image.get("src") or "") != picture["src"]:
                continue
            fields["alt"] = fields.get("alt") or (image.get("alt") or "").strip()
            figure = next((item for item in image.iterancestors("figure")), None)
            caption = next(figure.iter("figcaption"), None) if figure is not None else None
            words = text_of(caption) if caption is not None else ""
            if fields.get("caption") == fields["alt"] and fields["caption"] not in words:
                fields["caption"] = ""  # it was the description, for want of a caption
            fields["caption"] = fields.get("caption") or words
            (figure if figure is not None else image).drop_tree()
            break
        usable.append(fields)
    return usable
