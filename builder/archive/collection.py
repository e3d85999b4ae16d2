"""The archive: every article's summary sorted, grouped and addressed."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import NamedTuple

from builder.archive import own_addresses
from builder.archive.address_ledger import Ledger, entries_of
from builder.archive.addresses import SEARCH, date_page
from builder.archive.clashes import Addresses, reject_clashes
from builder.archive.former_addresses import former_addresses
from builder.archive.listings import by_language
from builder.archive.own_pages import accept_pages
from builder.archive.problems import ArchiveProblem
from builder.archive.releases import Release
from builder.archive.removals import Removal
from builder.archive.seals import Seal
from builder.archive.taxonomies import TAXONOMIES, SpellingVariant, Term, group
from builder.articles.anchors import anchor_finder
from builder.articles.model import ArticleSummary
from builder.articles.page_fields import OwnPage
from builder.base import version
from builder.base.dates import from_timestamp
from builder.base.problems import Problem, Severity
from builder.base.urls import alias_path, canonical, has_query, page_of, query_address
from builder.config.site import Site
from builder.incremental.fingerprints import addresses_key
from builder.incremental.memo import Memo, NoMemo

_CLASHES = "clashes"


class HeldBack(NamedTuple):
    """An article that is not published: why (`draft`, `embargo`, `expired`), and until or since when (UTC seconds, or None)."""

    article: ArticleSummary
    reason: str
    at: int | None

    def describe(self, timezone: str) -> str:
        """Say why, with the moment on the clock of `timezone`."""
        at = from_timestamp(self.at, timezone) if self.at is not None else ""
        draft = f"a draft (`{self.article.draft_sign}`)" if self.article.draft_sign else "a draft"
        return {"draft": draft, "embargo": f"under embargo until {at}", "expired": f"expired since {at}"}[self.reason]


@dataclass
class Archive:
    """What is published: `stories` (dated) in the order of date and id, `undated` and `withdrawn` ones likewise."""

    stories: list[ArticleSummary]
    undated: list[ArticleSummary]
    withdrawn: list[ArticleSummary]
    now: int = sys.maxsize
    """The moment that it is built for, UTC seconds: later dates lead nothing."""
    problems: list[ArchiveProblem] = field(default_factory=list)
    entries: frozenset[str] = frozenset()
    """Every address that articles have now, as lines of the ledger."""
    former: dict[str, ArticleSummary] = field(default_factory=dict)
    """Addresses that were published and are no article's now (former_addresses), with the article that each leads to."""
    held_back: list[HeldBack] = field(default_factory=list)
    """What is read and not published, in the order of paths."""
    ledger_problems: list[Problem] = field(default_factory=list)
    """What is wrong with addresses that were published."""
    removals: tuple[Removal, ...] = ()
    """What the law wanted gone."""
    seal: Seal | None = None
    """What proves since when the published files are as they are."""
    releases: tuple[Release, ...] = ()
    """Its editions, the first one first."""
    watches: list[Term] = field(default_factory=list)
    """What the searches that site.yml declares find now, in the order of slugs; without any article, where nothing is found."""
    own_pages: list[OwnPage] = field(default_factory=list)
    """Its pages that are no articles, in the order of content paths."""
    site: Site | None = None
    """Its settings, which have a say in what it writes."""
    find_files: Callable[[], Collection[str]] = frozenset
    """Returns the paths of its static files and of its seal's, which only links to one ask for."""

    @property
    def pages(self) -> Iterator[ArticleSummary]:
        """Every article that has a page, tombstones among them."""
        yield from self.stories
        yield from self.undated
        yield from self.withdrawn

    @property
    def texts(self) -> Iterator[ArticleSummary]:
        """Every article that has a page, and every page of the archive's own: what brings links, pictures and documents."""
        yield from self.pages
        yield from (page.summary for page in self.own_pages)

    @cached_property
    def current(self) -> list[ArticleSummary]:
        """The stories but for those whose date lies ahead: what leads the home page and the feeds is the end of it."""
        return self.stories[: bisect_right(self.stories, self.now, key=lambda article: article.timestamp or 0)]

    def is_current(self, article: ArticleSummary) -> bool:
        """Whether the date of `article` has come."""
        return (article.timestamp or 0) <= self.now

    @cached_property
    def days(self) -> dict[str, list[ArticleSummary]]:
        """The stories of each day (`2025-02-12`), oldest first; one of a month or a year stands on the first day of it."""
        days: dict[str, list[ArticleSummary]] = defaultdict(list)
        for article in self.stories:
            days[article.day].append(article)
        return dict(sorted(days.items()))  # an article without a time may sort before its day: zones that begin it at 23:00

    @cached_property
    def spans(self) -> dict[str, list[ArticleSummary]]:
        """The stories by their date as far as it is known: a day, a month (`1998-03`) or a year (`1998`); oldest first."""
        spans: dict[str, list[ArticleSummary]] = defaultdict(list)
        for articles in self.days.values():
            for article in articles:
                spans[article.date[:10]].append(article)
        return dict(spans)

    @cached_property
    def date_pages(self) -> dict[str, str]:
        """The years, months and days that have a page of the calendar, in order, and the path of each."""
        names = {span[:length] for span in self.spans for length in (4, 7, 10) if length <= len(span)}
        return {name: date_page(name) for name in sorted(names)}

    def month_page(self, month: str) -> str:
        """Return the page of a month with stories; its year's where of all of them only the year is known."""
        return self.date_pages.get(month) or date_page(month[:4])

    @cached_property
    def months(self) -> dict[str, list[ArticleSummary]]:
        """The stories of each month (`2025-02`), oldest first; one of which only the year is known stands in January."""
        months: dict[str, list[ArticleSummary]] = defaultdict(list)
        for day, articles in self.days.items():
            months[day[:7]].extend(articles)
        return dict(months)

    @cached_property
    def languages(self) -> dict[str, list[ArticleSummary]]:
        """The stories of each language that has a feed, oldest first."""
        return by_language(self.stories)

    @cached_property
    def terms(self) -> dict[str, list[Term]]:
        """The terms of each taxonomy, by its folder, in the order of slugs."""
        return {folder: terms for folder, (terms, _) in self._groups.items()}

    @cached_property
    def spelling_variants(self) -> dict[str, dict[str, SpellingVariant]]:
        """Names that are filed under another spelling: by front-matter field, then by name."""
        return {taxonomy.field: self._groups[taxonomy.folder][1] for taxonomy in TAXONOMIES}

    @cached_property
    def spellings(self) -> dict[str, dict[str, str]]:
        """The usual spelling of such names, by front-matter field, where it has any."""
        return {
            field: {name: variant.usual for name, variant in variants.items()}
            for field, variants in self.spelling_variants.items()
            if variants
        }

    @cached_property
    def _groups(self) -> dict[str, tuple[list[Term], dict[str, SpellingVariant]]]:
        articles = [*self.stories, *self.undated]
        return {taxonomy.folder: group(articles, taxonomy) for taxonomy in TAXONOMIES}

    @cached_property
    def redirects(self) -> dict[str, str]:
        """Old addresses, as output paths, and the article's path that each leads to."""
        pairs = ((alias_path(alias), article.url) for article in self.pages for alias in article.aliases if not has_query(alias))
        redirects = {path: url for path, url in pairs if path != url}
        return redirects | {path: article.url for path, article in self.former.items() if not has_query(path)}

    @cached_property
    def queries(self) -> dict[str, str]:
        """Old addresses with a query (urls.query_address), which only a server can answer, and the path that each leads to."""
        pairs = ((query_address(alias), article.url) for article in self.pages for alias in article.aliases if has_query(alias))
        return dict(pairs) | {address: article.url for address, article in self.former.items() if has_query(address)}

    @cached_property
    def _by_path(self) -> dict[str, str]:
        exact = {article.path: article.url for article in self.texts}
        return {canonical(path): url for path, url in exact.items()} | exact

    @cached_property
    def _by_address(self) -> dict[str, str]:
        by_address = {article.url: article.url for article in self.texts}
        for alias, url in self.redirects.items():
            by_address.setdefault(canonical(alias), url)
        return by_address

    def find(self, link: str) -> str | None:
        """Return the output path that a link within the site (`content:2024/a.md`, `site:tags/x`) means, None for a dead one.

        A fragment that its target has comes with it, and so does a search's query; any other is left out.
        """
        if link.startswith("site:") and "?" in link:
            return self._find_with_query(link)
        page = self._find_page(link)
        if page is not None or "#" not in link:
            return page
        link, _, fragment = link.rpartition("#")
        page = self._find_page(link)
        anchor = self._anchor_finder(page)(fragment) if page else None
        return f"{page}#{anchor}" if page and anchor else page

    def _find_with_query(self, link: str) -> str | None:
        address, _, fragment = link.removeprefix("site:").partition("#")
        if address in self.queries:
            return self.queries[address]
        path, _, query = address.partition("?")
        page = self.find(f"site:{path.rstrip('/')}{'#' if fragment else ''}{fragment}")
        return f"{page}?{query}" if page == SEARCH.path else page

    def _anchor_finder(self, page: str) -> Callable[[str], str | None]:
        if page not in self._anchor_finders:
            self._anchor_finders[page] = anchor_finder(self._anchors.get(page, ()))
        return self._anchor_finders[page]

    def misses_fragment(self, link: str) -> bool:
        """Whether `link` leads to an article that has no such place in it."""
        return "#" in link and self._find_page(link) is None and self.find(link) in self._article_urls

    @cached_property
    def _anchor_finders(self) -> dict[str, Callable[[str], str | None]]:
        """Of each page that a fragment was looked for in."""
        return {}

    @cached_property
    def _anchors(self) -> dict[str, tuple[str, ...]]:
        return {article.url: article.anchors for article in self.texts if article.anchors}

    @cached_property
    def _article_urls(self) -> frozenset[str | None]:
        return frozenset(article.url for article in self.texts)

    def _find_page(self, link: str) -> str | None:
        scheme, _, path = link.partition(":")
        if scheme == "content" and (page := self._by_path.get(path) or self._by_path.get(canonical(path))):
            return page
        path = canonical(path)
        for candidate in (path, page_of(path.rstrip("/")), f"{path}.html"):
            if own_addresses.writes(self, candidate):
                return candidate
            if candidate in self._by_address:
                return self._by_address[candidate]
        return None


def build_archive(
    articles: Sequence[ArticleSummary],
    now: int,
    drafts: bool,
    ledger: Ledger | None = None,
    removals: tuple[Removal, ...] = (),
    site: Site | None = None,
    own_pages: Iterable[OwnPage] = (),
    memo: Memo | None = None,
) -> Archive:
    """Sort `articles` (in the order of content paths) into an archive as it stands at `now` (UTC seconds).

    By the `ledger` what were articles' addresses lead to the ones that they have. `site` decides whether addresses
    may have a query (reject_clashes), and which pages the archive itself writes.
    `own_pages` stand where no article does. `memo` keeps that nothing clashed.

    Drafts (unless `drafts`), articles under embargo and expired ones stay out. Of two articles with one id or one
    address the first by content path stands, and an error among the archive's problems names both.
    """
    problems: list[ArchiveProblem] = []
    held_back = [each for article in articles if (each := _held_back(article, now, drafts)) is not None]
    problems.extend(_past_moments(articles, held_back, now))
    withheld = {each.article.path for each in held_back}
    candidates = [article for article in articles if article.path not in withheld]
    has_queries = site is not None and site.redirects != "pages"
    accepted_articles, find_addresses = _without_clashes(candidates, problems, has_queries, memo or NoMemo())
    ledger_problems: list[Problem] = []
    entries = frozenset(entries_of(accepted_articles))
    former = former_addresses(ledger or Ledger(), entries, accepted_articles, find_addresses, articles, ledger_problems)
    pages = accept_pages(own_pages, find_addresses, problems)
    archive = Archive(
        *_sort(accepted_articles),
        now=now,
        problems=problems,
        entries=entries,
        former=former,
        held_back=held_back,
        ledger_problems=ledger_problems,
        removals=removals,
        own_pages=pages,
        site=site,
    )
    problems.extend(_future_dates(archive))
    problems.extend(_spelling_problems(archive))
    return archive


def restore_archive(
    articles: Iterable[ArticleSummary],
    now: int,
    drafts: bool,
    former: Mapping[str, str],
    spellings: dict[str, dict[str, str]],
    site: Site,
    own_pages: Iterable[OwnPage],
) -> Archive:
    """Return what build_archive did for articles of which only the texts were others, without what it notes of problems.

    `former` has the content paths of what it returned under that name; `spellings` are those of what it returned.
    """
    articles = list(articles)
    by_path = {article.path: article for article in articles} if former else {}
    archive = Archive(
        *_sort(article for article in articles if _held_back(article, now, drafts) is None),
        now=now,
        former={address: by_path[path] for address, path in former.items()},
        own_pages=sorted(own_pages, key=lambda page: page.summary.path),
        site=site,
    )
    archive.spellings = spellings
    return archive


def _sort(articles: Iterable[ArticleSummary]) -> tuple[list[ArticleSummary], list[ArticleSummary], list[ArticleSummary]]:
    """Return the dated, undated and withdrawn ones of `articles`, each in their order."""
    by_date = sorted(articles, key=_by_date)
    dated_articles = [article for article in by_date if article.timestamp is not None]
    undated = [article for article in by_date if article.timestamp is None]
    return (
        [article for article in dated_articles if not article.withdrawn],
        [article for article in undated if not article.withdrawn],
        [article for article in (*dated_articles, *undated) if article.withdrawn],
    )


def _without_clashes(
    articles: list[ArticleSummary], problems: list[ArchiveProblem], has_queries: bool, memo: Memo
) -> tuple[list[ArticleSummary], Callable[[], Addresses]]:
    """Do what reject_clashes does, and return a function for the addresses: hardly an archive needs them where nothing clashes."""
    key = addresses_key(articles, has_queries, version.code_fingerprint())
    if memo.recall(_CLASHES, key) is not None:
        return articles, cache(lambda: reject_clashes(articles, [], has_queries)[1])
    many = len(problems)
    accepted_articles, addresses = reject_clashes(articles, problems, has_queries)
    if len(problems) == many:
        memo.keep(_CLASHES, key, b"")
    return accepted_articles, lambda: addresses


def _by_date(article: ArticleSummary) -> tuple[int, str]:
    return article.timestamp or 0, article.id


def _held_back(article: ArticleSummary, now: int, drafts: bool) -> HeldBack | None:
    if article.draft and not drafts:
        return HeldBack(article, "draft", None)
    if article.expires is not None and article.expires <= now:
        return HeldBack(article, "expired", article.expires)
    if article.embargo is not None and article.embargo > now:
        return HeldBack(article, "embargo", article.embargo)
    return None


def next_change(articles: Iterable[ArticleSummary], now: int) -> int:
    """Return the first moment after `now` (UTC seconds) at which something else of `articles` is published, or leads the lists."""
    moments = (moment for article in articles for moment in (article.embargo, article.expires, article.timestamp) if moment)
    return min((moment for moment in moments if moment > now), default=sys.maxsize)


def _past_moments(articles: Iterable[ArticleSummary], held_back: Iterable[HeldBack], now: int) -> Iterator[ArchiveProblem]:
    """Yield a warning for each embargo that is over, and for each article that has expired."""
    drafts = {hold.article.path for hold in held_back if hold.reason == "draft"}
    for article in articles:
        if article.path in drafts:
            continue
        if article.embargo is not None and article.embargo <= now:
            yield ArchiveProblem(article.path, "embargo", "", Severity.WARNING, "is over; take the line out")
        if article.expires is not None and article.expires <= now:
            message = "is past: the article is no longer published"
            yield ArchiveProblem(article.path, "expires", "", Severity.WARNING, message)


def _future_dates(archive: Archive) -> Iterator[ArchiveProblem]:
    """Yield a warning for each story whose date lies ahead, as a slip of the pen has it, and that no embargo holds back."""
    for article in archive.stories[len(archive.current) :]:
        message = f"{article.date} lies ahead: is it right? Until then no page leads with it and no feed has it"
        yield ArchiveProblem(article.path, "date", "", Severity.WARNING, message)


def _spelling_problems(archive: Archive) -> Iterator[ArchiveProblem]:
    """Yield a warning for each further spelling of a name: once, at the first article that has it."""
    for field_name, variants in archive.spelling_variants.items():
        for name, variant in variants.items():
            message = f'"{name}" is filed as "{variant.usual}"; write it in one way'
            yield ArchiveProblem(variant.article.path, field_name, name, Severity.WARNING, message)
