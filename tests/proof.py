"""The random-edit proof at full size: after every round of edits a build equals a clean one, bytes and answers.

    python -m tests.proof --corpus DIR [--stories 2000] [--edits 200] [--rounds 20] [--seed 1]

Works on a copy of some stories of DIR (its `content/`, or itself) in a temporary folder. Each round makes a handful of
edits, builds on top of what was there, and compares every published byte and the answers of `morgue search` with those
of a clean build of the same sources. Leaves with 1 and the first differences where they are not the same.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from builder.build import Options, build
from builder.search.answers import find

SITE = "title: The Proof\nurl: https://proof.example/\ntimezone: Europe/London\nundated: keep\n"
SITES = (SITE, SITE.replace("The Proof", "The Second Proof"), SITE + "permalink: /{year}/{slug}/\n", SITE + "language: zh-Hant\n")
QUERIES = ("oil", '"oil prices"', "bank -japan", "trade OR wheat", "econom*", "title:dollar", "newword", "tag:newtag", "-oil", "")
SORTS = ("relevance", "newest")


class Editor:
    """Makes random edits to the archive in `folder`; each returns whether there was something to do."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder = folder
        self.chance = chance
        self.done: Counter[str] = Counter()
        self.broken: dict[Path, bytes] = {}
        self.added = 0
        self.kinds: dict[str, Callable[[], bool]] = {
            name.removeprefix("_to_"): getattr(self, name) for name in dir(self) if name.startswith("_to_")
        }

    def edit(self) -> None:
        """Make one edit of a random kind."""
        while True:
            kind = self.chance.choice(sorted(self.kinds))
            if self.kinds[kind]():
                self.done[kind] += 1
                return

    def _any(self) -> Path:
        return self.chance.choice(sorted((self.folder / "content").rglob("*.md")))

    def _rewrite(self, pattern: str, by: str) -> bool:
        file = self._any()
        old = file.read_text(encoding="utf-8")
        new = re.sub(pattern, by, old, count=1, flags=re.MULTILINE)
        file.write_text(new, encoding="utf-8")
        return new != old

    def _to_change(self) -> bool:
        with self._any().open("a", encoding="utf-8") as file:
            file.write(f"\n\nOne newword more, {self.chance.random()}.\n")
        return True

    def _to_retitle(self) -> bool:
        return self._rewrite(r"^title: .*$", f'title: "Another headline {self.chance.randrange(1000)}"')

    def _to_retag(self) -> bool:
        return self._rewrite(r"^tags:\n", f'tags:\n  - "newtag {self.chance.randrange(3)}"\n')

    def _to_redate(self) -> bool:
        day = f"19{self.chance.randint(86, 88)}-{self.chance.randint(1, 12):02}-{self.chance.randint(1, 28):02}"
        return self._rewrite(r"^date: .*$", f"date: {day}")

    def _to_withdraw(self) -> bool:
        return self._rewrite(r"^title: ", "withdrawn: {date: 1990-01-01, reason: Wrong}\ntitle: ")

    def _to_add(self) -> bool:
        text = re.sub(r"(?m)^id: .*\n", "", self._any().read_text(encoding="utf-8"), count=1)
        self.added += 1
        target = self.folder / f"content/added/{self.added % 5}/added-{self.added}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        return True

    def _to_delete(self) -> bool:
        file = self._any()
        self.broken.pop(file, None)
        file.unlink()
        return True

    def _to_rename(self) -> bool:
        file = self._any()
        if file in self.broken:
            return False
        file.rename(file.with_name(f"renamed-{self.chance.randrange(10**6)}-{file.name}"))
        return True

    def _to_touch(self) -> bool:
        os.utime(self._any(), (1_000_000_000, 1_000_000_000))
        return True

    def _to_break(self) -> bool:
        file = self._any()
        if file in self.broken:
            return False
        self.broken[file] = file.read_bytes()
        return file.write_text("---\ntitle: [never closed\ndate: nonsense\n---\nNothing.\n") > 0

    def _to_mend(self) -> bool:
        if not self.broken:
            return False
        file, data = self.broken.popitem()
        return file.write_bytes(data) > 0

    def _to_change_site(self) -> bool:
        file = self.folder / "site.yml"
        site = self.chance.choice([site for site in SITES if site != file.read_text()])
        return file.write_text(site) > 0

    def _to_change_template(self) -> bool:
        return self._swap("templates/day.html", "<!doctype html><title>{{ day }}</title><p>%s</p>")

    def _to_change_static(self) -> bool:
        return self._swap("static/own.css", "p { order: %s }")

    def _swap(self, path: str, text: str) -> bool:
        file = self.folder / path
        if file.exists() and self.chance.random() < 0.5:
            file.unlink()
            return True
        file.parent.mkdir(exist_ok=True)
        return file.write_text(text % self.chance.randrange(1000)) > 0


def published(folder: Path) -> dict[str, bytes]:
    """Return every file of the output folder, by path."""
    public = folder / "public"
    return {file.relative_to(public).as_posix(): file.read_bytes() for file in public.rglob("*") if file.is_file()}


def answers(folder: Path) -> dict[str, object]:
    """Return what `morgue search` answers to every query, in every order."""
    return {f"{query!r} by {sort}": find(folder, query, sort=sort, limit=50) for query in QUERIES for sort in SORTS}


def differences(found: dict[str, object], expected: dict[str, object]) -> list[str]:
    """Return the names under which two results differ."""
    return sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))


def prove(corpus: Path, stories: int, edits: int, rounds: int, seed: int, work: Path) -> int:
    """Run the proof in the empty folder `work`; return how many rounds differed, having printed what."""
    chance = random.Random(seed)
    folder = work / "site"
    content = corpus / "content" if (corpus / "content").is_dir() else corpus
    every = sorted(content.rglob("*.md"))
    for file in chance.sample(every, min(stories, len(every))):
        target = folder / "content" / file.relative_to(content)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    (folder / "site.yml").write_text(SITE)
    options = Options(keep_going=True)
    report = build(folder, options)
    print(f"{report.articles:,} stories, {report.written:,} files, {sum(report.seconds.values()):.1f} s", flush=True)
    editor = Editor(folder, chance)
    wrong = 0
    for number in range(rounds):
        before = editor.done.copy()
        for _ in range(edits * (number + 1) // rounds - edits * number // rounds):
            editor.edit()
        report = build(folder, options)
        clean = work / "clean"
        shutil.copytree(folder, clean, ignore=shutil.ignore_patterns("public", ".morgue"))
        fresh = build(clean, options)
        found = differences({**published(folder), **answers(folder)}, {**published(clean), **answers(clean)})
        wrong += bool(found)
        took, anew = (sum(each.seconds.values()) for each in (report, fresh))
        said = "DIFFERS: " + ", ".join(found[:10]) if found else f"the same: {fresh.written:,} files"
        made = ", ".join(f"{kind} {count}" for kind, count in sorted((editor.done - before).items()))
        print(f"{number + 1:3} {said}; {report.written:,} written, {took:.1f} s for {anew:.1f} s ({made})", flush=True)
        shutil.rmtree(clean)
    print(f"{sum(editor.done.values())} edits in {rounds} rounds, {wrong} rounds differ", flush=True)
    return wrong


def main() -> None:
    """Prove, print, and leave with 1 where a round differed."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--corpus", type=Path, required=True)
    arguments.add_argument("--stories", type=int, default=2000)
    arguments.add_argument("--edits", type=int, default=200)
    arguments.add_argument("--rounds", type=int, default=20)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(int(time.time())))  # both builds of a round are of one moment
    with tempfile.TemporaryDirectory() as work:
        sys.exit(bool(prove(given.corpus, given.stories, given.edits, given.rounds, given.seed, Path(work))))


if __name__ == "__main__":
    main()
