"""`morgue serve`: the page reloads when a story is saved, shows what is wrong with a broken one, and answers this machine alone."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from builder.commands.server import serve
from tests.sites import SITE, Archive, archive, hear_interrupts, story


class Served:
    """A served archive."""

    def __init__(self, site: Archive, inside: bool = False) -> None:
        """Start it: from here by -C, or `inside` the archive's folder."""
        self.site = site
        place = [] if inside else ["-C", str(site.folder)]
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "builder", "serve", "--port", "0", *place],
            cwd=site.folder if inside else None,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=hear_interrupts,
        )
        assert self.process.stderr is not None
        for line in self.process.stderr:
            found = re.match(r"(http://127\.0\.0\.1:\d+)/", line)
            if found:
                self.url = found[1]
                threading.Thread(target=self._listen, daemon=True).start()
                return
        raise AssertionError("it never said its address")

    def get(self, path: str, host: str = "") -> str:
        request = urllib.request.Request(f"{self.url}/{path}", headers={"Host": host} if host else {})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return str(answer.read().decode())

    def _listen(self) -> None:
        assert self.process.stderr is not None
        with suppress(ValueError):  # closed
            self.lines.extend(self.process.stderr)

    def builds(self) -> int:
        """How many builds it told of since it said its address."""
        return sum(bool(re.search(r"(published: |good site).* \d+\.\d\d s$", line)) for line in self.lines)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=10)
        assert self.process.stderr is not None
        self.process.stderr.close()
        return code


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    running = Served(archive(tmp_path, {"content/a.md": story("First headline")}))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served archive that nobody edits."""
    running = Served(archive(tmp_path_factory.mktemp("untouched"), {"content/a.md": story("First headline")}))
    yield running
    running.stop()


def until(true: object, patience: float = 15) -> None:
    """Wait until `true()` holds. Fails when it never does."""
    assert callable(true)
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def test_a_saved_story_is_published_and_open_pages_are_told(served: Served) -> None:
    page = served.get("2025/02/12/a.html")
    assert "First headline" in page
    assert '<script src="/-morgue/live.js" defer></script></head>' in page
    assert "Content-Security-Policy" in page, "untrusted text is first seen here"
    with urllib.request.urlopen(f"{served.url}/-morgue/events", timeout=20) as events:
        first = json.loads(events.readline().removeprefix(b"data: "))
        served.site.write({"content/a.md": story("Second headline")})
        events.readline()
        second = json.loads(events.readline().removeprefix(b"data: "))
    assert second["version"] == first["version"] + 1
    assert "Second headline" in served.get("2025/02/12/a.html")


def test_a_broken_story_is_told_and_the_last_good_site_stays(served: Served) -> None:
    with urllib.request.urlopen(f"{served.url}/-morgue/events", timeout=20) as events:
        events.readline()
        events.readline()
        served.site.write({"content/a.md": "---\ntitle: Broken\ndate: never\n---\nx"})
        told = json.loads(events.readline().removeprefix(b"data: "))
    assert told["problems"][0].startswith('content/a.md:3:1: error: date: "never" is not a date')
    assert "First headline" in served.get("2025/02/12/a.html")
    served.site.write({"content/a.md": story("Mended")})
    until(lambda: "Mended" in served.get("2025/02/12/a.html"))


def test_it_answers_this_machine_alone_and_nothing_outside_the_site(untouched: Served) -> None:
    for path, host, code in (
        ("", "evil.example", 403),
        ("../site.yml", "", 404),
        ("%2e%2e/site.yml", "", 404),
        ("nothing.html", "", 404),
        ("x" * 300 + ".html", "", 404),
        ("%e6" * 5000, "", 404),
        ("a%00b.html", "", 404),
    ):
        with pytest.raises(urllib.error.HTTPError) as refused:
            untouched.get(path, host)
        assert refused.value.code == code
        refused.value.close()


def test_the_page_for_what_is_not_there_finds_its_style_sheet_under_a_sub_path_too(tmp_path: Path) -> None:
    files = {"site.yml": SITE.replace("lantern.example/", "lantern.example/archive/"), "content/a.md": story()}
    served = Served(archive(tmp_path, files))
    try:
        with pytest.raises(urllib.error.HTTPError) as missing:
            served.get("nothing/here.html")
        with missing.value as answer:
            (style,) = re.findall(rb'href="/([^"]*style[^"]*)"', answer.read())
        assert "--paper" in served.get(style.decode())
    finally:
        served.stop()


def test_before_the_first_site_a_page_says_so_and_listens(tmp_path: Path) -> None:
    served = Served(archive(tmp_path, {"content/a.md": "---\ntitle: Quay\ndate: never\n---\nx"}))
    try:
        with pytest.raises(urllib.error.HTTPError) as missing:
            served.get("")
        with missing.value as answer:
            page = answer.read().decode()
        assert "Nothing is published yet" in page
        assert '<script src="/-morgue/live.js"' in page
        served.site.write({"content/a.md": story("Mended headline")})
        until(lambda: served.builds() == 1)
        assert "Mended headline" in served.get("")
    finally:
        served.stop()


def test_ctrl_c_ends_it(tmp_path: Path) -> None:
    assert Served(archive(tmp_path, {"content/a.md": story()})).stop() == 130


@pytest.mark.parametrize("inside", [True, False])
def test_one_save_is_one_build(tmp_path: Path, inside: bool) -> None:
    served = Served(archive(tmp_path, {"content/a.md": story("First headline")}), inside)
    try:
        served.site.write({"content/a.md": story("Second headline")})
        until(lambda: served.builds() == 1)
        assert "Second headline" in served.get("2025/02/12/a.html")
        time.sleep(1)  # what a build wrote would be noticed and built after 0.2 s
        assert served.builds() == 1
    finally:
        served.stop()


@pytest.mark.parametrize("inside", [True, False])
def test_what_a_build_writes_is_no_edit(tmp_path: Path, inside: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The watcher names files by the folder that it was given; the build that it waits for comes with its first word."""
    site = archive(tmp_path / "site", {"content/a.md": story()})
    (tmp_path / "link").symlink_to(site.folder)
    edits: dict[str, bool] = {}

    def watch(folder: Path, *, watch_filter: Callable[[object, str], bool], **_: object) -> Iterator[set[object]]:
        before = set(folder.rglob("*"))
        yield set()
        yield set()
        names = {Path(os.path.realpath(path)) for path in folder.rglob("*")}
        edits.update({str(path.relative_to(site.folder)): watch_filter(None, str(path)) for path in names if path not in before})
        for path in ("content/a.md", "static/style.css", "addresses.txt", "serve.log", "notes/draft.md", "content/.git/index"):
            edits[path] = watch_filter(None, str(folder / path))

    monkeypatch.setattr("watchfiles.watch", watch)
    if inside:
        monkeypatch.chdir(tmp_path / "link")
    serve(Path() if inside else tmp_path / "link", 0, False, lambda _: None)
    assert {".morgue", "public/index.html", "public/2025/02/12/a.html"} < edits.keys()
    assert [path for path, counts in edits.items() if counts] == ["content/a.md", "static/style.css", "addresses.txt"]


def test_an_interrupt_that_strikes_in_a_callback_still_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = archive(tmp_path, {"content/a.md": story()})

    def rebuild(*_: object) -> None:
        with suppress(KeyboardInterrupt):  # as Python drops what is raised in a finalizer
            signal.raise_signal(signal.SIGINT)

    def watch(*_: object, **__: object) -> Iterator[set[object]]:
        yield set()
        monkeypatch.setattr("builder.commands.server._rebuild", rebuild)
        yield {"an edit"}
        raise AssertionError("it went on")

    monkeypatch.setattr("watchfiles.watch", watch)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            serve(site.folder, 0, False, lambda _: None)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_folder_without_site_yml_is_refused_and_left_alone(tmp_path: Path) -> None:
    run = Archive(tmp_path).run("serve", "--port", "0")
    assert (run.code, "site.yml: not found" in run.err) == (2, True)
    assert not list(tmp_path.iterdir())


def test_head_is_answered_as_get_is(untouched: Served) -> None:
    for path, host, code in (("/index.html", "", 200), ("/index.html", "evil.example", 403), ("/-morgue/events", "", 200)):
        connection = http.client.HTTPConnection(untouched.url.removeprefix("http://"), timeout=10)
        connection.request("HEAD", path, headers={"Host": host} if host else {})
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (code, b"")
        connection.close()


def test_pages_name_the_server_s_own_address(untouched: Served) -> None:
    with pytest.raises(urllib.error.HTTPError) as missing:
        untouched.get("no/such/page.html")
    text = missing.value.read().decode()
    missing.value.close()
    assert 'href="/static/style.css"' in text
    for page in ("index.html", "feed.xml", "sitemap.xml", "2025/02/12/a.html"):
        assert "lantern.example" not in untouched.get(page)
    assert "https://lantern.example/" in (untouched.site.folder / "public/feed.xml").read_text()


def test_a_hundred_open_pages_do_not_keep_others_from_being_answered(untouched: Served) -> None:
    host, port = untouched.url.removeprefix("http://").split(":")
    with ExitStack() as stack:
        streams = []
        for _ in range(100):
            connection = stack.enter_context(socket.create_connection((host, int(port)), timeout=20))
            connection.sendall(f"GET /-morgue/events HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            streams.append(connection.makefile("rb"))
        assert all(b"200" in stream.readline() for stream in streams)
        assert "First headline" in untouched.get("2025/02/12/a.html")
        assert b"data: " in streams[0].read(), "the oldest were let go of, and would ask again"
        for stream in streams:
            stream.close()
