"""What a machine and a person do to a build while it runs: Ctrl-C, a folder that nobody may write, a second build."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.effort import effort
from tests.sites import SITE, Archive, archive, story

pytestmark = pytest.mark.proof

# root without the right to pass over permissions
MERE_MORTAL = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
CANNOT_LIMIT = os.geteuid() == 0 and not shutil.which("setpriv") and os.environ.get("CI") != "true"
PATIENCE = 60


def command(site: Archive, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "builder", "-C", str(site.folder), "build", "--quiet", *arguments]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """An archive that takes a second or so to build, built once."""
    text = "Some *words* and [a link](https://example.org/).\n\n" * 20
    numbers = range(effort(120, 250))
    stories = {f"content/{number}.md": story(f"Story {number}", f"2020-0{1 + number % 9}-11", text) for number in numbers}
    made = archive(tmp_path_factory.mktemp("endurance") / "site", stories)
    assert made.build().code == 0
    return made


def alive(group: int) -> bool:
    """Whether a process of the group still runs; one that has ended and waits to be reaped by the system's first process does not."""
    if not Path("/proc/self/stat").exists():
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        return True
    for process in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of_group = process.read_text().rpartition(") ")[2].split()[:3]
        except OSError:
            continue  # it has ended meanwhile
        if int(of_group) == group and state not in "ZX":
            return True
    return False


MOMENTS = [
    (".morgue/holder", "2"), ("public/.morgue-staging/1", "1"), ("public/.morgue-staging/90", "2"),
    (".morgue/holder", "1"), ("public/.morgue-staging/1", "2"), ("public/.morgue-staging/90", "1"),
]  # fmt: skip
"""What is there when Ctrl-C comes, and how many processes build."""


@pytest.mark.parametrize(("moment", "jobs"), MOMENTS[: effort(3, 6)])
def test_ctrl_c_ends_at_once_and_leaves_no_worker_and_no_half_page(site: Archive, moment: str, jobs: str) -> None:
    site.write({"site.yml": SITE.replace("Lantern", f"Lantern {jobs} {moment}")})
    before = site.published()
    (site.folder / ".morgue/holder").unlink(missing_ok=True)
    process = subprocess.Popen(command(site, "--jobs", jobs, "--clean"), start_new_session=True, stderr=subprocess.PIPE, text=True)
    wait_for(site.folder / moment, process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all processes of the group
    err = process.communicate(timeout=PATIENCE)[1]
    assert (process.returncode, err) == (130, "stopped\n"), "it went on, or was over before"
    deadline = time.monotonic() + PATIENCE
    while alive(process.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(process.pid), "a process of the build lives on"
    assert site.published() == before


def wait_for(file: Path, process: subprocess.Popen[str]) -> None:
    """Return once `file` is there. Fails where the process ends before."""
    while not file.exists():
        assert process.poll() is None, f"the build was over before there was {file}"
        time.sleep(0.002)


def test_after_all_those_the_next_build_equals_a_clean_one(site: Archive) -> None:
    assert site.build().code == 0
    found = site.published()
    assert site.build("--clean", "--output", "anew").code == 0
    assert found == site.published("anew")


@pytest.mark.skipif(CANNOT_LIMIT, reason="root may write anywhere, and setpriv is not there")
def test_an_output_folder_that_may_not_be_written_is_named_and_keeps_its_site(tmp_path: Path) -> None:
    small = archive(tmp_path / "site", {"content/a.md": story()})
    output = tmp_path / "out"
    assert small.build("--output", str(output)).code == 0
    before = Archive(tmp_path).published("out")
    small.write({"site.yml": SITE.replace("Lantern", "Torch")})
    for folder in (output, *(path for path in output.rglob("*") if path.is_dir())):
        folder.chmod(0o555)
    try:
        run = subprocess.run(
            [*MERE_MORTAL, *command(small, "--jobs", "1", "--output", str(output))], capture_output=True, text=True
        )
    finally:
        for folder in (output, *(path for path in output.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
    assert run.returncode == 3, run.stderr
    assert str(output) in run.stderr
    assert "Permission denied; the last good site stands" in run.stderr
    assert "Traceback" not in run.stderr
    assert Archive(tmp_path).published("out") == before


@pytest.mark.skipif(CANNOT_LIMIT, reason="root may write anywhere, and setpriv is not there")
def test_one_folder_that_may_not_be_written_is_found_before_any_page_is_replaced(tmp_path: Path) -> None:
    small = archive(tmp_path / "site", {"content/a.md": story(tags="[b]")})
    assert small.build().code == 0
    before = small.published()
    small.write({"site.yml": SITE.replace("Lantern", "Torch")})
    (small.folder / "public/tags").chmod(0o555)
    try:
        run = subprocess.run([*MERE_MORTAL, *command(small, "--jobs", "1")], capture_output=True, text=True)
    finally:
        (small.folder / "public/tags").chmod(0o755)
    assert run.returncode == 3, run.stderr
    assert f"{small.folder / 'public/tags'}: " in run.stderr
    assert small.published() == before


@pytest.mark.skipif(CANNOT_LIMIT, reason="root may write anywhere, and setpriv is not there")
def test_an_index_that_may_not_be_read_is_made_anew(tmp_path: Path) -> None:
    small = archive(tmp_path / "site", {"content/a.md": story()})
    assert small.build().code == 0
    small.write({"content/b.md": story("Another")})
    (small.folder / ".morgue/browser.sqlite").chmod(0)
    run = subprocess.run([*MERE_MORTAL, *command(small, "--jobs", "1")], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    found = small.published()
    assert small.build("--clean", "--output", "anew").code == 0
    assert found == small.published("anew")


def test_a_second_build_says_who_builds_and_changes_nothing(site: Archive) -> None:
    site.write({"site.yml": SITE.replace("Lantern", "First")})
    first = subprocess.Popen(command(site, "--jobs", "1", "--clean"))
    try:
        wait_for_lock(site.folder / ".morgue/lock")
        second = subprocess.run(command(site), capture_output=True, text=True, timeout=PATIENCE)
        assert second.returncode == 3
        assert f"process {first.pid} is building this archive" in second.stderr
    finally:
        assert first.wait(timeout=PATIENCE) == 0
    assert "First" in site.page("index.html")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_with_the_process_that_was_killed(site: Archive, number: signal.Signals) -> None:
    shutil.rmtree(site.folder / "public", ignore_errors=True)  # so that every page is staged anew
    first = subprocess.Popen(
        command(site, "--jobs", "2", "--clean"), start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    wait_for(site.folder / "public/.morgue-staging/50", first)
    first.send_signal(number)
    try:
        first.communicate(timeout=PATIENCE)  # whoever lives on holds the pipe: its workers would write into the next build's pages
    finally:
        if alive(first.pid):
            os.killpg(first.pid, signal.SIGKILL)
    assert first.returncode == -number


def wait_for_lock(lock: Path) -> None:
    """Return once another process holds `lock` and has said who it is."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with lock.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if (lock.parent / "holder").exists():
                    return
        time.sleep(0.02)
    pytest.fail("the first build never took the lock")


def test_the_lock_of_a_build_that_was_killed_is_free(site: Archive) -> None:
    first = subprocess.Popen(command(site, "--jobs", "1", "--clean"))
    wait_for_lock(site.folder / ".morgue/lock")
    first.kill()
    first.wait()
    assert (site.folder / ".morgue/holder").exists()  # it had no time to say that it goes
    assert site.build().code == 0
