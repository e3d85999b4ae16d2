"""A language that nobody speaks: how often its words come, how many there are and how they look is as in English news."""

from __future__ import annotations

import random
from functools import lru_cache
from itertools import accumulate

COMMON = tuple(
    "the of to and in a said it for on is from that by at be was with has as its not will but have an are which he or were this had would"
    " been they their one more about up also after who two last year new out first other over there when some than all could into so no".split()
)
"""Words that every question of stop words needs, and every stemmer and excerpt meets."""
_ONSETS = "b br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sh sp st t th tr v w".split()
_SYLLABLES = [onset + rest for onset in _ONSETS for rest in ("a", "e", "i", "o", "u", "an", "er", "on")]
_ENDINGS = ("", "s", "ed", "", "ing", "er", "", "ation", "ly")

HEAD = 5000
"""Up to this rank a word comes as Zipf has it; the rarer ones become rare faster, as in every large text."""
_SHIFT = 2.7
_TAIL = 1.1
_OFTEN = [1 / (rank + _SHIFT) for rank in range(1, HEAD + 1)]
_SUMS = list(accumulate([*_OFTEN, HEAD * _OFTEN[-1] / _TAIL]))  # the last stands for all beyond, so that both parts meet


def some(chance: random.Random, count: int) -> list[str]:
    """Return `count` words. The more are drawn, the more of them are new: about 20,000 of 250,000, 60,000 of 2,500,000."""
    ranks = chance.choices(range(HEAD + 1), cum_weights=_SUMS, k=count)
    return [_word(rank) if rank < HEAD else _word(int(HEAD * chance.paretovariate(_TAIL))) for rank in ranks]


@lru_cache(maxsize=200_000)
def _word(rank: int) -> str:
    """Return the word that comes `rank`th most often (from 0): short where that is often, and one of a family of endings."""
    if rank < len(COMMON):
        return COMMON[rank]
    number = rank - len(COMMON)
    ending = _ENDINGS[number % len(_ENDINGS)]
    number = number // 3 + 1
    stem = ""
    while number:  # every number has a spelling of its own, and neighbours begin differently
        number, at = divmod(number - 1, len(_SYLLABLES))
        stem += _SYLLABLES[at * 53 % len(_SYLLABLES)]
    return stem + (ending if len(stem) > 3 or ending == "s" else "")
