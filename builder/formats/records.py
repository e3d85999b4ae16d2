"""Articles as data: one record for each, in the contract's words, as JSON Lines, CSV, BibTeX, RIS, CSL-JSON, ninjs or Markdown."""

from __future__ import annotations

import csv
import io
import json
import posixpath
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from builder.articles.columns import RECORD_COLUMNS
from builder.articles.documents import documents_of
from builder.articles.frontmatter import FrontMatterError, split
from builder.articles.model import Article, ArticleSummary, Image
from builder.base.locales import Localization
from builder.base.urls import absolute
from builder.config.site import Site
from builder.formats.citations import cite
from builder.formats.ninjs import ninjs_item

COLUMNS = tuple(column.name for column in RECORD_COLUMNS)
"""The fields of a record, in their order."""
NAME_SEPARATOR = "; "
"""Between several names in a cell of CSV."""
_SEPARATES = re.compile(r";\s|^\[")
"""Of a name for which the cell has to be JSON, as it is for objects: it would be read as several names, or as JSON."""


class Record(NamedTuple):
    """An article that is handed over: its front matter (an Article as JSON), what lists know of it, its Markdown."""

    article_json: str
    summary: ArticleSummary
    body: str

    @property
    def article(self) -> Article:
        """Its front matter."""
        return Article.from_stored_json(self.article_json)


def read_body(file: str | Path) -> str:
    """Return the Markdown of the article in `file`, "" where it cannot be read any more."""
    try:
        with open(file, "rb") as stream:  # noqa: PTH123 (a Path for each of many files costs as much again)
            return split(stream.read()).body.strip("\n") + "\n"
    except (OSError, FrontMatterError):
        return ""


def as_data(record: Record, site: Site) -> dict[str, Any]:
    """Return `record` as plain data: what is empty is left out, its `slug` and `id` are those that it is published under."""
    values = json.loads(record.article_json)
    values["slug"] = posixpath.splitext(posixpath.basename(record.summary.url))[0]
    values["images"] = [
        {name: image[name] for name in Image.model_fields if image.get(name)}
        | ({} if (src := image.get("src", "")).startswith(("https://", "http://")) else {"src": absolute(site.url, src)})
        for image in values.get("images", ())
    ]
    documents = [absolute(site.url, path) for path in documents_of(record.summary.media)]
    fields = {"url": absolute(site.url, record.summary.url), **values, "documents": documents, "body": record.body}
    return {name: fields[name] for name in COLUMNS if fields.get(name) not in (None, "", [], {}, False)}


def write_jsonl(records: Iterable[Record], target: BinaryIO, site: Site) -> int:
    """Write one JSON object a line (JSON Lines), and return how many."""
    return _write(target, (json_line(record, site) for record in records))


def json_line(record: Record, site: Site) -> str:
    """Return the line of `record` in JSON Lines."""
    return json.dumps(as_data(record, site), ensure_ascii=False) + "\n"


def write_csv(records: Iterable[Record], target: BinaryIO, site: Site) -> int:
    """Write a CSV table (RFC 4180, UTF-8) with a header; several names in one field are parted by `; `.

    Objects are JSON, and so are names of which one has the separator in it."""
    target.write(csv_header().encode())
    return _write(target, (csv_row(record, site) for record in records))


def csv_header() -> str:
    """Return the first row of the CSV table."""
    return _csv_row(COLUMNS)


def csv_row(record: Record, site: Site) -> str:
    """Return the row of `record` in the CSV table."""
    data = as_data(record, site)
    return _csv_row([_cell(data.get(name, "")) for name in COLUMNS])


def write_bibtex(records: Iterable[Record], target: BinaryIO, site: Site) -> int:
    """Write a BibTeX entry for each."""
    words = _english(site)
    return _write(target, (cite(record.article, record.summary, site, words).bibtex + "\n" for record in records))


def write_ris(records: Iterable[Record], target: BinaryIO, site: Site) -> int:
    """Write a RIS record for each."""
    words = _english(site)
    return _write(target, (cite(record.article, record.summary, site, words).ris + "\r\n" for record in records))


def write_csl(records: Iterable[Record], target: BinaryIO, site: Site) -> int:
    """Write one CSL-JSON array (citationstyles.org, schema 1.0), as Zotero and pandoc read it."""
    return _write_array(target, (_csl_item(record, site) for record in records))


def write_ninjs(records: Iterable[Record], target: BinaryIO, site: Site) -> int:
    """Write one JSON array of ninjs 2.1 items (iptc.org/std/ninjs)."""
    return _write_array(target, (ninjs_item(record.article, record.summary, record.body, site) for record in records))


FORMATS: dict[str, Callable[[Iterable[Record], BinaryIO, Site], int]] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
    "bibtex": write_bibtex,
    "ris": write_ris,
    "csl": write_csl,
    "ninjs": write_ninjs,
}
"""What `morgue export --format` takes, but for those that are no list of records. A new one is a function and its line here."""


def _csl_item(record: Record, site: Site) -> dict[str, Any]:
    article = record.article
    item = {
        "id": record.summary.id,
        "type": "article-newspaper",
        "title": article.title,
        "author": [{"literal": name} for name in article.byline or article.agency],
        "container-title": article.source or site.title,
        "issued": {"date-parts": [[int(part) for part in article.date[:10].split("-")]]} if article.date else None,
        "URL": absolute(site.url, record.summary.url),
        "abstract": article.summary,
        "language": article.language,
        "section": article.section,
        "keyword": ", ".join(article.tags),
        "publisher-place": article.dateline,
        "archive": site.title,
    }
    return {name: value for name, value in item.items() if value}


def _write_array(target: BinaryIO, items: Iterable[dict[str, Any]]) -> int:
    count = 0
    target.write(b"[")
    for item in items:
        target.write(b",\n" if count else b"\n")
        target.write(json.dumps(item, ensure_ascii=False).encode())
        count += 1
    target.write(b"\n]\n")
    return count


def _write(target: BinaryIO, texts: Iterable[str]) -> int:
    count = 0
    for text in texts:
        target.write(text.encode())
        count += 1
    return count


def _cell(value: object) -> str:
    if isinstance(value, list):
        are_plain = all(isinstance(part, str) and not _SEPARATES.search(part) for part in value)
        return NAME_SEPARATOR.join(value) if are_plain else json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _csv_row(cells: Iterable[str]) -> str:
    row = io.StringIO()
    csv.writer(row).writerow(cells)
    return row.getvalue()


def _english(site: Site) -> Localization:
    return Localization("en", site.timezone, [])
