"""What a person sees of a long build: a bar for each stage on a terminal, problems alone in a pipe."""

from __future__ import annotations

import io

import pytest

from builder.base.problems import Problem, Severity
from builder.commands.terminal import Terminal

PROBLEM = Problem("content/a.md", 3, 1, Severity.ERROR, "date", "is missing")


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(screen: io.StringIO, monkeypatch: pytest.MonkeyPatch, quiet: bool = False) -> str:
    monkeypatch.setattr("sys.stderr", screen)
    with Terminal(quiet) as terminal:
        terminal.stage("Reading articles", 20)
        terminal.advance(5)
        terminal.advance(15)
        terminal.problem(PROBLEM)
        terminal.stage("Writing pages", 0)
        terminal.advance(7)
        terminal.stage("Nothing to do", 0)
    return screen.getvalue()


def test_each_stage_with_work_has_a_bar_and_problems_lines_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(Screen(), monkeypatch)
    assert "Reading articles" in text
    assert "20/20" in text
    assert "Writing pages" in text
    assert "Nothing to do" not in text
    assert f"\n{PROBLEM}\n" in text


@pytest.mark.parametrize(("screen", "quiet"), [(io.StringIO, False), (Screen, True)])
def test_in_a_pipe_and_where_it_is_to_be_quiet_there_are_problems_alone(
    monkeypatch: pytest.MonkeyPatch, screen: type[io.StringIO], quiet: bool
) -> None:
    assert shown(screen(), monkeypatch, quiet) == f"{PROBLEM}\n"
