"""What the tests of the import share: bring sources into a small archive, and read the articles back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.articles.frontmatter import split
from builder.base.yamltext import parse
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
    """Run `morgue import` with a report, in one process, on a new archive in `folder` (or again on the one given)."""
    there = into or archive(folder / "archive", {"site.yml": "title: The Lantern\nurl: https://lantern.example/\n" + site})
    report = folder / "report.json"
    run = there.run("import", *arguments, "--report", str(report), "--jobs", "1", stdin=stdin)
    data = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    for row in data.get("sources", []):
        assert row["found"] == row["written"] + row["updated"] + row["same"] + row["refused"]
    return Imported(there, run, data)


def bring_in_text(folder: Path, text: str, *arguments: str, site: str = "") -> Imported:
    """Import a pasted text."""
    file = folder / "paste.txt"
    file.write_text(text, encoding="utf-8")
    return bring_in(folder, str(file), *arguments, site=site)
