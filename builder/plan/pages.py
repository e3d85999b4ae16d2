"""Every output planned: its path, what makes it, and what it shows; in parts, so that what did not change is passed over whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby, islice
from typing import Any, NamedTuple

from builder.archive.collection import TAXONOMIES, Archive, Term, names_of
from builder.archive.related import related
from builder.articles.model import ArticleSummary
from builder.base import files
from builder.base.urls import page_of, slugify
from builder.config.site import Site
from builder.plan import views
from builder.plan.views import Bar, CorrectionNote, DaySummary, Link, MonthSummary, Story, TermView

MAX_COMPLETE_LIST = 100
"""A group of up to this many stories shows them all on its page; a bigger one its newest, and a page for each month."""
NEWEST_SHOWN = 50
PER_PAGE = 100
PER_UNDATED_PAGE = 500
PER_FEED = 50
PER_ARCHIVE_FEED = 500
PER_SITEMAP = 50_000
MAX_PART_ARTICLES = 1000
"""Articles of a month with more are planned by days."""


class Page(NamedTuple):
    """One output file. `maker` is a template or one of render.MAKERS; `context` is plain data, all that the file shows.

    Two pages of one path, maker and repr of the context are the same page, byte for byte.
    """

    path: str
    renderer: str
    context: dict[str, Any]


class PlanPart(NamedTuple):
    """Outputs that show the same stories. Where `shows` is what it was they are what they were: nobody plans them again."""

    name: str
    shows: str
    """A digest of all that `pages` look at; "" where it is not worth it, and they are planned each time."""
    pages: Callable[[], Iterable[Page]]


class Asset(NamedTuple):
    """What is published as it is: its output path, the files that it is made of one after the other, and what tells their
    states apart."""

    path: str
    parts: tuple[str, ...]
    state: str


def plan(archive: Archive, site: Site, assets: Iterable[Asset]) -> Iterator[PlanPart]:
    """Yield every output of `archive` in parts, the articles first. No path comes twice.

    What is closed stays closed: day and month pages, the months of a group and archive feeds are made from the
    stories of their own month alone.
    """
    rows = {folder: [views.row(group, site) for group in groups] for folder, groups in archive.groups.items()}
    yield from _articles(archive)
    yield from _calendar(archive)
    for kind in TAXONOMIES:
        index = {"kind": kind.folder, "title": kind.title, "rows": rows[kind.folder]}
        yield _always(kind.folder, [Page(f"{kind.folder}/index.html", "taxonomy.html", index)])
        for group, row in zip(archive.groups[kind.folder], rows[kind.folder], strict=True):
            yield PlanPart(group.folder, _digest(archive, group.cards, row), partial(_group, group, row))
            if row.feed:
                yield _feed_part(archive, row.feed, _newest(group), "rss", name=row.name, page=row.path)
    yield _always("undated", _undated(archive, site))
    yield _always("withdrawn", [Page("withdrawn.html", "withdrawn.html", {"cards": archive.withdrawn})])
    whole = _digest(archive, [*archive.stories, *archive.undated], rows, len(archive.undated), len(archive.withdrawn))
    yield PlanPart("front", whole, partial(_front, archive, rows))
    yield PlanPart("sitemap", whole, partial(_sitemaps, archive, rows))
    yield from _feeds(archive)
    yield _always("on this day", _on_this_day(archive))
    yield _always(
        "redirects", (Page(path, "redirect.html", {"target": target}) for path, target in sorted(archive.redirects.items()))
    )
    yield _always("assets", (Page(asset.path, "copy", {"parts": asset.parts, "state": asset.state}) for asset in assets))


def _always(name: str, pages: Iterable[Page]) -> PlanPart:
    return PlanPart(name, "", lambda: pages)


def _digest(archive: Archive, cards: Sequence[ArticleSummary], *also: object, full: bool = False) -> str:
    """Digest what lists show of `cards`, or, if `full`, all that there is of them, and whatever else there is."""
    parts = [card.listing_hash for card in cards]
    if full:
        parts += [card.content_hash for card in cards]
        parts += [repr(story(archive, card)) for card in cards if card.links]
    return files.digest("".join(parts), repr(also))


def story(archive: Archive, card: ArticleSummary) -> Story:
    """Return `card` with the output paths of the links in its text."""
    return Story(card, {link: path for link in card.links if (path := archive.find(link))})


def _articles(archive: Archive) -> Iterator[PlanPart]:
    stories = archive.stories
    connected = related(stories)
    at = 0
    busy = {month for month, cards in archive.months.items() if len(cards) > MAX_PART_ARTICLES}
    for span, found in groupby(stories, lambda card: card.day if card.day[:7] in busy else card.day[:7]):
        cards = list(found)
        around = [None if not at else stories[at - 1], *cards, stories[at + len(cards)] if at + len(cards) < len(stories) else None]
        at += len(cards)
        ties = list(islice(connected, len(cards)))
        tied = "".join([f"{len(tie)}{''.join([card.listing_hash for card in tie])}" for tie in ties])
        shows = _digest(archive, cards, around[0], around[-1], files.digest(tied), full=True)
        yield PlanPart(f"articles {span}", shows, partial(_articles_of, archive, around, ties))
    apart = (*archive.undated, *archive.withdrawn)
    yield _always("articles that stand apart", (_article(archive, card, None, None, ()) for card in apart))


def _articles_of(archive: Archive, around: list[ArticleSummary | None], ties: list[tuple[ArticleSummary, ...]]) -> Iterator[Page]:
    """Yield the articles that stand in the row `around`, which begins and ends with a neighbour or None."""
    for earlier, card, later, tie in zip(around, around[1:], around[2:], ties, strict=False):
        if card is not None:
            yield _article(archive, card, earlier, later, tie)


def _article(
    archive: Archive,
    card: ArticleSummary,
    earlier: ArticleSummary | None,
    later: ArticleSummary | None,
    connected: tuple[ArticleSummary, ...],
) -> Page:
    return Page(card.url, "article.html", {"story": story(archive, card), "earlier": earlier, "later": later, "related": connected})


def _calendar(archive: Archive) -> Iterator[PlanPart]:
    years: dict[str, list[str]] = defaultdict(list)
    for month, cards in archive.months.items():
        years[month[:4]].append(month)
        yield PlanPart(f"calendar {month}", _digest(archive, cards), partial(_month, archive, month))
    for year, months in years.items():
        days = {
            day: len(archive.days[day]) for month in months for day in dict.fromkeys(card.day for card in archive.months[month])
        }
        yield PlanPart(f"calendar {year}", files.digest(repr(days)), partial(_year, archive, year, days))


def _month(archive: Archive, month: str) -> Iterator[Page]:
    cards = archive.months[month]
    days = {day: archive.days[day] for day in dict.fromkeys(card.day for card in cards)}
    counts = {day: len(listed) for day, listed in days.items()}
    yield Page(
        page_of(month.replace("-", "/")),
        "month.html",
        {
            "month": month,
            "count": len(cards),
            "weeks": views.weeks(month, counts),
            "days": [DaySummary(day, len(listed), _day_page(day), listed[:5]) for day, listed in days.items()],
            "up": [Link(month[:4], page_of(month[:4]))],
        },
    )
    for day, listed in days.items():
        up = [Link(month[:4], page_of(month[:4])), Link(month, page_of(month.replace("-", "/")))]
        yield Page(_day_page(day), "day.html", {"day": day, "cards": listed, "up": up})


def _year(archive: Archive, year: str, days: dict[str, int]) -> Iterator[Page]:
    summaries = []
    for number in range(1, 13):
        month = f"{year}-{number:02}"
        count = len(archive.months.get(month, ()))
        summaries.append(MonthSummary(month, count, page_of(month.replace("-", "/")) if count else "", views.weeks(month, days)))
    total = sum(days.values())
    yield Page(page_of(year), "year.html", {"year": year, "count": total, "months": summaries, "up": Link("", "index.html")})


def _day_page(day: str) -> str:
    return page_of(day.replace("-", "/"))


def _group(group: Term, row: TermView) -> Iterator[Page]:
    dated = [card for card in group.cards if card.day]
    undated = [card for card in group.cards if not card.day]
    months: dict[str, list[ArticleSummary]] = defaultdict(list)
    for card in dated:
        months[card.day[:7]].append(card)
    complete = len(group.cards) <= MAX_COMPLETE_LIST
    newest = [*reversed(dated), *undated]

    def path_of(label: str) -> str:
        return f"{row.path}#{label}" if complete or len(label) == 4 else f"{group.folder}/{label}.html"

    yield Page(
        row.path,
        "row.html",
        {
            "row": row,
            "chart": views.chart({month: len(cards) for month, cards in months.items()}, path_of),
            "cards": newest if complete else newest[:NEWEST_SHOWN],
            "complete": complete,
            "months": []
            if complete
            else [Bar(month, len(months[month]), path_of(month)) for month in sorted(months, reverse=True)],
        },
    )
    if not complete:
        for month, cards in months.items():
            yield from _group_month(group, row, month, cards)


def _newest(group: Term) -> list[ArticleSummary]:
    """Return what a group's feed has: its newest dated stories, which stand before the undated ones."""
    newest: list[ArticleSummary] = []
    for card in reversed(group.cards):
        if card.day:
            newest.append(card)
            if len(newest) == PER_FEED:
                break
    return newest


def _group_month(group: Term, row: TermView, month: str, cards: list[ArticleSummary]) -> Iterator[Page]:
    """Yield the pages of one month of a group. They are named by their own stories: the group's name may change."""
    parts = [cards[at : at + PER_PAGE] for at in range(0, len(cards), PER_PAGE)]
    paths = [f"{group.folder}/{month}{'' if number == 1 else f'-{number}'}.html" for number in range(1, len(parts) + 1)]
    name = next(name for name in _names(cards[0], group) if name)
    for at, (path, part) in enumerate(zip(paths, parts, strict=True)):
        yield Page(
            path,
            "row_month.html",
            {
                "row": Link(name, row.path),
                "kind": row.kind,
                "month": month,
                "number": at + 1,
                "cards": part,
                "previous": paths[at - 1] if at else "",
                "next": paths[at + 1] if at + 1 < len(paths) else "",
            },
        )


def _names(card: ArticleSummary, group: Term) -> Iterator[str]:
    return (name for name in names_of(card, group.kind.word) if slugify(name) == group.slug)


def _undated(archive: Archive, site: Site) -> Iterator[Page]:
    if site.undated != "keep":
        return
    cards = archive.undated
    parts = [cards[at : at + PER_UNDATED_PAGE] for at in range(0, len(cards), PER_UNDATED_PAGE)] or [[]]
    paths = ["undated/index.html", *(f"undated/index/{number}.html" for number in range(2, len(parts) + 1))]
    for at, (path, part) in enumerate(zip(paths, parts, strict=True)):
        following = paths[at + 1] if at + 1 < len(paths) else ""
        yield Page(
            path, "undated.html", {"cards": part, "number": at + 1, "previous": paths[at - 1] if at else "", "next": following}
        )


def _front(archive: Archive, rows: dict[str, list[TermView]]) -> Iterator[Page]:
    """Yield the pages that speak of the archive as a whole."""
    stories = archive.stories
    counts = {month: len(cards) for month, cards in archive.months.items()}
    by_year = Counter(dict.fromkeys(sorted({month[:4] for month in counts}), 0))
    for month, count in counts.items():
        by_year[month[:4]] += count
    years = [Bar(year, count, page_of(year)) for year, count in by_year.items()]
    topics = sorted(rows["tags"], key=lambda row: (-row.count, row.slug))[:8]
    corrected = sorted((card for card in stories if card.corrected), key=lambda card: (card.corrected, card.id), reverse=True)
    total = len(stories) + len(archive.undated)
    yield Page(
        "index.html",
        "home.html",
        {
            "total": total,
            "first_year": years[0].label if years else "",
            "last_year": years[-1].label if years else "",
            "years": years,
            "chart": views.chart(counts, lambda label: page_of(label.replace("-", "/"))),
            "latest": stories[-14:][::-1],
            "topics": topics,
            "corrections": [CorrectionNote(card, card.corrected, card.correction) for card in corrected[:5]],
            "undated": len(archive.undated),
            "on_this_day": sorted({day[5:] for day in archive.days}),
        },
    )
    languages = Counter(card.language for card in (*stories, *archive.undated))
    yield Page(
        "about.html",
        "about.html",
        {
            "total": total,
            "first": stories[0].day if stories else "",
            "last": stories[-1].day if stories else "",
            "languages": sorted(languages.items(), key=lambda item: (-item[1], item[0])),
            "sources": rows["sources"],
            "agencies": rows["agencies"],
            "undated": len(archive.undated),
            "withdrawn": len(archive.withdrawn),
        },
    )
    yield Page("search.html", "search.html", {"years": years, "topics": topics, "types": rows["types"]})
    yield Page("404.html", "404.html", {})
    yield Page("robots.txt", "robots", {})
    yield Page("opensearch.xml", "opensearch", {})
    groups = [(kind.folder, kind.title, [row for row in rows[kind.folder] if row.feed]) for kind in TAXONOMIES]
    yield Page("feeds.html", "feeds.html", {"groups": groups})
    yield Page("feeds.opml", "opml", {"groups": groups})


def _feed_part(
    archive: Archive, path: str, cards: Sequence[ArticleSummary], renderer: str, name: str, page: str, **links: object
) -> PlanPart:
    """Return a feed of `cards`, newest first, as a part of its own."""
    context = {"name": name, "page": page, **links}

    def pages() -> Iterator[Page]:
        yield Page(path, renderer, {**context, "stories": [story(archive, card) for card in cards]})

    return PlanPart(path, _digest(archive, cards, renderer, context, full=True), pages)


def _feeds(archive: Archive) -> Iterator[PlanPart]:
    """Yield the site's feeds and the RFC 5005 archive of them: a chain of documents from the newest month back.

    Every month has documents, an empty one too, and a month's first document leads the chain into it: so a document
    links to names that no other month's stories can change.
    """
    newest = archive.stories[-PER_FEED:][::-1]
    months = views.month_range(archive.months)
    latest = _archive_path(months[-1], 1) if months else ""
    yield _feed_part(archive, "feed.xml", newest, "rss", name="", page="index.html", previous=latest)
    yield _feed_part(archive, "atom.xml", newest, "atom", name="", page="index.html", previous=latest)
    yield _feed_part(archive, "feed.json", newest, "json", name="", page="index.html")
    for at, month in enumerate(months):
        cards = archive.months.get(month, [])
        parts = [cards[start : start + PER_ARCHIVE_FEED] for start in range(0, len(cards), PER_ARCHIVE_FEED)] or [[]]
        before = _archive_path(months[at - 1], 1) if at else ""
        after = _archive_path(months[at + 1], 1) if at + 1 < len(months) else ""
        page = page_of(month.replace("-", "/")) if cards else "index.html"
        for number, part in enumerate(parts, start=1):
            yield _feed_part(
                archive,
                _archive_path(month, number),
                part[::-1],
                "atom",
                name=month,
                page=page,
                closed=True,
                previous=_archive_path(month, number + 1) if number < len(parts) else before,
                next=_archive_path(month, number - 1) if number > 1 else after,
            )


def _archive_path(month: str, number: int) -> str:
    return f"feeds/{month.replace('-', '/')}{'' if number == 1 else f'-{number}'}.xml"


def _on_this_day(archive: Archive) -> Iterator[Page]:
    """Yield a script for each day of the year that has stories: two of each year, pictures first."""
    days: dict[str, list[tuple[int, str, str, str]]] = defaultdict(list)
    for day, cards in archive.days.items():
        chosen = sorted(cards, key=lambda card: not card.image)[:2]
        days[day[5:]].extend((int(day[:4]), card.title, card.language, card.url) for card in chosen)
    for day, stories in sorted(days.items()):
        yield Page(f"on-this-day/{day}.js", "on_this_day", {"stories": stories})


def _sitemaps(archive: Archive, rows: dict[str, list[TermView]]) -> Iterator[Page]:
    """Yield the sitemap: one file, or an index of one for each year's stories and one for the other pages."""
    hidden = {row.name for kind in ("agencies", "sources") for row in rows[kind] if not row.indexed}
    by_year: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for card in (*archive.stories, *archive.undated):
        if not hidden.intersection((card.source, *card.agency)):
            by_year[card.day[:4] or "undated"].append((card.url, max(card.date, card.updated, card.corrected)))
    listings = ["index.html", "about.html", "feeds.html"]
    listings += sorted({page_of(day[:cut].replace("-", "/")) for day in archive.days for cut in (4, 7, 10)})
    listings += [
        path for kind in TAXONOMIES for path in (page_of(kind.folder), *(row.path for row in rows[kind.folder] if row.indexed))
    ]
    by_year["pages"] = [(path, "") for path in listings]
    if sum(map(len, by_year.values())) <= PER_SITEMAP:
        yield Page("sitemap.xml", "sitemap", {"entries": [entry for name in sorted(by_year) for entry in by_year[name]]})
        return
    paths = []
    for name in sorted(by_year):
        for at in range(0, len(by_year[name]), PER_SITEMAP):
            paths.append(f"sitemap-{name}{f'-{at // PER_SITEMAP + 1}' if at else ''}.xml")
            yield Page(paths[-1], "sitemap", {"entries": by_year[name][at : at + PER_SITEMAP]})
    yield Page("sitemap.xml", "sitemap_index", {"paths": paths})
