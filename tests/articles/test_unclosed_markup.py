"""Hostile markup: time grows with an article's bytes, not with their square, and what closes nothing is print."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from builder.articles.markdown import to_html
from builder.articles.parsing import parse_article
from builder.articles.unclosed_markup import set_aside
from builder.config.site import Site
from tests.effort import effort

KINDS = [
    "[", "![", "<a ", "[a](", "[a][", "![a](", "<![CDATA[", "[^", "[[a]]", "[a](b) ", "![a](b) ", "<a href=\"", "</a", "<!--", "<?",
    "*", "_", "**a", "***a ", "`", "``a`", "&", "&#", "> ", "- ", "{:", "|", "\\", "# a\n", "a\n=\n", "a\n: b\n", "[a]: \n",
    "[a]: b\n", "1. a\n", "- a\n", "a|b\n-|-\n", "```\n", "<div>", "<b>", "<svg>", "<p>\n", '<div markdown="1">\n', "    a\n", "a  \n",
    "-\n", "* * *\n", "- - -\n", "``` a\n", "```a / b\n", "~~~ x\n", "<iframe>", "<video><audio><object>", " ", "\t", "\u2028", "\x0b", "``a` ",
]  # fmt: skip
LONG = {
    "footnotes": lambda n: "".join(f"a[^{i}] " for i in range(n // 16)) + "\n\n" + "".join(f"[^{i}]: b\n\n" for i in range(n // 16)),
    "notes in lists": lambda n: "".join(f"- a[^{i}]\n" for i in range(n // 18)) + "\n" + "".join(f"[^{i}]: b\n" for i in range(n // 18)),
    "one footnote": lambda n: "a[^1] " * (n // 6) + "\n\n[^1]: b\n",
    "blanks after a sign": lambda n: "a\n=" + " " * n + "x",
    "blanks in a heading": lambda n: "# " + " #" * (n // 2) + "x",
    "fences of one kind": lambda n: "```a / b\n" * (n // 9) + "~~~\n",
    "headings before a sign": lambda n: "-\n" * (n // 2) + "a #",
    "nested brackets": lambda n: "[" * (n // 2) + "]" * (n // 2),
    "nested links": lambda n: "[a](" * (n // 5) + ")" * (n // 5),
}  # fmt: skip


TAGS = (
    "a b bdo blockquote br caption center code dd del details div dl em figcaption figure font form frame h1 hr i iframe img ins li main mark "
    "math nav noscript object ol option p pre q ruby s script section select small span style sub summary svg table tbody td textarea th "
    "tr u ul video x-y"
).split()
MORE = {
    **{f"<{tag}>": f"<{tag}>" for tag in TAGS}, **{f"</{tag}>": f"</{tag}>" for tag in TAGS}, **{f"a <{tag}> b": f"a <{tag}> b\n\n" for tag in TAGS},
    **{repr(each): each for each in (
        "*a*", "_a_", "*a **b ", "**a*b", "`a` ", "` `` ", "\\*", "[a]", "<http://a.b> ", "<b><!-- -->", "<b>\n<!-- -->\n", "<!-- a -->\n\n", "<?a?>\n",
        "&amp;", "1. a\n\n", "1986. a\n\n", "- a\n\n", "    a\n\n", "a\n\n", "> a\n\n", "a|`b`|\n-|-\n", "|a|`b`|", "a\n\n: b\n\n", "# a\n\n", "[a]: b\n\n",
        "a[^1] ", "{% a %}", "[gallery]", "[x] a\n", "a {: #b}\n\n", "<p><b>", "<i>a</b>", "<ul><li>a", "<dl><dt>a<dd>b", "<table><tr><td>a", "e\u0301", "新聞",
    )},
}  # fmt: skip


def cpu_seconds(text: str) -> float:
    begun = time.process_time()
    with suppress(ValueError):  # nested too deeply: said in words
        to_html(text)
    return time.process_time() - begun


def repeated(text: str) -> Callable[[int], str]:
    return lambda size: text * (size // len(text))


def assert_time_grows_with_the_bytes(make: Callable[[int], str], small: int, most: float, floor: float) -> None:
    """Four times the bytes take about four times as long; sixteen times would be a square. The floor is the clock's noise."""
    cpu_seconds(make(500))
    few, many = max(cpu_seconds(make(small)), floor), cpu_seconds(make(4 * small))
    for _ in range(4):  # other work on the machine makes some runs longer, and none shorter
        if many < most * few:
            break
        few, many = max(few, cpu_seconds(make(small))), min(many, cpu_seconds(make(4 * small)))
    assert many < most * few


@pytest.mark.proof
@pytest.mark.parametrize("make", [*map(repeated, KINDS), *LONG.values()], ids=[*map(repr, KINDS), *LONG])
def test_time_grows_with_the_bytes(make: Callable[[int], str]) -> None:
    assert_time_grows_with_the_bytes(make, *effort((2_000, 12.0, 0.004), (10_000, 7.5, 0.05)))


@pytest.mark.proof
@pytest.mark.parametrize("make", [*map(repeated, MORE.values())], ids=MORE)
def test_time_of_more_kinds_grows_with_the_bytes(make: Callable[[int], str]) -> None:
    assert_time_grows_with_the_bytes(make, *effort((500, 16.0, 0.004), (10_000, 7.5, 0.05)))


FRONT = {
    "names that are null": lambda n: f"tags: [{'null, ' * (n // 6)}]\n",
    "signs": lambda n: f"tags: [{'! a, ' * (n // 5)}]\n",
    "pictures that are not there": lambda n: "images:\n" + "".join(f"- src: p{i}.jpg\n" for i in range(n // 14)),
    "control characters": lambda n: "tags: [" + '"\\x01", ' * (n // 8) + "]\n",
}  # fmt: skip


@pytest.mark.parametrize("make", FRONT.values(), ids=FRONT)
def test_time_grows_with_the_front_matter(make: Callable[[int], str], tmp_path: Path) -> None:
    site = Site(title="T", url="https://t.example/")

    def seconds(size: int) -> float:
        begun = time.process_time()
        parse_article("a.md", f"---\ntitle: A\n{make(size)}---\nText.\n".encode(), tmp_path, site)
        return time.process_time() - begun

    seconds(500)
    few, many = max(seconds(4_000), 0.02), seconds(32_000)  # eight times the bytes; a square takes 64 times as long
    for _ in range(4):
        if many < 22 * few:
            break
        few, many = max(few, seconds(4_000)), min(many, seconds(32_000))
    assert many < 22 * few


@pytest.mark.parametrize("text", ["[" * 500, "![" * 300, "<a " * 300, "[a](" * 200, "[a][" * 200, "`x[` " * 100 + "[" * 100])
def test_what_closes_nothing_is_print(text: str) -> None:
    html = to_html(f"*Before*\n\n{text}\n\nand [after](b.md).")
    for char in "[(<":
        assert html.replace("&lt;", "<").replace("<em>", "").count(char) >= text.count(char)
    assert "<em>Before</em>" in html and '<a href="b.md"' in html
    assert not set("\x04\x05\x06") & set(html)


@pytest.mark.parametrize(
    "text", ["[a](b) " * 500, "[a [b] c](d (e) f)\n\n" * 100, "a < b\n" * 100 + "<b>x</b>", "[ ] [x] (a)" * 400]
)
def test_usual_markup_is_left_alone(text: str) -> None:
    assert set_aside(text) == text
