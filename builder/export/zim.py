"""ZIM: the built site as one file for Kiwix and other offline readers (openZIM, written by libzim)."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PIL import Image, ImageDraw

from builder.archive.addresses import HOME, HOST_FILES, NGINX
from builder.base.problems import ConfigError
from builder.config.site import Site
from builder.export.media_types import media_type
from builder.export.story_pages import title_of

_TEXT_TYPES = ("text/", "application/json", "application/xml", "application/rss", "application/atom", "image/svg")
_LANGUAGES = dict(
    pair.split(":")
    for pair in (
        "ar:ara bg:bul bn:ben ca:cat cs:ces cy:cym da:dan de:deu el:ell en:eng es:spa et:est eu:eus fa:fas fi:fin fr:fra ga:gle "
        "he:heb hi:hin hr:hrv hu:hun id:ind is:isl it:ita ja:jpn ko:kor lt:lit lv:lav ms:msa nb:nob nl:nld no:nor pl:pol pt:por "
        "ro:ron ru:rus sk:slk sl:slv sr:srp sv:swe sw:swa ta:tam th:tha tl:tgl tr:tur uk:ukr ur:urd vi:vie zh:zho"
    ).split()
)
"""ISO 639-3, which the format asks for, by the code that pages have."""


def write_zim(file: Path, public: Path, paths: Iterable[str], site: Site, at: int) -> int:
    """Write the published files `paths` of the folder `public` to the new ZIM `file`, and return their number.

    `at` (UTC seconds) is the day that the file says it is of. Files are read from disk when their turn comes. The readers' own
    full-text index is not made: the site has its search. Raises ConfigError without libzim.
    """
    try:
        from libzim import writer
    except ImportError:
        raise ConfigError("--format zim needs libzim: pip install 'morgue[zim]'") from None

    class SiteFile(writer.Item):  # type: ignore[misc]
        """A published file, as the library asks for it."""

        def __init__(self, path: str) -> None:
            super().__init__()
            self._path, self._mime = path, media_type(path)
            self._title, self._is_front = title_of(public / path, site) if self._mime == "text/html" else ("", False)

        def get_path(self) -> str:
            return self._path

        def get_title(self) -> str:
            return self._title

        def get_mimetype(self) -> str:
            return self._mime

        def get_contentprovider(self) -> Any:
            return writer.FileProvider(public / self._path)

        def get_hints(self) -> dict[Any, int]:
            return {writer.Hint.FRONT_ARTICLE: self._is_front, writer.Hint.COMPRESS: self._mime.startswith(_TEXT_TYPES)}

    count = 0
    creator = writer.Creator(file).config_verbose(False).config_indexing(False, "").config_nbworkers(1)  # 100 MB for each worker
    creator.set_mainpath(HOME.path)
    with _quiet_library(), creator:
        for path in paths:
            if path not in (*HOST_FILES, NGINX):
                creator.add_item(SiteFile(path))
                count += 1
        for name, value in _metadata(site, at).items():
            creator.add_metadata(name, value)
        creator.add_illustration(48, _illustration())
    return count


@contextmanager
def _quiet_library() -> Iterator[None]:
    """Keep from standard output what the library, whatever it is asked, tells there of its last steps."""
    sys.stdout.flush()
    stdout_copy = os.dup(1)
    try:
        with Path(os.devnull).open("wb") as sink:
            os.dup2(sink.fileno(), 1)
        yield
    finally:
        os.dup2(stdout_copy, 1)
        os.close(stdout_copy)


def _metadata(site: Site, at: int) -> dict[str, str]:
    """Return what every ZIM file has to say of itself (openZIM, Metadata)."""
    language = site.language.partition("-")[0].lower()
    return {
        "Title": site.title[:30].strip(),
        "Description": (site.description or site.title)[:80].strip(),
        "Language": _LANGUAGES.get(language, language if len(language) == 3 else "und"),
        "Creator": site.publisher or site.title,
        "Publisher": site.publisher or site.title,
        "Date": f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}",
        "Name": urlsplit(site.url).hostname or "archive",
        "Source": site.url,
        "Scraper": "Morgue",
    }


def _illustration() -> bytes:
    """Return the picture that stands for the file in a reader's library: a page with lines, 48 pixels wide (PNG)."""
    picture = Image.new("RGB", (48, 48), "#0a4d68")
    draw = ImageDraw.Draw(picture)
    for top, right in ((12, 36), (20, 36), (28, 36), (36, 26)):
        draw.rectangle((12, top, right, top + 2), fill="white")
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()
