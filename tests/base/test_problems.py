"""Problems in one form, which no name in them can forge."""

from __future__ import annotations

import pickle

from builder.base.problems import BufferReporter, ConfigError, Problem, Severity, UnrepeatedReporter, suggestion

PROBLEM = Problem("content/a.md", 3, 7, Severity.WARNING, "agency", "unknown field")


def test_a_problem_is_one_line_with_its_position() -> None:
    assert str(PROBLEM) == "content/a.md:3:7: warning: agency: unknown field"
    forged = Problem("content/a\nb.md", 1, 1, Severity.ERROR, "", "x\x1b[2J\u202e")
    assert len(str(forged).splitlines()) == 1 and "\x1b" not in str(forged)


def test_problems_are_sorted_by_path_line_and_column() -> None:
    others = [Problem(path, line, 1, Severity.ERROR, "", "x") for path, line in (("b.md", 1), ("a.md", 10), ("a.md", 9))]
    assert [(each.path, each.line) for each in sorted(others)] == [("a.md", 9), ("a.md", 10), ("b.md", 1)]


def test_errors_cross_processes_with_all_their_problems() -> None:
    error = pickle.loads(pickle.dumps(ConfigError([PROBLEM, PROBLEM])))
    assert list(error.problems) == [PROBLEM, PROBLEM] and error.exit_code == ConfigError.exit_code


def test_a_problem_is_passed_on_once_however_often_the_work_begins_anew() -> None:
    heard = BufferReporter()
    reporter = UnrepeatedReporter(heard)
    for _ in range(2):
        reporter.problem(PROBLEM)
    assert heard.problems == [PROBLEM]


def test_near_misses_are_suggested_and_others_not() -> None:
    assert suggestion("agancy", ["agency", "source"]) == ' (did you mean "agency"?)'
    assert suggestion("weather", ["agency", "source"]) == ""
