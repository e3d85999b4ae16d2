"""A new archive says what was asked or given, and reminds of an address that was not."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.sites import Archive


def test_options_say_what_site_yml_says(tmp_path: Path) -> None:
    site = Archive(tmp_path / "new")
    given = ["--title", "燈塔報", "--url", "https://lantern.example/a/", "--language", "zh-Hant", "--timezone", "Asia/Hong_Kong"]
    assert Archive(tmp_path).run("init", *given, str(site.folder)).code == 0
    run = site.build()
    assert (run.code, run.err) == (0, "")
    assert "燈塔報" in site.page("index.html")
    assert '<html lang="zh-Hant"' in site.page("index.html")
    assert "https://lantern.example/a/" in site.page("sitemap.xml")


def test_the_zone_is_the_machine_s_and_the_address_is_asked_for_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert Archive(tmp_path).run("init", str(tmp_path / "new")).code == 0
    assert "timezone: Pacific/Auckland " in (tmp_path / "new/site.yml").read_text()
    for command in ("build", "check"):
        run = Archive(tmp_path / "new").run(command)
        assert run.code == 0
        assert "site.yml:3:1: warning: url: is still the example" in run.err + run.out


@pytest.mark.parametrize("given", [["--url", "lantern"], ["--timezone", "Mars/Base"], ["--language", "no language"]])
def test_a_setting_that_cannot_be_writes_nothing(tmp_path: Path, given: list[str]) -> None:
    run = Archive(tmp_path).run("init", *given, str(tmp_path / "new"))
    assert (run.code, run.err.startswith("site.yml:")) == (2, True)
    assert not (tmp_path / "new").exists()


def test_without_a_terminal_it_says_what_it_chose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    run = Archive(tmp_path).run("init", "--title", "Quay", str(tmp_path / "quay"))
    chosen = "--url 'https://archive.example/' --language 'en' --timezone 'Pacific/Auckland'"
    assert f"It asks on a terminal alone, so these are its own choice: {chosen}; site.yml has them" in run.out
    run = Archive(tmp_path).run(
        "init", "--title=Q", "--url=https://q.example/", "--language=en", "--timezone=UTC", str(tmp_path / "q")
    )
    assert "its own choice" not in run.out


def test_git_merges_two_ledgers_by_keeping_the_lines_of_both(tmp_path: Path) -> None:
    run = Archive(tmp_path).run("init", str(tmp_path / "new"), "--title", "A", "--url", "https://a.example/")
    assert run.code == 0
    base = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": str(tmp_path)}
    names = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", *arguments], cwd=tmp_path / "new", env={**os.environ, **base, **names}, check=True, capture_output=True
        )

    ledger = tmp_path / "new/addresses.txt"
    git("init", "--quiet", "--initial-branch", "one")
    ledger.write_text("# head\na.html\t1\n")
    git("add", ".")
    git("commit", "--quiet", "--message", "1")
    git("checkout", "--quiet", "-b", "two")
    ledger.write_text("# head\na.html\t1\nc.html\t3\n")
    git("commit", "--quiet", "--all", "--message", "3")
    git("checkout", "--quiet", "one")
    ledger.write_text("# head\na.html\t1\nb.html\t2\n")
    git("commit", "--quiet", "--all", "--message", "2")
    git("merge", "--quiet", "two")
    assert sorted(ledger.read_text().splitlines()) == ["# head", "a.html\t1", "b.html\t2", "c.html\t3"]
