"""Front matter of other tools, and values that contradict each other or name nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.articles.test_parsing import article, read
from tests.sites import archive


def problems(front: str, **settings: Any) -> list[str]:
    _, found = read(f"---\ntitle: T\ndate: 2025-02-12\n{front}\n---\nx", **settings)
    return [problem.partition("a-story.md:")[2] for problem in found]


@pytest.mark.parametrize(
    ("front", "draft"),
    [
        ("published: false", True),
        ("published: true", False),
        ("status: draft", True),
        ("status: Private", True),
        ("status: pending", True),
        ("status: publish", False),
        ("status: draft\ndraft: false", False),
        ("hidden: true", True),
        ("Hidden: no", False),
        ("live: false", True),
        ("live: true", False),
        ("visible: off", True),
        ("public: false", True),
        ("private: yes", True),
        ("unlisted: true", True),
        ("isDraft: true", True),
        ("is-draft: false", False),
        ("visibility: private", True),
        ("post_status: trash", True),
        ("visibility: public\nhidden: true", True),
        ("render: false", True),
        ("render: true", False),
        ("headless: true", True),
        ("permalink: false", True),
        ("eleventyExcludeFromCollections: true", True),
        ("build: {render: never}", True),
        ("_build:\n  list: local\n  publishResources: false", True),
        ("build: {render: always, list: always}", False),
        ("publish: no", True),
        ("dg-publish: false", True),
        ("listed: off", True),
        ("members-only: true", True),
        ("visibility: paid", True),
        ("status: skip", True),
        ("password: swordfish", True),
        ("saveAsDraft: true", True),
    ],
)
def test_drafts_of_other_tools_are_drafts(front: str, draft: bool) -> None:
    parsed, found = read(f"---\ntitle: T\ndate: 2025-02-12\n{front}\n---\nx")
    assert (parsed.unknown, found) == ((), [])
    assert parsed.article is not None
    assert parsed.article.draft is draft


def test_a_status_that_says_nothing_of_drafts_is_an_unknown_field() -> None:
    parsed, _ = read("---\ntitle: T\ndate: 2025-02-12\nstatus: shiny\npublished: 2025-02-12\n---\nx")
    assert parsed.unknown == ("status", "published")


@pytest.mark.parametrize("front", ["render: [html]", "build: 4711", "permalink: /a/", "headless: sometimes", "password: ''"])
def test_a_field_that_only_is_called_so_holds_nothing_back(front: str) -> None:
    parsed, _ = read(f"---\ntitle: T\ndate: 2025-02-12\n{front}\n---\nx")
    assert parsed.article is not None
    assert not parsed.article.draft
    assert parsed.unknown


@pytest.mark.parametrize("front", ["sitemap: false", "noindex: true", "robots: noindex"])
def test_a_word_for_search_engines_holds_nothing_back_and_that_is_said(tmp_path: Path, front: str) -> None:
    site = archive(tmp_path, {"content/a.md": f"---\ntitle: T\ndate: 2025-02-12\n{front}\n---\nx"})
    run = site.build()
    assert (run.code, "2025/02/12/a.html" in site.published()) == (0, True)
    assert "the article is published, in lists, feeds and the sitemap; `draft: true` holds it back" in run.err


@pytest.mark.parametrize(
    ("key", "field"), [("author", "byline"), ("pubDate", "date"), ("lastmod", "updated"), ("last-modified-at", "updated")]
)
def test_words_of_other_tools_are_known_by_what_they_mean(key: str, field: str) -> None:
    assert problems(f"{key}: x", unknown_fields="error") == [
        f'4:1: error: {key}: unknown field (did you mean "{field}"?); map it with `fields` in site.yml or remove it'
    ]


OTHERS = "write a code like en or zh-Hant"


@pytest.mark.parametrize(
    ("code", "meant"), [("cn", "zh-Hans is meant?"), ("jp", "ja is meant?"), ("xx", OTHERS), ("qq-Latn", OTHERS)]
)
def test_codes_that_are_no_languages(code: str, meant: str) -> None:
    assert problems(f"language: {code}") == [f'4:1: error: language: "{code}" is no language; {meant}']


@pytest.mark.parametrize("code", ["en", "zh-Hant", "zh_HK", "yue", "fr", "haw", "gsw"])
def test_codes_that_are_languages(code: str) -> None:
    assert problems(f"language: {code}") == []


def test_dates_that_contradict_each_other_or_are_too_old() -> None:
    assert problems("updated: 2025-02-11") == [
        "4:1: warning: updated: 2025-02-11 is before its date, 2025-02-12; is one of them wrong?"
    ]
    assert problems("updated: 2025-02-12 09:00") == []
    _, found = read("---\ntitle: T\ndate: 1502-02-12\n---\nx")
    assert "3:1: warning: date: 1502-02-12 is before 1600" in found[0]


@pytest.mark.parametrize("address", ["https://ada:secret@wire.example/1", "http://ada@wire.example/"])
def test_credentials_in_an_address_are_named(address: str) -> None:
    assert problems(f"original_url: {address}") == [
        "4:1: warning: original_url: holds a user name or a password, which would be published; take it out"
    ]
    assert problems("original_url: https://wire.example/@ada") == []
    assert article("---\ntitle: T\ndate: 2025-02-12\noriginal_url: https://wire.example/@ada\n---\nx").original_url


def test_categories_are_a_section_and_tags() -> None:
    fields: dict[str, Any] = {"fields": {"section": "categories"}}
    parsed, found = read("---\ntitle: T\ndate: 2025-02-12\ntags: port\ncategories: [City, Harbour]\n---\nx", **fields)
    assert parsed.article is not None, found
    assert (parsed.article.section, parsed.article.tags) == ("City", ("port", "Harbour"))
    parsed, found = read("---\ntitle: T\ndate: 2025-02-12\ncategories: [City]\n---\nx", **fields)
    assert parsed.article is not None, found
    assert (parsed.article.section, parsed.article.tags) == ("City", ())
    assert problems("source: [A, B]") == [
        "4:1: error: source: must be one text, not a list or a mapping; brackets that are meant need quotes around the whole value"
    ]


def test_a_checksum_that_is_none_and_a_picture_named_by_its_file_alone_say_what_to_write() -> None:
    assert problems("captured_sha256: abc") == [
        '4:1: warning: captured_sha256: "abc" is no SHA-256, which has 64 hexadecimal digits; `sha256sum` prints that of a file'
    ]
    assert problems(f"captured_sha256: {'0aF9' * 16}") == []
    for images in ("https://x.example/p.jpg", "[https://x.example/p.jpg]"):
        alt, credit = problems(f"images: {images}")
        assert alt.endswith("for those who cannot see it, as {src: https://x.example/p.jpg, alt: …}")
        assert credit.endswith("say who made it, as {src: https://x.example/p.jpg, credit: …}")
    assert "as {" not in "".join(problems("images: [{src: 'https://x.example/p.jpg'}]"))


@pytest.mark.parametrize(
    "address", ["http://[x", "https://", "http:///a", "http://a b/", "https://a:99999/", "https://a:b/", "http://<a>/x"]
)
@pytest.mark.parametrize("field", ["original_url: {}", "archived_url: {}", "images: [{{src: '{}', alt: A, credit: C}}]"])
def test_an_address_that_no_browser_opens_is_warned_of(address: str, field: str) -> None:
    [problem] = problems(field.format(address))
    assert f"warning: {field.partition(':')[0]}" in problem and f'"{address}" is no web address' in problem


@pytest.mark.parametrize(
    "address", ["https://a.example", "http://[::1]:8080/x", "https://例え.example/新聞?a=b#c", "http://a_b.example/c d"]
)
def test_other_addresses_are_not(address: str) -> None:
    assert problems(f"original_url: {address}") == []
