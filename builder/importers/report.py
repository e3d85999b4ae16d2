"""The loss report: what came in, what was kept, worked out, dropped and cut, as data and as lines for a terminal."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, TextIO

from builder.articles.model import FIELD_NAMES
from builder.base.problems import Problem, Severity
from builder.importers.spools import ProblemEntries, StoryEntries
from builder.importers.story import Refusal, Story
from builder.importers.writer import Outcome, WriteResult

MOST_DAYS = 31
"""Of a web archive that the terminal lists day by day."""
_COUNTS = ("kept", "inferred", "dropped")


@dataclass(slots=True)
class SourceRow:
    """One SOURCE and one kind in it: what was found there, and what became of it. found = written + updated + same + refused."""

    path: str
    kind: str
    found: int = 0
    """How many stories there were to bring in, counted where the source is cut into pieces."""
    written: int = 0
    updated: int = 0
    same: int = 0
    refused: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    """What is no story and was not asked for (drafts, comments, pictures), by reason: not among those found."""
    coverage: dict[str, Counter[str]] = field(default_factory=dict)
    """Of a web archive: for each day (UTC) its captures by HTTP status, `pages` of HTML among them, and `stories`."""

    def as_data(self) -> dict[str, Any]:
        """Return the row as the report's JSON has it."""
        counts = {word: getattr(self, word) for word in ("found", "written", "updated", "same", "refused")}
        return {"path": self.path, "kind": self.kind, **counts, "left_out": dict(self.left_out), **self._coverage()}

    def _coverage(self) -> dict[str, Any]:
        return (
            {"coverage": {day: dict(sorted(counts.items())) for day, counts in sorted(self.coverage.items())}}
            if self.coverage
            else {}
        )

    def count_capture(self, captured_at: str) -> None:
        """Count a story under the day on which it was captured."""
        if self.coverage and captured_at:
            day = datetime.fromisoformat(captured_at).astimezone(UTC).date().isoformat()
            self.coverage.setdefault(day, Counter())["stories"] += 1

    def coverage_lines(self) -> Iterator[str]:
        """Yield a line for each day, or for each month where the days are many."""
        width = 10 if len(self.coverage) <= MOST_DAYS else 7
        rows: dict[str, Counter[str]] = {}
        for day, counts in sorted(self.coverage.items()):
            rows.setdefault(day[:width], Counter()).update(counts)
        for day, counts in rows.items():
            captures = ", ".join(
                f"{counts[status]:,} × {status}" for status in sorted(counts) if status not in {"pages", "stories"}
            )
            yield f"  {day}: {captures}; {counts['pages']:,} pages, {counts['stories']:,} stories"


@dataclass(slots=True)
class ImportReport:
    """What an import did."""

    rows: list[SourceRow] = field(default_factory=list)
    fields: dict[str, dict[str, int]] = field(default_factory=dict)
    stories: StoryEntries = field(default_factory=StoryEntries)
    problems: ProblemEntries = field(default_factory=ProblemEntries)
    dry_run: bool = False

    def row(self, path: str, kind: str) -> int:
        """Return the number of the row of a source and a kind, made if it is new."""
        for number, row in enumerate(self.rows):
            if (row.path, row.kind) == (path, kind):
                return number
        self.rows.append(SourceRow(path, kind))
        return len(self.rows) - 1

    def count(self, story: Story, result: WriteResult) -> None:
        """Take in what became of a story."""
        row = self.rows[story.source]
        setattr(row, result.outcome, getattr(row, result.outcome) + 1)
        if result.outcome != Outcome.REFUSED:
            row.count_capture(story.values.get("captured_at", ""))
        self.problems.extend(story.problems)
        if result.problem:
            self.problems.append(result.problem)
        if result.outcome in {Outcome.WRITTEN, Outcome.UPDATED}:
            words = [word for word, value in story.values.items() if word in FIELD_NAMES and value not in (None, "", [], ())]
            self._count("kept", (word for word in words if word not in story.inferred))
            self._count("inferred", (word for word in words if word in story.inferred))
            self._count("kept", (*story.kept, *story.values.get("extra", {})))
            self._count("dropped", story.dropped)
            self.stories.append(
                {
                    "source": story.path,
                    "path": f"content/{result.path}",
                    "inferred": story.inferred,
                    "cut": [{"rule": cut.rule, "text": cut.text} for cut in story.cut],
                    "kept_as_html": story.kept_as_html,
                }
            )

    def _count(self, what: str, words: Iterable[str]) -> None:
        fields = self.fields
        for word in words:
            if word not in fields:
                fields[word] = dict.fromkeys(_COUNTS, 0)
            fields[word][what] += 1

    def refuse(self, refusal: Refusal, source: int | None = None) -> None:
        """Take in something that is no story, or could not be read; `source` is its row where the refusal does not say."""
        self.rows[refusal.source if source is None else source].refused += 1
        column = refusal.column if refusal.line else 0
        self.problems.append(Problem(refusal.path, refusal.line, column, Severity.ERROR, "", refusal.message))

    def pass_over(self, source: int, path: str, reason: str, message: str) -> None:
        """Count something that is not read under a `reason`, and say so with a warning."""
        self.rows[source].left_out[reason] += 1
        self.problems.append(Problem(path, 0, 0, Severity.WARNING, "", message))

    @property
    def is_incomplete(self) -> bool:
        """Whether something was refused, or a source held nothing that is known here."""
        is_empty = any(not row.found and not row.left_out for row in self.rows)
        is_refused = any(row.refused for row in self.rows)
        return is_empty or is_refused or self.problems.errors > 0

    def write_json(self, file: TextIO) -> None:
        """Write the report as JSON, story by story. Raises OSError where the disk would not have it."""
        order = sorted(self.fields)
        fields = {word: {what: self.fields[word][what] for what in _COUNTS} for word in order}
        file.write(f'{{\n"sources": {_json([row.as_data() for row in self.rows])},\n"fields": {_json(fields)},\n"stories": [')
        file.writelines(f"{',' if number else ''}\n{_json(entry)}" for number, entry in enumerate(self.stories))
        file.write('\n],\n"problems": [')
        file.writelines(f"{',' if number else ''}\n{_json(asdict(problem))}" for number, problem in enumerate(self.problems))
        file.write("\n]\n}\n")

    def lines(self) -> Iterator[str]:
        """Yield the report for a terminal."""
        for row in self.rows:
            counts = ", ".join(f"{getattr(row, word):,} {_OUTCOME_WORDS[word]}" for word in _OUTCOME_WORDS if getattr(row, word))
            yield f"{row.path} ({row.kind}): {row.found:,} found{': ' if counts else ''}{counts}"
            if row.left_out:
                yield "  left out: " + ", ".join(f"{count:,} {reason}" for reason, count in sorted(row.left_out.items()))
            yield from row.coverage_lines()
        if self.fields:
            yield ""
            width = max(map(len, self.fields))
            yield f"{'':{width}}  {'kept':>8} {'inferred':>8} {'dropped':>8}"
            for word in sorted(self.fields, key=lambda word: (word not in FIELD_NAMES, word)):
                counts = " ".join(f"{self.fields[word][what] or '·':>8}" for what in _COUNTS)
                yield f"{word:{width}}  {counts}"
        rules, tags = self.stories.rules, self.stories.tags
        if rules:
            yield ""
            yield "text cut, by rule: " + ", ".join(f"{rule} {count:,}" for rule, count in rules.most_common())
            if self.stories.count == 1:
                yield from (f"  {cut['rule']}: {_short(cut['text'])}" for story in self.stories for cut in story["cut"])
        if tags:
            yield "kept as HTML: " + ", ".join(f"{tag} {count:,}" for tag, count in tags.most_common())
        if self.dry_run:
            yield "Nothing was written (--dry-run)."


_OUTCOME_WORDS = {"written": "written", "updated": "updated", "same": "already there", "refused": "refused"}


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return text.encode(errors="backslashreplace").decode()  # half a pair of surrogates: \ud800, as JSON escapes it


def _short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:99]}…"
