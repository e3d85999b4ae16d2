"""WACZ: the built site as one file that plays back offline (Web Archive Collection Zipped 1.1.1, over WARC 1.1 and CDXJ)."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from builder.archive.addresses import HOME
from builder.base import version
from builder.base.urls import quote
from builder.export.media_types import media_type
from builder.export.sorted_lines import SortedLines
from builder.formats.fixity import PIECE

WACZ_VERSION = "1.1.1"
WARC_NAME = "site.warc.gz"
INDEX_BLOCK_LINES = 1024
"""Lines of a compressed block of the index: a player loads one block for a page, not the index of all."""
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


class PageRecord(NamedTuple):
    """A page that the player lists: its output path and its title."""

    path: str
    title: str


class _Resource(NamedTuple):
    """A file of the package, as datapackage.json describes it."""

    path: str
    sha256: str
    size: int


class _Counting(io.RawIOBase):
    """A file of the zip while it is written: counts its bytes and digests them."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.size = 0
        self.digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._stream.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)

    def tell(self) -> int:
        return self.size


def write_wacz(
    target: BinaryIO,
    public: Path,
    files: Iterable[str],
    pages: Iterable[PageRecord],
    url: str,
    title: str,
    at: int,
    main: str = HOME.path,
) -> int:
    """Write the published `files` of the folder `public`, as a crawler would have found them at `url`, and return their number.

    `pages` are listed by the player, which begins with `main`; `at` (UTC seconds) is the moment of capture. Files are read one
    after the other, in pieces; lines of the index wait on disk.
    """
    moment = datetime.fromtimestamp(at, UTC)
    resources: list[_Resource] = []
    with zipfile.ZipFile(target, "w") as package, SortedLines() as lines:
        with _Member(package, f"archive/{WARC_NAME}", resources) as stream:
            for line in _write_records(stream, public, files, url, moment):
                lines.add(line, line)
        with _Member(package, "indexes/index.cdx.gz", resources) as stream:
            blocks = list(_write_index(stream, lines))
        with _Member(package, "indexes/index.idx", resources) as stream:
            header = {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}
            stream.write(f"!meta 0 {json.dumps(header)}\n{''.join(blocks)}".encode())
        with _Member(package, "pages/pages.jsonl", resources) as stream:
            stream.write(b'{"format": "json-pages-1.0", "id": "pages", "title": "All pages"}\n')
            for page in pages:
                address = url + quote(page.path)
                entry = {"id": _digest(address)[:16], "url": address, "ts": _iso(moment), "title": page.title}
                stream.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
        _write_description(package, resources, url + quote(main), title, moment)
        return lines.count


class _Member:
    """One member of the zip, stored as it is, so that a player reads any part of it; noted in `resources` when it is whole."""

    def __init__(self, package: zipfile.ZipFile, path: str, resources: list[_Resource]) -> None:
        self._path = path
        self._resources = resources
        self._file = package.open(zipfile.ZipInfo(path, _ZIP_DATE), "w", force_zip64=True)
        self._counting = _Counting(self._file)  # type: ignore[arg-type]

    def __enter__(self) -> _Counting:
        return self._counting

    def __exit__(self, *error: object) -> None:
        self._file.close()
        if error[0] is None:
            self._resources.append(_Resource(self._path, self._counting.digest.hexdigest(), self._counting.size))


def _write_records(stream: _Counting, public: Path, files: Iterable[str], url: str, moment: datetime) -> Iterator[str]:
    """Write a WARC response for each of `files`, and yield its line of the index."""
    writer = WARCWriter(stream, gzip=True, warc_version="1.1")
    for path in files:
        for address in (url, url + quote(path)) if path == HOME.path else (url + quote(path),):
            begin = stream.tell()
            mime = media_type(path)
            with (public / path).open("rb") as content:
                size = os.fstat(content.fileno()).st_size
                http = StatusAndHeaders("200 OK", [("Content-Type", mime), ("Content-Length", str(size))], "HTTP/1.1")
                checksum, block_checksum = _checksums(content, http)
                content.seek(0)
                own = _record_headers(address, checksum, block_checksum, moment)
                record = writer.create_warc_record(address, "response", content, size, http_headers=http, warc_headers_dict=own)
                writer.write_record(record)
            entry = {
                "url": address,
                "mime": mime,
                "status": "200",
                "digest": f"sha256:{checksum}",
                "length": str(stream.tell() - begin),
                "offset": str(begin),
                "filename": WARC_NAME,
            }
            yield f"{_sort_key(address)} {moment:%Y%m%d%H%M%S} {json.dumps(entry)}\n"


def _record_headers(address: str, checksum: str, block_checksum: str, moment: datetime) -> dict[str, str]:
    """Return headers that depend on the record alone, so that two exports of one site are the same file."""
    return {
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{address} {checksum} {_iso(moment)}')}>",
        "WARC-Date": _iso(moment),
        "WARC-Payload-Digest": f"sha256:{checksum}",
        "WARC-Block-Digest": f"sha256:{block_checksum}",
    }


def _write_index(stream: _Counting, lines: Iterable[str]) -> Iterator[str]:
    """Write the sorted `lines` of the index in compressed blocks, and yield the line that tells where each block is."""
    rest = iter(lines)
    while of_block := list(islice(rest, INDEX_BLOCK_LINES)):
        block = gzip.compress("".join(of_block).encode(), mtime=0)
        key, timestamp, _ = of_block[0].split(" ", 2)
        extent = {"offset": stream.tell(), "length": len(block), "digest": f"sha256:{hashlib.sha256(block).hexdigest()}"}
        stream.write(block)
        yield f"{key} {timestamp} {json.dumps(extent)}\n"


def _write_description(package: zipfile.ZipFile, resources: list[_Resource], main_url: str, title: str, moment: datetime) -> None:
    """Write datapackage.json, and its own checksum beside it."""
    description = {
        "profile": "data-package",
        "wacz_version": WACZ_VERSION,
        "title": title,
        "created": _iso(moment),
        "software": f"Morgue {version.version()}",
        "mainPageUrl": main_url,
        "mainPageDate": _iso(moment),
        "resources": [
            {"name": Path(path).name.lower(), "path": path, "hash": f"sha256:{sha256}", "bytes": size}
            for path, sha256, size in resources
        ],
    }
    data = json.dumps(description, indent=1, ensure_ascii=False).encode()
    package.writestr(zipfile.ZipInfo("datapackage.json", _ZIP_DATE), data)
    checksum = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
    package.writestr(zipfile.ZipInfo("datapackage-digest.json", _ZIP_DATE), json.dumps(checksum, indent=1))


def _sort_key(address: str) -> str:
    """Return the address in the order of CDXJ (SURT): the host's parts reversed, then the path, all in lower case."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port else ""
    return f"{','.join(reversed(host.split('.')))}{port}){parts.path.lower()}"


def _checksums(content: BinaryIO, http: StatusAndHeaders) -> tuple[str, str]:
    """Return the SHA-256 of `content`, and that of the record's block: the HTTP headers and the content."""
    http.compute_headers_buffer()
    payload, block = hashlib.sha256(), hashlib.sha256(http.headers_buff)
    while piece := content.read(PIECE):
        payload.update(piece)
        block.update(piece)
    return payload.hexdigest(), block.hexdigest()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
