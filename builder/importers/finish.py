"""The last steps of a story before it is written: its capture record, sane dates, pictures brought home, original bytes kept."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from builder.articles.model import SPAN_FIELDS
from builder.articles.originals import ORIGINALS
from builder.base import files
from builder.base.dates import read_moment, to_datetime
from builder.base.urls import slugify
from builder.config.site import Site
from builder.importers.linked_documents import Documents
from builder.importers.media import Pictures, addresses_of
from builder.importers.settings import ReadSettings
from builder.importers.story import Piece, Story, sha256_of
from builder.importers.value_checks import leave_out_unsound
from builder.importers.writer import Outcome, WriteResult

_LETTER = re.compile(r"[^\W_]")
EARLIEST = "1605-01-01"
"""Before it there was no newspaper: an earlier date is a computer's zero (1601-01-01 is Windows', 0000-00-00 MySQL's)."""
ZEROS = ("1601-01-01", "1970-01-01T00:00:00", "1900-01-01", "1899-12-30", "1904-01-01", "0001-01-01")


def record(story: Story, piece: Piece, settings: ReadSettings) -> None:
    """Write the capture record into `story`, and mend its dates and title. Runs in the worker."""
    story.give("captured_at", settings.now)
    story.values["captured_by"] = f"{settings.tool} ({piece.kind})"
    data = source_bytes(piece)
    story.values["captured_sha256"] = sha256_of(data)
    if settings.keep_originals:
        story.original = data
    for word in ("date", "updated", "captured_at"):
        _mend_date(story, word, settings)
    leave_out_unsound(story, settings.timezone)
    _settle_updated(story, settings.timezone)
    spellings: dict[str, str] = {}
    for tag in story.values.get("tags") or ():  # two spellings of one tag are one tag
        spellings.setdefault(slugify(tag) or tag, tag)
    if spellings:
        story.values["tags"] = list(spellings.values())
    if not _LETTER.search(str(story.values.get("title", ""))):
        _title_from_text(story)
    if story.values.get("language", "").lower() == settings.language.lower():
        del story.values["language"]
    if "language" in story.inferred and "language" not in story.values:
        story.inferred.remove("language")


def source_bytes(piece: Piece) -> bytes:
    """Return the bytes of the source that make up a story: its own, and the front matter that its folder's data give, as JSON."""
    defaults = piece.facts.get("defaults")
    if not defaults:
        return piece.data
    return piece.data + b"\n" + json.dumps(defaults, ensure_ascii=False, sort_keys=True).encode(errors="replace") + b"\n"


def _settle_updated(story: Story, zone: str) -> None:
    """Take out an `updated` that says no more than the date, or lies before it (a story scheduled after its last edit)."""
    date, updated = str(story.values.get("date", "")), str(story.values.get("updated", ""))
    if not date or not updated or updated == date:
        if updated == date:
            story.values.pop("updated", None)
        return
    if to_datetime(updated, zone) < to_datetime(date, zone):
        del story.values["updated"]
        story.dropped.append("updated")


def _mend_date(story: Story, word: str, settings: ReadSettings) -> None:
    text = str(story.values.get(word, "")).strip()
    if not text:
        return
    try:
        iso = read_moment(text, settings.timezone, word in SPAN_FIELDS).iso
    except ValueError:
        _drop_date(story, word, f'"{text[:40]}" is no date that can be read')
        return
    if iso[:10] < EARLIEST or iso.startswith(ZEROS):
        _drop_date(story, word, f"{iso[:10]} is a computer's zero, not a date")
    elif word != "captured_at" and to_datetime(iso, settings.timezone) > _latest(settings.now):
        _drop_date(story, word, f"{iso[:10]} lies in the future")
    else:
        story.values[word] = iso


@lru_cache(maxsize=1)
def _latest(now: str) -> datetime:
    return datetime.fromisoformat(now) + timedelta(days=2)


def _drop_date(story: Story, word: str, why: str) -> None:
    del story.values[word]
    if word in story.inferred:
        story.inferred.remove(word)
    story.dropped.append(word)
    story.warn(word, f"{why}; left out: {'give the article one' if word == 'date' else 'the article does without it'}")


def _title_from_text(story: Story) -> None:
    """Give a story whose headline is missing, or has no letter or digit, its first words as a headline."""
    before = str(story.values.get("title", "")).strip()
    plain = " ".join(story.markdown.replace("#", " ").replace("*", "").split())
    first = plain[:80].rpartition(" ")[0] if len(plain) > 80 and " " in plain[:80] else plain[:80]
    story.values["title"] = first or before or "Untitled"
    story.inferred = [word for word in story.inferred if word != "title"] + ["title"]
    if before:
        story.cut_out("title-without-letters", before)
    story.warn("title", "has no headline; its first words stand for one")


class Finish:
    """The steps that need the disk: they run in the main process, story by story."""

    def __init__(
        self, folder: Path, site: Site, settings: ReadSettings, into: str, media: Path | None, download: bool, dry_run: bool
    ) -> None:
        self.folder, self.site, self.settings, self.dry_run = folder, site, settings, dry_run
        self.pictures = Pictures(folder, into, media, download, dry_run)
        self.documents = Documents(folder / "content", settings.documents, self.pictures, dry_run)

    def complete(self, story: Story, before: bytes | None) -> bool:
        """Bring a story to the state in which it is written: its pictures beside it, where they have no web address or that
        is asked for, and its documents. `before` is its article of an earlier import of the same bytes: what it has is not
        fetched again.

        Return whether the article of that import lacks pictures or documents that were asked for.
        """
        if before is not None and not any(address.encode() in before for address in self._addresses(story)):
            return False
        self.pictures.bring_home(story)
        self.documents.bring_home(story)
        return self.pictures.is_asked_for

    def _addresses(self, story: Story) -> list[str]:
        return [*addresses_of(story), *self.documents.addresses_of(story)]

    def after(self, story: Story, result: WriteResult) -> None:
        """Keep what goes with an article that was written: its original bytes, under originals/ by their digest."""
        if self.dry_run or result.outcome == Outcome.REFUSED or not story.original:
            return
        digest: Any = story.values["captured_sha256"]
        if result.outcome == Outcome.SAME and digest.encode() not in (self.folder / "content" / result.path).read_bytes():
            return  # the same text of another capture
        target = self.folder / ORIGINALS / digest[:2] / digest
        if not target.exists():
            files.write_whole(target, story.original)
