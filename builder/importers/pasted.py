"""Pasted text: what stood on somebody's screen, to the story in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from builder.importers import copy_marks, dates_in_text, languages, paragraphs
from builder.importers.encodings import decode
from builder.importers.pasted_head import give_dates, parts_of_head, take_head
from builder.importers.rules import Rules
from builder.importers.settings import ReadSettings
from builder.importers.sources import SourceFile, whole_files
from builder.importers.story import Piece, Refusal, Story, unique
from builder.importers.to_markdown import escape

BREAK = "* * *"
"""A break between two parts of a text, in Markdown."""
_LETTER = re.compile(r"[^\W_]")
_BULLET = re.compile(r"^(?:[-*•·▪●◦‣]|–(?=\s))\s+")
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
    lines = _with_labels([part for block in blocks for line in block for part in parts_of_head(line, rules)], rules)
    is_day_first = not languages.is_english(text)
    lines, day_above = take_head(story, lines, rules, settings.timezone, is_day_first=is_day_first)
    body, outlets = _sort_lines(story, lines, rules, settings.timezone, is_day_first=is_day_first)
    if not body:
        return Refusal(piece.source, piece.path, 1, "has no text but page furniture")
    body[0], day = copy_marks.take_dateline(story, body[0], rules)
    day = day or day_above
    body[-1] = copy_marks.take_ending(story, body[-1], rules)
    body = [line for line in body if line]
    _settle(story, body, day, outlets, settings)
    story.markdown = "\n\n".join(_as_markdown(body))
    return story


def _sort_lines(story: Story, lines: list[str], rules: Rules, zone: str, *, is_day_first: bool) -> tuple[list[str], list[str]]:
    """Return the lines of text, and the outlets that the furniture names; all else goes into the story's words or cuts."""
    body: list[str] = []
    outlets: list[str] = []
    images: list[dict[str, str]] = []
    is_over = is_signed = False
    credits_above = ""
    last = max((at for at, line in enumerate(lines) if _is_text(line, rules) and not _names_writer(story, line)), default=-1)
    for at, line in enumerate(lines):
        if copy_marks.is_slugline(line):
            if "slugline" in story.values:
                story.cut_out("further-slugline", line)
            story.give("slugline", line)
            continue
        if body and (
            line in story.values.get("byline", ()) or (at > last and (is_over or is_signed) and _names_writer(story, line))
        ):
            story.cut_out("about-the-writer", line)
            is_over = True
            continue
        verdict = rules.judge(line)
        if verdict:
            copy_marks.give_words(story, verdict.words, rules)
            if verdict.stays:
                body.append(line)
                is_signed = is_signed or verdict.rule == "sign-off"
                continue
            if "correction" not in verdict.words:
                story.cut_out(verdict.rule, line)
                outlets += rules.outlets_in(line)
            is_over = is_over or (verdict.furniture and bool(body))
            continue
        dates = rules.dates(line) if at > last else None
        if dates and "date" not in dates:  # when it was changed, below the story
            give_dates(story, line, dates, rules, zone, is_day_first=is_day_first)
            story.cut_out("date-line", line)
            continue
        caption = rules.caption(line)
        if caption:
            text, credit = caption
            following = rules.caption(lines[at + 1]) if at + 1 < len(lines) else None
            if not text and following and following[0] and not following[1]:  # the credit stands above its caption
                credits_above = credit
            elif text:
                copy_marks.name_rest(story, "caption", line, caption)
                credit, credits_above = credit or credits_above, ""
                images.append({"src": "", "caption": text, "credit": credit})
            elif body and len(body) > 1 and not paragraphs.is_sentence(body[-1]):
                images.append({"src": "", "caption": body.pop(), "credit": credit})
            else:
                story.cut_out("credit-without-picture", line)
            continue
        if not _LETTER.search(line) and not is_over and any(map(paragraphs.is_sentence, lines[at + 1 :])) and body:
            body.append(BREAK)
            continue
        # A fragment after furniture is a heading of the story that goes on where running text comes next.
        if (
            is_over and not paragraphs.is_sentence(line) and not (at < last and _is_text(lines[at + 1], rules))
        ) or not _LETTER.search(line):
            outlets += rules.outlets_in(line)
            story.cut_out("fragment-after-furniture" if is_over else "line-of-signs", line)
            continue
        body.append(line)
    story.give("images", images)
    return body, outlets


def _with_labels(lines: list[str], rules: Rules) -> list[str]:
    """Return `lines` with each label of a caption (`Image caption,`) before what it is about."""
    out: list[str] = []
    for line in lines:
        if out and rules.caption(out[-1]) == ("", ""):
            out[-1] += f" {line}"
        else:
            out.append(line)
    return out


def _is_text(line: str, rules: Rules) -> bool:
    """Whether a line is running text, and nothing that a rule knows."""
    return paragraphs.is_sentence(line) and rules.judge(line) is None and not rules.caption(line)


def _names_writer(story: Story, line: str) -> bool:
    """Whether a line begins with a name of a writer of the story."""
    first = re.match(r"\w+", line)
    return first is not None and len(first[0]) > 2 and any(first[0] in name.split() for name in story.values.get("byline", ()))


def _settle(story: Story, body: list[str], day: str, outlets: list[str], settings: ReadSettings) -> None:
    """Work out what nobody said: source, language, date and headline."""
    by_count = sorted(unique(outlets), key=lambda name: -outlets.count(name))
    story.give("source", by_count[0] if by_count else "", inferred=True)
    story.give("language", languages.of_text("\n".join(body)), inferred=True)
    captions = [image["caption"] for image in story.values.get("images", [])]
    worked_out = dates_in_text.infer_day(captions, body, day, date.fromisoformat(settings.now[:10]))
    story.give("date", str(story.values.get("updated", ""))[:10], inferred=True)
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
        if line == BREAK:
            out.append(line)
            continue
        if _is_listed(body, at):
            item = f"- {escape(_BULLET.sub('', line))}"
            if at and _is_listed(body, at - 1):
                out[-1] += f"\n{item}"
            else:
                out.append(item)
            continue
        inner = 0 < at < len(body) - 1 and paragraphs.is_sentence(body[at - 1]) and paragraphs.is_sentence(body[at + 1])
        is_heading = (
            inner
            and not paragraphs.is_sentence(line)
            and line[-1] not in ".!。！"
            and len(line) < 80
            and line[-1] not in "”\"'’」,;，、"
        )
        out.append(f"## {escape(line)}" if is_heading else escape(line))
    return out
