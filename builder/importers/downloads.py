"""Pictures and documents fetched from the web: one at a time, with a pause, a time-out and a size limit; each once in an import."""

from __future__ import annotations

import http.client
import re
import time
import urllib.error
import urllib.request
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from builder.importers.addresses import split_address

TIMEOUT = 20.0
"""Seconds without an answer after which a file is given up."""
DEADLINE = 120.0
"""Seconds that one file may take altogether."""
MAX_BYTES = 30_000_000
PAUSE = 0.5
"""Seconds between two requests: slow enough for a small server."""
PICTURE_SIGNATURES = (
    (b"\xff\xd8\xff", ".jpg"), (b"\x89PNG\r\n", ".png"), (b"GIF8", ".gif"), (b"WEBP", ".webp"), (b"ftypavif", ".avif"),
)  # fmt: skip
"""What stands in the first 16 bytes of a picture, and the ending of its kind."""
_CHUNK = 65_536
_PAGE_TYPES = frozenset(("text/html", "application/xhtml+xml"))
_PAGE = re.compile(rb"\s*(?:<!doctype\s+html|<html\b)", re.IGNORECASE)
"""How a web page begins: what servers send in the place of a document that is gone, or behind a login."""


class _WebRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        """Follow redirects to web addresses alone."""
        if not newurl.startswith(("http://", "https://")):
            raise urllib.error.URLError(f"is redirected to {split_address(newurl).scheme}:")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


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
        time.sleep(max(0.0, self._last + PAUSE - time.monotonic()))
        try:
            return self._answer(url, is_picture), ""
        except urllib.error.HTTPError as error:
            fault = f"the server says {error.code} {error.reason}"
            error.close()
        except urllib.error.URLError as error:
            fault = "no answer in time" if isinstance(error.reason, TimeoutError) else str(error.reason)
        except TimeoutError:
            fault = "no answer in time"
        except http.client.IncompleteRead:
            fault = "the answer broke off"
        except (OSError, ValueError, http.client.HTTPException) as error:
            fault = str(error) or type(error).__name__
        finally:
            self._last = time.monotonic()
        self._faults[url] = fault
        return None, fault

    def _answer(self, url: str, is_picture: bool) -> bytes:
        """Return the body. Raises ValueError for what is too large, too slow or of another kind, and what urllib raises."""
        address = quote(url, safe="%/:=&?~#+!$,;'@()*[]")
        accept = "image/*" if is_picture else "*/*"
        request = urllib.request.Request(address, headers={"User-Agent": "morgue-import", "Accept": accept})  # noqa: S310
        start = time.monotonic()
        with self._opener.open(request, timeout=TIMEOUT) as answer:
            kind = answer.headers.get_content_type()
            is_certain = not is_picture or kind.startswith("image/") or kind == "application/octet-stream"
            if not is_picture and kind in _PAGE_TYPES:
                raise ValueError(f"is no document but a web page ({kind})")
            length = answer.headers.get("Content-Length", "")
            size = int(length) if length.isdigit() else -1
            data = bytearray(answer.read(16))
            if not is_certain and not picture_ending(bytes(data)):  # the bytes count where the server says nothing, or wrongly
                what = kind if answer.headers.get("Content-Type") else "of a kind that the server does not name"
                raise ValueError(f"is no picture but {what}")
            while size <= MAX_BYTES and (part := answer.read1(_CHUNK)):
                data += part
                if len(data) > MAX_BYTES:
                    break
                if time.monotonic() - start > DEADLINE:
                    raise ValueError(f"took more than {DEADLINE:.0f} seconds")
        if max(size, len(data)) > MAX_BYTES:
            raise ValueError(f"is larger than {MAX_BYTES / 1e6:.0f} MB")
        if len(data) < size:
            raise ValueError("the answer broke off")
        if not data:
            raise ValueError("is empty")
        if not is_picture and _PAGE.match(data):
            raise ValueError("is no document but a web page")
        return bytes(data)
