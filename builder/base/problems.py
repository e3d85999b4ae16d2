"""Problems in one form, `path:line:column: severity: field: message`, the exceptions, and the reporters that hear of both.

What Morgue raises on purpose:

    Exception
    ├── MorgueError                   the command line prints it and exits with its `exit_code`
    │   ├── BuildUnavailableError  3  locked, disk full, a worker died
    │   ├── ConfigError            2  site.yml, theme or options
    │   └── QueryError             2  a search that cannot be read (builder.search.text.query)
    ├── StateCorruptError             a database or index of .morgue/ is made anew (builder.state.sqlite)
    ├── IndexMissingError             no index to search (builder.search.whoosh_index.index)
    │   └── IndexDamagedError         nor what was written of one
    └── ValueError
        ├── YamlError                 a position within YAML (builder.base.yaml_parsing)
        └── FrontMatterError          a file that cannot be split (builder.articles.frontmatter)
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

CONTROL_CHARACTERS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What no terminal may get from a file: escape sequences, line breaks, marks that turn the direction of text."""


def escape_controls(text: str) -> str:
    """Return `text` with its control characters written out (`\x1b`), so that it moves no cursor and forges no line."""
    return CONTROL_CHARACTERS.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def field_path(where: Sequence[str | int]) -> str:
    """Return the key path `where`, of keys and of places in lists from 0, as a Problem names it: `images.1.alt`, counted from 1."""
    return ".".join(str(part + 1 if isinstance(part, int) else part) for part in where)


class Severity(StrEnum):
    """An error keeps an article (and, without `--keep-going`, the build) from being published; a warning never does."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding, placed in the file that a person would edit to mend it.

    `path` is relative to the site's folder; `line` and `column` count from 1 (0: the file as a whole).
    `field` is the key as the file spells it (`images.2.alt`: that of the second picture), or "" for what concerns the whole file.
    """

    path: str
    line: int
    column: int
    severity: Severity
    field: str
    message: str

    def __str__(self) -> str:
        field_text = f"{self.field}: " if self.field else ""
        return escape_controls(f"{self.path}:{self.line}:{self.column}: {self.severity}: {field_text}{self.message}")


class MorgueError(Exception):
    """The root of the errors that the command line prints; it exits with `exit_code`."""

    exit_code = 3


class BuildUnavailableError(MorgueError):
    """The work could not be done: locked, disk full, a worker died. The message says what to do."""


class ConfigError(MorgueError):
    """site.yml, the templates or the command line ask for something that is not there. `problems` has every one found."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem] | str) -> None:
        self.problems = () if isinstance(problems, str) else tuple(problems)
        super().__init__(problems if isinstance(problems, str) else "\n".join(map(str, self.problems)))


class Reporter(Protocol):
    """Hears how the work goes: the terminal, a test, or nobody."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins: `name` is a verb phrase for people, `total` the steps it will take (0: unknown)."""

    def advance(self, steps: int) -> None:
        """`steps` more steps of the stage are done."""

    def problem(self, problem: Problem) -> None:
        """A problem was found. Each is reported once, in the order of path, line and column."""


class NullReporter:
    """Hears everything, says nothing."""

    def stage(self, name: str, total: int) -> None:
        """Ignore a stage."""

    def advance(self, steps: int) -> None:
        """Ignore progress."""

    def problem(self, problem: Problem) -> None:
        """Ignore a problem."""


class UnrepeatedReporter:
    """Passes on to `reporter` what it hears; of problems each once, however often the work begins anew."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._problems: set[Problem] = set()
        self.stage, self.advance = reporter.stage, reporter.advance

    def problem(self, problem: Problem) -> None:
        """Pass a problem on that is new."""
        if problem not in self._problems:
            self._problems.add(problem)
            self._reporter.problem(problem)


@dataclass
class BufferReporter(NullReporter):
    """Collects the problems, for tests and for the page that `morgue serve` shows."""

    problems: list[Problem] = field(default_factory=list)

    def problem(self, problem: Problem) -> None:
        """Collect a problem."""
        self.problems.append(problem)


def suggestion(word: str, words: Iterable[str]) -> str:
    """Return ` (did you mean "agency"?)` for a near miss of one of `words`, else an empty text."""
    alike = 0.65 if len(word) < 5 else 0.75  # one wrong letter weighs more in a short word
    close = difflib.get_close_matches(word.lower(), sorted(words), n=1, cutoff=alike)
    return f' (did you mean "{close[0]}"?)' if close else ""
