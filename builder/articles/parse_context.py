"""One file while it is parsed: where its problems are gathered and their positions found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from builder.articles.frontmatter import SplitFile
from builder.base.problems import Problem, Severity, field_path
from builder.base.yaml_parsing import position


@dataclass(slots=True)
class ParseContext:
    """One file while it is parsed. `path` is relative to the site's folder (`content/2025/a.md`)."""

    path: str
    source: SplitFile
    keys: dict[str, str] = field(default_factory=dict)
    """How this file spells each field, where `fields` of site.yml maps them."""
    draft_sign: str = ""
    """What makes a draft of it, where that is another tool's field: `status: pending`."""
    problems: list[Problem] = field(default_factory=list)
    known_outputs: frozenset[str] = frozenset()
    """The renditions that the article's pictures had when it was last read: those pictures are known to be sound."""

    def report(self, severity: Severity, where: Sequence[str | int], message: str) -> None:
        """Add a problem at the key path `where` of the front matter, such as `("images", 0, "src")`; () is the whole file."""
        self.report_key(severity, [self.keys.get(str(where[0]), where[0]), *where[1:]] if where else [], message)

    def report_key(self, severity: Severity, where: Sequence[str | int], message: str) -> None:
        """Add a problem at the key path `where`, as this file spells its keys."""
        line, column = position(self.source.front, where) if self.source.front and where else (0, 1)
        self.report_front(severity, line, column, field_path(where), message)

    def report_front(self, severity: Severity, line: int, column: int, field: str, message: str) -> None:
        """Add a problem at a line and column (from 1) of the front matter; line 0 is the file as a whole."""
        line = self.source.front_line - 1 + line if line else 1
        self.problems.append(Problem(self.path, line, column, severity, field, message))

    def report_body(self, severity: Severity, text: str, message: str) -> None:
        """Add a problem at the first place of `text` in the body."""
        self.report_at(severity, max(self.source.body.find(text), 0), message)

    def find_in_body(self, text: str, start: int) -> int:
        """Return the offset of `text` in the body from `start` on, in any case of letters; else anywhere; else 0."""
        for pattern in (re.escape(text), re.escape(text[:20])):
            expression = re.compile(pattern, re.IGNORECASE)
            match = expression.search(self.source.body, start) or expression.search(self.source.body)
            if match:
                return match.start()
        return 0

    def report_at(self, severity: Severity, offset: int, message: str) -> None:
        """Add a problem at an offset of the body."""
        before = self.source.body[:offset]
        line = self.source.body_line + before.count("\n")
        self.problems.append(Problem(self.path, line, offset - before.rfind("\n"), severity, "", message))

    @property
    def has_errors(self) -> bool:
        """Whether an error was reported: the article cannot be published."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)
