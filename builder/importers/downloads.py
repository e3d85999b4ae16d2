"""Pictures and documents fetched from the web: one at a time, with a pause, a time-out and a size limit; each once in an import."""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple
from urllib.parse import quote

from builder.importers.addresses import split_address

TIMEOUT = 20.0
"""Seconds without an answer after which a file is given up."""
DEADLINE = 120.0
"""Seconds that one file may take altogether, redirects and headers included."""
MAX_BYTES = 30_000_000
MAX_WAIT = 60.0
"""Seconds that a busy server (429, 503) is waited for, where it asks for that (Retry-After)."""
MAX_STRIKES = 3
"""Requests to one host without an answer in time, or with one to wait, after which it is left in peace."""
PAUSE = 0.5
"""Seconds between two requests: slow enough for a small server."""
PICTURE_SIGNATURES = (
    (b"\xff\xd8\xff", ".jpg"), (b"\x89PNG\r\n", ".png"), (b"GIF8", ".gif"), (b"WEBP", ".webp"), (b"ftypavif", ".avif"),
)  # fmt: skip
"""What stands in the first 16 bytes of a picture, and the ending of its kind."""
_HEAD, _CHUNK = 512, 65_536
_PAGE_TYPES = frozenset(("text/html", "application/xhtml+xml"))
_PAGE = re.compile(rb"\s*(?:<!doctype\s+html|<html\b)", re.IGNORECASE)
"""How a web page begins: what servers send in the place of a document that is gone, or behind a login."""


class _WebRedirects(urllib.request.HTTPRedirectHandler):
    inf_msg = "and leads in a circle: "

    def http_error_302(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        """Follow a redirect, and close the answer where it leads to nothing that is asked."""
        try:
            return super().http_error_302(req, fp, code, msg, headers)
        except (OSError, ValueError):
            fp.close()
            raise

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        """Follow redirects to web addresses alone, and from the web to none of this machine or its network."""
        address = split_address(newurl)
        if not newurl.startswith(("http://", "https://")):
            raise urllib.error.URLError(f"is redirected to {address.scheme}:")
        if _is_local(address.hostname or "") and not _is_local(split_address(req.full_url).hostname or ""):
            raise urllib.error.URLError(f"is redirected into the local network, to {address.netloc}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _is_local(host: str) -> bool:
    """Whether a host has an address that is not of the public internet (this machine's, a private network's)."""
    try:
        addresses = {str(entry[4][0]).partition("%")[0] for entry in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return False  # it cannot be asked, either
    return not all(ipaddress.ip_address(address).is_global for address in addresses)


class _Answer(NamedTuple):
    """What a server gave: the bytes, or None and why there are none."""

    data: bytes | None
    fault: str = ""
    is_strike: bool = False
    """Whether the server did not answer in time, or wants to be left in peace."""
    wait: float = 0.0
    """Seconds after which it may be asked again."""


def picture_ending(data: bytes) -> str:
    """Return the ending for a picture that begins as `data` does, "" for what is none that is published."""
    return next((ending for mark, ending in PICTURE_SIGNATURES if mark in data[:16]), "")


def _address(url: str) -> str:
    """Return `url` as it is asked for: without HTML's `&amp;` and the place in the file."""
    return unescape(url).partition("#")[0]


class Downloads:
    """Fetches pictures and documents, and knows of each address what became of it."""

    def __init__(self) -> None:
        self._faults: dict[str, str] = {}
        self._copies: dict[str, Path] = {}
        self._strikes: Counter[str] = Counter()
        """How many times in a row a host did not answer in time, or asked to wait."""
        self._opener = urllib.request.build_opener(_WebRedirects)
        self._last = 0.0

    def note_copy(self, url: str, file: Path) -> None:
        """Note that `file` has what was fetched from `url`: another story's is taken from there."""
        self._copies[_address(url)] = file

    def fetch(self, url: str, *, is_picture: bool = True) -> tuple[bytes | None, str]:
        """Return the bytes of the picture, or else of the document, at `url` and "", or None and why there are none."""
        url = _address(url)
        if url in self._faults:
            return None, self._faults[url]
        if url in self._copies:
            try:
                return self._copies[url].read_bytes(), ""
            except OSError:
                del self._copies[url]
        host = split_address(url).netloc
        if self._strikes[host] >= MAX_STRIKES:
            return None, f"{host} gave no answer in time or asked to wait {MAX_STRIKES} times; it is not asked again in this import"
        answer = self._ask(url, is_picture)
        if 0 < answer.wait <= MAX_WAIT:
            time.sleep(answer.wait)
            answer = self._ask(url, is_picture)
        self._strikes[host] = self._strikes[host] + 1 if answer.is_strike else 0
        if answer.fault:
            self._faults[url] = answer.fault
        return answer.data, answer.fault

    def _ask(self, url: str, is_picture: bool) -> _Answer:
        time.sleep(max(0.0, self._last + PAUSE - time.monotonic()))
        try:
            data = _within(DEADLINE, lambda: self._body(url, is_picture))
            return _Answer(data) if data is not None else _Answer(None, f"took more than {DEADLINE:.0f} seconds", is_strike=True)
        except urllib.error.HTTPError as error:
            error.close()
            is_busy = error.code in {429, 503}
            wait = _seconds(error.headers.get("Retry-After", "")) if is_busy else 0.0
            asks = f", and asks to wait {wait:,.0f} seconds; import again then" if wait > MAX_WAIT else ""
            return _Answer(None, _brief(f"the server says {error.code} {error.reason}") + asks, is_busy, wait)
        except urllib.error.URLError as error:
            is_late = isinstance(error.reason, TimeoutError)
            return _Answer(None, "no answer in time" if is_late else _brief(str(error.reason)), is_late)
        except TimeoutError:
            return _Answer(None, "no answer in time", is_strike=True)
        except http.client.IncompleteRead:
            return _Answer(None, "the answer broke off")
        except (OSError, ValueError, http.client.HTTPException) as error:
            return _Answer(None, _brief(str(error)) or type(error).__name__)
        finally:
            self._last = time.monotonic()

    def _body(self, url: str, is_picture: bool) -> bytes:
        """Return the body. Raises ValueError for what is too large or of another kind, and what urllib raises."""
        address = quote(url, safe="%/:=&?~#+!$,;'@()*[]")
        accept = "image/*" if is_picture else "*/*"
        request = urllib.request.Request(address, headers={"User-Agent": "morgue-import", "Accept": accept})  # noqa: S310
        deadline = time.monotonic() + DEADLINE
        with self._opener.open(request, timeout=TIMEOUT) as answer:
            length = answer.headers.get("Content-Length", "")
            size = int(length) if length.isdecimal() else -1
            data = bytearray(answer.read(_HEAD))
            _check_kind(bytes(data), answer.headers, is_picture)
            while size <= MAX_BYTES and len(data) <= MAX_BYTES and (part := answer.read1(_CHUNK)):
                data += part
                if time.monotonic() > deadline:
                    break  # nobody waits for it any more
        if max(size, len(data)) > MAX_BYTES:
            raise ValueError(f"is larger than {MAX_BYTES / 1e6:.0f} MB")
        if len(data) < size:
            raise ValueError("the answer broke off")
        return bytes(data)


def _check_kind(head: bytes, headers: Message, is_picture: bool) -> None:
    """Raise ValueError where the first bytes of an answer, or its headers, are not those of what was asked for.

    The bytes count where the server says nothing, or wrongly: pages for what is gone come as pictures and documents, too.
    """
    kind = headers.get_content_type()
    if not head:
        raise ValueError("is empty")
    if headers.get("Content-Encoding", "identity").lower() != "identity":
        raise ValueError("comes packed, which was not asked for")
    is_page = bool(_PAGE.match(head))
    if not is_picture:
        if is_page or kind in _PAGE_TYPES:
            raise ValueError(f"is no document but a web page{f' ({kind})' if kind in _PAGE_TYPES else ''}")
    elif not picture_ending(head) and not (kind == "image/avif" and head[4:8] == b"ftyp"):
        if "Content-Type" not in headers:
            raise ValueError("is no picture but of a kind that the server does not name")
        if is_page or not kind.startswith("image/"):
            raise ValueError(f"is no picture but {'a web page, sent as ' if is_page and kind not in _PAGE_TYPES else ''}{kind}")
        raise ValueError(f"is no picture of a kind that is published, though sent as {kind}")


def _within(seconds: float, work: Callable[[], bytes]) -> bytes | None:
    """Return what `work` does, or None after `seconds`: then it is left to itself. Raises what it raises.

    A server that sends a byte now and then keeps each wait for it short, and all of them together without end.
    """
    results: SimpleQueue[bytes | Exception] = SimpleQueue()

    def run() -> None:
        try:
            results.put(work())
        except Exception as error:  # noqa: BLE001 (it is raised where somebody waits)
            results.put(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        result = results.get(timeout=seconds)
    except Empty:
        return None
    if isinstance(result, Exception):
        raise result
    return result


def _seconds(retry_after: str) -> float:
    """Return how long a server asks to wait (RFC 9110, 10.2.3: seconds or a date), 0 where it does not say."""
    text = retry_after.strip()
    if text.isdecimal():
        return min(float(text), 1e9)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _brief(text: str) -> str:
    """Return what a server said on one line of a message."""
    return " ".join(text.split())[:200]
