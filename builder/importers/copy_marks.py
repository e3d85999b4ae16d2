"""The marks of wire copy in a story's paragraphs: dateline, trailing agency, slugline; each into its word of front matter."""

from __future__ import annotations

import re
from collections.abc import Iterable

from builder.importers import dates_in_text
from builder.importers.rules import Rules
from builder.importers.story import Story, unique

_SLUGLINE = re.compile(r"[A-Z0-9][A-Z0-9.&'’]*(?: [A-Z0-9.&'’]+){0,3}(?:[-/][A-Z0-9.&'’]+(?: [A-Z0-9.&'’]+){0,3}){2,}")

_LABEL_LETTERS = 10
"""Letters of a label at most; one of a script without an alphabet counts twice."""
_HAN = re.compile("[\u3040-\u9fff\uac00-\ud7af]")
_PLACE_OF_WRITER = re.compile(r"\s+(?:in|à|en)\s+(?:the )?[A-ZÀ-Þ].*$")
_OPENING = re.compile(r"[(（\[]\s*([^)）\]]{2,40}?)\s*[)）\]]")


def is_slugline(line: str) -> bool:
    """Whether a line is a wire's slugline: capitals alone, three parts or more joined by hyphens or slashes."""
    return len(line) < 160 and bool(_SLUGLINE.fullmatch(line)) and bool(re.search("[A-Z]{2}", line))


def is_dateline(line: str, rules: Rules) -> bool:
    """Whether a line is a dateline and nothing else."""
    match = rules.dateline(line)
    return match is not None and match.end() == len(line)


def take_dateline(story: Story, text: str, rules: Rules, *, alone: bool = False) -> tuple[str, str]:
    """Take the dateline off the story's first paragraph `text`; return what is left, and the day that it names ("" for none).

    One that is all of `text` is taken if it may stand `alone`.
    """
    match = rules.dateline(text)
    if match is None or (match.end() == len(text) and not alone):
        opening = _OPENING.match(text)  # an agency alone, as in "(EFE).- Words": it stays in the text
        give_agencies(story, [name] if opening and (name := rules.agency_named(opening[1])) else [])
        return text, ""
    groups = match.groupdict()
    story.give("dateline", (groups.get("dateline") or "").strip(" ,"))
    give_agencies(story, rules.agencies_in(match[0]))
    if groups.get("byline"):
        story.give("byline", _split_writers(groups["byline"]))
    story.cut_out("dateline", match[0])
    return text[match.end() :], groups.get("day") or ""


def take_ending(story: Story, text: str, rules: Rules) -> str:
    """Take the agency's mark off the end of the story's last paragraph; return what is left, which may be empty."""
    match = rules.ending(text)
    if match is None:
        return text
    give_agencies(story, rules.agencies_in(match[0]))
    story.cut_out("agency-ending", match[0])
    return text[: match.start()].rstrip()


def give_agencies(story: Story, names: list[str]) -> None:
    """Add agencies to those that the story has: joint copy stands under each."""
    if names:
        story.values["agency"] = unique([*story.values.get("agency", []), *names])


def give_words(story: Story, words: dict[str, str], rules: Rules) -> None:
    """Take over the words that a rule's groups gave, under the names by which agencies and outlets are filed."""
    for word, value in words.items():
        if word == "agency":
            give_agencies(story, rules.agencies_in(value) or [value])
        elif word == "source":
            story.give("source", rules.outlet_named(value))
        elif word == "correction":
            day = dates_in_text.days_in(words.get("day", ""))
            story.values.setdefault("corrections", []).append({"date": day[0].isoformat() if day else "", "text": value})
        elif word == "day":
            continue
        elif word in {"byline", "tags"}:
            story.give(word, _split_writers(value) if word == "byline" else split_names(value))
        else:
            story.give(word, value)


def name_rest(story: Story, rule: str, line: str, values: Iterable[str]) -> None:
    """Name a line that went into front matter where it says more than `values` and a label (`Published:`, `Photograph:`)."""
    rest = line
    for value in values:
        rest = rest.replace(value, " ", 1)
    letters = re.sub(r"[\W_]+", "", rest)
    if len(letters) + len(_HAN.findall(letters)) > _LABEL_LETTERS or re.search(r"\d", rest):
        story.cut_out(rule, line)


def split_names(text: str) -> list[str]:
    """Return the names in a byline: `Ada Lam and Bo Chan`, `何子謙、陳大文`, `A reader in Quay Bay`."""
    parts = re.split(r"\s*(?:[、;；]|,|&|\band\b|\bund\b|\bet\b|\by\b(?= [A-Z])|／|與|和(?=\S{2,4}$))\s*", text.strip())
    return unique(part.strip(" .") for part in parts)


def _split_writers(text: str) -> list[str]:
    """Return the names in a line that wires put into their copy, without where the writers were: `Ada Lam in Paris`."""
    return unique(_PLACE_OF_WRITER.sub("", name) for name in split_names(text))
