"""The plain text of an article's HTML: a line for each block, and no two words as one."""

from __future__ import annotations

import pytest

from builder.articles.article_html import plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<p>up<br id="text-x">down</p>', "up\ndown"),
        ('<p>up</p><hr class="wide"><p>down</p>', "up\ndown"),
        ("in<details><summary>More</summary>within</details>out", "in\nMore\nwithin\nout"),
        ('<table><caption lang="en">Of it</caption><tr><th>h</th><td>d</td></tr></table>e', "Of it\nh d\ne"),
        ("<p>re<em>mark</em>able H<sub>2</sub>O <bdi>x</bdi></p>", "remarkable H2O x"),
        ('<p>said<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup> so</p>', "said so"),
        ("<p>a &lt;br&gt; b</p>", "a <br> b"),
    ],
)
def test_a_block_is_a_line_and_what_is_inline_parts_no_word(html: str, text: str) -> None:
    assert plain_text(html) == text
