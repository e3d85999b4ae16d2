"""Every key by which a build decides what to do again, each with all its inputs.

How a build decides:
0. All files that it reads, the output and the state are as the last build left them, by names, sizes and times: nothing
   is decoded (state.last_build). Where articles alone were written anew, and nothing but their texts is other (all fields of
   their summaries but those of the text), every list shows what it showed: only parts that show these texts in full are
   planned (plan.outputs.plan_texts), and all else is taken as the last build left it.
1. The *reading key* (program, settings and Markdown extensions that reading uses) changed: every article is read again.
2. A file's size, times and inode change time are those of the last build, and so are its images': it is not opened.
   Else it is read; if its SHA-256 is known, nothing more is done.
3. An article's *content hash* covers its own page's words, its *listing hash* what lists show of it.
4. A part of the plan has a *fingerprint*: the hashes of its articles and whatever else its pages look at. If the key of
   the part (fingerprint, theme digest) is the last build's and its files stand as written, the whole part is skipped.
5. Else each of its pages has a *page key*: program, settings and translations that pages show, the template with all
   that it includes, and the page's context. Same key and file as written: skipped. Else it is rendered, and written if
   its bytes differ.
6. Search documents have a *version*, the browser's index a *key*: those of another version are indexed again. So is all
   where what decides a document's words changed (whoosh_index.index.index_format); until then `morgue search` says so.
7. Which articles clash and which belong together depends on all of them, and seldom changes: the last answer is kept with
   the key of what it came from (incremental.memo).

A key is 32 hexadecimal digits (BLAKE2b, see base.files.digest). Two things of one key are the same, byte for byte.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol

import msgspec

from builder.base import files, version
from builder.config.markdown_extensions import GITHUB
from builder.config.site import Site

DISPLAY_SETTINGS = frozenset(
    {"title", "url", "publisher", "description", "redirects", "collected", "data", "data_terms", "watches", "hub"}
)
"""Settings that outputs follow and that reading an article never looks at. A change of any other has all read again."""


class ArticleHashes(Protocol):
    """What an article's summary tells of it for keys."""

    @property
    def content_hash(self) -> str:
        """The digest of all that its own page shows."""

    @property
    def listing_hash(self) -> str:
        """The digest of what lists show of it."""

    @property
    def links(self) -> tuple[str, ...]:
        """Where the links of its text lead within the site."""


class HasAddress(Protocol):
    """What an article's summary tells of where it stands."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def url(self) -> str:
        """Its output path."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """Its other addresses."""


class HasRelations(Protocol):
    """What an article's summary tells of what it belongs to."""

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags."""

    @property
    def slugline(self) -> str:
        """The slugline of its story."""


# -- articles ---------------------------------------------------------------------------------------------------------


def reading_key(site: Site, program: str) -> str:
    """Return the key of how content files are read: its settings and Markdown extensions, the program's fingerprint."""
    settings = files.digest(site.model_dump_json(exclude=set(DISPLAY_SETTINGS)))
    return files.digest(settings, program, version.extensions_digest(name for name in site.markdown if name != GITHUB))


def content_hash(article_json: bytes | str, html: str, sha256: str) -> str:
    """Return the hash of all that an article's own page shows: its front matter, its HTML, its file's checksum."""
    return files.digest(article_json, html, sha256)


def listing_hash(url: str, id_: str, values: Iterable[object]) -> str:
    """Return the hash of what lists show of an article: its address, its id, and the values `values`."""
    return files.digest(url, id_, repr(tuple(values)))


def document_version(article: ArticleHashes, names: object = None) -> str:
    """Return the version of an article in the search index: its text and all that is searched of it.

    `names` are its names in the spelling of the archive, where that is another one than its own.
    """
    if names is None:
        return article.content_hash[:16] + article.listing_hash[:16]
    return files.digest(article.content_hash, respelled_listing_hash(article, names))


def respelled_listing_hash(article: ArticleHashes, names: object) -> str:
    """Return the hash of what search results show of an article whose `names` are spelled otherwise than it spells them."""
    return files.digest(article.listing_hash, repr(names))


def browser_index_key(format_: str, program: str, bits: int) -> str:
    """Return what the browser's index was made by: its format, the program's fingerprint, the width of its numbers."""
    return f"{format_}, {program}, {bits} bits"


# -- results that are kept (incremental.memo) --------------------------------------------------------------------------


def addresses_key(articles: Iterable[HasAddress], has_queries: bool, program: str) -> str:
    """Return the key of all that decides whether `articles`, in this order, want the same id or address (archive.clashes)."""
    claims = [(article.id, article.url, article.aliases) for article in articles]
    return files.digest(program, str(has_queries), msgspec.msgpack.encode(claims))


def relations_key(stories: Iterable[HasRelations], program: str) -> str:
    """Return the key of all that decides which of `stories`, in this order, belong together (archive.related)."""
    return files.digest(program, sys.byteorder, msgspec.msgpack.encode([(story.tags, story.slugline) for story in stories]))


# -- parts of the plan and pages --------------------------------------------------------------------------------------


def part_fingerprint(articles: Sequence[ArticleHashes], *others: object, links: Callable[[Any], object] | None = None) -> str:
    """Return the fingerprint of a part whose pages list `articles` and look at `others` (by their repr).

    With `links`, which resolves an article's links, the pages show the articles in full.
    """
    hashes = [article.listing_hash for article in articles]
    if links is not None:
        hashes += [article.content_hash for article in articles]
        hashes += [repr(links(article)) for article in articles if article.links]
    return files.digest("".join(hashes), repr(others))


def site_key(site: Site) -> str:
    """Return the key of what pages may show of the settings, apart from what their contexts hold."""
    organisations = {"agencies": site.agencies, "sources": site.sources}
    no_index = {kind: sorted(name for name, each in entries.items() if not each.index) for kind, entries in organisations.items()}
    elsewhere = {
        kind: sorted(name for name, each in entries.items() if each.canonical != "self") for kind, entries in organisations.items()
    }
    feeds = sorted((name, each.feed) for entries in organisations.values() for name, each in entries.items())
    settings = (site.display_settings, site.undated, site.data != "none", bool(site.watches), site.hub)
    return files.digest(repr((*settings, no_index, elsewhere, feeds)))


def shared_key(program: str, translations: str, site: str, menus: str) -> str:
    """Return the key of what every page is made of: the program, the translations, the settings (site_key), the menus."""
    return files.digest(program, translations, site, menus)


def theme_digest(common_key: str, templates: str) -> str:
    """Return the digest of everything that renders pages: the shared key, and the digest of all templates' sources."""
    return files.digest(common_key, templates)


def part_key(theme: str, fingerprint: str) -> str:
    """Return the key of a part of the plan: the theme's digest and the part's fingerprint; "" where it has none."""
    return files.digest(theme, fingerprint) if fingerprint else ""


def page_key(common_key: str, renderer: str, context: Mapping[str, object]) -> str:
    """Return the key of a page: the shared key, the digest of its template (or its renderer's name), its context."""
    return files.digest(_renderer_key(common_key, renderer), repr(context))


@lru_cache(maxsize=256)
def _renderer_key(common_key: str, renderer: str) -> str:
    return files.digest(common_key, renderer)
