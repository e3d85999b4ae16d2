"""The files of an archive that a bag takes: all of them, or those of the articles of a period."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from builder.articles.model import ArticleSummary
from builder.articles.page_fields import OwnPage
from builder.export.bag import PayloadFile
from builder.export.story_pages import StoryPage
from builder.formats.fixity import regular_files

Story = ArticleSummary | StoryPage
FILES = ("site.yml", "addresses.txt", "releases.yml", "removals.yml")
FOLDERS = ("content", "originals", "seals")
THEME_FOLDERS = ("templates", "static")
SITE = "public"
"""What the output folder is called in a bag, whatever its name here."""


def whole_archive(folder: Path, output: Path) -> Iterator[PayloadFile]:
    """Yield every file of the archive at `folder` with its site at `output`: what people keep, not what builds remember."""
    yield from common_files(folder)
    for name in FOLDERS:
        yield from _files_below(folder / name, name)
    yield from _files_below(output, SITE)


def common_files(folder: Path) -> Iterator[PayloadFile]:
    """Yield what each part of an archive needs to be built again: its settings, its ledgers and its theme."""
    for name in FILES:
        if (folder / name).is_file():
            yield _payload_file(name, folder / name)
    for name in THEME_FOLDERS:
        yield from _files_below(folder / name, name)


def of_articles(folder: Path, output: Path, articles: Iterable[Story], pages: Iterable[OwnPage]) -> Collection[PayloadFile]:
    """Return what a bag of some `articles` has, each file once: they, and what the archive with its own `pages` is built from."""
    files = (*common_files(folder), *page_files(folder, pages), *period_files(folder, output, articles))
    return {file.path: file for file in files}.values()


def period_files(folder: Path, output: Path, articles: Iterable[Story]) -> Iterator[PayloadFile]:
    """Yield the files of `articles`: their sources, pictures and documents, and what is published of them."""
    files: dict[str, Path] = {}
    for article in articles:
        files[f"content/{article.path}"] = folder / "content" / article.path
        files[f"{SITE}/{article.url}"] = output / article.url
        for source, output_path, *_ in article.media:
            inside = posixpath.normpath(f"content/{source}")  # an original lies beside content/
            files[inside] = folder / inside
            files[f"{SITE}/{output_path}"] = output / output_path
    yield from (_payload_file(path, file) for path, file in sorted(files.items()) if file.is_file())


def page_files(folder: Path, pages: Iterable[OwnPage]) -> Iterator[PayloadFile]:
    """Yield the sources of the archive's own `pages`, their pictures and documents: without them it cannot be built again."""
    sources = {source for page in pages for source in (page.summary.path, *(source for source, *_ in page.summary.media))}
    for path in sorted({posixpath.normpath(f"content/{source}") for source in sources}):  # a file of static/ lies beside content/
        if (folder / path).is_file():
            yield _payload_file(path, folder / path)


def by_year(articles: Iterable[Story]) -> Mapping[str, list[Story]]:
    """Return `articles` by their year (`2025`), in order; those without a date under `undated`."""
    years: dict[str, list[Story]] = {}
    for article in articles:
        years.setdefault(article.day[:4] or "undated", []).append(article)
    return dict(sorted(years.items()))


def _files_below(folder: Path, name: str) -> Iterator[PayloadFile]:
    for path in regular_files(folder):
        yield _payload_file(f"{name}/{path}", f"{folder}/{path}")


def _payload_file(path: str, source: str | Path) -> PayloadFile:
    return PayloadFile(path, source, os.stat(source).st_size)  # noqa: PTH116 (a Path for each of many files costs as much again)
