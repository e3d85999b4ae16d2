"""HTML that nests without end, or whose unclosed marks would be repeated: an error before it is parsed; old HTML is none."""

from __future__ import annotations

import random
import re
from pathlib import Path

import nh3
import pytest

from builder.articles import html_nesting
from builder.articles.html_nesting import NestingError, check_nesting
from tests.effort import effort
from tests.sites import archive, story

TAGS = (
    "div p b i a span li ul ol dd dt dl table tr td th tbody blockquote h1 h2 font em section button option select svg g x-y pre caption nobr"
).split()


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 600, "<b>" * 600, "<ul><li>" * 300, "<li><dd>" * 300, "<span>x" * 600, "<table><tr><td>" * 200, "<p>a <b> b</p>\n" * 600,
        "<svg><g>" * 300, "<!-- -->".join(["<div>"] * 600), '<div title="</div>">' * 600, "<DIV\n>" * 600, "<b><div></b>" * 600,
    ],
)  # fmt: skip
def test_what_browsers_do_not_nest_is_an_error(html: str) -> None:
    with pytest.raises(NestingError, match="more than 512 elements are open within one another"):
        check_nesting(html)


@pytest.mark.parametrize("marks", [32, 200, 500])
def test_marks_that_would_be_repeated_are_an_error(marks: int) -> None:
    """32 kB would become 33 MB, and a megabyte 30 GB."""
    html = "<p>" + "".join(f"<b title='{number:400}'>" for number in range(marks)) + "</p>" + "<p>x</p>" * 500
    with pytest.raises(NestingError, match="is never closed, and HTML repeats it in each paragraph"):
        check_nesting(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>x" * 2000, "<li>x" * 2000, "<ul>" + "<li>x<b>y" * 400, "<dl>" + "<dt>x<dd>y" * 2000, "<p>a <b>b</b></p>\n" * 2000, "<br>x<hr>" * 2000,
        "<table>" + "<tr><td>x<td><p>y" * 2000, "<a name=x>y<br>" * 2000, "<table>" + "<tr><td><div>x</div></td></tr>" * 2000, "<img src=a>" * 2000,
        "<svg>" + "<path d='m'/>" * 2000 + "</svg>", "<p><font color=red>x</font><p>" * 1000, "<select>" + "<option>x" * 2000, "<h2>x</h2>" * 2000,
        "<b>x<p>" + "y<p>" * 2000, "<!-- " + "<div>" * 2000 + " -->", "a < b <c " * 2000, "<ol>" + "<li><p>x</li>" * 2000 + "</ol>",
    ],
)  # fmt: skip
def test_end_tags_that_may_be_left_out_are_no_fault(html: str) -> None:
    check_nesting(html)


def test_the_error_is_at_its_line_and_the_other_articles_are_published(tmp_path: Path) -> None:
    files = {"content/a.md": story("A", body="One.\n\nTwo.\n\n" + "<section>\n" * 600), "content/b.md": story("B")}
    site = archive(tmp_path, files)
    run = site.build("--keep-going")
    assert (
        run.code == 1 and "content/a.md:9:1: error: more than 512 elements are open within one another here (<section>)" in run.err
    )
    assert "<h1" in site.page("2025/02/12/b.html")


@pytest.mark.proof
def test_no_text_hides_its_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    """However tags are put together: what the parser nests deeply is counted as deep."""
    choose = random.Random(1)
    for _ in range(effort(150, 3000)):
        few = choose.sample(TAGS, choose.randint(1, 4))
        forms = ["<%s>", "<%s>", "</%s>", "<%s title=z>", "x<%s>", " </%s> "]
        html = "".join(choose.choice(forms) % choose.choice(few) for _ in range(choose.randint(1, 6))) * 400
        depth = deepest = 0
        for tag in re.finditer(r"<(/?)[a-z][^>]*>", nh3.clean(html, tags={*TAGS}, clean_content_tags=set(), link_rel=None)):
            depth += -1 if tag[1] else 1
            deepest = max(deepest, depth)
        if deepest > 3 * html_nesting.MAX_DEPTH:
            with pytest.raises(NestingError):
                check_nesting(html)
