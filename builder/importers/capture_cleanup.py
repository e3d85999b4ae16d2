"""What saved a page left in it: web archives' banners and rewritten links undone, and who saved which address when."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from builder.importers.encodings import decode

_WAYBACK_LINK = re.compile(
    r"(?:https?:)?//(?:web|wayback|archive)[\w.-]*/(?:web/|wayback/|all/)?(\d{14})(?:[a-z]{2}_)?/"
    r"((?:https?:)?//[^\s\"'<>\\]*)"
)
_WAYBACK_PATH = re.compile(r"(?<=[\"'(=])/web/(\d{14})(?:[a-z]{2}_)?/(https?://[^\s\"'<>\\]*)")
_WAYBACK_BAR = re.compile(
    r"<!-- BEGIN WAYBACK TOOLBAR INSERT -->.*?<!-- END WAYBACK TOOLBAR INSERT -->"
    r"|<!--\s*FILE ARCHIVED ON.*?-->|<!--\s*playback timings.*?-->"
    r"|<script[^>]*(?:archive\.org|_static/js|wombat)[^>]*>.*?</script>",
    re.DOTALL | re.IGNORECASE,
)
_ARCHIVED_ON = re.compile(r"FILE ARCHIVED ON (\d{2}:\d{2}:\d{2} \w{3} \d{2}, \d{4})")
_HTTRACK = re.compile(r"<!--\s*Mirrored from (\S+) by HTTrack Website Copier[^,]*(?:\[[^\]]*\])?,\s*([^>]*?)\s*-->")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->", re.IGNORECASE)
_SINGLE_FILE = re.compile(r"Page saved with SingleFile\s+url:\s*(\S+)\s+saved date:\s*([^\n(]+)")


@dataclass(frozen=True, slots=True)
class Capture:
    """A page as text, and what its capture says: addresses are full or "", the time ISO 8601 or ""."""

    html: str
    url: str = ""
    archived_url: str = ""
    captured_at: str = ""
    note: str = ""
    """What had to be guessed of its encoding, for a person."""


def open_page(data: bytes) -> Capture:
    """Return the page in `data` (HTML or MHTML) without what its capture added. Raises ValueError for MHTML without a page."""
    if is_mhtml(data):
        return _open_mhtml(data)
    html, note = decode(data)
    return replace(_undo(html), note=note)


def is_mhtml(data: bytes) -> bool:
    """Whether the bytes are a page saved as MHTML: a mail of several parts."""
    head = data[:4096].replace(b"\r", b"")
    return bool(re.match(rb"\A(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+", head)) and b"multipart/related" in head.lower()


def _open_mhtml(data: bytes) -> Capture:
    message = email.message_from_bytes(data, policy=email.policy.default)
    part = next((part for part in message.walk() if part.get_content_type() in {"text/html", "application/xhtml+xml"}), None)
    if part is None:
        raise ValueError("is MHTML without a page in it")
    payload = part.get_payload(decode=True)
    html, note = decode(payload if isinstance(payload, bytes) else b"", part.get_content_charset() or "")
    capture = _undo(html)
    url = str(message.get("Snapshot-Content-Location") or part.get("Content-Location") or "")
    return replace(
        capture, url=capture.url or url, captured_at=capture.captured_at or _mail_date(str(message.get("Date") or "")), note=note
    )


def mhtml_parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of a page saved as MHTML by their addresses (`https:…` or `cid:…`); none of other pages."""
    if not is_mhtml(data):
        return {}
    parts: dict[str, bytes] = {}
    for part in email.message_from_bytes(data, policy=email.policy.default).walk():
        payload = None if part.is_multipart() else part.get_payload(decode=True)
        if isinstance(payload, bytes):
            number = str(part.get("Content-ID") or "").strip().strip("<>")
            for address in (str(part.get("Content-Location") or "").strip(), f"cid:{number}" if number else ""):
                if address:
                    parts.setdefault(address, payload)
    return parts


def _mail_date(text: str) -> str:
    try:
        return parsedate_to_datetime(text).isoformat()
    except (TypeError, ValueError):
        return ""


def _undo(html: str) -> Capture:
    capture = Capture(html)
    httrack, browser_copy, single_file = _HTTRACK.search(html), _SAVED_FROM.search(html[:2000]), _SINGLE_FILE.search(html[:4000])
    if httrack:
        url = httrack[1] if "://" in httrack[1] else f"https://{httrack[1]}"
        capture = replace(capture, url=url, captured_at=_mail_date(httrack[2]))
    elif browser_copy:
        capture = replace(capture, url=browser_copy[1])
    elif single_file:
        capture = replace(capture, url=single_file[1])
    if "/web/" in html or "WAYBACK" in html:
        capture = _undo_wayback(capture)
    return capture


def _undo_wayback(capture: Capture) -> Capture:
    html = capture.html
    first = _WAYBACK_LINK.search(html) or _WAYBACK_PATH.search(html)
    bar = "WAYBACK TOOLBAR" in html or "FILE ARCHIVED ON" in html
    if first is None or not (bar or len(_WAYBACK_LINK.findall(html)) + len(_WAYBACK_PATH.findall(html)) > 3):
        return capture
    on = _ARCHIVED_ON.search(html)
    stamp = datetime.strptime(on[1], "%H:%M:%S %b %d, %Y").replace(tzinfo=UTC) if on else None
    stamp = stamp or datetime.strptime(first[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    html = _WAYBACK_BAR.sub("", html)
    html = _WAYBACK_PATH.sub(r"\2", _WAYBACK_LINK.sub(r"\2", html))
    url = _canonical_link(html) or capture.url
    snapshot = f"https://web.archive.org/web/{stamp:%Y%m%d%H%M%S}/{url}" if url.startswith("http") else ""
    return replace(capture, html=html, url=url, archived_url=snapshot, captured_at=stamp.isoformat())


def _canonical_link(html: str) -> str:
    match = re.search(r"<link[^>]*rel=[\"']?canonical[^>]*>", html, re.IGNORECASE)
    href = re.search(r"href=[\"']?([^\"'\s>]+)", match[0]) if match else None
    return href[1] if href else ""
