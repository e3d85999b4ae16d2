"""What other generators left in a text is named at its place, once a kind; code is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.articles.test_parsing import read
from tests.sites import archive, story

FRONT = "---\ntitle: T\ndate: 2025-02-12\n---\n"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("Text.\n\n{% include gallery.html id=3 %}", "7:1: warning: {% include gallery.html id=3 %} is a tag of Jekyll"),
        ("See {{< figure src=a.jpg >}} and {{% note %}}", "5:5: warning: {{< figure src=a.jpg >}} is a shortcode of Hugo (2 of them here)"),
        ("By {{ page.author }}.", "5:4: warning: {{ page.author }} is an expression of a template"),
        ("[caption id=1 width=300]x[/caption]", "5:1: warning: [caption id=1 width=300] is a shortcode of WordPress (2 of them here)"),
        ("a [gallery] b", "5:3: warning: [gallery] is a shortcode of WordPress"),
        ("<!-- wp:paragraph {\"a\":1} -->\ntext\n<!-- /wp:paragraph -->", "5:1: warning: <!-- wp:paragraph"),
        ("<!--more-->", "5:1: warning: <!--more--> is a page mark of WordPress"),
        ("<!--kg-card-begin: html-->x<!--kg-card-end: html-->", "5:1: warning: <!--kg-card-begin: html--> is a card mark of Ghost"),
        ("{loadposition banner}", "5:1: warning: {loadposition banner} is a tag of Joomla"),
        ("[[File:Ferry.jpg|thumb]]", "5:1: warning: [[File:Ferry.jpg|thumb]] is a file of MediaWiki"),
        ("[url=https://a.example/]x[/url]", "5:1: warning: [url=https://a.example/] is BBCode"),
    ],
)  # fmt: skip
def test_leftovers_are_named_at_their_place(body: str, line: str) -> None:
    _, problems = read(FRONT + body)
    assert any(problem.startswith(f"content/2025/2025-02-12-a-story.md:{line}") for problem in problems), problems


@pytest.mark.parametrize(
    "body",
    [
        "Write `{% raw %}` and ``{{ x }} ` [gallery]``.",
        "```\n{{< figure >}}\n[caption]\n```\n",
        "~~~ html\n<!-- wp:paragraph -->\n~~~",
        "Code:\n\n    {{ page.title }}\n    [gallery]\n",
        "A link [gallery](https://a.example/), a note [b]: c and {braces} at 100%.",
        "![A pier](https://a.example/p.jpg){: .right }",
        "[Caption of the year] and [1] and [sic].",
    ],
)
def test_code_and_plain_words_are_none(body: str) -> None:
    _, problems = read(FRONT + body)
    assert not [problem for problem in problems if "nothing reads" in problem], problems


def test_check_counts_them_over_the_archive(tmp_path: Path) -> None:
    site = archive(tmp_path, {f"content/{n}.md": story(slug=f"s{n}", body="{% x %} {% y %}") for n in range(12)})
    out = site.run("check").out
    assert out.count("is a tag of Jekyll") == 12
