"""One file to an article or to problems: each hazard of real archives, and the words that the person at the keyboard reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from builder.articles.columns import ARTICLE_COLUMNS, Column, ValueKind
from builder.articles.model import Article
from builder.articles.parsing import ParsedArticle, parse_article
from builder.config.site import Site
from builder.search.text.excerpts import excerpt
from tests.pictures import picture
from tests.sites import archive, story


def read(
    text: str | bytes, path: str = "2025/2025-02-12-a-story.md", content: Path = Path("/nowhere"), **settings: Any
) -> tuple[ParsedArticle, list[str]]:
    """Return what one file gives, and its problems as they are printed."""
    loaded = parse_article(
        path,
        text.encode() if isinstance(text, str) else text,
        content,
        Site.model_validate({"timezone": "Asia/Hong_Kong", **settings}),
    )
    return loaded, [str(problem) for problem in loaded.problems]


def article(text: str | bytes, **settings: Any) -> Article:
    loaded, problems = read(text, **settings)
    assert loaded.article is not None, problems
    return Article.from_stored_json(loaded.article_json)


def value_of(column: Column) -> Any:
    match column.kind:
        case ValueKind.TEXT if column.name == "language":
            return "en"
        case ValueKind.TEXT:
            return "https://wire.example/1"
        case ValueKind.NAMES:
            return ["One", "Two"]
        case ValueKind.DATE:
            return "2025-02-12"
        case ValueKind.FLAG:
            return True
        case ValueKind.OBJECT:
            return {"mood": ["calm", 3]}
        case ValueKind.PART:
            return {part.name: value_of(part) for part in column.parts}
        case ValueKind.PARTS:
            return [{part.name: value_of(part) for part in column.parts}] * 2


def test_every_field_is_kept_as_it_was_read() -> None:
    given = Article.model_validate({column.name: value_of(column) for column in ARTICLE_COLUMNS})
    kept = Article.from_stored_json(given.to_stored_json())
    assert {column.name: getattr(kept, column.name) for column in ARTICLE_COLUMNS if column.name != "images"} == {
        column.name: getattr(given, column.name) for column in ARTICLE_COLUMNS if column.name != "images"
    }
    assert [image.model_dump(include={"src", "alt", "caption", "credit"}) for image in kept.images] == [
        image.model_dump() for image in given.images
    ]


def test_every_word_of_the_contract_is_read() -> None:
    kept = article(
        """---
title: Summit opens
date: 2025-02-10 09:00
updated: 2025-02-11
source: The Lantern
agency: [Harbour Wire, Meridian]
byline: Ada Lam
dateline: PARIS
section: World
type: news
slugline: FRANCE-US-INDIA-DIPLOMACY-TECHNOLOGY-AI-SUMMIT
slug: summit-opens
tags: AI summit
language: en
summary: Leaders meet.
original_url: https://wire.example/1
archived_url: https://archive.example/1
captured_at: 2025-02-10T10:00:00Z
rights: All reserved
corrections: The day was Monday.
withdrawn: false
embargo: 2025-02-10
expires: 2030-01-01
draft: no
aliases: /old/1
id: lantern-1
---
Text.
"""
    )
    assert kept.agency == ("Harbour Wire", "Meridian")
    assert (kept.byline, kept.tags, kept.aliases) == (("Ada Lam",), ("AI summit",), ("/old/1",)), "a scalar where a list is meant"
    assert kept.date == "2025-02-10T09:00:00+08:00"
    assert kept.captured_at == "2025-02-10T18:00:00+08:00"
    assert kept.slugline == "FRANCE-US-INDIA-DIPLOMACY-TECHNOLOGY-AI-SUMMIT"
    assert kept.places == ("FRANCE", "US", "INDIA")
    assert kept.topics == ("DIPLOMACY", "TECHNOLOGY", "AI-SUMMIT")
    assert (kept.corrections[0].text, kept.withdrawn, kept.draft) == ("The day was Monday.", None, False)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2025-02-12", "2025-02-12"),
        ('"2025-02-12"', "2025-02-12"),
        ("2020-3-29", "2020-03-29"),
        ("2012-02-22 15:09:51 -0400", "2012-02-23T03:09:51+08:00"),
        ("2012-02-22T15:09:51Z", "2012-02-22T23:09:51+08:00"),
        ("2012-02-22 15:09", "2012-02-22T15:09:00+08:00"),
        ("2012/2/22", "2012-02-22"),
        ("2020年3月29日", "2020-03-29"),
        ("12 February 2025", "2025-02-12"),
        ("Wed, 12 Feb 2025 01:30:00 +0000", "2025-02-12T09:30:00+08:00"),
        ("1890-01-01 12:00", "1890-01-01T12:00:00+07:36"),
    ],
)
def test_dates_as_archives_write_them(written: str, kept: str) -> None:
    got = article(f"---\ntitle: T\ndate: {written}\n---\nx").date
    assert got[:16] + got[19:25] == kept[:16] + kept[19:25]


@pytest.mark.parametrize(
    "written", ["03/04/2025", "25", "yesterday", "2025-02-30", "12-02-2025", "Feb 25", "2025-02-12 25:00", "[]x"]
)
def test_a_date_that_cannot_be_read_is_an_error_not_a_guess(written: str) -> None:
    loaded, problems = read(f'---\ntitle: T\ndate: "{written}"\n---\nx')
    assert loaded.article is None
    assert problems == [problems[0]]
    assert problems[0].startswith(
        f'content/2025/2025-02-12-a-story.md:3:1: error: date: "{written}" is not a date that can be read'
    )
    assert "write it as 2025-02-12" in problems[0]


THEIRS: dict[str, Any] = {
    "fields": {"byline": "author", "section": "category", "updated": "last_updated"},
    "undated": "keep",
    "defaults": {"source": "Paper"},
}


def test_someone_elses_front_matter_is_taken_as_it_stands() -> None:
    kept = article(
        "---\ntitle: 標題\ndate: '2016-06-02 08:00:00'\nlast_updated: 2016-06-03\nauthor: 記者\ncategory: 港聞\ntags:\n- 立法會\n"
        "url: https://paper.example/1\noriginal_url: https://paper.example/1\n---\n正文",
        **THEIRS,
    )
    assert (kept.byline, kept.section, kept.updated, kept.source) == (("記者",), "港聞", "2016-06-03", "Paper")
    loaded, _ = read("---\ntitle: t\ndate: 2016-06-02\nurl: x\nauthor: a\n---\ny", **THEIRS)
    assert loaded.unknown == ("url",), "told of once a key, by the build"


def test_empty_date_and_title_empty_body() -> None:
    loaded, problems = read("---\ntitle: ''\ndate: ''\n---\n# The heading\n\nText.", **THEIRS)
    assert loaded.article is not None
    assert (loaded.article.title, loaded.article.url) == ("The heading", "2025/02/12/a-story.html")
    assert "<h" not in loaded.html
    assert problems == [
        "content/2025/2025-02-12-a-story.md:1:1: warning: date is missing and is taken from the file's name, 2025-02-12; "
        "write `date: 2025-02-12` if that is right",
        "content/2025/2025-02-12-a-story.md:5:1: warning: the title is empty and was read from this heading; "
        "`morgue fix` writes it into the file",
    ]
    _, problems = read("---\ntitle: T\ndate: 2016-06-02\n---\n")
    assert problems == ["content/2025/2025-02-12-a-story.md:5:1: warning: has no text; its page shows the headline alone"]
    _, problems = read("---\ntitle:\ndate: 2016-06-02\n---\nText without a heading.")
    assert problems == [
        "content/2025/2025-02-12-a-story.md:2:1: error: title: the title is missing; give the article one, "
        "or let site.yml keep such articles (untitled: keep)"
    ]
    _, problems = read("---\ntitle: T\n---\nText", "2025/a-story.md")
    assert problems == [
        "content/2025/a-story.md:1:1: error: date is missing; give it one, or let site.yml keep undated articles (undated: keep)"
    ]


def test_no_front_matter_at_all() -> None:
    loaded, problems = read("# A headline\n\nText.", "a-story.md", **THEIRS)
    assert loaded.article is not None
    assert loaded.article.title == "A headline"
    assert len(problems) == 1


def test_a_heading_that_repeats_the_title_is_not_shown_twice() -> None:
    loaded, problems = read("---\ntitle: Summit  opens\ndate: 2025-02-12\n---\n\n# Summit opens #\n\nText with a # sign.")
    assert loaded.html == "<p>Text with a # sign.</p>"
    assert problems == ["content/2025/2025-02-12-a-story.md:6:1: warning: the heading repeats the title and is not shown twice"]
    other, problems = read("---\ntitle: Summit opens\ndate: 2025-02-12\n---\n# Another heading\n\nText.")
    assert ">Another heading</h2>" in other.html
    assert not problems


def test_control_characters_are_taken_out_with_a_line_that_says_so() -> None:
    loaded, problems = read("---\ntitle: A\x08 title\ndate: 2025-02-12\n---\nText\x0bends.")
    assert loaded.article is not None
    assert (loaded.article.title, loaded.html) == ("A title", "<p>Text ends.</p>")
    assert problems == [
        "content/2025/2025-02-12-a-story.md:2:9: warning: 2 control characters were taken out (the first is U+0008); "
        "`morgue fix` takes them out of the file"
    ]


def test_crlf_and_byte_order_mark() -> None:
    loaded, problems = read(b"\xef\xbb\xbf---\r\ntitle: T\r\ndate: 2025-02-12\r\n---\r\nOne.\r\n\r\nTwo.\r\n")
    assert loaded.html == "<p>One.</p>\n<p>Two.</p>"
    assert not problems


def test_template_like_text_is_text() -> None:
    loaded, _ = read("---\ntitle: '{{ site.title }}'\ndate: 2025-02-12\n---\n{{< video >}} {% raw %} {{ 7*7 }}")
    assert loaded.html == "<p>{{&lt; video &gt;}} {% raw %} {{ 7*7 }}</p>"
    assert loaded.article is not None
    assert loaded.article.title == "{{ site.title }}"


def test_raw_html_figures_stay() -> None:
    loaded, _ = read(
        '---\ntitle: T\ndate: 2025-02-12\n---\n<figure><img src="https://a.example/b.jpg" alt="B"><figcaption>C</figcaption></figure>'
    )
    assert "<figcaption>C</figcaption></figure>" in loaded.html
    assert 'referrerpolicy="no-referrer"' in loaded.html


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: T\ndate: 2025-02-12\nagancy: AFP\n---\nx", '4:1: error: agancy: unknown field (did you mean "agency"?)'),
        ("---\ntitle: T\ndate: 2025-02-12\ntitle: U\n---\nx", "4:1: error: title: is given twice; keep one"),
        ("---\ntitle: T\ndate: 2025-02-12\ntags: [a, b]\ntags: [b, a]\n---\nx", "5:1: error: tags: is given twice; keep one"),
        ("---\ntitle: T\ndate: 2025-02-12\nwithdrawn: {date: 2025-03-01, reason: a, reason: b}\n---\nx", "4:42: error: reason: is given twice"),
        ("---\ntitle: T\nslug: 1\ndate: 2025-02-12\nslug: 01\n---\nx", "5:1: error: slug: is given twice; keep one"),
        ("---\ntitle: A: B\ndate: 2025-02-12\n---\nx", "2:9: error: a colon in the text: put the whole value in quotes"),
        ("---\ntitle: T\ndate: 2025-02-12\nx", "1:1: error: the front matter that begins here never ends; close it with a line ---"),
        ("---\ntitle: [T]\ndate: 2025-02-12\n---\nx", "2:1: error: title: must be one text, not a list or a mapping"),
        ("---\ntitle: T\ndate: 2025-02-12\ndraft: perhaps\n---\nx", "4:1: error: draft: must be true or false"),
        ("---\ntitle: T\ndate: 2025-02-12\nslug: ../../etc/passwd\n---\nx", '4:1: error: slug: "../../etc/passwd" would leave its folder'),
        ("---\ntitle: T\ndate: 2025-02-12\nlanguage: English!\n---\nx", '4:1: error: language: "English!" is no language code'),
        ("---\ntitle: T\ndate: 2025-02-12\noriginal_url: javascript:alert(1)\n---\nx", '4:1: error: original_url: "javascript:alert(1)" is no web'),
        ("---\ntitle: T\ndate: 2025-02-12\nimages:\n- src: https://a.example/b.jpg\n  alt: A\n---\nx", "5:3: warning: images.1.credit: the picture"),
        ("---\ntitle: T\ndate: 2025-02-12\nimages:\n- scr: b.jpg\n---\nx", '5:3: error: images.1.scr: unknown field (did you mean "src"?)'),
        ("---\ntitle: T\ndate: 2025-02-12\ncorrections:\n- date: 2025-02-31\n  text: x\n---\nx", '5:3: error: corrections.1.date: "2025-02-31" is'),
        (b"---\ntitle: caf\xe9\n---\nx", "2:11: error: byte 0xE9 is not UTF-8; save the file as UTF-8"),
        ("---\ntitle: T\n---\nx".encode("utf-16"), "1:1: error: is UTF-16; save it as UTF-8"),
        ("---\na: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + "---\nx", "error: aliases (*) grow to more than 20000 values"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(text: str | bytes, line: str) -> None:
    _, problems = read(text, unknown_fields="error")
    assert any(line in problem for problem in problems), problems
    assert all(problem.startswith("content/2025/2025-02-12-a-story.md:") for problem in problems)


@pytest.mark.parametrize(
    ("front", "places"),
    [
        ("title: T\ndate: 2025-02-12\ntitle: T", ["4:1: warning: title: "]),
        ("tags: [a, 部]\ntitle: T\ndate: 2025-02-12\ntags:\n- a\n- 部", ["5:1: warning: tags: "]),
        ("title: T\nsummary:\ndate: 2025-02-12\nsummary: ~\ntitle: 'T'", ["5:1: warning: summary: ", "6:1: warning: title: "]),
        ("title: T\ndate: 2025-02-12\nwithdrawn: {date: 2025-03-01, reason: a, reason: a}", ["4:42: warning: reason: "]),
    ],
)
def test_a_key_given_twice_with_one_value_counts_once_and_is_said_at_the_second(front: str, places: list[str]) -> None:
    loaded, problems = read(f"---\n{front}\n---\nx")
    assert loaded.article is not None
    told = [problem for problem in problems if "is given twice" in problem]
    assert [place in problem for place, problem in zip(places, told, strict=True)] == [True] * len(places)


def test_all_problems_of_a_file_at_once() -> None:
    _, problems = read("---\ntitle: ''\ndate: never\ndraft: perhaps\noriginal_url: x\n---\nx")
    assert len([problem for problem in problems if ": error: " in problem]) == 4


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["section: !odd World", "tags: [a, !z b]", "draft: perhaps"], ["4:10", "5:11", "6:1"]),
        (["images: !list [{src: a.jpg}]", "withdrawn: !map {reason: x}", "language: klingon"], ["4:9", "5:12", "6:1"]),
        (["byline: !!python/object/apply:os.system [id]", "embargo: never"], ["4:9", "5:1"]),
        (["section: a", "section: b", "tags: x", "tags: y", "updated: never"], ["5:1", "7:1", "8:1"]),
    ],
)
def test_a_sign_of_yaml_or_a_key_given_twice_hides_no_other_error(lines: list[str], expected: list[str]) -> None:
    loaded, problems = read("\n".join(("---", "title: T", "date: 2025-02-12", *lines, "---", "x")))
    assert loaded.article is None
    places = {problem.split(":", 1)[1].partition(": error: ")[0] for problem in problems if ": error: " in problem}
    assert places >= set(expected)
    assert not [problem for problem in problems if "warning" in problem and "sign of YAML" in problem]


def test_a_picture_beside_the_article_is_placed_by_its_digest_and_a_missing_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "2025").mkdir()
    (tmp_path / "2025/a.jpg").write_bytes(picture())
    text = "---\ntitle: T\ndate: 2025-02-12\nimages:\n- {src: a.jpg, alt: A, credit: C}\n- {src: b.jpg, alt: A, credit: C}\n---\n![x](a.jpg) ![y](../../etc/passwd.jpg)"
    loaded, problems = read(text, content=tmp_path)
    assert loaded.article is not None
    assert loaded.article.image.startswith("media/")
    assert [problem.split(": ", 1)[1] for problem in problems] == [
        "warning: images.2.src: the picture b.jpg is not there; put the file beside the article or mend its name; the article is shown without it",
        "warning: the picture ../../etc/passwd.jpg leaves the content folder; the article is shown without it",
    ]


@pytest.mark.parametrize(
    ("path", "slug", "url"),
    [
        ("2025-02-12-a-story.md", "", "2025/02/12/a-story.html"),
        ("x/y/20250212-story.md", "", "2025/02/12/20250212-story.html"),
        ("2025-02-12-.md", "", "2025/02/12/2025-02-12.html"),
        ("a/story-in-a-folder/index.md", "", "2025/02/12/story-in-a-folder.html"),
        ("海底電纜 Ｘ.md", "", "2025/02/12/海底電纜-ｘ.html"),
        ("a.md", "AI Summit: “Paris”", "2025/02/12/ai-summit-paris.html"),
        ("a" * 200 + ".md", "", "2025/02/12/" + "a" * 120 + ".html"),
    ],
)
def test_addresses(path: str, slug: str, url: str) -> None:
    loaded, problems = read(f'---\ntitle: T\ndate: 2025-02-12\nslug: "{slug}"\n---\nx', path=path)
    assert loaded.article is not None, problems
    assert loaded.article.url == url


def test_the_id_is_a_tag_uri_of_the_content_path_unless_given() -> None:
    one, _ = read("---\ntitle: T\ndate: 2025-02-12\n---\nx", path="a.md")
    same, _ = read("---\ntitle: U\ndate: 2025-02-13\n---\ny", path="a.md")
    other, _ = read("---\ntitle: T\ndate: 2025-02-12\n---\nx", path="b.md")
    assert one.article and same.article and other.article
    assert one.article.id == same.article.id != other.article.id
    assert one.article.id.startswith("tag:morgue,2025:")
    assert article("---\ntitle: T\ndate: 2025-02-12\nid: lantern-1\n---\nx").id == "lantern-1"


@pytest.mark.parametrize("words", ["yes, on 3 March", "no, see the note", "3 March"])
def test_more_than_a_date_behind_withdrawn_is_said_to_be_the_reason_that_readers_see(words: str) -> None:
    loaded, problems = read(f"---\ntitle: T\ndate: 2025-02-12\nwithdrawn: {words}\n---\nx")
    assert loaded.article is not None and loaded.article.withdrawn_reason == words
    assert [problem.partition("story.md:")[2] for problem in problems] == [
        f'4:1: warning: withdrawn: "{words}" is read as the reason, which its page shows; '
        "write `withdrawn: {date: 2025-03-01, reason: …}`, or take the line out if it is not withdrawn"
    ]


def test_the_parts_that_are_searched_stay_apart() -> None:
    front = "title: T\ndate: 2025-02-12\nimages: [{src: https://a.example/b.jpg, alt: a, caption: Gulls at dusk, credit: b}]\ncorrections: [Six]"
    loaded, _ = read(f"---\n{front}\n---\nA body")
    assert excerpt(loaded.text, [], lambda part: ()).text == "A body · Gulls at dusk · Six"


def test_a_withdrawn_article_says_when_and_why() -> None:
    loaded, _ = read("---\ntitle: T\ndate: 2025-02-12\nwithdrawn: {date: 2025-03-01, reason: Wrong.}\n---\nSecret text.")
    assert loaded.article is not None
    assert (loaded.article.withdrawn, loaded.article.withdrawn_on, loaded.article.withdrawn_reason) == (
        True,
        "2025-03-01",
        "Wrong.",
    )
    assert "Secret" not in repr(loaded.article.summary)


def test_a_picture_that_is_missing_twice_is_reported_once(tmp_path: Path) -> None:
    made = archive(tmp_path, {"content/a.md": story(body="![x](no.jpg)\n\nMore.\n\n![y](no.jpg)\n\n![z](other.jpg)")})
    run = made.build()
    assert run.err.count("the picture no.jpg is not there") == 1
    assert run.err.count("the picture other.jpg is not there") == 1


def test_mistakes_of_the_grammar_and_of_the_fields_are_named_in_one_run() -> None:
    loaded, problems = read("---\ntitle: Ferry\ndate: 13/03/2025\nsource：Lantern\nagancy: [Wire\n---\nx\n")
    assert loaded.article is None
    places = [problem.split(": ")[0].removeprefix("content/2025/2025-02-12-a-story.md:") for problem in problems]
    assert places == ["3:1", "4:7", "5:9"], problems


@pytest.mark.parametrize("names", ["[渡輪、颱風]", "[渡輪，颱風, 天氣]", "['ferry；storm']"])
def test_names_between_wide_commas_in_a_list_are_warned_of(names: str) -> None:
    loaded, problems = read(f"---\ntitle: Ferry\ndate: 2025-02-12\ntags: {names}\n---\nx\n")
    assert loaded.article is not None
    assert len(problems) == 1 and "is read as one name; if they are 2, write " in problems[0], problems
