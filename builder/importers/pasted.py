"""Pasted text: what stood on somebody's screen, to the story in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from builder.importers import copy_marks, dates_in_text, languages, paragraphs
from builder.importers.encodings import decode
from builder.importers.rules import Rules
from builder.importers.settings import ReadSettings
from builder.importers.sources import SourceFile, whole_files
from builder.importers.story import Piece, Refusal, Story, unique
from builder.importers.to_markdown import escape

_BULLET = re.compile(r"^(?:[-*•·▪●◦‣]|–(?=\s))\s+")
_BAR = re.compile(r"\s+[|·•｜]\s+")
_MASTHEAD_WORDS = 4
"""Words of a site's name on top of its page at most."""
_FIRST_SENTENCE = re.compile(
    r"""^.+?(?:(?<!\b[A-Z])(?<!\b[A-Z][a-z])(?<!\b(?:Mrs|Gen|Sen|Rep|Gov))[.!?][”"’')\]]*(?=\s|$)|[。！？][」』）]*)"""
)


def split(files: Sequence[SourceFile], settings: ReadSettings) -> Iterator[Piece | Refusal]:  # noqa: ARG001 (every format's way in)
    """Yield each file as a piece: a paste is one story."""
    return whole_files(files, "text")


def read(piece: Piece, settings: ReadSettings) -> Story | Refusal:
    """Return the story in the pasted text of `piece`."""
    rules = settings.rules
    story = Story(piece.source, piece.path, piece.line, ask_title=True)
    text, note = decode(piece.data)
    if note:
        story.warn("", note)
    blocks = paragraphs.split(text)
    if not blocks:
        return Refusal(piece.source, piece.path, 1, "is empty")
    lines = [part for block in blocks for line in block for part in _parts_of_head(line, rules)]
    lines, day_above = _take_head(story, lines, rules, settings.timezone)
    body, outlets = _sort_lines(story, lines, rules)
    if not body:
        return Refusal(piece.source, piece.path, 1, "has no text but page furniture")
    body[0], day = copy_marks.take_dateline(story, body[0], rules)
    day = day or day_above
    body[-1] = copy_marks.take_ending(story, body[-1], rules)
    body = [line for line in body if line]
    _settle(story, body, day, outlets, settings)
    story.markdown = "\n\n".join(_as_markdown(body))
    return story


def _parts_of_head(line: str, rules: Rules) -> list[str]:
    """Return the writers and the dates that stand on one line, parted by bars or dots, as lines of their own."""
    parts = [part for part in _BAR.split(line) if part] if len(line) < 140 and _BAR.search(line) else []
    is_head = len(parts) > 1 and all(rules.byline(part) or rules.dates(part) or rules.judge(part) for part in parts)
    return parts if is_head else [line]


def _take_head(story: Story, lines: list[str], rules: Rules, zone: str) -> tuple[list[str], str]:
    """Take headline, standfirst, byline, date and a dateline that stands alone off the top.

    Return the lines that are left, and the day of that dateline ("" for none).
    """
    first = next((at for at, line in enumerate(lines) if _begins_text(line, rules)), len(lines))
    marks = [
        at for at, line in enumerate(lines[: first + 4]) if not _stays(line, rules) and (rules.byline(line) or rules.dates(line))
    ]
    end = max(first, marks[-1] + 1 if marks and marks[-1] <= first + 3 else 0)
    if not first and not marks:  # it begins with its text
        return lines, ""
    rest: list[str] = []
    day = ""
    is_after_furniture = False
    for line in lines[:end]:
        verdict = rules.judge(line)
        byline, dates = rules.byline(line), rules.dates(line)
        if verdict and verdict.stays:
            rest.append(line)
        elif copy_marks.is_dateline(line, rules):
            day = copy_marks.take_dateline(story, line, rules, alone=True)[1]
        elif byline:
            copy_marks.give_words(story, byline, rules)
        elif dates:
            for word in ("date", "updated"):
                story.give(word, dates_in_text.read_date(dates.get(word, ""), zone))
        elif verdict or copy_marks.is_slugline(line) or rules.caption(line):
            rest.append(line)
            is_after_furniture = is_after_furniture or bool(verdict and "title" in story.values)
        elif "title" not in story.values:
            story.give("title", line)
        elif (
            is_after_furniture and len(story.values["title"].split()) <= _MASTHEAD_WORDS and not paragraphs.is_sentence(line)
        ):  # what stood above the page's menu was the site's name
            story.give("source", rules.outlet_named(story.values["title"]), inferred=True)
            story.values["title"] = line
            is_after_furniture = False
        elif (
            marks and len(line) < 40 and not paragraphs.is_sentence(line) and rules.agencies_in(line) == [rules.agency_named(line)]
        ):
            copy_marks.give_agencies(story, rules.agencies_in(line))
        elif marks and "summary" not in story.values and len(line) > 25:
            story.give("summary", line)
        else:
            rest.append(line)
    return rest + lines[end:], day


def _stays(line: str, rules: Rules) -> bool:
    verdict = rules.judge(line)
    return verdict is not None and verdict.stays


def _begins_text(line: str, rules: Rules) -> bool:
    """Whether `line` can be a story's first paragraph and no headline."""
    if copy_marks.is_dateline(line, rules) or rules.judge(line) or rules.caption(line) or rules.byline(line) or rules.dates(line):
        return False
    asks = line.endswith(("?", "!", "？", "！")) and len(line) < 90  # a headline may
    return bool(rules.dateline(line)) or (paragraphs.is_sentence(line) and not asks)


def _sort_lines(story: Story, lines: list[str], rules: Rules) -> tuple[list[str], list[str]]:
    """Return the lines of text, and the outlets that the furniture names; all else goes into the story's words or cuts."""
    body: list[str] = []
    outlets: list[str] = []
    images: list[dict[str, str]] = []
    over = False
    for line in lines:
        if copy_marks.is_slugline(line):
            if "slugline" in story.values:
                story.cut_out("further-slugline", line)
            story.give("slugline", line)
            continue
        verdict = rules.judge(line)
        if verdict:
            copy_marks.give_words(story, verdict.words, rules)
            if verdict.stays:
                body.append(line)
                continue
            story.cut_out(verdict.rule, line)
            outlets += rules.outlets_in(line)
            over = over or (verdict.furniture and bool(body))
            continue
        caption = rules.caption(line)
        if caption:
            text, credit = caption
            if text:
                images.append({"src": "", "caption": text, "credit": credit})
            elif body and len(body) > 1 and not paragraphs.is_sentence(body[-1]):
                images.append({"src": "", "caption": body.pop(), "credit": credit})
            else:
                story.cut_out("credit-without-picture", line)
            continue
        if over and not paragraphs.is_sentence(line):
            outlets += rules.outlets_in(line)
            story.cut_out("fragment-after-furniture", line)
            continue
        body.append(line)
    story.give("images", images)
    return body, outlets


def _settle(story: Story, body: list[str], day: str, outlets: list[str], settings: ReadSettings) -> None:
    """Work out what nobody said: source, language, date and headline."""
    by_count = sorted(unique(outlets), key=lambda name: -outlets.count(name))
    story.give("source", by_count[0] if by_count else "", inferred=True)
    story.give("language", languages.of_text("\n".join(body)), inferred=True)
    captions = [image["caption"] for image in story.values.get("images", [])]
    worked_out = dates_in_text.infer_day(captions, body, day, date.fromisoformat(settings.now[:10]))
    story.give("date", worked_out.isoformat() if worked_out else "", inferred=True)
    first = _FIRST_SENTENCE.match(body[0])
    story.give("title", (first[0] if first else body[0]).strip().rstrip("。."), inferred=True)
    story.give("captured_at", settings.now)


def _is_listed(body: list[str], at: int) -> bool:
    """Whether a line is an item of a list: it begins with a bullet, as the one before or after it does."""
    around = [line for line in (body[at - 1] if at else "", body[at + 1] if at + 1 < len(body) else "") if _BULLET.match(line)]
    return bool(around and _BULLET.match(body[at]))


def _as_markdown(body: list[str]) -> list[str]:
    """Return the paragraphs as Markdown: a short line without an end between two that have one is a heading."""
    out: list[str] = []
    for at, line in enumerate(body):
        if _is_listed(body, at):
            item = f"- {escape(_BULLET.sub('', line))}"
            if at and _is_listed(body, at - 1):
                out[-1] += f"\n{item}"
            else:
                out.append(item)
            continue
        inner = 0 < at < len(body) - 1 and paragraphs.is_sentence(body[at - 1]) and paragraphs.is_sentence(body[at + 1])
        is_heading = inner and not paragraphs.is_sentence(line) and len(line) < 80 and line[-1] not in "”\"'’」,;，、"
        out.append(f"## {escape(line)}" if is_heading else escape(line))
    return out
