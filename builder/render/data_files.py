"""The files of data/: a year's articles, and what describes all of them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from builder.articles.model import ArticleSummary
from builder.base import files, version
from builder.base.locales import Localization
from builder.config.site import Site
from builder.formats import data_package, records
from builder.formats.gzip_stream import KEY_BYTES, Chunk, pack, read_chunks
from builder.formats.records import Record
from builder.state.state import CHUNKS, BodyReader

LINES: dict[str, tuple[Callable[[], str], Callable[[Record, Site], str]]] = {
    "jsonl": (str, records.json_line),
    "csv": (records.csv_header, records.csv_row),
}
"""What each format of the files begins with, and how it writes a record."""
CHUNK_ARTICLES = 64
"""Of about as many articles a chunk of a file is: what an edit makes anew of it."""


def year_file(context: Mapping[str, Any], bodies: BodyReader, state_folder: Path, site: Site, output: Path) -> bytes:
    """Return a year's `articles` as data, packed; the text of those that are handed over `in_full` is their file's in content/.

    Of the file that stands at `output` the chunks are taken whose articles are as they were, by the index that was put into
    `state_folder`.
    """
    first_line, line = LINES[context["form"]]
    base = files.digest(version.code_fingerprint(), site.model_dump_json(), context["form"])
    content, index_file = state_folder.parent / "content", state_folder / CHUNKS / f"{output.name}.index"

    def make(articles: list[tuple[ArticleSummary, bool]]) -> bytes:
        rows = (
            Record(bodies.read(article).article, article, records.read_body(f"{content}/{article.path}") if in_full else "")
            for article, in_full in articles
        )
        return "".join(line(record, site) for record in rows).encode()

    chunks = [Chunk(_key(base, "first line"), lambda: first_line().encode())]
    for articles in _chunks(list(zip(context["articles"], context["in_full"], strict=True))):
        versions = (f"{article.content_hash} {article!r} {article.url} {article.media} {in_full}" for article, in_full in articles)
        chunks.append(Chunk(_key(base, *versions), partial(make, articles)))
    try:
        packed_by_key = read_chunks(files.read_regular(output), files.read_regular(index_file))
    except OSError:
        packed_by_key = {}
    data, index = pack(chunks, packed_by_key)
    with suppress(OSError):  # all is made anew then, the next time
        index_file.parent.mkdir(exist_ok=True)
        files.write_whole(index_file, index)
    return data


def _key(*parts: str) -> bytes:
    return bytes.fromhex(files.digest(*parts))[:KEY_BYTES]


def _chunks(articles: list[tuple[ArticleSummary, bool]]) -> Iterator[list[tuple[ArticleSummary, bool]]]:
    """Part `articles` where an id says so, so that one more, or one less, leaves all chunks but one as they are."""
    chunk: list[tuple[ArticleSummary, bool]] = []
    for each in articles:
        if chunk and zlib.crc32(each[0].id.encode()) % CHUNK_ARTICLES == 0:
            yield chunk
            chunk = []
        chunk.append(each)
    if chunk:
        yield chunk


def package_file(context: Mapping[str, Any], site: Site) -> bytes:
    """Return the Data Package of `files` (plan.data_pages.DataFile), with the `terms` of the settings."""
    files = [(path.rpartition("/")[2], file.year, file.count) for file in context["files"] for path in file.paths]
    return data_package.to_json(data_package.data_package(files, context["terms"], site))


def fields_file() -> bytes:
    """Return the Table Schema of the CSV files."""
    return data_package.to_json(data_package.table_schema())


def terms_file(context: Mapping[str, Any], site: Site, localization: Localization) -> bytes:
    """Return the `terms` of the data, their `level`, and the sources and agencies that are `exceptions`, as a text."""
    return data_package.terms_text(**context, site=site, gettext=localization.translations.gettext).encode()
