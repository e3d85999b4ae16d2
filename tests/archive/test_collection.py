"""The archive as a whole: order, clashes, and what stays sealed whatever else arrives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from builder.archive import listings, validation
from builder.archive.collection import Archive, build_archive
from builder.articles.model import ArticleSummary
from builder.articles.parsing import parse_article
from builder.config.site import Site
from builder.incremental.memo import NoMemo
from builder.plan import feed_pages, sitemap_pages, term_pages
from builder.plan.model import Page
from builder.plan.outputs import plan
from tests.effort import effort

SITE = Site.model_validate({"undated": "keep", "agencies": {"Harbour Wire": {"about": "A wire."}}})
NOW = 1_800_000_000


def article(path: str, body: str = "x", **words: object) -> ArticleSummary:
    front = "".join(f"{word}: {value}\n" for word, value in {"title": path, "date": "2025-02-12", **words}.items() if value)
    loaded = parse_article(path, f"---\n{front}---\n{body}".encode(), Path("/nowhere"), SITE)
    assert loaded.article is not None, loaded.problems
    return loaded.article


def archive(*articles: ArticleSummary, now: int = NOW, drafts: bool = False) -> Archive:
    return build_archive(sorted(articles, key=lambda article: article.path), now, drafts)


def problems(whole: Archive) -> list[str]:
    return sorted(f"{each.path}: {each.severity}: {each.field}: {each.message}" for each in whole.problems)


def test_order_is_date_then_id() -> None:
    whole = archive(
        article("a.md", date="2025-02-13", id="z"),
        article("b.md", date="2025-02-12 10:00", id="y"),
        article("c.md", id="x"),
        article("d.md", id="w"),
    )
    assert [story.id for story in whole.stories] == ["w", "x", "y", "z"]


def test_two_articles_to_one_address_and_duplicate_ids_are_errors_that_name_both() -> None:
    whole = archive(article("a/story.md"), article("b/STORY.md"), article("c.md", id="same"), article("d.md", id="same"))
    assert [story.path for story in whole.stories if story.path != "c.md"] == ["a/story.md"], "the first by content path stands"
    assert problems(whole) == [
        "b/STORY.md: error: slug: its page 2025/02/12/story.html is already that of content/a/story.md; give one of them a slug of its own",
        "d.md: error: id: the id same is taken by content/c.md; ids are given once",
    ]


def test_aliases_lead_on_and_clash_in_words() -> None:
    whole = archive(
        article("a.md", aliases="[/old/1, /index.html, /2025/02/12/b.html]"), article("b.md", aliases="[/OLD/1, /old/1/x]")
    )
    assert whole.redirects == {"old/1/index.html": "2025/02/12/a.html", "old/1/x/index.html": "2025/02/12/b.html"}
    text = "\n".join(problems(whole))
    assert "a.md: error: aliases: /index.html is not a free path" in text
    assert "a.md: error: aliases: /2025/02/12/b.html is taken by content/b.md" in text
    assert "b.md: error: aliases: /OLD/1 is taken by content/a.md" in text


def test_drafts_embargo_and_expiry() -> None:
    articles = [
        article("draft.md", draft="true"), article("later.md", embargo="2030-01-01"), article("past.md", embargo="2020-01-01"), article("gone.md", expires="2020-01-01"),
    ]  # fmt: skip
    assert [story.path for story in archive(*articles).stories] == ["past.md"]
    assert [story.path for story in archive(*articles, drafts=True).stories] == ["draft.md", "past.md"]
    assert problems(archive(*articles)) == [
        "gone.md: warning: expires: is past: the article is no longer published",
        "past.md: warning: embargo: is over; take the line out",
    ]


def test_tags_that_slug_alike_are_one_named_by_the_earliest() -> None:
    whole = archive(
        article("b.md", date="2025-02-11", tags="[AI summit]"),
        article("a.md", tags="[Ai Summit]"),
        article("c.md", tags="[AI-Summit, diplomacy]"),
    )
    assert [(term.slug, term.name, len(term.articles)) for term in whole.terms["tags"]] == [
        ("ai-summit", "AI summit", 3), ("diplomacy", "diplomacy", 1),
    ]  # fmt: skip
    assert problems(whole) == [
        'a.md: warning: tags: "Ai Summit" is filed as "AI summit"; write it in one way',
        'c.md: warning: tags: "AI-Summit" is filed as "AI summit"; write it in one way',
    ]


def test_near_names_and_dead_links_are_told_by_check() -> None:
    whole = archive(
        article("a.md", tags="[Typhoons]", body="[one](b.md) [two](missing.md) [three](/tags/typhoon/)"), article("b.md", tags="[typhoon]"),
        article("c.md", tags="[typhoon]", agency="Agence Delta"), article("d.md", agency="Agence Délta"),
    )  # fmt: skip
    assert [finding.message for finding in validation.dead_links(whole, "UTC")] == [
        "the link to missing.md leads nowhere; its words stay, without the link"
    ]
    told = [finding.message for finding in validation.near_names(whole)]
    assert told == [
        '"Typhoons" (1) may be the same as "typhoon" (2); if so, put `tags: {"typhoon": {aliases: ["Typhoons"]}}` into site.yml',
        '"Agence Délta" (1) may be the same as "Agence Delta" (1); '
        'if so, put `agencies: {"Agence Delta": {aliases: ["Agence Délta"]}}` into site.yml',
    ]


def planned(whole: Archive) -> list[Page]:
    """Every page of the plan."""
    return [page for part in plan(whole, SITE, [], NoMemo()) for page in part.pages()]


def test_withdrawn_articles_keep_their_page_and_leave_everything_else() -> None:
    whole = archive(
        article("a.md", tags="[x]"), article("b.md", tags="[x]", withdrawn="{date: 2025-03-01, reason: Wrong}", date="2025-02-13")
    )
    outputs = {page.path: repr(page.context) for page in planned(whole)}
    gone = whole.withdrawn[0]
    shown = {path for path, context in outputs.items() if gone.listing_hash in context or "13/b.html" in context}
    assert shown == {"2025/02/13/b.html", "withdrawn.html"}


@contextmanager
def small_limits() -> Iterator[None]:
    """Have small archives big terms, long feeds and several sitemaps."""
    with (
        patch.multiple(listings, MAX_COMPLETE_LIST=3, PER_PAGE=2, ARCHIVE_FEED_ENTRIES=2),
        patch.multiple(term_pages, NEWEST_SHOWN=2, FEED_ENTRIES=3),
        patch.multiple(feed_pages, FEED_ENTRIES=3),
        patch.multiple(sitemap_pages, SITEMAP_ENTRIES=9),
    ):
        yield


# What is sealed: pages of one day, one month, one month of a group, one month of the feeds.
SEALED = re.compile(r"\d{4}/\d\d/(\d\d/)?index\.html|[a-z]+/[^/]+/\d{4}-\d\d(-\d+)?\.html|feeds/\d{4}/\d\d(-\d+)?\.xml")
articles_ = st.builds(
    lambda number, month, day, tags, agency, slugline: article(
        f"{number}.md", date=f"2024-{month:02}-{day:02}", tags=f"[{', '.join(tags)}]", agency=agency, slugline=slugline
    ),
    st.integers(0, 60), st.integers(1, 6), st.integers(1, 3), st.lists(st.sampled_from(["Tag", "tag", "TAG", "b"]), max_size=2),
    st.sampled_from(["", "Harbour Wire", "harbour wire"]), st.sampled_from(["", "UK-TEST"]),
)  # fmt: skip


LINKS = re.compile(r"'(?:previous|next|closed)': [^,}]*")
"""What of a feed document leads to its neighbours, and says that there is a newer one."""


def sealed(articles: Iterable[ArticleSummary], month: str) -> dict[str, str]:
    """The sealed pages of `month`, with what each shows."""
    with small_limits():
        pages = planned(archive(*articles))
    wanted = {month, month.replace("-", "/")}
    return {
        page.path: repr(page.context) for page in pages if SEALED.fullmatch(page.path) and any(name in page.path for name in wanted)
    }


@settings(max_examples=effort(30, 300), deadline=None)
@given(st.lists(articles_, min_size=1, max_size=25, unique_by=lambda article: article.path), st.data())
def test_what_is_sealed_never_changes_because_of_another_month(articles: list[ArticleSummary], data: st.DataObject) -> None:
    months = sorted({article.day[:7] for article in articles})
    month = data.draw(st.sampled_from(months))
    # A month is closed once a later one has an article; the oldest has none before it to lead back to.
    closed = [other for other in months if other != months[-1]]
    new = data.draw(
        articles_.filter(
            lambda new: new.day[:7] != month and new.day[:7] > months[0] and new.path not in {article.path for article in articles}
        )
    )
    before, after = sealed(articles, month), sealed([*articles, new], month)
    # The first article of a month that had none gets documents of its own into the chain: its neighbours link to them.
    opens_a_month = new.day[:7] not in months
    for path, shown in before.items():
        if path.startswith("feeds/") and opens_a_month:
            assert LINKS.sub("", after[path]) == LINKS.sub("", shown), path
        elif month in closed or not path.startswith("feeds/"):
            assert after[path] == shown, path


@settings(max_examples=effort(25, 200), deadline=None)
@given(st.lists(articles_, min_size=2, max_size=25, unique_by=lambda article: article.path))
def test_a_later_article_gives_an_article_its_next_link_and_nothing_else(articles: list[ArticleSummary]) -> None:
    ordered = archive(*articles).stories
    earlier = {page.path: page.context for page in planned(archive(*ordered[:-1])) if page.renderer == "article.html"}
    later = {page.path: page.context for page in planned(archive(*ordered)) if page.renderer == "article.html"}
    for path, context in earlier.items():
        changed = {word for word, value in context.items() if repr(value) != repr(later[path][word])}
        assert changed <= {"later"}


@settings(max_examples=effort(25, 200), deadline=None)
@given(st.lists(articles_, max_size=25, unique_by=lambda article: article.path))
def test_no_output_comes_twice_and_every_listed_path_is_there(articles: list[ArticleSummary]) -> None:
    paths = [page.path for page in planned(archive(*articles))]
    assert len({path.casefold() for path in paths}) == len(paths)
    listed = {entry for page in planned(archive(*articles)) if page.renderer == "sitemap" for entry, _ in page.context["entries"]}
    assert listed <= set(paths)


linked = st.builds(
    lambda article_, body, words: article(
        article_.path, body, tags=f"[{', '.join(article_.tags)}]", **{"date": article_.date, "slugline": article_.slugline, **words}
    ),
    articles_,
    st.sampled_from(["x", "y", "[a](1.md)", "[b](2.md)"]),
    st.sampled_from(
        [
            {},
            {"date": ""},
            {"byline": "Ada Lam", "type": "opinion"},
            {"updated": "2024-09-09", "corrections": "[{date: 2024-09-09, text: Wrong}]"},
            {"withdrawn": "true"},
            {"aliases": "[/old/]"},
            {"language": "zh-Hant", "section": "World"},
            {"source": "The Lantern", "summary": "Words."},
        ]
    ),
)


@settings(max_examples=effort(40, 600), deadline=None)
@given(st.lists(linked, max_size=12, unique_by=lambda article: article.path), st.lists(linked, min_size=1, max_size=3), st.data())
def test_a_part_that_shows_the_same_has_the_same_pages(
    articles: list[ArticleSummary], edits: list[ArticleSummary], data: st.DataObject
) -> None:
    """Parts are passed over by what they say that they show: whatever changes in their pages must be in it."""
    kept = {article.path: article for article in articles if data.draw(st.integers(0, 9))}
    with small_limits():
        before, after = (
            {
                part.name: (part.fingerprint, [(*page[:2], repr(page.context)) for page in part.pages()])
                for part in plan(whole, SITE, [], NoMemo())
            }
            for whole in (archive(*articles), archive(*(kept | {article.path: article for article in edits}).values()))
        )
    for name, (shows, pages) in before.items():
        if shows and name in after and after[name][0] == shows:
            assert after[name][1] == pages, name
