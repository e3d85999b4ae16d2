"""Former addresses: where each address that the ledger knows leads, once its article has another one or is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from itertools import groupby

from builder.archive.address_ledger import Ledger, warning
from builder.archive.addresses import alias_fault
from builder.archive.clashes import Addresses, alias_paths
from builder.articles.model import ArticleSummary
from builder.base.portable import fold_path
from builder.base.problems import Problem
from builder.base.urls import has_query


def former_addresses(
    ledger: Ledger,
    entries: Set[str],
    accepted_articles: list[ArticleSummary],
    find_addresses: Callable[[], Addresses],
    others: Iterable[ArticleSummary],
    problems: list[Problem],
) -> dict[str, ArticleSummary]:
    """Return which of `accepted_articles` each address of the `ledger` leads to that is none of theirs now.

    `entries` are the lines of the ledger for those that they have. Where several had one address the latest has it. Each that
    leads nowhere, or to another story than before, adds a warning to `problems`; `others` are articles that are not
    published now. What `find_addresses` returns comes to know those that lead on.
    """
    stale = ledger.stale(entries)
    if not stale:
        return {}
    addresses = find_addresses()
    by_id = {article.id: article for article in accepted_articles}
    unpublished_paths = {article.id: article.path for article in others if article.id not in by_id}
    former: dict[str, ArticleSummary] = {}
    for address, pairs in groupby(stale, lambda entry: entry[0]):
        ids = [id_ for _, id_ in pairs]
        owners = [by_id[id_] for id_ in ids if id_ in by_id]
        latest = max(owners, key=lambda article: (article.timestamp or 0, article.id), default=None)
        current = _stands_at(address, addresses)
        if current is not None:
            is_news = f"{address}\t{current.id}" not in ledger.entries and not current.draft
            if latest is not None and is_news:
                message = f"{address} was the address of content/{latest.path}, and is content/{current.path}'s from now on"
                problems.append(
                    warning(ledger, address, latest.id, f"{message}: old links lead to another story; give it another slug")
                )
        elif latest is None:
            id_ = next((each for each in ids if each in unpublished_paths), ids[-1])
            problems.append(warning(ledger, address, id_, _lost_message(address, id_, unpublished_paths.get(id_, ""))))
        elif fault := _former_fault(address, addresses):
            problems.append(warning(ledger, address, latest.id, f"{fault}, so it does not lead to content/{latest.path}"))
        else:
            former[address] = latest
            if has_query(address):
                assert addresses.queries is not None  # noqa: S101 (_former_fault says so)
                addresses.queries[address] = latest
            else:
                addresses.claim(fold_path(address), latest)
    return former


def _stands_at(address: str, addresses: Addresses) -> ArticleSummary | None:
    """Return the article whose page or alias is at `address` now, in the same spelling."""
    if has_query(address):
        return (addresses.queries or {}).get(address)
    article = addresses.pages.get(fold_path(address))
    return article if article is not None and address in {article.url, *alias_paths(article)} else None


def _lost_message(address: str, id_: str, article_path: str) -> str:
    """Say that `address` leads nowhere; `article_path` is the content path of its article, "" where there is none."""
    if article_path:
        return f"{address} answers nothing while content/{article_path} is not published (a draft, an embargo, expired)"
    return (
        f'{address} answers nothing: no article has the id "{id_}" now; bring the article back, give its id to the one that '
        f"follows it, or make it a tombstone: morgue withdraw {address}"
    )


def _former_fault(address: str, addresses: Addresses) -> str:
    """Return what keeps `address` from leading on, as the beginning of a sentence, "" if nothing does."""
    if has_query(address):
        return (
            f"{address} has a query, which needs `redirects: netlify` or `nginx` in site.yml" if addresses.queries is None else ""
        )
    if fault := alias_fault(address, address):
        return fault
    folded_path = fold_path(address)
    if folded_path in addresses.pages:
        return f"{address} and another address are one file on some systems"
    return f"{address} would be a file and a folder at once" if addresses.blocks(folded_path) else ""
