"""What is print and what is Markdown, in the published bytes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.sites import SITE, archive, story

PAGE = "2025/02/12/a.html"


def texts_of(folder: Path, *bodies: str, settings: str = "") -> list[str]:
    """The HTML of each article's text as its page shows it."""
    files = {f"content/a{number}.md": story(body=body) for number, body in enumerate(bodies)}
    site = archive(folder, {"site.yml": SITE + settings, **files})
    assert site.build().code == 0
    texts = []
    for number in range(len(bodies)):
        found = re.search(r'<div class="text"[^>]*>\n(.*?)\n    </div>', site.page(f"2025/02/12/a{number}.html"), re.DOTALL)
        assert found is not None
        texts.append(found[1])
    return texts


PRINT = [
    "1986. What a season",
    "12. Dezember 1989",
    "3. klases skolēni",
    "1. Mai: everyone is off.",
    "007. James Bond, it said.",
    "2024. gada 3. martā",
    "#1 seed wins",
    "#hashtag of the day",
    "###3 of 5",
]


def test_a_number_at_a_paragraphs_start_is_print(tmp_path: Path) -> None:
    bodies = [
        body
        for line in PRINT
        for body in (line, f"Before.\n\n{line}\n\nAfter.", f"{line}\nand its second line", f"- {line}\n- more", f"> {line}")
    ]
    for body, html in zip(bodies, texts_of(tmp_path, *bodies), strict=True):
        assert any(line in html for line in PRINT if line in body), html
        assert "<ol" not in html and "<h2" not in html


def test_paragraphs_that_begin_with_years_are_no_list(tmp_path: Path) -> None:
    [html] = texts_of(tmp_path, "1986. A season.\n\n1987. Another.\n\n1988. A third.")
    assert "<ol" not in html and "1987. Another." in html


@pytest.mark.parametrize(
    ("body", "numbers"),
    [
        ("1. a\n2. b\n3. c", [1, 2, 3]),
        ("5. a\n6. b", [5, 6]),
        ("1. a\n3. b\n4. c", [1, 3, 4]),
        ("10. a\n9. b\n8. c", [10, 9, 8]),
        ("4. a\n\n7. b\n\n8. c", None),
        ("1. a\n\n2. b\n\n5. c\n6. d", [1, 2, 5, 6]),
        ("1. a\n1. b\n1. c", [1, 2, 3]),
        ("0. a\n1. b", [0, 1]),
        ("1. a\n\n    more of a\n\n2. b", [1, 2]),
        ("1986. a\n1990. b", [1986, 1990]),
    ],
)
def test_a_list_keeps_the_numbers_that_were_written(tmp_path: Path, body: str, numbers: list[int] | None) -> None:
    html = texts_of(tmp_path, body)[0]
    if numbers is None:
        assert "<p>4. a</p>" in html and '<ol start="7">' in html
        return
    start = re.search(r'<ol(?: start="(\d+)")?>', html)
    assert start is not None
    shown, count = [], int(start[1] or 1) - 1
    for value in re.findall(r'<li(?: value="(\d+)")?>', html):
        count = int(value) if value else count + 1
        shown.append(count)
    assert shown == numbers


def test_headings_with_their_space_are_headings(tmp_path: Path) -> None:
    html = texts_of(tmp_path, "# One\ntext\n## Two ##\n\ttabbed\n\nThree\n=====\nafter")[0]
    assert re.findall(r"<h\d[^>]*>(.*?)</h\d>", html) == ["One", "Two", "Three"]


def test_fenced_code_and_definitions_are_read_by_default(tmp_path: Path) -> None:
    html = texts_of(
        tmp_path, "```python\n# not a heading\n1. not a list\n===\nx[0]\n```\n\nFerry\n: A boat.\nPier\n: A quay.\n: A wall."
    )[0]
    assert "# not a heading\n1. not a list\n===\nx[0]\n</code></pre>" in html
    assert re.findall(r"<d[td]>(.*?)</d[td]>", html) == ["Ferry", "A boat.", "Pier", "A quay.", "A wall."]


def test_what_github_shows_is_asked_for(tmp_path: Path) -> None:
    body = "* [ ] open\n* [x] shut\n\n    with more\n\n~~struck~~ and 3 ~~ 4 ~~ 5\n\n`~~code~~`"
    html = texts_of(tmp_path / "on", body, settings="markdown: [github]\n")[0]
    assert "☐ open" in html and "☑ shut" in html and "<del>struck</del>" in html
    assert "3 ~~ 4 ~~ 5" in html and "<code>~~code~~</code>" in html
    plain = texts_of(tmp_path / "off", body)[0]
    assert "[ ] open" in plain and "~~struck~~" in plain and "<input" not in html


@pytest.mark.parametrize("char", ["\x0b", "\x0c", "\x1f", "&#11;"])
def test_separators_of_old_machines_part_words(tmp_path: Path, char: str) -> None:
    site = archive(tmp_path, {"content/a.md": story(body=f"harbour{char}night and <b>more{char}less</b>")})
    assert site.build().code == 0
    for path in (PAGE, "feed.xml", "feed.json"):
        assert re.search(r"harbour\s+night", site.page(path)), path
    assert site.run("search", "harbour").out.startswith("1 ")


@pytest.mark.parametrize("line", ["12. Dezember", "31. decembris", "99. Something"])
def test_a_list_of_one_item_that_begins_with_a_date_is_asked_about(tmp_path: Path, line: str) -> None:
    number = line.partition(".")[0]
    site = archive(tmp_path, {"content/a.md": story(body=f"Before.\n\n{line}\n\n    It went on.")})
    found = site.run("check")
    lines = [one for one in (found.out + found.err).splitlines() if "a list of one item" in one]
    assert len(lines) == 1
    assert lines[0].startswith("content/a.md:7:1: warning: ") and f"{number}\\." in lines[0]
