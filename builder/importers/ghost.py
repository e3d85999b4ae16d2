"""Ghost's export: one JSON file with the posts, tags and people of a site."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from builder.base.files import is_file
from builder.importers.encodings import decode, parse_json
from builder.importers.lost_text import name_lost
from builder.importers.settings import ReadSettings
from builder.importers.sources import SourceFile
from builder.importers.story import Piece, Refusal, Story, unique
from builder.importers.to_markdown import convert

PLACEHOLDER = "__GHOST_URL__"
"""What an export has for the address of its site, which it does not name."""
IMAGE_FOLDERS = ("", "content", "..")
"""Where, from the export, the folder `images` of a backup of `content/` may lie."""
_MARK = re.compile(rb'\A[\s\xef\xbb\xbf]*\{\s*"(?:db"\s*:\s*\[|(?:meta|data)"\s*:\s*\{)')
_PICTURE = re.compile(rf"{PLACEHOLDER}/content/images/([^\"'\s<>?#)]+)")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_READ_FIELDS = frozenset(
    "title slug html status type page visibility published_at updated_at custom_excerpt feature_image feature_image_alt "
    "feature_image_caption canonical_url uuid authors author author_id locale".split()
)
_OTHER_FORMS = frozenset(
    "id post_id comment_id mobiledoc lexical plaintext markdown created_at created_by updated_by published_by featured".split()
)
"""The text in the editor's own forms, and what names or counts records in Ghost's database."""


def is_export(head: bytes) -> bool:
    """Whether a file that begins so (8 kB) is Ghost's export."""
    return bool(_MARK.match(head)) and (head.count(b'"exported_on"') > 0 or b'"db"' in head[:40])


def split(files: Sequence[SourceFile], settings: ReadSettings) -> Iterator[Piece | Refusal]:
    """Yield each post and page as a piece, with its people, tags and pictures as facts."""
    for file in files:
        try:
            export = parse_json(decode(file.file.read_bytes())[0])
        except OSError as error:
            yield Refusal(file.source, file.printable, 0, f"cannot be read: {error.strerror}")
            continue
        except (ValueError, RecursionError) as error:
            line, column = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
            message = "the export breaks off or is damaged here; export it anew (Settings, Import/Export)"
            yield Refusal(file.source, file.printable, line, message, column)
            continue
        yield from _pieces(file, export, settings)


def _pieces(file: SourceFile, export: Mapping[str, Any], settings: ReadSettings) -> Iterator[Piece | Refusal]:
    first = (export.get("db") or [export])[0]
    data = first.get("data") if isinstance(first, dict) else None
    if not isinstance(data, dict) or not isinstance(data.get("posts"), list):
        yield Refusal(file.source, file.printable, 1, "is JSON like Ghost's export, and has no posts")
        return
    tables = {name: [row for row in rows if isinstance(row, dict)] for name, rows in data.items() if isinstance(rows, list)}
    people, tags = (
        _names_of(tables, "users", "posts_authors", "author_id"),
        _names_of(tables, "tags", "posts_tags", "tag_id"),
    )
    names = {_key(user.get("id")): str(user.get("name") or "") for user in tables.get("users", ())}
    meta = {_key(row.get("post_id")): row for row in tables.get("posts_meta", ())}
    site = {str(row.get("key")): row.get("value") for row in tables.get("settings", ())}
    for post in tables["posts"]:
        status, kind, key = str(post.get("status") or "published"), _kind(post), _key(post.get("id"))
        if status not in {"published", "sent"} and not settings.drafts:
            yield Piece(file.source, "left-out", f"{status} {kind}s (--drafts brings them in)", b"")
            continue
        record = {**{name: value for name, value in meta.get(key, {}).items() if value}, **post}
        facts = {
            "people": people.get(key) or unique([names.get(_key(post.get("author_id")), "")]),
            "tags": tags.get(key, []),
            "title": str(site.get("title") or ""),
            "language": str(site.get("locale") or site.get("lang") or site.get("default_locale") or ""),
            "folder": str(file.file.parent),
        }
        text = json.dumps(record, ensure_ascii=False).encode(errors="replace")
        yield Piece(file.source, "ghost", f"{file.printable}/{post.get('slug') or key}", text, facts=facts)


def _names_of(tables: Mapping[str, list[dict[str, Any]]], table: str, links: str, column: str) -> dict[str, list[str]]:
    """Return by post the names in `table` that the rows of `links` give it, in their order; internal tags are none."""
    names = {
        _key(row.get("id")): str(row.get("name") or "")
        for row in tables.get(table, ())
        if row.get("visibility") != "internal" and not str(row.get("name")).startswith("#")
    }
    names_of = defaultdict(list)
    for row in sorted(tables.get(links, ()), key=lambda row: row.get("sort_order") or 0):
        if name := names.get(_key(row.get(column)), ""):
            names_of[_key(row.get("post_id"))].append(name)
    return names_of


def _key(value: Any) -> str:
    return str(value)


def _kind(post: Mapping[str, Any]) -> str:
    return "page" if post.get("type") == "page" or post.get("page") == 1 else "post"


def read(piece: Piece, settings: ReadSettings) -> Story | Refusal:  # noqa: ARG001 (every format takes the settings)
    """Return the post or page in `piece`."""
    post: dict[str, Any] = json.loads(piece.data)
    story, facts = Story(piece.source, piece.path), piece.facts
    html = str(post.get("html") or "")
    if not html.strip() and any(post.get(form) for form in ("lexical", "mobiledoc", "markdown")):
        message = "has its text in the form of Ghost's editor alone, not as HTML; open and save it in Ghost, then export anew"
        return Refusal(piece.source, piece.path, 1, message)
    story.give("title", " ".join(str(post.get("title") or "").split()))
    story.give("date", _moment(post.get("published_at")))
    story.give("updated", _moment(post.get("updated_at")))
    story.give("slug", str(post.get("slug") or ""))
    story.give("summary", str(post.get("custom_excerpt") or "").strip())
    story.give("byline", unique(facts["people"]))
    if facts["tags"]:
        story.give("section", facts["tags"][0])
        story.give("tags", unique(facts["tags"][1:]))
    if _UUID.fullmatch(str(post.get("uuid") or "")):
        story.give("id", f"urn:uuid:{post['uuid'].lower()}")
    if str(post.get("canonical_url") or "").startswith(("http://", "https://")):
        story.give("original_url", post["canonical_url"])
    story.give("source", facts["title"])
    story.give("aliases", [f"/{post['slug']}/"] if post.get("slug") else [])
    if _kind(post) == "page":
        story.give("type", "page")
    if str(post.get("status", "published")) not in {"published", "sent"}:
        story.values["draft"] = True
    if str(post.get("visibility") or "public") != "public":
        story.values["draft"] = True
        story.warn("draft", f"is for {post['visibility']} alone at its source; it came in as a draft")
    code = str(post.get("locale") or facts["language"])
    story.give("language", code if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", code) else "")
    _give_pictures(story, post, html, Path(facts["folder"]))
    html = html.replace(PLACEHOLDER, "")
    markdown = convert(html)
    story.take_body(markdown.text, markdown.kept_as_html, markdown.cut)
    name_lost(story, html)
    story.dropped += [name for name, value in post.items() if value and name not in _READ_FIELDS | _OTHER_FORMS]
    return story


def _moment(value: Any) -> str:
    """Return a moment in ISO 8601: exports have it so, older ones in milliseconds since 1970."""
    if isinstance(value, int | float):
        with suppress(OverflowError, OSError, ValueError):
            return datetime.fromtimestamp(value / 1000, UTC).isoformat(timespec="seconds")
    return str(value or "")


def _give_pictures(story: Story, post: Mapping[str, Any], html: str, folder: Path) -> None:
    """Set the feature image, and the local copies of what `content/images/` of the site had, if a backup lies beside."""
    feature = str(post.get("feature_image") or "")
    if feature:
        caption = convert(str(post.get("feature_image_caption") or "")).text
        words = {"src": feature.replace(PLACEHOLDER, ""), "alt": str(post.get("feature_image_alt") or ""), "caption": caption}
        story.give("images", [{name: value for name, value in words.items() if value}])
    root = folder.resolve()
    for name in unique(_PICTURE.findall(f"{html} {feature}")):
        for beside in IMAGE_FOLDERS:
            file = (folder / beside / "images" / name).resolve()
            if file.is_relative_to(root.parent) and is_file(file) and ".." not in name.split("/"):
                story.files[f"/content/images/{name}"] = str(file)
                break
