"""Footnotes are numbered and linked as Python-Markdown does it, whatever their number."""

from __future__ import annotations

import random

import pytest
from markdown import Markdown

from builder.articles.footnotes import CountedFootnotes
from tests.effort import effort


@pytest.mark.proof
def test_footnotes_are_those_of_the_library() -> None:
    theirs, ours = Markdown(extensions=["footnotes"]), Markdown(extensions=[CountedFootnotes()])
    choose = random.Random(1).choices
    pieces = [
        "a[^1] ",
        "b[^2]\n\n",
        "[^1]: One\n\n",
        "[^2]: Two[^1]\n    more\n\n",
        "[^ⴰ]: Third\n",
        "c[^ⴰ] ",
        "[^none] ",
        "[^1]: Again\n\n",
        "\n\n",
    ]
    for _ in range(effort(200, 3000)):
        text = "".join(choose(pieces, k=9))
        assert theirs.reset().convert(text) == ours.reset().convert(text), text
