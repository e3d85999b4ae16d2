"""Withdrawal: an article becomes a tombstone, which keeps its address and says when and why; so does one that is gone."""

from __future__ import annotations

import posixpath
import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from builder.articles.field_edit import set_field
from builder.articles.parsing import parse_article
from builder.base import files
from builder.base.now import now
from builder.base.problems import BuildUnavailableError, ConfigError
from builder.base.urls import slugify
from builder.base.yaml_parsing import YamlError
from builder.commands.lookup import ArticleReference, Lookup
from builder.commands.scaffold import quote
from builder.config.site import Site

TOMBSTONES = "withdrawn"
"""The folder of content/ for notices of articles whose files are gone."""
_NOT_WITHDRAWN = r"''|\"\"|~|null|false|no|off|False|No|Off"


def withdraw(lookup: Lookup, reference: ArticleReference, reason: str, title: str, publication_day: str) -> Path:
    """Write the withdrawal of `reference` into its article and return the file; the rest of it stays as it is formatted.

    An article that is gone gets a new file: `title` and `publication_day` (its day) say what its address does not. Raises
    ConfigError where it is withdrawn already, or cannot be written in, BuildUnavailableError where the disk does not let it.
    """
    day = datetime.fromtimestamp(now(), UTC).astimezone(ZoneInfo(lookup.site.timezone)).date().isoformat()
    notice = f"{{date: {day}, reason: {_scalar(reason)}}}"
    if not reference.path:
        return _write_tombstone(lookup, reference, notice, title, publication_day)
    content = lookup.folder / "content"
    file = content / reference.path
    before = file.read_bytes()
    article = parse_article(reference.path, before, content, lookup.site).article
    if article is None:
        raise ConfigError(f"content/{reference.path}: has errors; mend them first: morgue check")
    if article.withdrawn:
        raise ConfigError(f"content/{reference.path}: is withdrawn already, {article.withdrawn_on or 'without a date'}")
    key = lookup.site.fields.get("withdrawn", "withdrawn")
    after = set_field(before.decode(), key, notice, _NOT_WITHDRAWN)
    _require_withdrawn(reference.path, after, content, lookup.site, reason)
    _write(file, after)
    return file


def _write_tombstone(lookup: Lookup, reference: ArticleReference, notice: str, title: str, publication_day: str) -> Path:
    day, slug = _parts_of(reference.address, lookup.site)
    day = publication_day or day
    if not day and lookup.site.undated == "error":
        raise ConfigError(f"{reference.address}: does not say when the story was published; give its day: --published 2012-03-04")
    file = lookup.folder / "content" / TOMBSTONES / f"{slug}.md"
    if file.exists():
        raise ConfigError(f"{file}: is there already; rename it, then withdraw {reference.address} again")
    fields = {
        "title": quote(title or slug.replace("-", " ").capitalize()),
        "date": day,
        "id": quote(reference.id),
        "slug": quote(slug),
        "withdrawn": notice,
    }
    names = lookup.site.fields
    front = "".join(f"{names.get(field, field)}: {value}\n" for field, value in fields.items() if value)
    text = f"---\n{front}---\n"
    _require_withdrawn(f"{TOMBSTONES}/{slug}.md", text, lookup.folder / "content", lookup.site, "")
    _write(file, text)
    return file


def _parts_of(address: str, site: Site) -> tuple[str, str]:
    """Return the day that `address` has in it ("" if none) and the slug, by the site's permalink, else by how addresses look."""
    parts = {part: rf"(?P<{part}>\d+)" for part in ("year", "month", "day")}
    others = {"slug": "(?P<slug>[^/]+)", "section": "[^/]+", "source": "[^/]+"}
    template = re.sub(r"\\([{}])", r"\1", re.escape(site.permalink))
    match = re.fullmatch(template.format(**parts, **others), address)
    match = match or re.search(r"(?P<year>\d{4})[/-](?P<month>\d\d)[/-](?P<day>\d\d)[/-]", address)
    groups = match.groupdict() if match else {}
    day = f"{groups['year']}-{groups['month']}-{groups['day']}" if {"year", "month", "day"} <= groups.keys() else ""
    name = posixpath.basename(address.partition("?")[0].removesuffix("/index.html"))
    return day, slugify(groups.get("slug") or posixpath.splitext(name)[0]) or "story"


def _require_withdrawn(path: str, text: str, content: Path, site: Site, reason: str) -> None:
    """Raise ConfigError unless `text` reads as an article that is withdrawn for `reason` ("" for any)."""
    try:
        article = parse_article(path, text.encode(), content, site).article
        is_withdrawn = article is not None and article.withdrawn and reason in {"", article.withdrawn_reason}
    except (ValueError, YamlError):
        is_withdrawn = False
    if not is_withdrawn:
        raise ConfigError(f"content/{path}: its front matter cannot be added to; write `withdrawn` into it by hand")


def _write(file: Path, text: str) -> None:
    try:
        files.write_whole(file, text.encode())
    except OSError as error:
        raise BuildUnavailableError(f"{file}: cannot be written: {error.strerror}; it is as it was") from None


def _scalar(text: str) -> str:
    """Return `text` in double quotes, as within a flow mapping of YAML."""
    line = " ".join(text.split())
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'
