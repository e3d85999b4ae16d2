"""The archive: every article's card sorted, grouped and addressed, and what is wrong among them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import msgspec

from builder.articles.model import ArticleSummary
from builder.base.problems import Severity
from builder.base.urls import alias_path, page_of, slugify


class Taxonomy(NamedTuple):
    """A way of grouping stories: its folder, its title (a message id) and the word of front matter behind it."""

    folder: str
    title: str
    word: str


TAXONOMIES = (
    Taxonomy("sections", "Sections", "section"),
    Taxonomy("tags", "Topics", "tags"),
    Taxonomy("agencies", "Agencies", "agency"),
    Taxonomy("sources", "Sources", "source"),
    Taxonomy("bylines", "Bylines", "byline"),
    Taxonomy("types", "Story types", "type"),
)

# Addresses that the archive itself uses; an article's permalink or alias may not take them.
_RESERVED = re.compile(
    r"(?:index|404|search|feeds|about|withdrawn)\.html|(?:feed|atom|sitemap[^/]*|opensearch)\.xml|feed\.json|feeds\.opml|robots\.txt"
    r"|(?:tags|agencies|sources|sections|types|bylines|feeds|media|search|static|on-this-day)/.*|undated/index\.html"
    r"|\d{4}/(?:\d\d/(?:\d\d/)?)?index\.html"
)


@dataclass(frozen=True, slots=True)
class ArchiveProblem:
    """Something wrong that only the whole archive shows: the article's content path, the front-matter word and its value."""

    path: str
    word: str
    value: str
    severity: Severity
    message: str


@dataclass(frozen=True, slots=True)
class Term:
    """The stories that share one tag, agency, source …: oldest first, named as the earliest of them does."""

    kind: Taxonomy
    slug: str
    name: str
    cards: list[ArticleSummary]

    @property
    def folder(self) -> str:
        """Its folder in the output."""
        return f"{self.kind.folder}/{self.slug}"


@dataclass
class Archive:
    """What is published: `stories` (dated) in the order of date and id, `undated` and `withdrawn` ones likewise."""

    stories: list[ArticleSummary]
    undated: list[ArticleSummary]
    withdrawn: list[ArticleSummary]
    findings: list[ArchiveProblem] = field(default_factory=list)

    @property
    def pages(self) -> Iterator[ArticleSummary]:
        """Every article that has a page, tombstones among them."""
        yield from self.stories
        yield from self.undated
        yield from self.withdrawn

    @cached_property
    def days(self) -> dict[str, list[ArticleSummary]]:
        """The stories of each day (`2025-02-12`), oldest first."""
        days: dict[str, list[ArticleSummary]] = defaultdict(list)
        for card in self.stories:
            days[card.day].append(card)
        return dict(sorted(days.items()))  # an article without a time may sort before its day: zones that begin it at 23:00

    @cached_property
    def months(self) -> dict[str, list[ArticleSummary]]:
        """The stories of each month (`2025-02`), oldest first."""
        months: dict[str, list[ArticleSummary]] = defaultdict(list)
        for day, cards in self.days.items():
            months[day[:7]].extend(cards)
        return dict(months)

    @cached_property
    def groups(self) -> dict[str, list[Term]]:
        """The groups of each kind, by the kind's folder, in the order of slugs."""
        return self._grouped[0]

    @cached_property
    def variants(self) -> dict[str, dict[str, tuple[str, ArticleSummary]]]:
        """Names that are filed under another spelling, by their word: that spelling, and the first story that has the name."""
        return self._grouped[1]

    @cached_property
    def _grouped(self) -> tuple[dict[str, list[Term]], dict[str, dict[str, tuple[str, ArticleSummary]]]]:
        grouped: dict[str, list[Term]] = {}
        variants: dict[str, dict[str, tuple[str, ArticleSummary]]] = {}
        listed = [*self.stories, *self.undated]
        for kind in TAXONOMIES:
            cards: dict[str, list[ArticleSummary]] = defaultdict(list)
            names: dict[str, str] = {}
            others: dict[str, tuple[str, ArticleSummary]] = {}
            for card in listed:
                for name in names_of(card, kind.word):
                    slug = slugify(name)
                    cards[slug].append(card)
                    usual = names.setdefault(slug, name)
                    if usual != name:
                        others.setdefault(name, (usual, card))
            grouped[kind.folder] = [Term(kind, slug, names[slug], cards[slug]) for slug in sorted(cards)]
            variants[kind.word] = others
        return grouped, variants

    @cached_property
    def _by_path(self) -> dict[str, str]:
        return {card.path: card.url for card in self.pages}

    @cached_property
    def _by_address(self) -> dict[str, str]:
        addresses = {card.url: card.url for card in self.pages}
        for alias, url in self.redirects.items():
            addresses.setdefault(alias, url)
        for day in self.days:
            for folder in (day[:4], day[:7], day):
                page = page_of(folder.replace("-", "/"))
                addresses[page] = page
        for groups in self.groups.values():
            for group in groups:
                addresses[page_of(group.folder)] = page_of(group.folder)
        fixed = (
            "index.html",
            "search.html",
            "feeds.html",
            "about.html",
            "withdrawn.html",
            *(page_of(kind.folder) for kind in TAXONOMIES),
        )
        return addresses | {path: path for path in fixed}

    @cached_property
    def redirects(self) -> dict[str, str]:
        """Old addresses, as output paths, and the article's path that each leads to."""
        return {path: card.url for card in self.pages for alias in card.aliases if (path := alias_path(alias))}

    def find(self, link: str) -> str | None:
        """Return the output path that a link within the site (`content:2024/a.md`, `site:tags/x`) means, None for a dead one."""
        scheme, _, path = link.partition(":")
        if scheme == "content" and path in self._by_path:
            return self._by_path[path]
        for candidate in (path, page_of(path.rstrip("/")), f"{path}.html"):
            if candidate in self._by_address:
                return self._by_address[candidate]
        return None


def names_of(card: ArticleSummary, word: str) -> tuple[str, ...]:
    """Return what `card` has under a word of front matter, always as a tuple."""
    value = getattr(card, word)
    return value if isinstance(value, tuple) else (value,) if value else ()


def build_archive(cards: Iterable[ArticleSummary], now: int, drafts: bool) -> Archive:
    """Sort `cards` (in the order of content paths) into an archive as it stands at `now` (UTC seconds).

    Drafts (unless `drafts`), articles under embargo and expired ones stay out. Of two articles with one id or one
    address the first by content path stands, and an error among the findings names both.
    """
    findings: list[ArchiveProblem] = []
    shown = [card for card in cards if _is_shown(card, now, drafts, findings)]
    accepted = _without_clashes(shown, findings)
    dated = sorted((card for card in accepted if card.timestamp is not None), key=lambda card: (card.timestamp, card.id))
    archive = Archive(
        stories=[card for card in dated if not card.withdrawn],
        undated=sorted((card for card in accepted if card.timestamp is None and not card.withdrawn), key=lambda card: card.id),
        withdrawn=[card for card in dated if card.withdrawn]
        + sorted((card for card in accepted if card.timestamp is None and card.withdrawn), key=lambda card: card.id),
        findings=findings,
    )
    findings.extend(_spellings(archive))
    return archive


def _is_shown(card: ArticleSummary, now: int, drafts: bool, findings: list[ArchiveProblem]) -> bool:
    if card.draft and not drafts:
        return False
    if card.embargo is not None and card.embargo <= now:
        findings.append(ArchiveProblem(card.path, "embargo", "", Severity.WARNING, "is over; take the line out"))
    if card.expires is not None and card.expires <= now:
        findings.append(ArchiveProblem(card.path, "expires", "", Severity.WARNING, "is past: the article is no longer published"))
        return False
    return card.embargo is None or card.embargo <= now


def _without_clashes(cards: list[ArticleSummary], findings: list[ArchiveProblem]) -> list[ArticleSummary]:
    ids: dict[str, ArticleSummary] = {}
    addresses: dict[str, ArticleSummary] = {}
    folders: set[str] = set()
    accepted = []

    def reject(card: ArticleSummary, word: str, value: str, message: str) -> None:
        findings.append(ArchiveProblem(card.path, word, value, Severity.ERROR, message))

    for card in cards:
        twin = ids.setdefault(card.id, card)
        other = addresses.get(card.url.casefold())
        if twin is not card:
            reject(card, "id", card.id, f"the id {card.id} is taken by content/{twin.path}; ids are given once")
        elif other is not None:
            reject(
                card, "slug", "", f"its page {card.url} is already that of content/{other.path}; give one of them a slug of its own"
            )
        elif _RESERVED.fullmatch(card.url):
            reject(card, "slug", "", f"its page {card.url} is one that the archive itself writes; give it a slug of its own")
        else:
            addresses[card.url.casefold()] = card
            accepted.append(card)
    folders.update(parent for address in addresses for parent in _parents(address))
    for card in accepted:
        for alias in card.aliases:
            path = alias_path(alias)
            if path is None or _RESERVED.fullmatch(path):
                reject(card, "aliases", alias, f"{alias} cannot lead here: it is no path of this site that is free")
                continue
            folded = path.casefold()
            other = addresses.setdefault(folded, card)
            if other is not card:
                reject(card, "aliases", alias, f"{alias} is taken by content/{other.path}; one address leads to one article")
            elif folded in folders or any(parent in addresses for parent in _parents(folded)):
                reject(card, "aliases", alias, f"{alias} would be a file and a folder at once")
            folders.update(_parents(folded))
    refused = {(finding.path, finding.value) for finding in findings if finding.word == "aliases"}
    return [_without_aliases(card, refused) for card in accepted] if refused else accepted


def _without_aliases(card: ArticleSummary, refused: set[tuple[str, str]]) -> ArticleSummary:
    kept = tuple(alias for alias in card.aliases if (card.path, alias) not in refused)
    return card if kept == card.aliases else msgspec.structs.replace(card, aliases=kept)


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _spellings(archive: Archive) -> Iterator[ArchiveProblem]:
    """Yield a warning for each further spelling of a name: once, at the first article that has it."""
    for word, others in archive.variants.items():
        for name, (usual, card) in others.items():
            message = f'"{name}" is filed as "{usual}"; write it in one way'
            yield ArchiveProblem(card.path, word, name, Severity.WARNING, message)
