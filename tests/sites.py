"""Small whole sites for tests: made from `{path: text}`, built through the command line, read back as bytes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner

from builder.build import INPUTS
from builder.commands.cli import main
from builder.state.last_build import look_at_inputs

SITE = "title: The Lantern\nurl: https://lantern.example/\ntimezone: Asia/Hong_Kong\n"


@dataclass(frozen=True)
class Run:
    """What a command printed and how it left."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Archive:
    """An archive in a folder of its own."""

    folder: Path

    def write(self, files: Mapping[str, str | bytes | None]) -> Archive:
        """Write files, by their paths in the archive; None deletes."""
        for path, text in files.items():
            file = self.folder / path
            if text is None:
                file.unlink()
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode() if isinstance(text, str) else text)
        return self

    def run(self, *arguments: str, stdin: str = "") -> Run:
        """Run `morgue` on the archive. A traceback is a failure of the test."""
        result = CliRunner().invoke(main, ["-C", str(self.folder), *arguments], input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Run(result.exit_code, result.stdout, result.stderr)

    def build(self, *arguments: str) -> Run:
        """Build in this process."""
        return self.run("build", "--jobs", "1", *arguments)

    def published(self, output: str = "public") -> dict[str, bytes]:
        """Every file of the output folder, by path."""
        folder = self.folder / output
        return {file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}

    def page(self, path: str) -> str:
        """The text of one output."""
        return (self.folder / "public" / path).read_text(encoding="utf-8")


def archive(folder: Path, files: Mapping[str, str | bytes]) -> Archive:
    """Make an archive of `files` in `folder`; a plain site.yml where none is given."""
    return Archive(folder).write({"site.yml": SITE, **files})


def story(title: str = "A story", date: str = "2025-02-12", body: str = "Some words.", **words: str) -> str:
    """The text of an article."""
    front = "".join(f"{word}: {value}\n" for word, value in {"title": title, "date": date, **words}.items() if value)
    return f"---\n{front}---\n{body}\n"


def hear_interrupts() -> None:
    """Let a child process hear Ctrl-C (`preexec_fn`), which a parent that runs in a script's background has it ignore."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def lacking(what: str) -> NoReturn:
    """Skip the test for want of `what`; with CI=true, where everything has to be there, fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


def settle(site: Archive) -> None:
    """Wait until no file of `site` is so young that a change could go unseen."""
    while not look_at_inputs(site.folder / name for name in INPUTS).is_settled:
        time.sleep(0.005)
