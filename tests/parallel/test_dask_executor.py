"""A build on a Dask cluster: a real scheduler and two workers on loopback, and all that can go wrong with them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import thread as executors
from contextlib import closing
from pathlib import Path

import pytest
from distributed import Client

import builder
from builder.base.problems import ConfigError
from builder.output.publisher import STAGING
from builder.parallel import dask_executor
from tests.cluster import PATIENCE, Dask, free_port, scheduled
from tests.effort import effort
from tests.sites import SITE, Archive, Run, archive, story

pytestmark = [pytest.mark.dask, pytest.mark.proof]

SIZE = effort(30, 300)

STORIES = {
    f"content/{number}.md": story(
        f"Story {number}", f"20{10 + number % 9}-0{1 + number % 9}-11", f"Words *of* number {number}, 倫敦訊.\n\n" * 20,
        tags=f"[Tag {number % 7}]", agency="Harbour Wire" if number % 2 else "",
    )
    for number in range(SIZE)
}  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Archive:
    return archive(tmp_path / "site", STORIES)


def build(site: Archive, *arguments: str) -> Run:
    """Build as a person does, in a process of its own."""
    run = subprocess.run(command(site, *arguments), capture_output=True, text=True, timeout=PATIENCE)
    return Run(run.returncode, run.stdout, run.stderr)


def command(site: Archive, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "builder", "-C", str(site.folder), "build", "--quiet", *arguments]


def test_the_bytes_are_those_of_one_process(dask: Dask, site: Archive) -> None:
    assert build(site, "--executor", dask.address) == Run(0, "", "")
    for name in ("state", "browser"):  # a write-ahead log lies in memory that other machines do not see
        with closing(sqlite3.connect(site.folder / f".morgue/{name}.sqlite")) as kept:
            assert kept.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    there = site.published()
    found = site.run("search", "倫敦", "--limit", "500", "--json").out
    assert site.build("--clean", "--output", "here").code == 0
    assert there == site.published("here")
    assert found == site.run("search", "倫敦", "--limit", "500", "--json").out
    with Client(f"tcp://127.0.0.1:{dask.port}", set_as_default=False) as client:
        done = client.run_on_scheduler(
            lambda dask_scheduler: {worker.address: worker.nbytes for worker in dask_scheduler.workers.values()}
        )
    assert len(done) == 2
    assert set(done.values()) == {0}, "results stay on the workers"


def test_edits_build_on_what_either_kind_of_build_knew(dask: Dask, site: Archive) -> None:
    assert site.build().code == 0
    site.write({"content/7.md": story("Changed", "2014-08-11"), "content/8.md": None, "content/new.md": story("New")})
    assert build(site, "--executor", dask.address).code == 0
    assert "0 files written" in site.run("build", "--jobs", "1").out
    there = site.published()
    assert site.build("--clean", "--output", "here").code == 0
    assert there == site.published("here")


def test_from_the_archive_s_own_folder(dask: Dask, site: Archive) -> None:
    """Paths are whole for workers that stand elsewhere."""
    run = subprocess.run(
        [sys.executable, "-m", "builder", "build", "--executor", dask.address],
        cwd=site.folder, env={**os.environ, "PYTHONPATH": str(Path(builder.__file__).parents[1])}, capture_output=True, text=True,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")
    assert f"{SIZE} articles" in run.stdout


def test_problems_are_told_as_ever(dask: Dask, site: Archive) -> None:
    site.write({"content/bad.md": story(date="03/04/2014")})
    there = build(site, "--executor", dask.address)
    assert there.code == 1
    assert there.err == build(site, "--jobs", "1", "--clean").err
    assert "content/bad.md:3:" in there.err


def test_a_worker_or_a_scheduler_that_is_lost_ends_the_build_and_the_old_site_stands(tmp_path: Path, site: Archive) -> None:
    assert site.build().code == 0
    before = site.published()
    site.write({"site.yml": SITE.replace("Lantern", "Torch")})
    anew = command(site, "--executor", "", "--clean")
    with scheduled(tmp_path) as dask:
        dask.add(2, threads=1)
        anew[anew.index("")] = dask.address
        process = subprocess.Popen(anew, stderr=subprocess.PIPE, text=True)
        dask.hold(process).kill()
        err = process.communicate(timeout=PATIENCE)[1]
        assert process.returncode == 3, err
        assert err.startswith("the Dask worker tcp://127.0.0.1:")
        assert "was lost (killed, out of memory, or cut off); nothing was published, the last good site stands" in err
        assert err.count("\n") == 1, err
        assert site.published() == before
        assert build(site, "--executor", dask.address, "--clean").code == 0  # on the one that is left
        there = site.published()
        process = subprocess.Popen(anew, stderr=subprocess.PIPE, text=True)
        dask.hold(process, "worker 1")
        dask.scheduler.kill()
        err = process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 3, err
    assert "was lost" in err
    assert err.count("\n") == 1, err
    assert site.published() == there != before
    assert site.build("--clean", "--output", "here").code == 0
    assert there == site.published("here")


def test_no_thread_waits_for_what_may_never_come(dask: Dask, site: Archive) -> None:
    """The end of the program waits for the threads of executors: one that asked a closed client would never end."""
    before = set(threading.enumerate())

    def work() -> set[str]:
        with dask_executor.connect(dask.address, site.folder / "site.yml") as joined:
            assert joined.submit(max, 1, 2).result(timeout=PATIENCE) == 2
            with pytest.raises(ValueError, match="invalid literal"):
                joined.submit(int, "no number").result(timeout=PATIENCE)
            return {made.name for made in set(executors._threads_queues) - before if not made.name.startswith("test")}

    with ThreadPoolExecutor(1, "test") as own:  # Playwright's event loop may run in this one
        waited_for = own.submit(work).result(timeout=PATIENCE)
    assert waited_for <= {"Dask-Offload_0"}  # which packs and unpacks what is large, and asks nobody


def test_ctrl_c_ends_it_at_once_and_the_workers_are_free_again(dask: Dask, site: Archive) -> None:
    process = subprocess.Popen(command(site, "--executor", dask.address), start_new_session=True, stderr=subprocess.PIPE, text=True)
    wait_for(site.folder / "public/.morgue-staging/3", process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    err = process.communicate(timeout=PATIENCE)[1]
    assert (process.returncode, err) == (130, "stopped\n")
    # a job in hand on a worker is not ours to kill: what it stages yet is not published, and goes with the next build
    assert not [path for path in site.published() if not path.startswith(STAGING)]
    with Client(f"tcp://127.0.0.1:{dask.port}", set_as_default=False) as client:
        assert not any(client.processing().values())
    assert build(site, "--executor", dask.address).code == 0
    assert not [path for path in site.published() if path.startswith(STAGING)]


def wait_for(file: Path, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not file.exists():
        assert process.poll() is None, "it was done before anything could be done to it"
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_no_scheduler_or_something_else_at_the_address_is_said_soon(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as deaf, ThreadPoolExecutor(2) as both:

        def build_at(port: int) -> Run:
            return build(archive(tmp_path / str(port), STORIES), "--executor", f"dask://127.0.0.1:{port}")

        for run in both.map(build_at, (free_port(), deaf.getsockname()[1])):  # each waits for seconds
            assert run.code == 3
            assert "no Dask scheduler answers there" in run.err
            assert run.err.count("\n") == 1


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)


def test_no_workers_and_workers_with_another_morgue_or_none(tmp_path: Path, site: Archive) -> None:
    other, none = tmp_path / "other", tmp_path / "none/builder"
    shutil.copytree(Path(builder.__file__).parent, other / "builder", ignore=shutil.ignore_patterns("__pycache__"))
    with (other / "builder/urls.py").open("a", encoding="utf-8") as file:
        file.write("# another\n")
    none.mkdir(parents=True)
    (none / "__init__.py").write_text("raise ModuleNotFoundError(\"No module named 'builder'\")\n", encoding="utf-8")
    with scheduled(tmp_path) as dask:
        wait_for_port(dask.port)
        run = build(site, "--executor", dask.address)
        assert (run.code, run.err.count("\n")) == (3, 1), run.err
        assert f"has no workers; start some (dask worker 127.0.0.1:{dask.port})" in run.err
        for path, says in ((other, "has another version of Morgue"), (none.parent, "does not have this version of Morgue")):
            dask.add(1, PYTHONPATH=str(path))
            run = build(site, "--executor", dask.address)
            dask.remove()
            assert (run.code, run.err.count("\n")) == (3, 1), run.err
            assert "the Dask worker tcp://127.0.0.1:" in run.err
            assert says in run.err
            assert not (site.folder / "public").exists()


def test_what_two_processes_must_have_in_common() -> None:
    archive_digest = Path("/archive/site.yml")
    own = dask_executor.worker_environment(__file__)
    assert dask_executor._mismatch(own, own, archive_digest) == ""
    assert "does not see /archive/site.yml" in dask_executor._mismatch(own, own._replace(archive_digest=""), archive_digest)
    assert "another place" in dask_executor._mismatch(own, own._replace(theme="/elsewhere"), archive_digest)
    assert "another version of Python" in dask_executor._mismatch(own, own._replace(python="CPython 2.7"), archive_digest)
    assert "another version of Morgue" in dask_executor._mismatch(own, own._replace(version="", archive_digest=""), archive_digest)
    assert "cannot be used: no memory" in dask_executor._mismatch(own, MemoryError("no memory"), archive_digest)
    assert dask_executor.worker_environment("/nowhere/site.yml").archive_digest == ""


@pytest.mark.parametrize(
    "address", ["", "dask", "127.0.0.1:8786", "tcp://host:8786", "dask://", "dask://host", "dask://:8786", "dask://host:port",
                "dask://host:99999", "dask://host:0", "dask://host:8786/", "dask://me@host:8786", "dask://host:8786?a=b", "dask://host:8786#a"],
)  # fmt: skip
def test_an_address_of_another_form(address: str) -> None:
    with pytest.raises(ConfigError, match="dask://HOST:PORT") as raised, dask_executor.connect(address, Path()):
        pass
    assert f'"{address}"' in str(raised.value)


@pytest.mark.parametrize("address", ["dask://host:8786", "dask://10.0.0.5:1", "dask://[::1]:8786"])
def test_an_address_of_the_right_form(address: str) -> None:
    assert f"dask://{dask_executor._parse_address(address)}" == address


def test_usage(site: Archive) -> None:
    wrong = site.run("build", "--executor", "nonsense")
    assert (wrong.code, "dask://HOST:PORT" in wrong.err) == (2, True)
    both = site.run("build", "--executor", "dask://127.0.0.1:1", "--jobs", "2")
    assert (both.code, "exclude each other" in both.err) == (2, True)


def test_dask_is_not_installed(site: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    run = site.run("build", "--executor", "dask://127.0.0.1:8786")
    assert (run.code, 'pip install "morgue[dask]"' in run.err) == (2, True)
