"""Fenced code keeps its lines wherever it stands: at the edge, in items, notes and quotes."""

from __future__ import annotations

import pytest

from builder.articles.markdown import to_html

CODE = "let a = 1; // [x] *y*\n\n  let ཀ < 2;"
SHOWN = "let a = 1; // [x] *y*\n\n  let ཀ &lt; 2;"


def block(prefix: str, fence: str = "```", info: str = "js") -> str:
    return "\n".join(f"{prefix}{line}".rstrip() for line in (f"{fence}{info}", *CODE.split("\n"), fence))


@pytest.mark.parametrize(
    ("text", "around"),
    [
        (block(""), "<pre><code>{}\n</code></pre>"),
        (block("", "~~~~", ""), "<pre><code>{}\n</code></pre>"),
        (block("  "), "<pre><code>{}\n</code></pre>"),
        (f"- one\n\n{block('    ')}\n\n- two", "<li>\n<p>one</p>\n<pre><code>{}\n</code></pre>\n</li>\n<li>\n<p>two"),
        (f"- one\n{block('    ', '~~~')}\n    more", "<p>one</p>\n<pre><code>{}\n</code></pre>\n<p>more</p>\n</li>"),
        (f"1. one\n\n{block('    ')}", "<ol>\n<li>\n<p>one</p>\n<pre><code>{}\n</code></pre>\n</li>"),
        (
            f"> said\n>\n{block('> ')}\n> more",
            "<blockquote>\n<p>said</p>\n<pre><code>{}\n</code></pre>\n<p>more</p>\n</blockquote>",
        ),
        (block("> > "), "<blockquote>\n<blockquote>\n<pre><code>{}\n</code></pre>\n</blockquote>"),
        (f"a[^1]\n\n[^1]: Note\n\n{block('    ')}", "<p>Note</p>\n<pre><code>{}\n</code></pre>"),
        (f"Term\n:   Sense\n\n{block('    ')}", "<p>Sense</p>\n<pre><code>{}\n</code></pre>\n</dd>"),
    ],
)
def test_code_keeps_its_lines(text: str, around: str) -> None:
    html = to_html(text)
    assert around.format(SHOWN) in html, html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("para\n\n    ```\n    x\n    ```\n", "<pre><code>```\nx\n```\n</code></pre>"),  # code that shows how code is written
        ("- one\n\n    ```\n    never\nclosed\n", "```\nnever\nclosed"),
        ("> ```\nlazy\n> ```\n", "lazy"),
        ("``` x\n\ny\n", "``` x"),
    ],
)
def test_what_is_no_block_stays_what_it_is(text: str, shown: str) -> None:
    html = to_html(text)
    assert shown in html, html
