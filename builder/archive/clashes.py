"""Clashes: ids and addresses that two articles want, or that are no article's to have; one error each, naming both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec

from builder.archive.addresses import alias_fault, is_reserved
from builder.archive.problems import ArchiveProblem
from builder.articles.model import ArticleSummary
from builder.base.portable import fold_path, path_fault
from builder.base.problems import Severity
from builder.base.urls import alias_path, has_query, parents, query_address


@dataclass
class Addresses:
    """Which article stands at each address, and lies below each folder; the paths are folded (fold_path)."""

    pages: dict[str, ArticleSummary] = field(default_factory=dict)
    folders: dict[str, ArticleSummary] = field(default_factory=dict)
    queries: dict[str, ArticleSummary] | None = None
    """The same of addresses with a query, as they are; None where the site has nothing to answer them with."""

    def claim(self, key: str, article: ArticleSummary) -> None:
        """Note that `key`, which nothing `blocks`, is an address of `article`."""
        self.pages[key] = article
        for folder in parents(key):
            if folder in self.folders:  # and so are those above it
                break
            self.folders[folder] = article

    def blocks(self, key: str) -> ArticleSummary | None:
        """Return an article whose page is a folder of `key`, or lies in `key` as in a folder."""
        if key.rpartition("/")[0] in self.folders:  # whoever came into it first was asked whether a page stands there
            return self.folders.get(key)
        return self.folders.get(key) or next((self.pages[parent] for parent in parents(key) if parent in self.pages), None)


def reject_clashes(
    articles: list[ArticleSummary], problems: list[ArchiveProblem], has_queries: bool = False
) -> tuple[list[ArticleSummary], Addresses]:
    """Return `articles` (in the order of content paths) without those that clash with an earlier one, and their addresses.

    Aliases that clash are left out of the article that gives them, and so are those with a query, unless the site
    `has_queries`: a server that answers them. Each adds an error to `problems`.
    """
    by_id: dict[str, ArticleSummary] = {}
    addresses = Addresses(queries={} if has_queries else None)
    accepted_articles = []

    def reject(article: ArticleSummary, field: str, value: str, message: str) -> None:
        problems.append(ArchiveProblem(article.path, field, value, Severity.ERROR, message))

    for article in articles:
        twin = by_id.setdefault(article.id, article)
        key = fold_path(article.url)
        other = addresses.pages.get(key)
        if twin is not article:
            reject(article, "id", article.id, f"the id {article.id} is taken by content/{twin.path}; ids are given once")
        elif other is not None:
            message = f"its page {article.url} is already that of content/{other.path}; give one of them a slug of its own"
            reject(article, "slug", "", message)
        elif is_reserved(article.url):
            reject(article, "slug", "", f"its page {article.url} is one that the archive itself writes; give it a slug of its own")
        elif fault := path_fault(article.url):
            reject(article, "slug", "", f"its page {article.url} {fault}; give it another slug, or the site another permalink")
        elif other := addresses.blocks(key):
            message = f"its page {article.url} would be a file and a folder at once with that of content/{other.path}"
            reject(article, "slug", "", f"{message}; give one of them a slug of its own")
        else:
            addresses.claim(key, article)
            accepted_articles.append(article)
    rejections: set[tuple[str, str]] = set()
    for article in accepted_articles:
        for alias in article.aliases:
            if message := _alias_fault(alias, article, addresses):
                reject(article, "aliases", alias, message)
                rejections.add((article.path, alias))
    return [_without_aliases(article, rejections) for article in accepted_articles] if rejections else accepted_articles, addresses


def _alias_fault(alias: str, article: ArticleSummary, addresses: Addresses) -> str:
    """Note the address of `alias` and return "", or what is wrong with it. The article's own address is nothing wrong."""
    try:
        if addresses.queries is not None and has_query(alias):
            first = addresses.queries.setdefault(query_address(alias), article)
            return "" if first is article else _taken_message(alias, first)
        path = alias_path(alias)
    except ValueError as error:
        return f"{alias} cannot lead here: {error}"
    if fault := alias_fault(alias, path):
        return fault
    key = fold_path(path)
    other = addresses.pages.get(key)
    if other is article:
        twins = {article.url, *alias_paths(article)} - {path}
        is_twin = any(fold_path(each) == key for each in twins)
        return f"{alias} and another address of this article are one file on some systems; leave one out" if is_twin else ""
    if other is not None:
        return _taken_message(alias, other)
    if addresses.blocks(key):
        return f"{alias} would be a file and a folder at once"
    addresses.claim(key, article)
    return ""


def _taken_message(alias: str, other: ArticleSummary) -> str:
    return f"{alias} is taken by content/{other.path}; one address leads to one article"


def alias_paths(article: ArticleSummary) -> Iterator[str]:
    """Yield the output paths of the aliases of `article`, as far as they have one."""
    for alias in article.aliases:
        with suppress(ValueError):
            yield alias_path(alias)


def _without_aliases(article: ArticleSummary, rejections: set[tuple[str, str]]) -> ArticleSummary:
    aliases = tuple(alias for alias in article.aliases if (article.path, alias) not in rejections)
    return article if aliases == article.aliases else msgspec.structs.replace(article, aliases=aliases)
