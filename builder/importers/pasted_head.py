"""The head of a pasted text: which line above the story is its headline, which its standfirst, and who wrote it when."""

from __future__ import annotations

import re

from builder.importers import copy_marks, dates_in_text, paragraphs
from builder.importers.rules import Rules
from builder.importers.story import Story

_BAR = re.compile(r"\s+[|·•｜]\s+")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{1,2}|[^\W_]+")
"""A word, or two characters of a script without spaces."""
_NAME = re.compile(r"[A-ZÀ-Þ][\w.’'-]+(?: (?:de|del|da|van|von|der|den|al|bin|[A-ZÀ-Þ][\w.’'-]*)){1,3}")
HEADLINE_WORDS = 4
"""What stands above a story and has fewer is a masthead or a label, if a longer line follows."""
STANDFIRST_WORDS = 15
"""What has more is no headline, if a shorter line stands above it."""
_LONGEST_LABEL = 60
"""Characters of what a page has among headline, writer and date, and of no text."""
_MOST_BELOW = 12
_LETTER = re.compile(r"[^\W\d_]")
_BELOW_FIRST = 3
"""Lines after the first paragraph among which writer and date may still stand."""


def parts_of_head(line: str, rules: Rules) -> list[str]:
    """Return the writers and the dates that stand on one line, parted by bars or dots, as lines of their own."""
    if rules.dates(line):
        return [line]
    parts = [part for part in _BAR.split(line) if part] if len(line) < 140 and _BAR.search(line) else []
    is_head = len(parts) > 1 and all(rules.byline(part) or rules.dates(part) or rules.judge(part) for part in parts)
    return parts if is_head else [line]


def take_head(story: Story, lines: list[str], rules: Rules, zone: str, *, is_day_first: bool) -> tuple[list[str], str]:
    """Take headline, standfirst, byline, date and a dateline that stands alone off the top.

    Return the lines that are left, and the day of that dateline ("" for none).
    """
    first = next((at for at, line in enumerate(lines) if _begins_text(line, rules)), len(lines))
    second = next((at for at in range(first + 1, len(lines)) if _begins_text(lines[at], rules)), len(lines))
    marks = [
        at for at, line in enumerate(lines[: min(max(second, first + _BELOW_FIRST + 1), first + _MOST_BELOW)])
        if not _stays(line, rules) and (rules.byline(line) or rules.dates(line))
    ]  # fmt: skip
    if not first and not marks:  # it begins with its text
        return lines, ""
    end = max(first, marks[-1] + 1 if marks else 0)
    rest: list[str] = []
    day = ""
    others: list[int] = []
    texts: list[int] = []
    for at, line in enumerate(lines[:end]):
        verdict = rules.judge(line)
        if verdict and verdict.stays:
            rest.append(line)
        elif copy_marks.is_dateline(line, rules):
            day = copy_marks.take_dateline(story, line, rules, alone=True)[1]
        elif byline := rules.byline(line):
            if "byline" in byline and "byline" in story.values:
                story.cut_out("further-byline", line)
            copy_marks.give_words(story, byline, rules)
            copy_marks.name_rest(story, "byline", line, _values_in(story, byline))
        elif dates := rules.dates(line):
            give_dates(story, line, dates, rules, zone, is_day_first=is_day_first)
        elif not _LETTER.search(line):
            story.cut_out("line-of-signs", line)
        elif len(line) < 40 and rules.agency_named(line):
            copy_marks.give_agencies(story, [rules.agency_named(line)])
        elif at >= first and not verdict and _begins_text(line, rules):
            texts.append(at)
            rest.append(line)
        elif verdict or at >= first or copy_marks.is_slugline(line) or rules.caption(line):
            rest.append(line)
        elif rules.outlets_in(line) == [rules.outlet_named(line)]:
            story.give("source", rules.outlet_named(line))
        else:
            others.append(at)
    headline = _headline(lines, others, marks)
    if headline >= 0 and len(texts) == 1 and not rules.dateline(lines[texts[0]]):  # a sentence between headline and writer
        story.give("summary", lines[texts[0]])
        rest.remove(lines[texts[0]])
    between: list[str] = []
    for at in others:
        if at == headline:
            story.give("title", lines[at])
        elif at < headline:
            _give_masthead(story, lines, at, rules, is_top=at == others[0])
        elif marks and marks[-1] < at < first and not _has_dateline(lines, first, rules):  # it begins with a question, or a heading
            between.append(lines[at])
        elif _is_beside(at, marks, lines, rules) and _NAME.fullmatch(lines[at]) and "byline" not in story.values:
            story.give("byline", [lines[at]], inferred=True)
        elif marks and "summary" not in story.values and len(_WORD.findall(lines[at])) > HEADLINE_WORDS:
            story.give("summary", lines[at])
        elif marks and len(lines[at]) < _LONGEST_LABEL:
            story.cut_out("head-of-the-page", lines[at])
        else:
            between.append(lines[at])
    return between + rest + lines[end:], day


def _headline(lines: list[str], others: list[int], marks: list[int]) -> int:
    """Return which of the lines `others` is the headline, -1 where there is none.

    The first one of a headline's length, unless it is much longer than the one above it: that one is a short headline then,
    over its standfirst. Among short ones the last one above writer and date.
    """
    sizes = {at: len(_WORD.findall(lines[at])) for at in others}
    long_enough = [at for at in others if sizes[at] >= HEADLINE_WORDS]
    if not long_enough:
        above = [at for at in others if not marks or at < marks[0]]
        return above[-1] if above else others[0] if others else -1
    at = long_enough[0]
    before = [other for other in others if other < at and sizes[other] > 1]
    return before[-1] if before and (sizes[at] > STANDFIRST_WORDS or paragraphs.is_sentence(lines[at])) else at


def _give_masthead(story: Story, lines: list[str], at: int, rules: Rules, *, is_top: bool) -> None:
    """Name a line above the headline; the top one, over a menu, is the site's name."""
    outlet = rules.outlet_named(lines[at])
    if outlet != lines[at] or (is_top and rules.judge(lines[at + 1])):
        story.give("source", outlet, inferred=True)
    if story.values.get("source") != lines[at]:
        story.cut_out("above-the-headline", lines[at])


def give_dates(story: Story, line: str, dates: dict[str, str], rules: Rules, zone: str, *, is_day_first: bool) -> None:
    """Give the story the dates of a line, and name what else it says; one that cannot be read is told."""
    moments = [dates_in_text.read_date(dates.get(word, ""), zone, is_day_first=is_day_first) for word in ("date", "updated")]
    date, updated = moments
    before = str(story.values.get("date", ""))
    if date and before:  # two lines with a date: the first of two days is that of the story, and a time says more than a day alone
        date, later = sorted((before, date), key=lambda moment: (moment[:10], -len(moment)))
        updated = updated or (later if later[:10] != date[:10] else "")
        del story.values["date"]
    story.give("date", date)
    story.give("updated", updated)
    if not any(word in story.values for word in ("date", "updated")):
        story.cut_out("date-line", line)
        story.warn("date", f'"{line[:60]}" cannot be read without guessing; give the article a date')
        return
    spare = [moment for moment in moments if moment and moment not in (story.values.get("date"), story.values.get("updated"))]
    if spare or not any(moments):
        story.cut_out("date-line", line)
        return
    copy_marks.give_words(story, {word: value for word, value in dates.items() if word not in {"date", "updated"}}, rules)
    copy_marks.name_rest(story, "date-line", line, _values_in(story, dates))


def _values_in(story: Story, words: dict[str, str]) -> list[str]:
    """Return the values of a line's groups, but a place where the story has another one."""
    return [value for word, value in words.items() if word != "dateline" or story.values.get(word) == value]


def _has_dateline(lines: list[str], first: int, rules: Rules) -> bool:
    return first < len(lines) and rules.dateline(lines[first]) is not None


def _is_beside(at: int, marks: list[int], lines: list[str], rules: Rules) -> bool:
    """Whether a line with writer or date is next to the line `at`, furniture (a writer's post) aside."""
    below = at + 1
    while below < len(lines) and rules.judge(lines[below]):
        below += 1
    return at - 1 in marks or below in marks


def _stays(line: str, rules: Rules) -> bool:
    verdict = rules.judge(line)
    return verdict is not None and verdict.stays


def _begins_text(line: str, rules: Rules) -> bool:
    """Whether `line` can be a story's first paragraph and no headline."""
    if copy_marks.is_dateline(line, rules) or rules.judge(line) or rules.caption(line) or rules.byline(line) or rules.dates(line):
        return False
    asks = line.endswith(("?", "!", "？", "！")) and len(line) < 90  # a headline may
    return bool(rules.dateline(line)) or (paragraphs.is_sentence(line) and not asks)
