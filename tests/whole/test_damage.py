"""Damage to what the last build left in `.morgue/`: it is said, or it does not matter; what is published is a clean build's."""

from __future__ import annotations

import json
import random
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.effort import IS_WHOLE, effort
from tests.sites import Archive, Run, archive, story

pytestmark = [pytest.mark.slow, pytest.mark.proof]

FLIPS = effort(1, 250)
ARTICLES = 24
QUESTIONS = ("harbour", "w17*", "週三", "tag:t1")
EDITS: tuple[dict[str, str | bytes | None], ...] = (
    {"content/3.md": story("Another harbour", "2024-03-04", "A newword at the quay 碼頭.", tags="[t1, t9]")},
    {
        "content/5.md": story("The second edit", "2024-03-06", "harbour w17 w18 w400", tags="[t2]"),
        "content/8.md": story("Eight", "2024-03-09"),
    },
)
SAID = re.compile(r"\.morgue/(state\.sqlite|browser\.sqlite|whoosh):0:0: warning: is damaged \(.+\); the build makes it anew")


@dataclass(frozen=True)
class Ground:
    """An archive as it was built, and what is published and answered after each of the edits by clean builds."""

    folder: Path
    copy: Path
    published: list[dict[str, bytes]]
    answers: list[list[str]]

    def restored(self) -> Archive:
        """The archive as it was when it was built."""
        shutil.rmtree(self.folder)
        return Archive(shutil.copytree(self.copy, self.folder))


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    chance = random.Random(15)
    files = {
        f"content/{number}.md": story(
            f"Story {number}", f"2024-03-{number + 1:02}", " ".join(f"w{chance.randrange(900)}" for _ in range(300)) + " harbour 部長週三抵達", tags=f"[t{number % 4}]"
        )
        for number in range(ARTICLES)
    }  # fmt: skip
    top = tmp_path_factory.mktemp("damage")
    site = archive(top / "site", files)
    site.build()
    while not (site.folder / ".morgue/last-build").exists():
        site.build()  # the first finds files that are too young to be remembered
    shutil.copytree(site.folder, top / "copy")
    published, answers = [], []
    for edit in EDITS:
        site.write(edit)
        site.build("--clean")
        published.append(site.published())
        answers.append(asked(site))
    return Ground(site.folder, top / "copy", published, answers)


def asked(site: Archive) -> list[str]:
    """What is found, without the figures."""
    return [json.dumps(json.loads(site.run("search", question, "--json").out)["results"]) for question in QUESTIONS]


def builds_as_clean(site: Archive, ground: Ground) -> Run:
    """Edit, build, and compare; return what the first build printed."""
    runs = []
    for number, edit in enumerate(EDITS[: effort(1, len(EDITS))]):
        site.write(edit)
        run = site.build("--report", str(site.folder / "report.json"))
        assert run.code == 0, run.err
        assert [line for line in run.err.splitlines() if not SAID.fullmatch(line)] == []
        said = {line.partition(":0:0:")[0] for line in run.err.splitlines()}
        assert {problem["path"] for problem in json.loads((site.folder / "report.json").read_text())["problems"]} == said
        assert site.published() == ground.published[number]
        assert asked(site) == ground.answers[number]
        runs.append(run)
    assert runs[0].err == "" or not any(run.err for run in runs[1:]), "what was made anew is sound"
    return runs[0]


def flip(file: Path, chance: random.Random) -> None:
    """Change up to three bytes of a file, of those that are not empty space."""
    data = bytearray(file.read_bytes())
    used = [place for place, byte in enumerate(data) if byte]
    places = chance.sample(used, min(len(used), chance.choice([1, 1, 1, 2, 3])))
    for place in places:
        data[place] ^= 1 << chance.randrange(8)
    file.write_bytes(data)


@pytest.mark.parametrize("seed", range(FLIPS))
def test_after_flipped_bytes_a_build_equals_a_clean_one(ground: Ground, seed: int) -> None:
    chance = random.Random(f"{seed} {IS_WHOLE}")
    site = ground.restored()
    files = [file for file in kept(site) if file.stat().st_size]
    file = chance.choice([*(file for file in files if file.name == "browser.sqlite"), *files])
    flip(file, chance)
    builds_as_clean(site, ground)


def kept(site: Archive) -> list[Path]:
    """Every file in `.morgue/`."""
    return sorted(file for file in (site.folder / ".morgue").rglob("*") if file.is_file())


def become_folder(file: Path) -> None:
    """Put a folder with something in it in the place of a file."""
    file.unlink()
    file.mkdir()
    (file / "inside").write_text("x")


def cut_in_half(file: Path) -> None:
    """Truncate a file."""
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size // 2)


def empty(file: Path) -> None:
    """Leave nothing of a file but its name."""
    file.write_bytes(b"")


NAMES = (
    "browser.sqlite",
    "state.sqlite",
    "lock",
    "last-build",
    "whoosh/manifest.json",
    "whoosh/*.seg",
    "whoosh/*.json",
    "whoosh/*.toc",
)


@pytest.mark.parametrize("damage", [become_folder, cut_in_half, empty][: effort(1, 3)])
def test_whatever_stands_in_the_place_of_files_a_build_equals_a_clean_one(ground: Ground, damage: Callable[[Path], None]) -> None:
    for name in NAMES[: effort(1, 8)]:
        site = ground.restored()
        file = next((site.folder / ".morgue").glob(name))
        damage(file)
        is_said = damage != empty if name.endswith("sqlite") else name not in {"lock", "last-build"}
        assert bool(builds_as_clean(site, ground).err) == is_said, name


def test_several_damaged_files_are_each_made_anew_in_one_build(ground: Ground) -> None:
    site = ground.restored()
    for file in kept(site):
        file.write_bytes(b"no file of ours")
    assert len(SAID.findall(builds_as_clean(site, ground).err)) >= 2


def test_a_file_in_the_place_of_the_index_s_folder_is_said(ground: Ground) -> None:
    site = ground.restored()
    shutil.rmtree(site.folder / ".morgue/whoosh")
    (site.folder / ".morgue/whoosh").write_text("x")
    assert builds_as_clean(site, ground).err.startswith(".morgue/whoosh:0:0: warning: is damaged")


ROWS = (
    "DELETE FROM docs WHERE id = (SELECT max(id) FROM docs)",
    "DELETE FROM document_terms",
    "UPDATE words SET count = count + 1",
    "UPDATE files SET name = upper(name) WHERE kind = 't'",
    "DELETE FROM regions WHERE kind = 't'",
    "INSERT INTO dirty VALUES ('t', x'0041')",
    "UPDATE blocks SET counts = CAST(replace(CAST(counts AS TEXT), char(1), char(2)) AS BLOB)",
    "UPDATE blocks SET size = 'many'",
    "DELETE FROM blocks WHERE term = (SELECT term FROM blocks ORDER BY term LIMIT 1 OFFSET 200)",
    "UPDATE document_terms SET terms = x'789c00'",
)


@pytest.mark.parametrize("statement", ROWS[: effort(1, len(ROWS))])
def test_rows_that_sqlite_takes_for_sound_are_noticed_before_anything_comes_of_them(ground: Ground, statement: str) -> None:
    site = ground.restored()
    with closing(sqlite3.connect(site.folder / ".morgue/browser.sqlite")) as store:
        assert store.execute(statement).rowcount
        store.commit()
    assert builds_as_clean(site, ground).err.startswith(".morgue/browser.sqlite:0:0: warning: is damaged")
