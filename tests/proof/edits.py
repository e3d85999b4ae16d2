"""Random edits: whatever was done to the sources, a build on top of what was there equals a clean one."""

from __future__ import annotations

import os
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path

from builder.build import Options, build
from tests.proof.ground import SITE, Ground, Tell, some
from tests.proof.library import EXTENSION, Library

WITH_EXTENSION = f"{SITE}markdown: [{EXTENSION}]\n"
SITES = (
    SITE,
    SITE.replace("The Proof", "The Second Proof"),
    SITE + "permalink: /{year}/{slug}/\n",
    SITE + "language: zh-Hant\n",
    WITH_EXTENSION,
    WITH_EXTENSION + "defaults: {section: Newsection, byline: Newword Writer}\n",
    SITE + "fields: {tags: section, section: tags}\nunknown_fields: keep\n",
)
"""What is indexed of every article differs in the last three."""
TO_ALL = {"change_site", "change_static", "change_template", "lose_state", "move", "upgrade"}
"""Edits that all or many pages show, or after which a build has everything to do."""


class Editor:
    """Makes random edits to the archive in `folder`; each returns whether there was something to do."""

    def __init__(self, folder: Path, chance: random.Random, library: Library | None = None) -> None:
        self.folder = folder
        self.library = library
        self.chance = chance
        self.done: Counter[str] = Counter()
        self.broken: dict[Path, bytes] = {}
        """By their paths in the folder."""
        self.added = 0
        self.kinds: dict[str, Callable[[], bool]] = {
            name.removeprefix("_to_"): getattr(self, name) for name in dir(self) if name.startswith("_to_")
        }

    def edit(self, but: Collection[str] = ()) -> None:
        """Make one edit of a random kind, `but` not of those."""
        while True:
            kind = self.chance.choice(sorted(self.kinds.keys() - but))
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
        self.broken.pop(file.relative_to(self.folder), None)
        file.unlink()
        return True

    def _to_rename(self) -> bool:
        file = self._any()
        if file.relative_to(self.folder) in self.broken:
            return False
        file.rename(file.with_name(f"renamed-{self.chance.randrange(10**6)}-{file.name}"))
        return True

    def _to_touch(self) -> bool:
        os.utime(self._any(), (1_000_000_000, 1_000_000_000))
        return True

    def _to_break(self) -> bool:
        file = self._any()
        if file.relative_to(self.folder) in self.broken:
            return False
        self.broken[file.relative_to(self.folder)] = file.read_bytes()
        return file.write_text("---\ntitle: [never closed\ndate: nonsense\n---\nNothing.\n") > 0

    def _to_mend(self) -> bool:
        if not self.broken:
            return False
        path, data = self.broken.popitem()
        return (self.folder / path).write_bytes(data) > 0

    def _to_change_site(self) -> bool:
        file = self.folder / "site.yml"
        site = self.chance.choice([site for site in SITES if site != file.read_text()])
        return file.write_text(site) > 0

    def _to_change_template(self) -> bool:
        return self._swap("templates/day.html", "<!doctype html><html><title>{{ day }}</title><p>%s</p></html>")

    def _to_change_static(self) -> bool:
        return self._swap("static/own.css", "p { order: %s }")

    def _to_lose_state(self) -> bool:
        if not (self.folder / ".morgue").exists():  # lost already in this round
            return False
        shutil.rmtree(self.folder / ".morgue")
        return True

    def _to_move(self) -> bool:
        self.folder = self.folder.rename(self.folder.with_name(f"moved-{self.chance.randrange(10**9)}"))
        return True

    def _to_upgrade(self) -> bool:
        if self.library is None or EXTENSION not in (self.folder / "site.yml").read_text():
            return False
        self.library.upgrade()
        return True

    def _swap(self, path: str, text: str) -> bool:
        file = self.folder / path
        if file.exists() and self.chance.random() < 0.5:
            file.unlink()
            return True
        file.parent.mkdir(exist_ok=True)
        return file.write_text(text % self.chance.randrange(1000)) > 0


def prove(ground: Ground, edits: int, rounds: int, chance: random.Random, tell: Tell) -> int:
    """Make `edits` in `rounds`; return how many rounds differed, having told what."""
    options = Options(keep_going=True)
    library = Library(ground.spare.with_name("library"))
    (ground.folder / "site.yml").write_text(WITH_EXTENSION)
    report = build(ground.folder, options)
    tell(f"Edits: {report.articles:,} stories, {report.written:,} files, {sum(report.seconds.values()):.1f} s")
    editor = Editor(ground.folder, chance, library)
    wrong = 0
    for number in range(rounds):
        before = editor.done.copy()
        for _ in range(edits * (number + 1) // rounds - edits * number // rounds):
            editor.edit()
        ground.folder = editor.folder
        report = build(ground.folder, options)
        found = ground.see().differences(ground.clean())
        wrong += bool(found)
        said = f"DIFFERS: {some(found)}" if found else "the same"
        made = ", ".join(f"{kind} {count}" for kind, count in sorted((editor.done - before).items()))
        took = sum(report.seconds.values())
        tell(f"{number + 1:4} {said}; {report.written:,} of {report.written + report.unchanged:,} written in {took:.1f} s ({made})")
    tell(f"{sum(editor.done.values())} edits in {rounds} rounds, {wrong} rounds differ")
    return wrong
