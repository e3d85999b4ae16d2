"""site.yml: what is wrong with it is told at the line where it stands, all at once, in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sites import archive, story


def test_site_yml_is_checked_with_lines_and_suggestions(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {"site.yml": "title: T\ntimzone: UTC\nurl: nowhere\nundated: maybe\nfields: {bylin: author}\n", "content/a.md": story()},
    )
    run = site.build()
    assert run.code == 2
    lines = run.err.splitlines()
    assert 'site.yml:2:1: error: timzone: is not a setting (did you mean "timezone"?); remove it or mend its spelling' in lines
    assert any(line.startswith("site.yml:3:1: error: url: must be the full address") for line in lines)
    assert 'site.yml:4:1: error: undated: must be error or keep, not "maybe"' in lines
    assert 'site.yml:5:10: error: fields.bylin: unknown field (did you mean "byline"?)' in lines


def test_a_folder_without_site_yml_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    run = archive(tmp_path / "x", {}).write({"site.yml": None}).build()
    assert run.code == 2
    assert "morgue init" in run.err


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ("permalink: '{slug:x}.html'", "site.yml:2:1: error: permalink: {slug} takes nothing after its name"),
        ("permalink: '{slug:99999999999}.html'", "site.yml:2:1: error: permalink: {slug} takes nothing after its name"),
        ("permalink: '{slug!r}.html'", "site.yml:2:1: error: permalink: {slug} takes nothing after its name"),
        ('permalink: "{slug}\\0.html"', "site.yml:2:1: error: permalink: holds a control character"),
        ("markdown: [tables, nope]", 'site.yml:2:1: error: markdown: "nope" is no Markdown extension that is installed'),
        ("markdown: [os]", 'site.yml:2:1: error: markdown: "os" is no Markdown extension that is installed'),
        ("timezone: !!timestamp x", 'site.yml:2:1: error: timezone: "x" is no time zone'),
        ("timezone: '../../etc/passwd'", "site.yml:2:1: error: timezone: "),
        (f"timezone: {'a' * 300}", "site.yml:2:1: error: timezone: "),
    ],
)
def test_site_yml_that_cannot_be_is_an_error_at_its_line(tmp_path: Path, settings: str, line: str) -> None:
    site = archive(tmp_path, {"site.yml": f"title: x\n{settings}\n", "content/a.md": story()})
    run = site.build()
    assert run.code == 2
    assert run.err.startswith(line), run.err


def test_all_errors_of_site_yml_at_once(tmp_path: Path) -> None:
    run = archive(tmp_path, {"site.yml": "title: !odd x\nurl: nowhere\nlanguage: en\nlanguage: zh\nlanguag: en\n"}).build()
    assert run.code == 2
    assert [line.rpartition(": error: ")[0] for line in run.err.splitlines()] == [
        f"site.yml:{at}" for at in ("1:8", "2:1", "4:1", "5:1")
    ]


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("language: French", 'language: "French" is not a language code like en or zh-Hant'),
        ("agencies: [x]", "agencies: must be `key: value` lines below it"),
        ("agencies: {X: [y]}", "agencies.X: must be `key: value` lines below it"),
        ("agencies: {X: {url: y}}", 'agencies.X.url: "y" is not an address that begins with https://'),
        ("fields: x", "fields: must be `key: value` lines below it"),
        (
            "description: [a]",
            "description: must be one text, not a list or a mapping; brackets that are meant need quotes around the whole value",
        ),
    ],
)
def test_site_yml_speaks_no_programmers_words(tmp_path: Path, setting: str, message: str) -> None:
    run = archive(tmp_path, {"site.yml": f"title: x\n{setting}\n", "content/a.md": story()}).build()
    assert run.code == 2
    assert run.err.startswith("site.yml:2:")
    assert run.err.rstrip().endswith(f"error: {message}"), run.err
