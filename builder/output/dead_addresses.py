"""Whether every address that was ever published answers in the output folder: with a page, or with one that leads to a page."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path

from builder.archive.addresses import NETLIFY, NGINX
from builder.base.files import read_regular
from builder.base.urls import decode_percent, has_query
from builder.formats import server_redirects

_REFRESH = re.compile(r'<meta http-equiv="refresh" content="0; url=([^"]+)"')
_MAX_REDIRECT_BYTES = 8192
"""A redirect page is smaller; larger ones are not read."""


def find_dead_addresses(folder: Path, addresses: Iterable[str], site_url: str) -> Iterator[tuple[str, str]]:
    """Yield each of `addresses` (output paths, or urls.query_address) that does not answer in the built `folder`, and why."""
    rules = "".join(_text(folder / name) for name in (NETLIFY, NGINX))
    for address in addresses:
        if has_query(address):
            if not any(rule in rules for rule in server_redirects.rules_of(address, site_url)):
                yield address, f"neither {NETLIFY} nor {NGINX} has a rule for it"
        elif reason := _reason(folder, address):
            yield address, reason


def _reason(folder: Path, path: str) -> str:
    """Return why the page at `path` is no answer, "" where it is one."""
    file = folder / path
    try:
        size = file.stat().st_size if file.is_file() else None
    except OSError:
        size = None
    if size is None:
        return "there is no such file"
    target = _REFRESH.search(_text(file)) if size < _MAX_REDIRECT_BYTES else None
    if target is None:
        return "" if size else "the file is empty"
    page = posixpath.normpath(posixpath.join(posixpath.dirname(path), decode_percent(unescape(target[1]))))
    return "" if (folder / page).is_file() else f"it leads to {page}, which is not there"


def _text(file: Path) -> str:
    try:
        return read_regular(file).decode(errors="replace")
    except OSError:
        return ""
