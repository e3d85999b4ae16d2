"""Markup that can never close, set aside before the Markdown parser, which would look for its end from each of its starts."""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_OPEN = 32
"""Brackets that are open at once in one block, beyond which they are print. No text that means them comes near."""

_BLOCKS = re.compile(r"(\n[ \t]*\n)")
_BRACKETS = re.compile(r"\\.|[\[\]()]", re.DOTALL)
_PARTINGS = re.compile(
    r"^(?:#{1,6}[ \t][^|\n]*|=+[ \t]*|-{3,}[ \t]*)\n(?=\S)"  # a heading, or what underlines one
    r"|^ {0,3}(?:(?:- {0,2}){3,}|(?:\* {0,2}){3,}|(?:_ {0,2}){3,}) *+\n(?=\S)"  # a rule
    r"|^ {0,3}\[[^\]\n]*\]:[^\n]*\n(?= {0,3}\[)"  # a link's address, before another
    r"|^ {0,3}: {1,3}[^\n]*\n(?=[^\s:][^\n]*\n {0,3}: )",  # a definition, before another term
    re.MULTILINE,
)
_STAND_INS = str.maketrans({"\x04": "[", "\x05": "(", "\x06": "&lt;"})


def set_aside(text: str) -> str:
    """Return `text` with every bracket that can close nothing as a control character, which `put_back` undoes.

    `[` and `](` count within a block, `<` within the whole text. Texts of a usual form come back as they are. Linear.
    """
    if text.count("<") > MAX_OPEN:
        end = text.rfind(">") + 1
        if text.count("<", end) > MAX_OPEN:
            text = text[:end] + text[end:].replace("<", "\x06")
    if text.count("[") > MAX_OPEN:
        text = "".join(_without_open_brackets(block) for block in _BLOCKS.split(text))
    return text


def put_back(html: str) -> str:
    """Return what a parser made of a text from `set_aside` with the brackets that were set aside."""
    return html.translate(_STAND_INS) if "\x04" in html or "\x05" in html or "\x06" in html else html


def part_blocks(text: str) -> str:
    """Return `text` with an empty line after each heading, address and definition that has none.

    The parser splits each of them from all the rest of its block: thousands in one take minutes, and a definition
    that follows another without an empty line becomes a part of it.
    """
    return _PARTINGS.sub(r"\g<0>\n", text)


def _without_open_brackets(block: str) -> str:
    if block.count("[") <= MAX_OPEN:
        return block
    open_ = [at for at, _ in _find_unclosed(block)]
    if len(open_) <= MAX_OPEN:
        return block
    chars = list(block)
    for at in open_:
        chars[at] = "\x04" if chars[at] == "[" else "\x05"
    return "".join(chars)


def _find_unclosed(block: str) -> Iterator[tuple[int, str]]:
    """Yield place and kind of each `[`, and each `(` behind a `]`, that nothing closes or that is nested beyond MAX_OPEN."""
    stacks: dict[str, list[int]] = {"[": [], "(": []}
    deep: list[tuple[int, str]] = []
    for match in _BRACKETS.finditer(block):
        char, at = match[0], match.start()
        if char == "[" or (char == "(" and at and block[at - 1] == "]"):
            stacks[char].append(at)
            if len(stacks[char]) > MAX_OPEN:
                deep.append((at, char))
        elif char in "])":
            stack = stacks["[" if char == "]" else "("]
            if stack:
                stack.pop()
    closed_later = {at for at, _ in deep}
    yield from deep
    yield from ((at, char) for char, stack in stacks.items() for at in stack if at not in closed_later)
