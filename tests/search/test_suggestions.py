"""Words that are nowhere in the archive: `morgue search` suggests what the search page does."""

from __future__ import annotations

import pytest

from builder.search.suggestions import distance, suggest
from tests.sites import Archive, archive, story


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    files = {
        "content/a.md": story("Harbour", slug="a", body="The harbour board and the ferries. Typhoons."),
        "content/b.md": story("Harbours", slug="b", body="The harbour was calm; 渡輪停航。"),
    }
    made = archive(tmp_path_factory.mktemp("suggestions"), files)
    assert made.build().code == 0
    return made


@pytest.mark.parametrize(
    ("query", "better"),
    [
        ("harbuor", "harbour"),
        ('"harbuor board"', '"harbour board"'),
        ("harbuor OR typhon", "harbour OR typhoons"),
        ("ferry harbuor", "ferry harbour"),
        ("harbour ferry", None),
        ("-harbuor", None),
        ("agency:harbuor", None),
        ("typh*", None),
        ("zzzzzz", None),
        ("渡船", None),
        ("", None),
    ],
)
def test_like_words_are_suggested(site: Archive, query: str, better: str | None) -> None:
    assert suggest(site.folder, query) == better


def test_the_command_says_so(site: Archive) -> None:
    run = site.run("search", "harbuor")
    assert (run.code, run.out.splitlines()) == (0, ["0 articles", "Did you mean harbour?"])
    assert "Did you mean" not in site.run("search", "harbour").out


@pytest.mark.parametrize(
    ("a", "b", "away"), [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abcd", "badc", 2), ("abc", "xyz", 3)]
)
def test_distances(a: str, b: str, away: int) -> None:
    assert distance(a, b, 2) == away
