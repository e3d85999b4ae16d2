"""A build is made for a moment that can be given, and one that is given wrongly is not passed over."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from builder.base.now import now
from tests.sites import archive, story


@pytest.mark.parametrize(("given", "moment"), [("0", 0), ("1700000000", 1700000000), ("-5", -5)])
def test_the_given_moment_counts(given: str, moment: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    assert now() == moment


def test_without_one_it_is_the_clock_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    before = int(time.time())
    assert before <= now() <= int(time.time())


@pytest.mark.parametrize("given", ["yesterday", "2025-01-01", "1.5", " "])
def test_one_that_is_no_number_is_an_error(given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    site = archive(tmp_path, {"content/a.md": story()})
    for command in ("build", "check"):
        run = site.run(command)
        assert run.code == 2
        assert f'SOURCE_DATE_EPOCH: "{given}" is not a number' in run.err
    assert not (tmp_path / "public").exists()
