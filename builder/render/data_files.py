"""The files of data/: a year's articles, and what describes all of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builder.base.locales import Localization
from builder.config.site import Site
from builder.formats import data_package, records
from builder.formats.gzip_stream import GzipWriter
from builder.state.state import BodyReader


def year_file(context: Mapping[str, Any], bodies: BodyReader, content: Path, site: Site) -> bytes:
    """Return a year's `articles` as data, packed; the text of those that are handed over `in_full` is their file's in `content`."""
    pairs = zip(context["articles"], context["in_full"], strict=True)
    rows = (
        records.Record(bodies.read(article).article, article, records.read_body(f"{content}/{article.path}") if in_full else "")
        for article, in_full in pairs
    )
    target = GzipWriter()
    records.FORMATS[context["form"]](rows, target, site)  # type: ignore[arg-type]
    return target.finish()


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
