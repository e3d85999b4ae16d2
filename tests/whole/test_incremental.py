"""Whatever was edited, and however a build ended: the next one equals a clean build, byte for byte."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from builder.output.publisher import STAGING
from tests.effort import effort
from tests.faults import run_with_fault
from tests.proof.disk import fill, mounted
from tests.sites import SITE, Archive, archive, lacking, story

pytestmark = pytest.mark.proof

SIZE = effort(100, 400)
"""How many articles the archive has that is killed, cut off and damaged."""
PICTURES = (b"one", b"another", None)


def clean_copy(site: Archive, folder: Path) -> dict[str, bytes]:
    """What a clean build of the same sources publishes."""
    shutil.copytree(site.folder, folder, ignore=shutil.ignore_patterns("public", ".morgue"), symlinks=True)
    other = Archive(folder)
    other.build("--keep-going")
    return other.published()


stories = st.builds(
    lambda title, month, day, tags, agency, extra, body: story(
        **{"title": title, "date": f"2024-{month:02}-{day:02}" if day else "", "body": body, "tags": f"[{', '.join(tags)}]", "agency": agency, **extra}
    ),
    st.sampled_from(["One", "Two", "三", ""]),
    st.integers(1, 3),
    st.integers(0, 3),
    st.lists(st.sampled_from(["Tag", "tag", "b", "峰會"]), max_size=3, unique=True),
    st.sampled_from(["", "Harbour Wire", "[Harbour Wire, Other]"]),
    st.sampled_from(
        [{}, {}, {"withdrawn": "{date: 2024-04-01, reason: Wrong}"}, {"draft": "true"}, {"aliases": "[/old/a, /old/b.html]"}, {"id": "x"}, {"slug": "s"},
         {"agancy": "x"}, {"images": "[{src: p.jpg, alt: A, credit: C}]"}, {"corrections": "[{date: 2024-05-01, text: Not so}]"}, {"date": "never"}]
    ),
    st.sampled_from(["Words.", "# One\n\nOther words.", "[x](a.md) [y](/tags/b/)", "![z](p.jpg)", "", "中文。"]),
)  # fmt: skip
names = st.sampled_from(["content/a.md", "content/b.md", "content/2024/c.md", "content/2024/d.md", "content/e.md"])
edits = st.one_of(
    st.tuples(st.just("write"), names, stories),
    st.tuples(st.just("write"), names, stories),
    st.tuples(st.just("delete"), names, st.just("")),
    st.tuples(st.just("rename"), names, names),
    st.tuples(st.just("touch"), names, st.just("")),
    st.tuples(st.just("write"), st.just("site.yml"), st.sampled_from([SITE, SITE + "undated: keep\n", SITE.replace("Lantern", "Torch"), SITE + "permalink: /{slug}/\n", SITE + "defaults: {section: World}\n"])),
    st.tuples(st.just("write"), st.just("templates/day.html"), st.sampled_from(["<p>{{ day }}</p>", "{{ articles|length }}"])),
    st.tuples(st.just("write"), st.just("static/own.css"), st.sampled_from(["a{}", "b{}"])),
    st.tuples(st.just("write"), st.just("content/p.jpg"), st.sampled_from(["one", "another"])),
    st.tuples(st.just("delete"), st.sampled_from(["templates/day.html", "static/own.css", "content/p.jpg"]), st.just("")),
    st.tuples(st.sampled_from(["forget", "move"]), st.just(""), st.just("")),
    st.tuples(st.just("spoil"), st.sampled_from(["public/index.html", "public/feed.xml", ".morgue/state.sqlite", ".morgue/browser.sqlite"]), st.sampled_from(["", "noise"])),
)  # fmt: skip


def apply(site: Archive, edit: tuple[str, str, str]) -> Archive:
    """Make an edit; return the archive, which may have moved."""
    kind, path, value = edit
    file = site.folder / path
    if kind == "move":
        return Archive(site.folder.rename(site.folder.with_name(f"{site.folder.name}-moved")))
    if kind == "forget":
        shutil.rmtree(site.folder / ".morgue", ignore_errors=True)
    elif kind == "write":
        site.write({path: value})
    elif not file.exists():
        pass
    elif kind == "delete":
        file.unlink()
    elif kind == "rename":
        (site.folder / value).parent.mkdir(parents=True, exist_ok=True)
        file.replace(site.folder / value)
    elif kind == "touch":
        os.utime(file, (time.time(), 1_000_000_000))
    elif value:
        file.write_text(value)
    else:
        file.unlink()
    return site


# Without shrinking: one example is a dozen whole builds, and hypothesis would try for five minutes to make it smaller.
@settings(
    max_examples=effort(4, 30),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(st.lists(st.lists(edits, min_size=1, max_size=4), min_size=2, max_size=5))
def test_after_any_edits_a_build_equals_a_clean_one(rounds: list[list[tuple[str, str, str]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = archive(Path(folder) / "site", {"content/a.md": story(tags="[b]"), "content/2024/c.md": story(date="2024-02-02")})
        for number, round_ in enumerate(rounds):
            for edit in round_:
                site = apply(site, edit)
            site.build("--keep-going")
            assert site.published() == clean_copy(site, Path(folder) / f"clean{number}")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An archive of some size, built once in the first folder, and a copy in the second."""
    chance = random.Random(1)
    files = {
        f"content/{number}.md": story(f"Story {number}", f"20{chance.randint(10, 20)}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}", "Words. " * 50, tags=f"[t{number % 9}]")
        for number in range(SIZE)
    }  # fmt: skip
    top = tmp_path_factory.mktemp("busy")
    site = archive(top / "site", files)
    assert site.build().code == 0
    shutil.copytree(site.folder, top / "copy")
    return site.folder, top / "copy"


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """A small archive, built once: tests take copies."""
    files = {f"content/{number}.md": story(f"Story {number}", f"201{number}-05-1{number}", "Words. " * 50) for number in range(9)}
    site = archive(tmp_path_factory.mktemp("few") / "site", files)
    assert site.build().code == 0
    return site


@pytest.fixture
def copied(few: Archive, tmp_path: Path) -> Archive:
    """A copy of that, as up to date as it."""
    return Archive(shutil.copytree(few.folder, tmp_path / "site"))


@pytest.fixture
def busy(built: tuple[Path, Path]) -> Archive:
    """That archive as it was when it was built, in the same folder."""
    folder, copy = built
    shutil.rmtree(folder)
    shutil.copytree(copy, folder)
    return Archive(folder)


def test_a_second_build_writes_no_file(busy: Archive) -> None:
    before = {file: file.stat().st_mtime_ns for file in (busy.folder / "public").rglob("*")}
    report = busy.folder / "report.json"
    assert busy.build("--report", str(report)).code == 0
    assert {file: file.stat().st_mtime_ns for file in (busy.folder / "public").rglob("*")} == before
    assert json.loads(report.read_text())["written"] == 0


def test_one_edit_writes_what_shows_it_and_no_more(busy: Archive) -> None:
    text = (busy.folder / "content/7.md").read_text()
    report = busy.folder / "report.json"
    busy.write({"content/7.md": text + "\nOne more sentence, far below what lists show.\n"})
    busy.build("--report", str(report))
    assert json.loads(report.read_text())["written"] < 15
    busy.write({"content/7.md": text.replace("Story 7", "Another headline")})
    busy.build("--report", str(report))
    assert json.loads(report.read_text())["written"] < 40


def test_a_published_file_that_became_a_folder_and_back_is_followed(tmp_path: Path) -> None:
    site = archive(tmp_path / "site", {"content/a.md": story(), "static/a": "a file"})
    for number, (old, new) in enumerate((("static/a", "static/a/b"), ("static/a/b", "static/a"))):
        assert site.build().code == 0
        site.write({old: None})
        if "/b" in old:
            (site.folder / old).parent.rmdir()
        site.write({new: "again"})
        run = site.build()
        assert (run.code, run.err) == (0, "")
        assert site.published() == clean_copy(site, tmp_path / f"clean{number}")


def test_an_empty_folder_in_the_place_of_a_page_gives_way(tmp_path: Path) -> None:
    site = archive(tmp_path / "site", {"content/a.md": story()})
    site.build()
    (site.folder / "public/index.html").unlink()
    (site.folder / "public/index.html").mkdir()
    run = site.build()
    assert (run.code, run.err) == (0, "")
    assert site.published() == clean_copy(site, tmp_path / "clean")


@pytest.mark.parametrize("blocked", ["tags", "index.html/mine.txt"])
def test_what_stands_in_the_way_is_named_before_any_page_is_replaced(tmp_path: Path, blocked: str) -> None:
    site = archive(tmp_path / "site", {"content/a.md": story(tags="[b]")})
    site.build()
    place = site.folder / "public" / blocked.partition("/")[0]
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    site.write({f"public/{blocked}": "somebody's", "site.yml": SITE.replace("Lantern", "Torch")})
    before = site.published()
    run = site.build()
    assert run.code == 3
    assert "files that Morgue did not write" in run.err
    assert blocked.partition("/")[0] in run.err
    assert site.published() == before


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)


DAMAGED = r"\.morgue/{}\.sqlite:0:0: warning: is damaged \(.+\); the build makes it anew"


def scribble(file: Path) -> None:
    """Write noise over two pages in the middle of a file: parts of one may hold nothing."""
    data = file.read_bytes()
    middle = len(data) // 2
    file.write_bytes(data[:middle] + noise(32_768) + data[middle + 32_768 :])


def change(statement: str) -> Callable[[Path], None]:
    """Return what runs an SQL statement on a state."""

    def run(file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute(statement)
            connection.commit()

    return run


@pytest.mark.parametrize(
    ("damage", "is_said"),
    [
        (lambda file: file.unlink(), False),
        (lambda file: file.write_bytes(b""), False),
        (lambda file: file.write_bytes(noise(40_000)), True),
        (lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]), True),
        (scribble, True),
        (change("UPDATE articles SET records = CAST(replace(CAST(records AS TEXT), 'Story', 'Fable') AS BLOB)"), True),
        (change("UPDATE bodies SET html = 'forged'"), True),
        (change("UPDATE bodies SET text = 'forged'"), True),
        (change("UPDATE bodies SET article = NULL"), True),
        (change("PRAGMA user_version = 99"), False),
    ],
    ids=[
        "deleted",
        "emptied",
        "noise",
        "truncated",
        "scribbled",
        "changed articles",
        "changed bodies",
        "changed texts",
        "no articles",
        "another format",
    ],
)
def test_a_damaged_state_costs_time_and_nothing_else_and_is_said(
    copied: Archive, tmp_path: Path, damage: Callable[[Path], object], is_said: bool
) -> None:
    for suffix in ("-wal", "-shm"):
        (copied.folder / f".morgue/state.sqlite{suffix}").unlink(missing_ok=True)
    damage(copied.folder / ".morgue/state.sqlite")
    copied.write({"content/7.md": None, "content/8.md": story("A new story", "2015-05-15")})
    run = copied.build("--report", str(tmp_path / "report.json"))
    assert run.code == 0
    lines = [line for line in run.err.splitlines() if not line.startswith("addresses.txt:")]
    assert lines == [line for line in lines if re.fullmatch(DAMAGED.format("state"), line)]
    assert len(lines) == is_said
    problems = json.loads((tmp_path / "report.json").read_text())["problems"]
    assert [problem["path"] for problem in problems if problem["path"] != "addresses.txt"] == [".morgue/state.sqlite"] * is_said
    assert copied.published() == clean_copy(copied, tmp_path / "clean")


def test_a_damaged_store_of_the_browser_s_index_is_not_called_the_state(copied: Archive, tmp_path: Path) -> None:
    (copied.folder / ".morgue/browser.sqlite").write_bytes(noise(40_000))
    copied.write({"content/8.md": story("A new story", "2015-05-15")})
    run = copied.build()
    assert run.code == 0
    assert re.fullmatch(DAMAGED.format("browser") + "\n", run.err), run.err
    assert copied.published() == clean_copy(copied, tmp_path / "clean")


def test_a_locked_store_of_the_browser_s_index_is_named(copied: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *arguments, **named: connect(*arguments, **named | {"timeout": 0}))
    before = copied.published()
    copied.write({"content/8.md": story("A new story", "2015-05-15")})
    with closing(connect(copied.folder / ".morgue/browser.sqlite")) as other:
        other.execute("BEGIN EXCLUSIVE")
        run = copied.build()
    assert (run.code, "browser.sqlite: database is locked" in run.err, "state.sqlite" in run.err) == (3, True, False)
    assert copied.published() == before


def torn(folder: Path) -> Iterator[str]:
    """Yield the published pages that break off."""
    for file in folder.rglob("*.html"):
        if STAGING not in file.parts and not file.read_bytes().rstrip().endswith(b"</html>"):
            yield str(file)


def published(site: Archive) -> dict[str, bytes]:
    """What a reader finds: what waits to be published is not."""
    return {path: data for path, data in site.published().items() if not path.startswith(f"{STAGING}/")}


def change_all(site: Archive, number: int) -> None:
    """Make an edit that every page shows, and two that some do."""
    site.write(
        {
            "site.yml": SITE.replace("Lantern", f"Lantern {number}"),
            f"content/{number % SIZE}.md": story(f"Round {number}", "2016-06-16"),
            "content/new.md": story(f"N {number}"),
        }
    )


MOMENTS = [
    ("open", STAGING, 1, "before"),  # the first page
    ("open", STAGING, SIZE, "before"),  # in the midst of them
    ("os.rename", "whoosh", 1, "before"),  # the index comes before the pages
    ("os.rename", STAGING, 1, "before"),  # all are made, none is in its place
    ("os.rename", STAGING, SIZE, "amid"),
    ("os.rename", STAGING, 2 * SIZE, "amid"),
]
"""What a build is about to do when it is killed (see tests.faults), and what a reader then finds: the site before, or some of each."""


def test_a_killed_build_leaves_whole_pages_and_the_next_one_ends_right(busy: Archive, tmp_path: Path) -> None:
    chance = random.Random(7)
    at_random = [("os.rename", STAGING, chance.randint(2, 2 * SIZE), "amid") for _ in range(effort(1, 6))]
    for number, (event, part, at, found) in enumerate((*MOMENTS[:: effort(2, 1)], *at_random)):
        before = published(busy)
        change_all(busy, number)
        run = run_with_fault("kill", event, part, at, ["build", "--quiet", "--jobs", "1", "-C", str(busy.folder)])
        assert run.returncode == -signal.SIGKILL, f"the build was over before {event} {at}: {run.stderr}"
        assert list(torn(busy.folder / "public")) == []
        after = published(busy)
        changed = sum(data != before.get(path) for path, data in after.items())
        assert (changed == 0) if found == "before" else (0 < changed < len(after))
        if found == "amid":
            assert busy.build("--quiet").code == 0
    assert busy.build().code == 0
    assert busy.published() == clean_copy(busy, tmp_path / "clean")


def test_a_build_whose_workers_are_killed_with_it_leaves_the_last_good_site(busy: Archive, tmp_path: Path) -> None:
    before = busy.published()
    change_all(busy, 1)
    command = [sys.executable, "-m", "builder", "build", "--quiet", "--jobs", "2", "-C", str(busy.folder)]
    process = subprocess.Popen(command, start_new_session=True)
    while not (busy.folder / "public" / STAGING / f"{SIZE // 2}").exists():
        assert process.poll() is None, "the build was over before anything could be done to it"
        time.sleep(0.001)
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert published(busy) == before
    assert busy.build().code == 0
    assert busy.published() == clean_copy(busy, tmp_path / "clean")


def test_a_worker_that_dies_is_told_of_and_nothing_is_published(busy: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    before = busy.published()
    busy.write({"site.yml": SITE.replace("Lantern", "Torch")})
    monkeypatch.setattr("builder.render.renderer.render_batch", die)
    run = busy.run("build", "--jobs", "2")
    assert run.code == 3
    assert "a worker process died" in run.err
    assert busy.published() == before
    monkeypatch.undo()
    assert busy.run("build", "--jobs", "2").code == 0


def die(work: object) -> None:
    """End the worker that this runs in, and never the tests themselves."""
    if multiprocessing.parent_process() is None:
        raise AssertionError("the work was done in the process of the build")
    os.kill(os.getpid(), signal.SIGKILL)


FULL_AT = [
    ("full", "open", STAGING, 1),
    ("once", "os.rename", STAGING, 20),
    ("full", "os.rename", "whoosh", 1),
    ("full", "open", STAGING, 30),
    ("full", "os.rename", STAGING, 1),
    ("full", "os.rename", "whoosh", 2),
]
"""When the disk is full (see tests.faults)."""


@pytest.mark.parametrize(("fault", "event", "part", "at"), FULL_AT[: effort(3, 6)])
def test_where_no_file_can_be_written_the_last_good_site_stands(tmp_path: Path, fault: str, event: str, part: str, at: int) -> None:
    site = archive(tmp_path / "site", {f"content/{number}.md": story(f"Story {number}", tags="[b]") for number in range(9)})
    assert site.build().code == 0
    before, answer = site.published(), site.run("search", "--json", "story").out
    site.write({"site.yml": SITE.replace("Lantern", "Torch"), "content/new.md": story("Another story", tags="[c]")})
    run = run_with_fault(fault, event, part, at, ["build", "--quiet", "--jobs", "1", "-C", str(site.folder)])
    assert (run.returncode, published(site)) == (3, before), run.stderr
    assert "No space left on device" in run.stderr
    assert "Traceback" not in run.stderr
    assert site.run("search", "--json", "story").out == answer
    assert site.build().code == 0
    assert site.published() == clean_copy(site, tmp_path / "clean")


def test_a_full_disk_leaves_the_last_good_site(busy: Archive, tmp_path: Path) -> None:
    small = tmp_path / "small"
    with mounted(small, megabytes=24) as why_not:
        if why_not:
            lacking(why_not)
        assert busy.build("--output", str(small / "public")).code == 0
        before = Archive(small).published()
        busy.write({"site.yml": SITE.replace("Lantern", "Torch")})
        fill(small, room=0)
        run = busy.build("--output", str(small / "public"))
        assert run.code == 3
        assert "No space left on device" in run.err
        assert Archive(small).published() == before
        (small / "ballast").unlink()
        assert busy.build("--output", str(small / "public")).code == 0
        assert Archive(small).published() == clean_copy(busy, tmp_path / "clean")


ROOM = (0, 1, 2, 4, 8, 9, 12, 16, 24, 40)[:: effort(5, 1)]
"""How many blocks are free when the disk is full: each lets the build come a step further."""


def test_a_full_disk_leaves_what_is_known_and_searched(busy: Archive, tmp_path: Path) -> None:
    small = tmp_path / "small"
    kept = busy.folder / ".morgue"
    with mounted(small, megabytes=48) as why_not:
        if why_not:
            lacking(why_not)
        shutil.move(kept, small / "kept")
        kept.symlink_to(small / "kept")
        for number, blocks in enumerate(ROOM):
            site, answer = busy.published(), busy.run("search", "--json", "story").out
            busy.write({f"content/{number}.md": story(f"Story of round {number}", "2014-04-14")})
            fill(small, room=4096 * blocks)
            command = [sys.executable, "-m", "builder", "build", "--quiet", "--jobs", "1", "-C", str(busy.folder)]
            full = subprocess.run(command, capture_output=True, text=True)  # Whoosh leaves files open that it cannot write
            assert (full.returncode, busy.published()) == (3, site)
            assert "No space left on device" in full.stderr or "full" in full.stderr
            assert busy.run("search", "--json", "story").out == answer
            (small / "ballast").unlink()
            assert busy.build().code == 0
        assert busy.published() == clean_copy(busy, tmp_path / "clean")
