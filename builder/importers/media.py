"""Pictures brought home: copies from an export's uploads or a mirror, or fetched from the web, byte for byte, below content/."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.request
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from builder.base import files
from builder.base.imagetypes import IMAGE_TYPES
from builder.importers.story import Story, sha256_of

TIMEOUT = 20
MAX_BYTES = 30_000_000
PAUSE = 0.5
"""Seconds between two requests: slow enough for a small server."""
_IN_TEXT = re.compile(r"(?<=\]\()<?(https?://[^\s)>]+)>?(?=[ )])|(?<=<img src=\")(https?://[^\"]+)")


def bring_home(story: Story, content: Path, into: str, media: Path | None, download: bool, dry_run: bool) -> None:
    """Put copies of the story's pictures into its month's folder below `content`. What fails is told, and stays a link."""
    images = story.values.get("images", [])
    in_text = [match[1] or match[2] for match in _IN_TEXT.finditer(story.markdown)]
    addresses = [image.get("src", "") for image in images] + [url for url in in_text if _suffix(url)]
    day = story.values.get("date", "")[:10]
    folder = PurePosixPath(into, day[:4], day[5:7]) if day else PurePosixPath(into, "undated")
    for url in dict.fromkeys(filter(None, addresses)):
        data = _local(url, media) if media else None
        if data is None and download and url.startswith(("http://", "https://")):
            data = _fetch(url, story)
        if data is None:
            if media and not download:
                story.warn("images", f"there is no copy of {url} in {media}; it stays a link")
            continue
        path = str(folder / f"{sha256_of(data)[:12]}-{_name(url)}")
        if not dry_run and not (content / path).exists():
            files.write_whole(content / path, data)
        for image in images:
            if image.get("src") == url:
                image["src"] = f"/{path}"
        story.markdown = story.markdown.replace(url, f"/{path}")


def _suffix(url: str) -> str:
    suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
    return suffix if suffix in IMAGE_TYPES else ""


def _name(url: str) -> str:
    name = re.sub(r"[^\w.-]+", "-", unquote(PurePosixPath(urlsplit(url).path).name))[-60:]
    return name if _suffix(url) else f"{name or 'picture'}.jpg"


def _local(url: str, media: Path) -> bytes | None:
    """Return the bytes of the copy whose path below `media` ends as the address does, the longest ending first."""
    parts = [part for part in unquote(urlsplit(url).path).split("/") if part not in {"", ".", ".."}]
    host = urlsplit(url).hostname or ""
    for candidate in ([host, *parts], *(parts[at:] for at in range(len(parts)))):
        file = media.joinpath(*candidate)
        if file.is_file() and file.resolve().is_relative_to(media.resolve()):
            return file.read_bytes()
    return None


def _fetch(url: str, story: Story) -> bytes | None:
    time.sleep(PAUSE)
    try:
        request = urllib.request.Request(url, headers={"User-Agent": "morgue-import"})  # noqa: S310 (http and https alone)
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            data: bytes = answer.read(MAX_BYTES + 1)
            kind = answer.headers.get_content_type()
    except (OSError, ValueError, urllib.error.URLError) as error:
        story.warn("images", f"{url} could not be fetched ({error}); it stays a link")
        return None
    if len(data) > MAX_BYTES or not kind.startswith("image/"):
        story.warn(
            "images", f"{url} is {'larger than 30 MB' if len(data) > MAX_BYTES else f'no picture but {kind}'}; it stays a link"
        )
        return None
    return data
