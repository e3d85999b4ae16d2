"""Documents that stories link to (PDFs, tables, recordings): taken below content/ with --media or --download, and published."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote

from builder.base import files
from builder.importers.addresses import split_address
from builder.importers.downloads import Downloads
from builder.importers.media import Pictures, readable_name
from builder.importers.story import Story
from builder.importers.template_tags import CODE

_LINK = re.compile(
    r"(?P<before>(?<!!)\[(?:[^\[\]\\]|\\.|!\[[^\]]*\]\([^)]*\))*\]\(\s*|<a\b[^>]*?\bhref=\")(?:<(?P<angled>[^<>\n]+)>|(?P<plain>[^\s)>\"]+))"
)
_WEB = ("http://", "https://")


class Documents:
    """Takes the documents of one import: files of the endings `types` (`.pdf`), looked for where `pictures` looks for its own."""

    def __init__(self, content: Path, types: Collection[str], pictures: Pictures, dry_run: bool) -> None:
        self._content, self._types, self._pictures, self._dry_run = content, types, pictures, dry_run

    def bring_home(self, story: Story) -> None:
        """Put copies of the documents that the story links to below content/, and lead its links there.

        What has no copy is fetched, where that is asked for. A link to the web without a copy stays; one to a document of
        the story's own site is named, and one that could not be fetched with the reason.
        """
        for address in self.addresses_of(story):
            file = self._pictures.copy_of(address, story) if self._pictures.has_folder else None
            if file is not None:
                try:
                    digest = files.digest_of_file(file)
                except OSError as error:
                    story.warn("", f"the document {address} cannot be read: {error.strerror}; the link stays as it is")
                else:
                    _refer(story, address, self._copy(file, digest, address, story))
            elif address.startswith(_WEB) and self._pictures.downloads is not None:
                self._fetch(address, story, self._pictures.downloads)
            elif not address.startswith(_WEB):
                story.warn("", f"the document {address} is not in the source; put it beside the article")
            elif _host(address) == _host(str(story.values.get("original_url", ""))):
                story.warn("", f"there is no copy of the document {address}; it stays a link")

    def addresses_of(self, story: Story) -> list[str]:
        """Return the addresses of the documents that a story links to, as it has them; none where no copies are asked for.

        With `--download` alone those on the web.
        """
        if not self._pictures.is_asked_for:
            return []
        addresses = [address for address in dict.fromkeys(links_in(story.markdown)) if is_document(address, self._types)]
        return addresses if self._pictures.has_folder else [address for address in addresses if address.startswith(_WEB)]

    def _fetch(self, address: str, story: Story, downloads: Downloads) -> None:
        data, fault = downloads.fetch(address, is_picture=False)
        if data is None:
            story.warn("", f"the document {address} could not be fetched: {fault}; it stays a link")
        else:
            _refer(story, address, self._copy(data, files.digest(data), address, story))

    def _copy(self, source: Path | bytes, digest: str, address: str, story: Story) -> str:
        """Copy a file, or write bytes, of that digest below content/, under its own name where that is free; return its address."""
        name = readable_name(split_address(address).path, "document")
        home = PurePosixPath(self._pictures.home(story))
        path = home / name
        if (self._content / path).exists() and files.digest_of_file(self._content / path) != digest:
            path = home / f"{digest[:12]}-{name}"
        if not self._dry_run and not (self._content / path).exists():
            if isinstance(source, bytes):
                files.write_whole(self._content / path, source)
            else:
                files.copy_whole(source, self._content / path)
        if self._pictures.downloads is not None:
            self._pictures.downloads.note_copy(address, self._content / path)
        mark, fragment = ("#", split_address(address).fragment) if split_address(address).fragment else ("", "")
        return f"/{quote(str(path))}{mark}{fragment}"


def is_document(address: str, types: Collection[str]) -> bool:
    """Whether an address names a file of one of the endings `types`."""
    return PurePosixPath(unquote(split_address(address).path)).suffix.lower() in types


def name_documents(story: Story, names: Iterable[str]) -> None:
    """Warn of documents that the source has and the story links to, where no copies are asked for."""
    story.warn("", f"links to documents that are not brought in: {', '.join(dict.fromkeys(names))}; --media DIR copies them")


def links_in(markdown: str) -> Iterator[str]:
    """Yield the addresses of the links in a text, code aside."""
    for text, is_code in _parts(markdown):
        if not is_code and ("](" in text or "<a" in text):
            yield from (match["angled"] or match["plain"] for match in _LINK.finditer(text))


def _refer(story: Story, address: str, path: str) -> None:
    def lead(match: re.Match[str]) -> str:
        return f"{match['before']}{path}" if (match["angled"] or match["plain"]) == address else match[0]

    story.markdown = "".join(text if is_code else _LINK.sub(lead, text) for text, is_code in _parts(story.markdown))


def _parts(markdown: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a text, and whether each is code."""
    at = 0
    for code in CODE.finditer(markdown) if "`" in markdown or "~~~" in markdown else ():
        yield markdown[at : code.start()], False
        yield code[0], True
        at = code.end()
    yield markdown[at:], False


def _host(url: str) -> str:
    return (split_address(url).hostname or "").removeprefix("www.")
