"""Where the proof is made: a copy of some stories, built on and on, and what a reader finds there at a moment."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from builder.base.files import digest
from builder.base.problems import BuildUnavailableError
from builder.build import Options, build
from builder.output.publisher import STAGING
from builder.search.answers import find
from builder.search.whoosh_index.searcher import Sort

SITE = "title: The Proof\nurl: https://proof.example/\ntimezone: Europe/London\nundated: keep\n"
QUERIES = (
    "oil",
    '"oil prices"',
    "bank -japan",
    "trade OR wheat",
    "econom*",
    "title:dollar",
    "newword",
    "tag:newtag",
    "-oil",
    "libraryword",
    "section:newsection",
    "",
)
SORTS: tuple[Sort, ...] = ("relevance", "newest")

Tell = Callable[[str], None]
Answers = dict[str, object]


@dataclass(frozen=True)
class Seen:
    """What a reader finds at a moment: the digest of each published file, and what `morgue search` answers."""

    files: dict[str, str]
    torn: list[str]
    """Pages that break off before they end."""
    answers: Answers

    def differences(self, other: Seen) -> list[str]:
        """Return the paths and questions under which two differ."""
        mine, theirs = {**self.files, **self.answers}, {**other.files, **other.answers}
        return sorted(name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name))


@dataclass
class Ground:
    """An archive that the proof builds, and where it may make clean copies."""

    folder: Path
    spare: Path
    output: Path = Path("public")
    """Where the site goes, from the archive's folder."""

    @classmethod
    def of(cls, corpus: Path, stories: int, chance: random.Random, work: Path, folder: Path | None = None) -> Ground:
        """Copy some stories of `corpus` to `folder` (else one in `work`)."""
        made = cls(folder or work / "site", work / "clean")
        content = corpus / "content" if (corpus / "content").is_dir() else corpus
        every = sorted(content.rglob("*.md"))
        for file in chance.sample(every, min(stories, len(every))):
            target = made.folder / "content" / file.relative_to(content)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
        (made.folder / "site.yml").write_text(SITE)
        return made

    def command(self, *arguments: str) -> list[str]:
        """Return the command that builds: articles that tests broke do not keep the others from being published."""
        common = ("build", "--quiet", "--keep-going", "-C", str(self.folder), "--output", str(self.output))
        return [sys.executable, "-m", "builder", *common, *arguments]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Build in a process of its own, and wait for it."""
        return subprocess.run(self.command(*arguments), capture_output=True, text=True)

    def see(self) -> Seen:
        """Look at the site and ask the index."""
        return Seen(*_files(self.folder / self.output), answers(self.folder))

    def clean(self) -> Seen:
        """Return what a clean build of the same sources gives, made in another place."""
        shutil.copytree(self.folder, self.spare, ignore=shutil.ignore_patterns("public", ".morgue", "ballast"))
        try:
            build(self.spare, Options(keep_going=True))
            return Ground(self.spare, self.spare).see()
        finally:
            shutil.rmtree(self.spare)


def _files(public: Path) -> tuple[dict[str, str], list[str]]:
    files, torn = {}, []
    for folder, folders, names in os.walk(public):
        for name in names:
            data = (Path(folder) / name).read_bytes()
            path = (Path(folder) / name).relative_to(public).as_posix()
            files[path] = digest(data)
            if name.endswith(".html") and not data.rstrip().endswith(b"</html>"):
                torn.append(path)
        if STAGING in folders and Path(folder) == public:
            folders.remove(STAGING)  # what waits there is not published
    return files, torn


def answers(folder: Path) -> Answers:
    """Return what `morgue search` answers to every question, in every order; nothing where it says that it has no index."""
    try:
        return {f"{query!r} by {sort}": find(folder, query, sort=sort, limit=50) for query in QUERIES for sort in SORTS}
    except BuildUnavailableError:
        return {}


def some(names: Iterable[str]) -> str:
    """Return the first few of `names` as a text."""
    return ", ".join(list(names)[:10])
