"""WARC and WACZ: the newest good capture of each page, its old addresses, and what the archive holds by day and status."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from builder.base.document_types import DOCUMENT_TYPES
from builder.base.files import write_whole
from builder.base.problems import BuildUnavailableError
from builder.importers import pages
from builder.importers.addresses import join, split_address
from builder.importers.encodings import decode
from builder.importers.existing import canonical
from builder.importers.linked_documents import is_document
from builder.importers.settings import ReadSettings, picture_file
from builder.importers.sources import SourceFile
from builder.importers.story import Piece, Refusal, Story
from builder.importers.warc_records import Damage, WebRecord, records

COVERAGE = "coverage"
_HTML = frozenset(("text/html", "application/xhtml+xml"))
_HEAD = re.compile(rb"<head\b[^>]*>|<html\b[^>]*>", re.IGNORECASE)
_MOST_REDIRECTS = 10


@dataclass(slots=True)
class _Capture:
    """A good capture of a page: when, of which address, and in which record of which file its body lies."""

    date: str
    url: str
    record_key: tuple[int, int]


@dataclass(slots=True)
class _Survey:
    """What all files of one import hold."""

    newest: dict[str, _Capture] = field(default_factory=dict)
    """By canonical address."""
    bodies: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Payload digest → file and record that has it, by number: revisits refer to it."""
    revisits: list[WebRecord] = field(default_factory=list)
    redirects: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, tuple[str, tuple[int, int]]] = field(default_factory=dict)
    """Address → date, file and record of its newest good capture."""
    picture_bodies: dict[str, tuple[int, int]] = field(default_factory=dict)
    days: dict[tuple[int, str], Counter[str]] = field(default_factory=dict)

    def take(self, number: int, source: int, record: WebRecord) -> None:
        """Take in a record of the file `number`."""
        counts = self.days.setdefault((source, record.date[:10]), Counter())
        counts["revisit" if record.kind == "revisit" else record.status or "no status"] += 1
        if record.status[:1] == "3" and record.location:
            self.redirects[record.url] = join(record.url, record.location)
        if record.kind == "revisit":
            self.revisits.append(record)
        elif record.status == "200" and record.size and record.mime not in _HTML and _is_media(record):
            self.take_picture((number, record.number), record)
            if record.digest:
                self.picture_bodies.setdefault(record.digest, (number, record.number))
        elif record.status == "200" and record.mime in _HTML and record.size:
            counts["pages"] += 1
            record_key = (number, record.number)
            if record.digest:
                self.bodies.setdefault(record.digest, record_key)
            self.capture(_Capture(record.date, record.url, record_key))

    def take_picture(self, record_key: tuple[int, int], record: WebRecord) -> None:
        """Note the capture of a picture, where it is the newest of its address. A revisit stands for the body seen before."""
        last = self.pictures.get(record.url)
        if last is None or record.date > last[0]:
            self.pictures[record.url] = (record.date, record_key)

    def capture(self, capture: _Capture) -> None:
        """Note a capture, where it is the newest of its page."""
        key = canonical(capture.url)
        last = self.newest.get(key)
        if last is None or capture.date > last.date:
            self.newest[key] = capture

    def resolve_revisits(self) -> None:
        """Give each revisit the body that it says it saw again."""
        for record in self.revisits:
            picture = self.picture_bodies.get(record.digest)
            if picture is not None:
                self.take_picture(picture, record)
            record_key = self.bodies.get(record.digest)
            if record_key is not None:
                self.capture(_Capture(record.date, record.url, record_key))

    def aliases(self) -> dict[str, list[str]]:
        """Return the addresses that lead to each page (by its canonical address) through redirects, and are not its own."""
        addresses: dict[str, list[str]] = {}
        for old in self.redirects:
            target = old
            for _ in range(_MOST_REDIRECTS):
                if target not in self.redirects:
                    break
                target = self.redirects[target]
            key = canonical(target)
            if key in self.newest and canonical(old) != key and split_address(old).path.strip("/"):
                addresses.setdefault(key, []).append(old)
        return addresses


def split(files: Sequence[SourceFile], settings: ReadSettings) -> Iterator[Piece | Refusal]:
    """Yield the newest good capture of each page. The files are read twice: to survey them, and for the bodies.

    Where pictures are asked for theirs are put into the scratch folder, before the first page is given.
    """
    survey = _Survey()
    for number, file in enumerate(files):
        count = faults = 0
        for record in records(file):
            if isinstance(record, Damage):
                label = f"{file.printable}/{record.name}" if record.name else file.printable
                yield Refusal(file.source, label, 0, record.message)
                faults += 1
            else:
                survey.take(number, file.source, record)
                count += 1
        if not count and not faults:
            yield Refusal(file.source, file.printable, 0, "holds no capture of a web address")
    survey.resolve_revisits()
    for (source, day), counts in sorted(survey.days.items()):
        yield Piece(source, COVERAGE, day, b"", facts=dict(counts))
    captures: dict[tuple[int, int], list[_Capture]] = {}
    for capture in survey.newest.values():
        captures.setdefault(capture.record_key, []).append(capture)
    aliases = survey.aliases()
    if settings.take_pictures and settings.scratch:
        _unpack_pictures(files, survey, Path(settings.scratch))
    for number, file in enumerate(files):
        numbers = {record for at, record in captures if at == number}
        for record in records(file, numbers) if numbers else ():
            if not isinstance(record, WebRecord) or record.number not in numbers:
                continue
            for capture in captures[number, record.number]:
                facts = {
                    "url": capture.url, "captured_at": capture.date, "charset": record.charset,
                    "aliases": aliases.get(canonical(capture.url), []),
                }  # fmt: skip
                yield Piece(file.source, "warc", f"{file.printable} {capture.url}", record.payload, 0, facts)


def _unpack_pictures(files: Sequence[SourceFile], survey: _Survey, scratch: Path) -> None:
    """Put the newest capture of each picture where `picture_file` says. Raises BuildUnavailableError where there is no room."""
    urls: dict[tuple[int, int], list[str]] = {}
    for url, (_, record_key) in survey.pictures.items():
        urls.setdefault(record_key, []).append(url)
    for number, file in enumerate(files):
        numbers = {record for at, record in urls if at == number}
        for record in records(file, numbers) if numbers else ():
            if not isinstance(record, WebRecord) or record.number not in numbers:
                continue
            for url in urls[number, record.number]:
                try:
                    write_whole(picture_file(scratch, url), record.payload)
                except OSError as error:
                    message = f"{scratch}: the pictures of {file.printable} cannot be unpacked here: {error.strerror}"
                    raise BuildUnavailableError(message) from None


def read(piece: Piece, settings: ReadSettings) -> Story | Refusal:
    """Return the story on a captured page, as from a saved one; the record says where and when it was captured."""
    data, url = piece.data, str(piece.facts["url"])
    if piece.facts["charset"]:
        data = decode(data, _python_name(str(piece.facts["charset"])))[0].encode()
    if b"<base" not in data[:50_000].lower():
        head = _HEAD.search(data)
        at = head.end() if head else 0
        data = data[:at] + f'<base href="{url.replace(chr(34), "%22")}">'.encode() + data[at:]
    story = pages.read(replace(piece, kind="html", data=data, facts={}), settings)
    if isinstance(story, Refusal):
        return story
    story.values["captured_at"] = piece.facts["captured_at"]
    if "captured_at" in story.inferred:
        story.inferred.remove("captured_at")
    story.give("original_url", url)
    own = canonical(story.values["original_url"])
    old = [address for address in [*piece.facts["aliases"], *([url] if canonical(url) != own else [])] if canonical(address) != own]
    story.give("aliases", list(dict.fromkeys(path for address in old if (path := split_address(address).path).strip("/"))))
    return story


def _python_name(charset: str) -> str:
    import codecs

    try:
        return codecs.lookup(charset).name
    except LookupError:
        return ""


def _is_media(record: WebRecord) -> bool:
    """Whether a record is a picture, or a document that stories link to."""
    return record.mime.startswith("image/") or is_document(record.url, DOCUMENT_TYPES)
