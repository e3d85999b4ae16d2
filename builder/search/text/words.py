"""Text to the terms that are indexed and asked for: folding, words, bigrams, stems.

The browser's search does the same, so every rule is one that JavaScript can follow:

* Folded is NFKC, lower case, `ß` as `ss`, `ς` as `σ`, the digits of all scripts as those of ASCII; soft hyphens, joiners,
  zero-width spaces, direction marks and variation selectors go: nobody sees them, so nobody can ask for them. So does the
  tsheg, the dot between the syllables of Tibetan: one stands at the end of a word or not, as what follows asks.
* A word is a run of letters and digits (`\\p{L}`, `\\p{N}`), with the marks (`\\p{M}`) that follow them. Everything else parts
  words, the apostrophe too: `Vance's` is `vance` and `s`, so a question for `Vance` finds it. But single letters with full
  stops between them are one word, and so is a single letter with what a hyphen ties to it: `U.S.` is `us`, `e-mail` `email`,
  as others write them.
* In Latin, Greek and Cyrillic the accents go (NFD without the marks that follow a letter of these), and letters that only a
  stroke tells apart are written plainly (`ø` `o`, `æ` `ae`, `ł` `l`). In Hebrew and Arabic the points and vowel signs go, which
  are seldom written; alef, waw and yeh are written without hamza, and a lone hamza and the tatweel go; teh marbuta is heh, alef
  maksura and the Persian yeh are yeh, the Persian kaf is kaf. Marks of other scripts stay: without them Hindi has other words,
  and `が` is not `か`.
* Han, kana and Hangul stand apart from other letters, whatever they touch: `AI峰會` is the word `ai` and the run `峰會`. So do all
  scripts in which lines may end within what no space parts (UAX #14: letters of the classes SA, ID, CJ, AK, AS and of Hangul; and
  Tibetan, Buginese, Rejang, Vai, Khitan): nobody could tell where their words begin, and where a writer of these uses spaces
  nothing is lost. Their marks are characters of the run. A run ABC gives the terms AB, BC, C, so that any part of it is found.
* A word of a to z alone is stemmed (Porter's, as Whoosh has it). No word is too common to count.
* Each word, and each character of a run, takes one position: what stands side by side has consecutive numbers.
"""

# mypy: allow-untyped-calls

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from whoosh.lang.porter import stem as porter

LONGEST_WORD = 64
"""Letters of a word that count; longer runs are data, not words."""

_ASCII_WORD = re.compile(r"[a-z](?:\.[a-z])+(?!\.?[a-z0-9])|[a-z]-[a-z]{2}[a-z0-9]*|[a-z0-9]+")
_JOINTS = re.compile("[.\u2010-]")
"""What may stand inside a word."""
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u0f0b\u0f0c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
_RUN_LETTERS = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u0f00\u0f18-\u0f19\u0f2a-\u0f33"  # Thai, Lao, Tibetan
    "\u0f35\u0f37\u0f39\u0f3e-\u0f84\u0f86-\u0fbc\u0fc6"
    "\u1000-\u103f\u104e\u1050-\u108f\u109a-\u109d\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa76"  # Burmese
    "\uaa7a-\uaa7f"
    "\u1780-\u17d3\u17d7\u17dc-\u17dd\u17f0-\u17f9\u1950-\u19c9\u19da\u1a20-\u1a7f\u1aa7"  # Khmer, Tai, Ahom
    "\uaa80-\uaadd\U00011700-\U0001172b\U0001173a-\U0001173b\U00011740-\U00011746"
    "\u1a00-\u1a1b\u1b00-\u1b4c\u1b6b-\u1b73\u1bc0-\u1bf3\ua930-\ua953\ua980-\ua9c0"  # of the islands, Cham
    "\uaa00-\uaa4d\U00011ee0-\U00011ef6\U00011f00-\U00011f42\U00011f5a"
    "\U00011000-\U00011046\U00011052-\U00011065\U00011070-\U0001107f\U00011300-\U000113d3"  # Brahmi, Grantha and others of old
    "\U000113e1-\U000113e2\U00011900-\U00011943\U00016100-\U0001612f"
    "\u1100-\u11ff\u302e-\u302f\u3131-\u318e\ua960-\ua97c\uac00-\ud7fb"  # Hangul
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u303b\u3041-\u3096\u309d-\u309f\u30a1-\u30fa"  # kana, bopomofo
    "\u30fc-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\ua000-\ua48c\ua500-\ua60c\ua610-\ua61f\ua62a-\ua62b\U00016fe0-\U00016fe1"  # Yi, Vai, Tangut, Khitan, Nushu, old kana
    "\U00016fe3-\U0001b2fb"
)
_RUN_LETTER = re.compile(f"[{_RUN_LETTERS}]")
_ACCENTED_LETTER = re.compile(
    "([a-z\u00df-\u024f\u0370-\u052f\u0710-\u074f\u1e00-\u1fff\u2c60-\u2cff\ua640-\ua69f\ua720-\ua7ff])[\u0300-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff]+"
)
_ONE_FOR_ANOTHER = {
    **dict.fromkeys("آأإٱ", "ا"), **dict.fromkeys("ىیئ", "ي"), "ؤ": "و", "ة": "ه", "ک": "ك", "ß": "ss", "ς": "σ",
}  # fmt: skip
_UNWRITTEN = (
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0621\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8"
    "\u06ea-\u06ed\u0730-\u074a\u08d3-\u08e1\u08e3-\u08ff"
)
"""Points and vowel signs of Hebrew, Arabic and Syriac, the lone hamza, the tatweel."""
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


class Run(NamedTuple):
    """A word, or a run of a script without spaces, in a folded text from `start` to `end`."""

    text: str
    start: int
    end: int
    is_word: bool


def fold(text: str) -> str:
    """Return `text` in the one form in which letters are compared; accents are still there, words take them off."""
    if text.isascii():
        return text.lower()
    normal = unicodedata.normalize("NFKC", _IGNORABLE.sub("", text)).lower()
    return _changeable().sub(_change, normal)


def _change(match: re.Match[str]) -> str:
    letter = match[0]
    if letter in _ONE_FOR_ANOTHER:
        return _ONE_FOR_ANOTHER[letter]
    return str(unicodedata.decimal(letter, ""))


@lru_cache(maxsize=1)
def _changeable() -> re.Pattern[str]:
    """What has another form when it is folded: the letters of _ONE_FOR_ANOTHER, what is not written, digits beyond ASCII."""
    digits = _ranges(number for number in range(0x80, 0x20000) if unicodedata.category(chr(number)) == "Nd")
    return re.compile(f"[{''.join(_ONE_FOR_ANOTHER)}{_UNWRITTEN}{digits}]")


def runs(folded_text: str) -> Iterator[Run]:
    """Yield the words and runs of `folded_text` (fold) in their order."""
    if folded_text.isascii():
        for match in _ASCII_WORD.finditer(folded_text):
            yield Run(_JOINTS.sub("", match[0])[:LONGEST_WORD], match.start(), match.end(), True)
        return
    for match in _words().finditer(folded_text):
        text, is_word = match[0], match[1] is None
        if is_word:
            text = _JOINTS.sub("", text)[:LONGEST_WORD]
            text = text if text.isascii() else _plain(text)
        if text:
            yield Run(text, match.start(), match.end(), is_word)


def ascii_words(folded_text: str) -> list[str]:
    """Return the words of a `folded_text` of ASCII alone, as `runs` does."""
    words: list[str] = _ASCII_WORD.findall(folded_text)
    if "-" in folded_text or "." in folded_text:
        words = [word if word.isalnum() else _JOINTS.sub("", word) for word in words]
    return [word[:LONGEST_WORD] for word in words] if len(max(words, key=len, default="")) > LONGEST_WORD else words


def written_words(text: str) -> list[str]:
    """Return what `text` holds at each position: words as they are written, folded, and the terms of runs."""
    folded_text = fold(text)
    if folded_text.isascii():
        return ascii_words(folded_text)
    all_: list[str] = []
    for text_, _, _, is_word in runs(folded_text):
        if is_word:
            all_.append(text_)
        else:
            all_ += bigrams(text_)
    return all_


def bigrams(run: str) -> list[str]:
    """Return the terms of a run: ABC gives AB, BC, C."""
    return [run[at : at + 2] for at in range(len(run))]


def is_stemmed(word: str) -> bool:
    """Tell whether the folded `word` is one of those that are stemmed."""
    return word.isascii() and word.isalpha()


@lru_cache(maxsize=32768)
def term_of(word: str) -> str:
    """Return the term under which the folded `word` is indexed."""
    return str(porter(word)) or word if is_stemmed(word) else word


class Token(NamedTuple):
    """The term at one position of a text, and where it stands there, in code points."""

    term: str
    start: int
    end: int


def locate_tokens(text: str) -> list[Token]:
    """Return the term at each position of `text` with its place in `text` as it was given, before folding."""
    folded_text, spans = _align(text)
    tokens = []
    for run in runs(folded_text):
        if run.is_word:
            tokens.append(Token(term_of(run.text), spans[run.start][0], spans[run.end - 1][1]))
        else:
            for at, term in enumerate(bigrams(run.text), run.start):
                tokens.append(Token(term, spans[at][0], spans[at + len(term) - 1][1]))
    return tokens


def _align(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return `text` folded, and for each of its letters from where to where in `text` it comes."""
    if text.isascii():
        return text.lower(), [(at, at + 1) for at in range(len(text))]
    folded_text, spans = [], []
    for match in _clusters().finditer(text):
        piece = fold(match[0])
        folded_text.append(piece)
        spans += [match.span()] * len(piece)
    return "".join(folded_text), spans


@lru_cache(maxsize=32768)
def _plain(word: str) -> str:
    """Take the accents off a folded word."""
    bare = _ACCENTED_LETTER.sub(r"\1", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", bare).translate(_PLAIN)


def is_of_run(term: str) -> bool:
    """Tell whether `term` is one of a run, not a word."""
    return _RUN_LETTER.match(term) is not None


def _ranges(numbers: Iterable[int]) -> str:
    """Return the inside of a character class of the code points `numbers`, which ascend."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


@lru_cache(maxsize=1)
def _marks() -> str:
    """The inside of a character class of all marks: the re module has no name for them."""
    return _ranges(number for number in range(0x300, 0x1F000) if unicodedata.category(chr(number))[0] == "M")


@lru_cache(maxsize=1)
def _words() -> re.Pattern[str]:
    """Runs, as the first group, and words."""
    letter, character = rf"[^\W\d_{_RUN_LETTERS}]", rf"[^\W_{_RUN_LETTERS}]"
    more = rf"(?:{character}|(?![{_RUN_LETTERS}])[{_marks()}])*"
    acronym = rf"{letter}(?:\.{letter})+(?!\.?(?:[^\W_]|[{_marks()}]))"
    hyphenated_word = rf"{letter}[-\u2010]{letter}{{2}}{more}"
    return re.compile(rf"((?=[^\W_])[{_RUN_LETTERS}]+)|{acronym}|{hyphenated_word}|{character}{more}")


@lru_cache(maxsize=1)
def _clusters() -> re.Pattern[str]:
    """What NFKC may put together: a letter with its marks, narrow kana with theirs, a syllable of Korean spelled out."""
    return re.compile(rf"(?:[\u1100-\u11ff]+|.)(?:[{_marks()}\uff9e\uff9f]|{_IGNORABLE.pattern})*", re.DOTALL)
