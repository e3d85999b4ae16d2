"""Which article a person means: by its file, or by an address that it has or had."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from builder.archive.address_ledger import Ledger, read_ledger, split_entry
from builder.archive.collection import Archive
from builder.articles.model import FIELD_NAMES
from builder.base.files import ARTICLE_SUFFIXES
from builder.base.problems import ConfigError
from builder.base.urls import alias_path, has_query, query_address
from builder.config.site import load_site
from builder.export.selection import read_archive


class ArticleReference(NamedTuple):
    """An article: its content path, or "" for one that is gone, of which the ledger knows the `id` and the `address`."""

    path: str
    id: str = ""
    address: str = ""


class Lookup:
    """Finds articles of the archive at `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = load_site(folder, FIELD_NAMES)

    @cached_property
    def archive(self) -> Archive:
        """The archive with its drafts, as it would be published now."""
        return read_archive(self.folder, drafts=True)

    @cached_property
    def ledger(self) -> Ledger:
        """Every address that was published."""
        return read_ledger(self.folder)

    @cached_property
    def _paths_by_url(self) -> dict[str, str]:
        return {article.url: article.path for article in self.archive.pages}

    @cached_property
    def _ids_by_address(self) -> dict[str, list[str]]:
        ids: dict[str, list[str]] = defaultdict(list)
        for entry in self.ledger.entries:
            address, id_ = split_entry(entry)
            ids[address].append(id_)
        return ids

    def find(self, query: str) -> ArticleReference:
        """Return the article that `query` means: a file, from here or from the archive's folder, or an address of the site.

        Raises ConfigError where there is none.
        """
        content = (self.folder / "content").resolve()
        for candidate in (Path(query), self.folder / query, content / query):
            file = candidate.resolve()
            if file.is_file() and file.is_relative_to(content) and file.name.lower().endswith(ARTICLE_SUFFIXES):
                path = file.relative_to(content).as_posix()
                if self.site.is_own_page(path):
                    raise ConfigError(f"{query}: is a page of the site's own, no article; change or delete its file")
                return ArticleReference(path)
        return self._by_address(query)

    def _by_address(self, query: str) -> ArticleReference:
        try:
            address = query_address(query) if has_query(query) else alias_path(query)
        except ValueError:
            address = query
        url = self.archive.redirects.get(address, self.archive.queries.get(address, address))
        if url in self._paths_by_url:
            return ArticleReference(self._paths_by_url[url])
        ids = self._ids_by_address.get(address)
        if not ids:
            raise ConfigError(
                f"{query}: is no article of content/, and no address that one ever had; name its file, or its address"
            )
        return ArticleReference("", max(ids), address)
