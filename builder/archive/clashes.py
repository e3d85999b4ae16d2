"""Clashes: ids and addresses that two articles want, or that are no article's to have; one error each, naming both."""

from __future__ import annotations

import msgspec

from builder.archive.addresses import is_reserved
from builder.archive.problems import ArchiveProblem
from builder.articles.model import ArticleSummary
from builder.base.problems import Severity
from builder.base.urls import alias_path, parents


def reject_clashes(articles: list[ArticleSummary], problems: list[ArchiveProblem]) -> list[ArticleSummary]:
    """Return `articles` (in the order of content paths) without those that clash with an earlier one.

    Aliases that clash are left out of the article that gives them. Each adds an error to `problems`.
    """
    by_id: dict[str, ArticleSummary] = {}
    by_address: dict[str, ArticleSummary] = {}
    accepted = []

    def reject(article: ArticleSummary, field: str, value: str, message: str) -> None:
        problems.append(ArchiveProblem(article.path, field, value, Severity.ERROR, message))

    for article in articles:
        twin = by_id.setdefault(article.id, article)
        other = by_address.get(article.url.casefold())
        if twin is not article:
            reject(article, "id", article.id, f"the id {article.id} is taken by content/{twin.path}; ids are given once")
        elif other is not None:
            message = f"its page {article.url} is already that of content/{other.path}; give one of them a slug of its own"
            reject(article, "slug", "", message)
        elif is_reserved(article.url):
            reject(article, "slug", "", f"its page {article.url} is one that the archive itself writes; give it a slug of its own")
        else:
            by_address[article.url.casefold()] = article
            accepted.append(article)
    folders = {parent for address in by_address for parent in parents(address)}
    rejected: set[tuple[str, str]] = set()
    for article in accepted:
        for alias in article.aliases:
            message = _alias_fault(alias, article, by_address, folders)
            if message:
                reject(article, "aliases", alias, message)
                rejected.add((article.path, alias))
    return [_without_aliases(article, rejected) for article in accepted] if rejected else accepted


def _alias_fault(alias: str, article: ArticleSummary, by_address: dict[str, ArticleSummary], folders: set[str]) -> str:
    """Note the address of `alias` and return "", or what is wrong with it."""
    try:
        path = alias_path(alias)
    except ValueError as error:
        return f"{alias} cannot lead here: {error}"
    if is_reserved(path):
        return f"{alias} is not a free path on this site; the archive itself writes it"
    folded = path.casefold()
    other = by_address.setdefault(folded, article)
    if other is not article:
        return f"{alias} is taken by content/{other.path}; one address leads to one article"
    blocked = folded in folders or any(parent in by_address for parent in parents(folded))
    folders.update(parents(folded))
    return f"{alias} would be a file and a folder at once" if blocked else ""


def _without_aliases(article: ArticleSummary, rejected: set[tuple[str, str]]) -> ArticleSummary:
    aliases = tuple(alias for alias in article.aliases if (article.path, alias) not in rejected)
    return article if aliases == article.aliases else msgspec.structs.replace(article, aliases=aliases)
