"""Beginnings: a new article, a new archive."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from builder.archive.address_ledger import FILE as LEDGER
from builder.articles.model import FIELD_NAMES
from builder.articles.parsing import default_id
from builder.base import files
from builder.base.problems import ConfigError
from builder.base.urls import slugify
from builder.config.site import FILE_NAME, PLACEHOLDER_URL, load_site, parse_site

_SITE = """\
# What each setting does: the README's reference. Only the title and url are worth setting at once.
title: {title}
url: {url}     # where the site will stand; feeds and the sitemap are made from it
language: {language}                      # the interface: en or zh-Hant
timezone: {timezone}                     # decides on which day an article stands, such as Asia/Hong_Kong
publisher: {title}

# Articles that name their fields otherwise need no change: say which of their fields is which of ours.
# fields: {{byline: author, section: category, updated: last_updated}}
# defaults: {{source: {title}}}
# undated: keep
# pages: pages     # content/pages/ then has pages of your own: about.md, contact.md …
"""
_WELCOME = """\
---
title: The archive is open
date: {date}
id: {id}
source: {source}
section: About
type: news
tags: [archive]
summary: This is the first article. Write over it, or delete it once yours are here.
---

An article is a text file under `content/`, in any folder. Between the two lines of dashes it says what is known of it: title,
date, source, agency, byline, tags. Below them is its text, in Markdown.

- `morgue new "A headline"` begins another one.
- `morgue serve` shows the site while you write.
- `morgue build` makes the site in `public/`: plain files for any web server, or a USB stick.
"""


def new_article(folder: Path, title: str) -> Path:
    """Write the beginning of an article with `title`, dated now, and return its path. Raises ConfigError where it cannot."""
    site = load_site(folder, FIELD_NAMES)
    slug = slugify(title)
    if not slug:
        raise ConfigError(f'"{title}" has no letter or digit to make an address of')
    at = datetime.now(ZoneInfo(site.timezone)).replace(second=0, microsecond=0)
    path = f"{at:%Y}/{at:%m}/{at:%Y-%m-%d}-{slug}.md"
    file = folder / "content" / path
    if file.exists():
        raise ConfigError(f"{file}: is there already; give the new article another title")
    names = {field: site.fields.get(field, field) for field in FIELD_NAMES}
    fields = {
        "title": quote(title),
        "date": at.isoformat(sep=" ", timespec="minutes"),
        "id": default_id(path),
        "byline": "",
        "tags": "[]",
    }
    front = "".join(f"{names[field]}: {value}".rstrip() + "\n" for field, value in fields.items())
    _write(file, f"---\n{front}---\n\n")
    return file


class Beginning(NamedTuple):
    """What a new archive's site.yml says."""

    title: str
    url: str
    language: str
    timezone: str


def default_beginning(folder: Path) -> Beginning:
    """Return what can be said of the archive at `folder` without asking: its name, and the zone of this machine."""
    title = folder.resolve().name.replace("-", " ").replace("_", " ").strip().capitalize() or "News archive"
    return Beginning(title, PLACEHOLDER_URL, "en", _system_zone())


def _system_zone() -> str:
    """Return the name of this machine's time zone (IANA), UTC where it has none that we know."""
    names = [os.environ.get("TZ", "").lstrip(":")]
    with suppress(OSError):
        names.append(str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2])
    return next((name for name in names if name in available_timezones()), "UTC")


def new_archive(folder: Path, beginning: Beginning) -> Iterator[Path]:
    """Write a site.yml that says `beginning`, a first article and what git has to know into `folder`, yielding what was written.

    Raises ConfigError if it holds an archive already, or for a setting that cannot be: then nothing is written.
    """
    title = beginning.title
    date = datetime.now(ZoneInfo("UTC")).date()
    site = _SITE.format(**beginning._asdict() | {"title": quote(title)})
    parse_site(site, FIELD_NAMES)
    first = f"{date:%Y}/{date:%m}/{date}-the-archive-is-open.md"
    texts = {
        FILE_NAME: site,
        f"content/{first}": _WELCOME.format(date=date, id=default_id(first), source=quote(title)),
        ".gitignore": "/public/\n/.morgue/\n",
        ".gitattributes": f"# Two copies of it are merged by keeping the lines of both.\n/{LEDGER} merge=union\n",
    }
    for name in (FILE_NAME, "content"):
        if (folder / name).exists():
            raise ConfigError(f"{folder / name}: is there already; morgue init begins a new archive and writes over nothing")
    for name, text in texts.items():
        if not (folder / name).exists():
            _write(folder / name, text)
            yield folder / name


def _write(file: Path, text: str) -> None:
    try:
        files.write_whole(file, text.encode())
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written: {error.strerror}") from None


def quote(text: str) -> str:
    """Return `text` as a YAML scalar that can be nothing but a text."""
    plain = (
        text.replace(" ", "").isalnum()
        and not text[0].isdigit()
        and text.casefold() not in {"null", "true", "false", "yes", "no", "on", "off"}
    )
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
