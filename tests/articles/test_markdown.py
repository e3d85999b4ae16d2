"""Markdown: the fast path equals the parser, and nothing unsafe gets through."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builder.articles.markdown import parse, plain_to_html, sanitise, to_html
from builder.articles.time_budget import TimeBudgetError, limit_time
from tests.effort import effort

PIECES = [
    *"abc Z019.,;:!?()[]{}<>*_`~#+-=|\\/&\"'%$@^",
    "\n", "\n\n", "  ", "    ", "\t", "&amp;", "&lt;", "&#39;", "&nope", "1. ", "12) ", "- ", "* ", "> ", "# ", "---", "===",
    "中文", "。", "「", "é", "\\*", "\\_", "\\#", "\\\\", "http://a.example/", "word ", "some plain words, as in a story. ", "{: .x }",
    "[^1]", "[a](b)", "<b>", "\u00a0", "\u2028", "\x85", "\u3000", "😀", "2012\n", "Photo: AFP",
]  # fmt: skip


@settings(max_examples=effort(150, 3000), deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=80))
@example("1987 was a year.\n\n1987. A list")
@example("a  \nb")
@example("A\n===\n")
@example("said \\\\`x`")
@example("&amp;#42; and &amp;lt;")
def test_the_fast_path_equals_the_parser(text: str) -> None:
    text = "".join(char for char in text if char in "\n\t" or ord(char) >= 32)
    fast = plain_to_html(text)
    if fast is not None:
        assert sanitise(fast) == sanitise(parse(text))


def test_prose_takes_the_fast_path() -> None:
    assert plain_to_html("Ministers met in Paris on 12 February.\n\n“We agreed,” one said.\n") is not None
    assert plain_to_html("部長週三在巴黎會面。\n\n「已達成協議。」") is not None


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&#58;alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "<a href='//evil.example/'>x</a>",
        "<a href='/\\evil.example/'>x</a>",
        "<img src='//evil.example/x.png'>",
        "<iframe src='https://evil.example/'></iframe>",
        "<p style='position:fixed'>x</p>",
        "<form action='https://evil.example/'><input></form>",
        "<svg onload=alert(1)></svg>",
        "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
        'text\n{: onclick="alert(1)" style="color:red" }',
        "<p id='search' class='masthead'>x</p>",
        "<base href='https://evil.example/'>",
        "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
        "<object data=x></object><embed src=x>",
        "<a href='bitcoin:x'>x</a>",
    ],
)
def test_nothing_unsafe_gets_through(text: str) -> None:
    html = to_html(text + "\n\n*rest*")
    for danger in ("script", "onerror", "onload", "onclick", "javascript", "data:", 'href="/', 'src="/', "<iframe", "style=", "<form",
                   "<svg", "<math", 'id="search', 'class="mast', "<base", "<meta", "<object", "<embed", "bitcoin"):  # fmt: skip
        assert danger not in html.replace("alert(1)", ""), html
    assert "<em>rest</em>" in html


def test_what_an_article_may_hold_stays() -> None:
    html = to_html(
        "| a | b |\n|---|---|\n| 1 | 2 |\n\nA note.[^1]\n\n[^1]: The note.\n\n"
        '<figure class="wide"><img src="a.jpg" alt="A"><figcaption>Words, <time datetime="2025-02-12">then</time>.</figcaption></figure>\n\n'
        '<div markdown="1">\n*inside*\n</div>\n\n> quoted\n{: .pull }\n\n[mail](mailto:desk@example.org) {{< video >}} {% raw %}'
    )
    for kept in ("<table>", "<th>a</th>", 'id="fn:1"', 'class="footnote-ref"', '<figure class="wide">', "<figcaption>", "<time datetime=",
                 "<em>inside</em>", 'href="mailto:desk@example.org"', "{{&lt; video &gt;}} {% raw %}"):  # fmt: skip
        assert kept in html, html


def test_endless_nesting_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        to_html("\n".join("    " * depth + "- x" for depth in range(400)))


@pytest.mark.parametrize("hostile", ["> " * 3000 + "x", "- " * 3000 + "x", "*a **b " * 4000])
def test_a_text_that_could_not_be_read_leaves_nothing_to_the_next(hostile: str) -> None:
    with suppress(ValueError, TimeBudgetError), limit_time(0.05):
        parse(hostile)
    assert parse("*Before* [a](b.md)\n\n- one\n- two") == (
        '<p><em>Before</em> <a href="b.md">a</a></p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>'
    )


@pytest.mark.parametrize(
    "address", ["javascript:hook(1)", " JAVA\tscript:hook(1)", "data:text/html,x", "//evil.example/x", "mailto:a@b.example"]
)
def test_a_citation_names_web_pages_and_files_alone(address: str) -> None:
    assert to_html(f'<q cite="{address}">q</q> <del cite="notes.html">d</del>') == '<p><q>q</q> <del cite="notes.html">d</del></p>'
