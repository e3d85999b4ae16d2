"""Pictures fetched from the web: one at a time, with a pause, a time-out and a size limit; each address once in an import."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote, urlsplit

TIMEOUT = 20.0
"""Seconds without an answer after which a picture is given up."""
DEADLINE = 120.0
"""Seconds that one picture may take altogether."""
MAX_BYTES = 30_000_000
PAUSE = 0.5
"""Seconds between two requests: slow enough for a small server."""
_CHUNK = 65_536


class _WebRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        """Follow redirects to web addresses alone."""
        if not newurl.startswith(("http://", "https://")):
            raise urllib.error.URLError(f"is redirected to {urlsplit(newurl).scheme}:")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Downloads:
    """Fetches pictures, and knows of each address what became of it."""

    def __init__(self) -> None:
        self._faults: dict[str, str] = {}
        self._opener = urllib.request.build_opener(_WebRedirects)
        self._last = 0.0

    def fetch(self, url: str) -> tuple[bytes | None, str]:
        """Return the bytes of the picture at `url` and "", or None and why there are none."""
        if url in self._faults:
            return None, self._faults[url]
        time.sleep(max(0.0, self._last + PAUSE - time.monotonic()))
        try:
            return self._answer(url), ""
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

    def _answer(self, url: str) -> bytes:
        """Return the body. Raises ValueError for what is too large, too slow or no picture, and what urllib raises."""
        address = quote(url, safe="%/:=&?~#+!$,;'@()*[]")
        request = urllib.request.Request(address, headers={"User-Agent": "morgue-import", "Accept": "image/*"})  # noqa: S310
        start = time.monotonic()
        with self._opener.open(request, timeout=TIMEOUT) as answer:
            kind = answer.headers.get_content_type()
            if not kind.startswith("image/") and kind != "application/octet-stream":
                raise ValueError(f"is no picture but {kind}")
            length = answer.headers.get("Content-Length", "")
            size = int(length) if length.isdigit() else -1
            data = bytearray()
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
        return bytes(data)
