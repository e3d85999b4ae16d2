"""What the tests of the import share: bring sources into a small archive, and read the articles back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.articles.frontmatter import split
from builder.base.yaml_parsing import parse
from tests.sites import Archive, Run, archive


@dataclass(frozen=True)
class Imported:
    """An archive after an import: what was printed, the loss report, and each article's front matter and body by its path."""

    archive: Archive
    run: Run
    report: dict[str, Any]

    @property
    def articles(self) -> dict[str, tuple[dict[str, Any], str]]:
        content = self.archive.folder / "content"
        found = {}
        for file in sorted(content.rglob("*.md")):
            source = split(file.read_bytes())
            found[file.relative_to(content).as_posix()] = parse(source.front), source.body.strip()
        return found

    @property
    def only(self) -> tuple[dict[str, Any], str]:
        (article,) = self.articles.values()
        return article


def bring_in(folder: Path, *arguments: str, stdin: str = "", site: str = "", into: Archive | None = None) -> Imported:
    """Run `morgue import` with a report, in one process, on a new archive in `folder` (or again on the one given).

    Whatever comes in, the numbers add up, the exit status agrees with them, and every file in the archive is whole.
    """
    there = into or archive(folder / "archive", {"site.yml": "title: The Lantern\nurl: https://lantern.example/\n" + site})
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    before = articles_in(there)
    run = there.run("import", *arguments, "--report", str(report), "--jobs", "1", stdin=stdin)
    data = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    done = Imported(there, run, data)
    if data:
        check_numbers(done, len(articles_in(there)) - len(before), is_dry="--dry-run" in arguments)
    return done


def articles_in(there: Archive) -> list[Path]:
    """The files below content/; none of them is half-written."""
    files = [file for file in (there.folder / "content").rglob("*") if file.is_file()]
    assert not [file for file in files if file.name.startswith(".morgue-")]
    articles = [file for file in files if file.suffix == ".md"]
    for file in articles:
        assert parse(split(file.read_bytes()).front)["title"]
    return articles


def check_numbers(done: Imported, new: int, *, is_dry: bool = False) -> None:
    """Hold the report against what is on the disk and how the command left."""
    for row in done.report["sources"]:
        assert row["found"] == row["written"] + row["updated"] + row["same"] + row["refused"], row
        assert f"{row['path']} ({row['kind']}): {row['found']:,} found" in done.run.out
    total = {word: sum(row[word] for row in done.report["sources"]) for word in ("written", "updated", "refused")}
    assert (0 if is_dry else total["written"]) == new
    assert len(done.report["stories"]) == total["written"] + total["updated"]
    errors = [problem for problem in done.report["problems"] if problem["severity"] == "error"]
    assert done.run.code == (1 if errors or total["refused"] else 0)
    assert "Traceback" not in done.run.out + done.run.err


def bring_in_text(folder: Path, text: str, *arguments: str, site: str = "") -> Imported:
    """Import a pasted text."""
    file = folder / "paste.txt"
    file.write_text(text, encoding="utf-8")
    return bring_in(folder, str(file), *arguments, site=site)
