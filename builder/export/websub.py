"""WebSub: which feeds of a built site changed since their hub was last told, and telling it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from builder.archive.addresses import ATOM, CORRECTIONS_FEED, JSON_FEED, RSS, TERM_FOLDERS
from builder.base import files
from builder.base.problems import BuildUnavailableError
from builder.base.urls import absolute
from builder.config.site import Site
from builder.state.state import FOLDER

TIMEOUT = 30
"""Seconds that a hub may take."""
TOPICS_PER_REQUEST = 50
RECORD = "pinged.json"
"""In .morgue/: the checksum of each feed when its hub was last told of it."""
_FEED = re.compile(rf"{RSS}|{ATOM}|{JSON_FEED}|{CORRECTIONS_FEED}|feeds/[^/]+\.xml|(?:{'|'.join(TERM_FOLDERS)})/[^/]+/feed\.xml")
"""Every feed that changes; archive documents do not."""


def changed_feeds(folder: Path, checksums: Mapping[str, str], hub: str) -> dict[str, str]:
    """Return the checksum by path of each feed among `checksums` that `hub` does not know of.

    `folder` is that of the archive, `checksums` are its published files' by path.
    """
    known_checksums = _read_record(folder, hub)
    return {
        path: checksum
        for path, checksum in sorted(checksums.items())
        if _FEED.fullmatch(path) and known_checksums.get(path) != checksum
    }


def publish(folder: Path, site: Site, feeds: Mapping[str, str]) -> None:
    """Tell the hub of `site` that `feeds` (checksums by path) changed, and note in .morgue/ what it was told.

    Raises BuildUnavailableError where it does not answer or refuses: what it was told until then is noted.
    """
    paths = list(feeds)
    for at in range(0, len(paths), TOPICS_PER_REQUEST):
        some = paths[at : at + TOPICS_PER_REQUEST]
        _post(site.hub, [absolute(site.url, path) for path in some])
        _write_record(folder, site.hub, {**_read_record(folder, site.hub), **{path: feeds[path] for path in some}})


def _post(hub: str, topics: Sequence[str]) -> None:
    body = urlencode([("hub.mode", "publish"), *(("hub.url", topic) for topic in topics)]).encode()
    request = Request(hub, data=body, headers={"Content-Type": "application/x-www-form-urlencoded"})  # noqa: S310
    try:
        with urlopen(request, timeout=TIMEOUT):  # noqa: S310 (http and https alone: the setting says so)
            pass
    except (URLError, TimeoutError, OSError) as error:
        raise BuildUnavailableError(f"{hub}: was not told: {error}; run it again: it will be told of what is left") from None


def _read_record(folder: Path, hub: str) -> dict[str, str]:
    """Return what `hub` was told; nothing where that is not known."""
    try:
        record = json.loads(files.read_regular(folder / FOLDER / RECORD))
        return dict(record["feeds"]) if record["hub"] == hub else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _write_record(folder: Path, hub: str, feeds: Mapping[str, str]) -> None:
    try:
        files.write_whole(folder / FOLDER / RECORD, json.dumps({"hub": hub, "feeds": feeds}).encode())
    except OSError as error:
        raise BuildUnavailableError(f"{error.filename}: {error.strerror}; the hub was told, and will be once more") from None
