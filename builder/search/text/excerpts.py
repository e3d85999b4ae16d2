"""A few words of a text around what was found in it, and where in them it stands."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from builder.search.text.query import Character, Part, Phrase
from builder.search.text.words import Token, is_of_run, locate_tokens

_ROOM = 60
"""What an excerpt holds: a word counts 2, a character of a run 1."""
_LEAD = 12
"""Of that, what comes before the first hit."""
_LONGEST = 400
"""Characters at most, whatever they are: a text may be one endless word."""
_ELLIPSIS = "…"
_SPACE = re.compile(r"\s")


class Excerpt(NamedTuple):
    """A piece of a text on one line. `marks` are the hits in it: from and to (exclusive), in code points, in order."""

    text: str
    marks: list[list[int]]


def excerpt(text: str, phrases: Sequence[Phrase], terms_of: Callable[[Part], Collection[str]]) -> Excerpt:
    """Return the piece of `text` that says most of what was `phrases`, or its beginning.

    `terms_of` says which terms a part stands for, as the search did.
    """
    flat = _SPACE.sub(" ", text)
    tokens = locate_tokens(flat)
    hits = sorted(hit for number, one in enumerate(phrases) for hit in _find(one, tokens, terms_of, number))
    weights = [1 if is_of_run(token.term) else 2 for token in tokens]  # pairs overlap: each counts for its first character alone
    first, last = _best(hits, weights)
    return _cut(flat, tokens, first, last, [hit for hit in hits if first <= hit.at and hit.end <= last])


class _Hit(NamedTuple):
    at: int
    """The token that it begins with."""
    end: int
    """The token after it."""
    number: int
    """Which of the texts asked for it is."""
    stop: int
    """Where it ends in the text."""


def _find(phrase: Phrase, tokens: list[Token], terms_of: Callable[[Part], Collection[str]], number: int) -> list[_Hit]:
    term_sets = [frozenset(terms_of(part)) for part in phrase.parts]
    length = phrase.offsets[-1] + 1
    is_character = isinstance(phrase.parts[-1], Character)
    return [
        _Hit(at, at + length, number, _stop(tokens, at + length - 1, is_character))
        for at in range(len(tokens) - length + 1)
        if all(tokens[at + offset].term in terms for offset, terms in zip(phrase.offsets, term_sets, strict=True))
    ]


def _stop(tokens: list[Token], last: int, is_character: bool) -> int:
    """Return where the token `last` ends; of a bigram that was found by its first character, where that one does."""
    token = tokens[last]
    if is_character and last + 1 < len(tokens) and token.start < tokens[last + 1].start < token.end:
        return tokens[last + 1].start
    return token.end


def _best(hits: list[_Hit], weights: list[int]) -> tuple[int, int]:
    """Return the first token of the best piece and the one after its last: most of the texts, then most hits, then first."""
    sums = [0]
    for weight in weights:
        sums.append(sums[-1] + weight)
    start, most = 0, (0, 0)
    for index, hit in enumerate(hits):
        reach = bisect_left(sums, sums[hit.at] + _ROOM - _LEAD)
        inside = []
        for other in hits[index:]:
            if other.at >= reach:
                break
            inside.append(other.number)
        value = len(set(inside)), len(inside)
        if value > most:
            start, most = hit.at, value
    first = bisect_left(sums, sums[start] - _LEAD) if sums[start] > _LEAD else 0
    last = min(max(bisect_left(sums, sums[first] + _ROOM), first), len(weights))
    if last == len(weights):  # at the end of the text there is more room before
        first = min(first, bisect_left(sums, max(sums[-1] - _ROOM, 0)))
    return first, last


def _cut(flat: str, tokens: list[Token], first: int, last: int, hits: list[_Hit]) -> Excerpt:
    begin = tokens[first].start if first else 0
    end = min(tokens[last].start if last < len(tokens) else len(flat), begin + _LONGEST)
    piece = flat[begin:end].strip()
    before = _ELLIPSIS if first else ""
    after = _ELLIPSIS if flat[end:].strip() else ""
    begin = flat.index(piece, begin)
    end = begin + len(piece)
    marks: list[list[int]] = []
    for hit in hits:
        start, stop = tokens[hit.at].start, min(hit.stop, end)
        if start >= stop:
            continue
        start, stop = start - begin + len(before), stop - begin + len(before)
        if marks and start <= marks[-1][1]:
            marks[-1][1] = max(marks[-1][1], stop)
        else:
            marks.append([start, stop])
    return Excerpt(before + piece + after, marks)
