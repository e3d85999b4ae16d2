"""One captured file does not stop the archive, and nothing of it reaches the terminal but text."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from builder.articles import headline, parsing
from builder.base.problems import CONTROL_CHARACTERS, escape_controls
from tests.sites import Archive, Run, archive, story

PATIENCE_S = 60


@contextmanager
def no_waiting() -> Iterator[None]:
    """Fail where the block waits, as one who opens a pipe does for a writer."""

    def fail(*_: object) -> None:
        raise AssertionError("it waits")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(PATIENCE_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def build(tmp_path: Path, files: dict[str, str | bytes]) -> tuple[Archive, Run]:
    """Build a sound article and `files` with --keep-going; the sound one is published whatever the others are."""
    site = archive(tmp_path, {"content/sound.md": story("Sound"), **files})
    run = site.build("--keep-going")
    assert "2025/02/12/sound.html" in site.published()
    return site, run


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ({"draft": "!!bool maybe"}, "content/a.md:4:1: error: draft: must be true or false"),
        ({"date": "!!timestamp nope"}, 'content/a.md:3:1: error: date: "nope" is not a date that can be read'),
        ({"section": "!odd World"}, "content/a.md:4:10: error: a ! at the beginning is a sign of YAML: put the value in quotes"),
        ({"section": "*odd World"}, "content/a.md:4:10: error: a * at the beginning is a sign of YAML: put the value in quotes"),
        ({"images": '[{src: "a\\0.jpg", alt: x, credit: y}]'}, "content/a.md:4:11: warning: images.1.src: an escape stands for"),
        ({"body": "![x](%00.jpg)"}, "warning: the picture \\x00.jpg has a control character in its name"),
        ({"tags": "!!set {a, b}"}, "content/a.md:4:1: error: tags.1: must be one text, not a list or a mapping"),
        ({"section": "[" * 3000}, "content/a.md:"),
    ],
)
def test_odd_values_are_problems_at_their_place(tmp_path: Path, words: dict[str, str], line: str) -> None:
    _, run = build(tmp_path, {"content/a.md": story(**words)})
    assert any(line in printed for printed in run.err.splitlines()), run.err


@pytest.mark.parametrize("words", [{"section": '!!int ""'}, {"title": "!!float 1.5.2"}, {"byline": "!!timestamp noon"}])
def test_a_type_that_yaml_is_told_of_is_a_text_like_any_other(tmp_path: Path, words: dict[str, str]) -> None:
    site, run = build(tmp_path, {"content/a.md": story(**words, slug="a")})
    assert (run.code, run.err) == (0, "")
    assert "2025/02/12/a.html" in site.published()


def test_folders_nested_by_the_thousand_and_paths_that_are_too_long(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/sound.md": story("Sound")})
    here = Path.cwd()
    try:
        for name, count in (("n", 1100), ("l" * 200, 25)):
            os.chdir(tmp_path / "content")
            for _ in range(count):
                Path(name).mkdir()
                os.chdir(name)
            Path(f"deep-{name[0]}.md").write_text(story("Deep", slug=f"deep-{name[0]}"), encoding="utf-8")
    finally:
        os.chdir(here)
    run = site.build("--keep-going")
    assert run.code == 1
    assert [line.rpartition(": ")[2] for line in run.err.splitlines() if "error" in line and "content/" in line] == [
        "File name too long"
    ]
    assert {"2025/02/12/sound.html", "2025/02/12/deep-n.html"} <= site.published().keys()
    subprocess.run(["rm", "-rf", str(tmp_path / "content")], check=True)  # deeper than what Python removes


def test_a_pipe_among_the_articles_is_named_and_not_read(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    os.mkfifo(tmp_path / "content/pipe.md")
    os.mkfifo(tmp_path / "content/pipe.jpg")
    _, run = build(tmp_path, {"content/a.md": story(body="![x](pipe.jpg)")})
    assert "content/pipe.md:1:1: error: is no regular file (a pipe, a device or a socket)" in run.err
    assert "the picture pipe.jpg is no regular file" in run.err


def test_an_exception_over_one_file_is_an_error_at_that_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = headline.resolve_title

    def failing(values: dict[str, object], *rest: object) -> str:
        if values["title"] == "Broken":
            raise KeyError("unforeseen")
        return original(values, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(parsing, "resolve_title", failing)
    _, run = build(tmp_path, {"content/a.md": story("Broken")})
    assert run.code == 1
    assert "content/a.md:1:1: error: cannot be read: KeyError: 'unforeseen'; this is a fault of Morgue: please report it" in run.err


def test_an_output_folder_that_no_file_system_takes(tmp_path: Path) -> None:
    run = archive(tmp_path, {"content/a.md": story()}).build("--output", "o" * 300)
    assert run.code == 2
    assert run.err.startswith("--output: a name has at most 255 bytes")


def test_control_characters_never_reach_the_terminal_and_a_newline_forges_no_line(tmp_path: Path) -> None:
    name = "content/x\n2025.md:1:1: error: forged \x1b[31m.md"
    site, run = build(
        tmp_path,
        {name: story(date="never"), "content/b.md": story('"A \\e[31m red \\u202e title"', slug="b", date="\x1b]0;x\x07never")},
    )
    printed = run.err + run.out + site.run("check").out + site.run("fix", stdin="n").out + site.run("search", "red").out
    assert not set(printed) & {"\x1b", "\x07", "\x08", "\u202e"}
    assert not any(line.startswith("2025.md:1:1") for line in printed.splitlines())
    assert "content/x\\n2025.md:1:1: error: forged \\x1b[31m.md:3:1: error: date" in run.err


def test_no_command_that_prints_lets_control_characters_through(tmp_path: Path) -> None:
    site, _ = build(
        tmp_path,
        {
            "content/a\nb.md:1:1: error: forged.md": story('"A \\u202e red \\x9b title"', tags='["x\\u2066y"]', unknown="1"),
            "content/b.md": story("Two", text="red \x9b31m \u202e text \u2028 here"),
            "content/c.md": story("Three", date="never \x9b"),
        },
    )
    commands = (
        ["check", "--json"], ["search", "red"], ["search", "red", "--json"], ["search", "title:\x9bx\u202e", "--json"], ["fix", "--yes"],
        ["export", "OUT.csv"], ["bag", "OUT"], ["new", "T \u202e\x9b"], ["withdraw", "\x9b", "--reason", "x"], ["verify"],
    )  # fmt: skip
    for command in commands:
        run = site.run(*(part.replace("OUT", f"{tmp_path}/\u202e\x9b") for part in command))
        assert not CONTROL_CHARACTERS.search((run.out + run.err).replace("\n", "")), command
        assert not any(line.startswith("b.md:1:1") for line in (run.out + run.err).splitlines()), command
        if "--json" in command:
            json.loads(run.out)
    assert json.loads(site.run("search", "red", "--json").out)["results"]


def test_what_is_escaped() -> None:
    assert escape_controls("a\tb\r\n\x1b\x9b\u202e\u2028é漢\u200f") == "a\\tb\\r\\n\\x1b\\x9b\\u202e\\u2028é漢\u200f"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("path", ["addresses.txt", ".morgue/holder", "public/manifest-sha512.txt", "public/index.html"])
def test_a_pipe_in_the_place_of_a_file_of_ours_holds_up_nothing(tmp_path: Path, path: str) -> None:
    site = archive(tmp_path, {"content/a.md": story()})
    assert site.build().code == 0
    (tmp_path / path).unlink(missing_ok=True)
    os.mkfifo(tmp_path / path)
    with no_waiting():
        run = site.build()
    if path == "addresses.txt":
        assert (run.code, run.err) == (
            3,
            f"{tmp_path}/addresses.txt: cannot be read: is no regular file (a pipe, a device or a socket)\n",
        )
    else:
        assert run.code == 0, run.err
        assert not (tmp_path / path).is_fifo()


def test_an_output_folder_whose_path_is_too_long_is_a_message(tmp_path: Path) -> None:
    run = archive(tmp_path, {"content/a.md": story()}).build("--output", "q/" * 3000)
    assert run.code == 2
    assert run.err.startswith("--output: a folder's path has at most ")
