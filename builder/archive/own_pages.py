"""The archive's own pages among its addresses: each stands where no other page does."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from builder.archive.addresses import ABOUT, is_reserved
from builder.archive.clashes import Addresses
from builder.archive.problems import ArchiveProblem
from builder.articles.page_fields import OwnPage
from builder.base.portable import fold_path, path_fault
from builder.base.problems import Severity


def accept_pages(
    pages: Iterable[OwnPage], find_addresses: Callable[[], Addresses], problems: list[ArchiveProblem]
) -> list[OwnPage]:
    """Return the `pages` (in the order of content paths) whose address is free; what `find_addresses` returns comes to know it.

    The page at ABOUT gives the archive's own page its words. Each other that cannot be adds an error to `problems`.
    """
    accepted_pages = []
    for page in pages:
        addresses = find_addresses()
        if fault := _fault(page.summary.url, addresses):
            problems.append(ArchiveProblem(page.summary.path, "", "", Severity.ERROR, f"{fault}; give the file another name"))
        else:
            addresses.claim(fold_path(page.summary.url), page.summary)
            accepted_pages.append(page)
    return accepted_pages


def _fault(url: str, addresses: Addresses) -> str:
    folded_path = fold_path(url)
    if other := addresses.pages.get(folded_path):
        return f"its address {url} is already one of content/{other.path}"
    if is_reserved(url) and url != ABOUT.path:
        return f"its address {url} is one that the archive itself writes"
    if fault := path_fault(url):
        return f"its address {url} {fault}"
    if other := addresses.blocks(folded_path):
        return f"its address {url} would be a file where content/{other.path} needs a folder, or the other way round"
    return ""
