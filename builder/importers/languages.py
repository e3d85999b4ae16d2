"""The language of a text where nobody says it: told from its script."""

from __future__ import annotations

import re

_HAN, _KANA, _HANGUL = re.compile("[\u4e00-\u9fff]"), re.compile("[\u3040-\u30ff]"), re.compile("[\uac00-\ud7af]")
_EAST = re.compile("[\u3040-\u9fff\uac00-\ud7af]")
_LETTER = re.compile(r"[^\W\d_]")
# Characters that stand in almost every text of the one script and in none of the other.
_TRADITIONAL = frozenset(
    "這們個來時會對說國過還後為與學發經進現開點門問間無從長見車東樣關業電話書員單實體當產動種機將頭戰應記總統議題區鐘灣價輪碼氣風報級費買賣運達據兩師億萬廣導選擊軍隊親邊責稱銀錢紅給組網線"
)
_SIMPLIFIED_CHARACTERS = frozenset(
    "这们个来时会对说国过还后为与学发经进现开点门问间无从长见车东样关业电话书员单实体当产动种机将头战应记总统议题区钟湾价轮码气风报级费买卖运达据两师亿万广导选击军队亲边责称银钱红给组网线"
)

_ENGLISH = frozenset(("the", "and", "of", "to"))


def of_text(text: str) -> str:
    """Return `zh-Hant`, `zh-Hans`, `ja` or `ko` for a text in their script, else "" (an alphabet alone does not tell)."""
    sample = text[:4000]
    if not _EAST.search(sample):
        return ""
    letters = len(_LETTER.findall(sample))
    if not letters:
        return ""
    if len(_HANGUL.findall(sample)) * 3 > letters:
        return "ko"
    if len(_KANA.findall(sample)) * 5 > letters:
        return "ja"
    if len(_HAN.findall(sample)) * 3 > letters:
        common = _TRADITIONAL & _SIMPLIFIED_CHARACTERS
        traditional = sum(char in _TRADITIONAL - common for char in sample)
        count = sum(char in _SIMPLIFIED_CHARACTERS - common for char in sample)
        return "zh-Hans" if count > traditional else "zh-Hant"
    return ""


def is_english(text: str) -> bool:
    """Return whether a text of some length is English: every twentieth word is one of the commonest."""
    words = re.findall(r"[^\W\d_]+", text[:8000].casefold())
    return sum(word in _ENGLISH for word in words) * 20 > len(words)
