"""Inline marks in time that grows with the text: what Python-Markdown makes of them, and no letter lost."""

from __future__ import annotations

import html
import random
import re

import pytest
from markdown import Markdown
from markdown.inlinepatterns import DelimiterProcessor
from markdown.treeprocessors import InlineProcessor

from builder.articles.dialect import GitHubExtension, PrintExtension
from builder.articles.markdown import parse, to_html
from tests.effort import effort

MARKS = [
    "*em*", "**strong**", "***both***", "_em_", "__strong__", "*em **strong** em*", "**strong *em* strong**", "a*m*b", "`code`", "``a ` b``",
    "[link](b.md)", "[*em* link](b.md 'title')", "[ref]", "[link][ref]", "![alt](b.jpg)", "![alt][ref]", "<b>bold</b>", "&amp;", "\\*", "\\\\",
    "<https://a.example>", "<a@b.example>", "line  \n", "\\`", "5 * 3", "snake_case_name", "note[^1]", "~~struck~~", "新聞", "end.", "(", "*", "[x]",
]  # fmt: skip


def parsers() -> tuple[Markdown, Markdown]:
    """Return Python-Markdown with its own parts for inline marks, and with ours."""
    theirs, ours = (Markdown(extensions=["footnotes", PrintExtension(), GitHubExtension()], output_format="html") for _ in "12")
    delimiters = DelimiterProcessor("*", "strong,em", theirs)
    delimiters.add("_", "strong,em", smart=True)
    theirs.inlinePatterns.register(delimiters, "em_strong", 60)
    theirs.treeprocessors.register(InlineProcessor(theirs), "inline", 20)
    return theirs, ours


@pytest.mark.proof
def test_marks_are_read_as_ever() -> None:
    theirs, ours = parsers()
    choose = random.Random(1).choices
    for _ in range(effort(300, 3000)):
        text = " ".join(choose(MARKS, k=9)) + "\n\n[ref]: c.md\n[^1]: A *note*.\n"
        assert theirs.reset().convert(text) == ours.reset().convert(text), text


@pytest.mark.parametrize("text", ["*Note:**important*text", "*a**b*c", "x *****b*e", "**a***b* c", "_a__b_c *d**e*f"])
def test_a_letter_behind_a_mark_stays(text: str) -> None:
    assert re.sub(r"<[^>]*>|[*_]", "", parse(text)).strip() == re.sub(r"[*_]", "", text)


@pytest.mark.proof
def test_no_letter_is_lost_or_told_twice() -> None:
    choose = random.Random(2).choices
    for _ in range(effort(400, 6_000)):
        text = f"x{''.join(choose(['*', '**', '***', '_', '__', 'a', 'b', 'c d', ' ', 'e. ', '新'], k=16))}x"
        shown = html.unescape(re.sub(r"<[^>]*>", "", parse(text)))
        assert re.sub(r"[*_\s]", "", shown) == re.sub(r"[*_\s]", "", text), text


@pytest.mark.parametrize(
    "text", ["[Pier 3]('opened for all", "[r](a 'b *c* (d e) f", '[a]("b](c) the words behind', "[n](o (p 'q) r) s \"t"]
)
def test_words_behind_a_link_without_an_end_stay(text: str) -> None:
    """Python-Markdown takes all of the rest for the address of some of them."""
    shown = html.unescape(re.sub(r"<[^>]*>", "", to_html(text)))
    assert all(word in shown for word in re.findall(r"\w+", text.partition("](")[2])[-2:]), shown


@pytest.mark.parametrize(
    "text", ["*a &amp; b **c** <b>d</b> `e`** f* g", "***<b>x</b>***y `z` ****`q`**", "_*<a@b.example>_ - *_*- <a@b.example>*"]
)
def test_no_placeholder_is_left(text: str) -> None:
    assert "klzzwxh" not in to_html(f"{text} " * 3)
