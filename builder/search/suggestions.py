"""What was meant by words that are nowhere in the archive: the nearest that are, as the search page suggests them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from builder.search.sync import FOLDER
from builder.search.text.query import Prefix, QueryTerm, parse, phrases
from builder.search.text.words import fold, is_stemmed, locate_tokens, runs, term_of
from builder.search.whoosh_index.searcher import Searcher
from builder.state.state import FOLDER as STATE_FOLDER

MIN_LETTERS = 3
SHORT_WORD = 5
"""Words with fewer letters have one letter wrong at most, others two."""


def suggest(folder: Path, query: str) -> str | None:
    """Return `query` with each word that is asked for and nowhere replaced by a like one of the archive at `folder`.

    None where there is none to replace. What is excluded, and fields with their values, stay. The same as
    static/search/lazy.js.
    """
    parts = [part for phrase in phrases(parse(query)) for part in phrase.parts]
    better, at = "", 0
    with Searcher.open(folder / STATE_FOLDER / FOLDER) as searcher:
        for token in locate_tokens(query):
            run = next(iter(runs(fold(query[token.start : token.end]))), None)
            if run is None or not run.is_word or not is_stemmed(run.text) or len(run.text) < MIN_LETTERS:
                continue
            is_term, is_prefix = QueryTerm(term_of(run.text)) in parts, Prefix(run.text) in parts
            words = searcher.words_from(run.text[0]) if is_term or is_prefix else {}
            is_there = (is_term and any(term_of(word) == term_of(run.text) for word in words)) or (
                is_prefix and any(word.startswith(run.text) for word in words)
            )
            near = None if is_there else _nearest(run.text, words)
            if near:
                better += query[at : token.start] + near
                at = token.end
    return better + query[at:] if at else None


def _nearest(word: str, words: Mapping[str, int]) -> str | None:
    """Return the one of `words` (with the number of their documents) with the fewest letters wrong, of several the commonest."""
    most = 1 if len(word) < SHORT_WORD else 2
    near = [(distance(word, other, most), -count, other) for other, count in words.items() if abs(len(other) - len(word)) <= most]
    away, _, best = min(near, default=(most + 1, 0, ""))
    return best if away <= most else None


def distance(a: str, b: str, most: int) -> int:
    """Return how many letters are wrong, missing, too many or exchanged with their neighbours (Damerau and Levenshtein,
    restricted); anything above `most` is much."""
    before: list[int] = []
    last = list(range(len(b) + 1))
    for row, letter in enumerate(a, start=1):
        line = [row]
        for column, other in enumerate(b, start=1):
            cost = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + (letter != other))
            if before and column > 1 and letter == b[column - 2] and a[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return most + 1
        before, last = last, line
    return last[-1]
