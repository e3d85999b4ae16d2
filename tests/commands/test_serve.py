"""`morgue serve`: the page reloads when a story is saved, shows what is wrong with a broken one, and answers this machine alone."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sites import Archive, archive, story


class Served:
    """A served archive."""

    def __init__(self, site: Archive) -> None:
        self.site = site
        self.process = subprocess.Popen(
            [sys.executable, "-m", "builder", "serve", "--port", "0", "-C", str(site.folder)], stderr=subprocess.PIPE, text=True
        )
        assert self.process.stderr is not None
        for line in self.process.stderr:
            found = re.match(r"(http://127\.0\.0\.1:\d+)/", line)
            if found:
                self.url = found[1]
                return
        raise AssertionError("it never said its address")

    def get(self, path: str, host: str = "") -> str:
        request = urllib.request.Request(f"{self.url}/{path}", headers={"Host": host} if host else {})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return str(answer.read().decode())

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
    assert "Content-Security-Policy" not in page, "it would forbid the live script's connection"
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


def test_it_answers_this_machine_alone_and_nothing_outside_the_site(served: Served) -> None:
    for path, host, code in (
        ("", "evil.example", 403),
        ("../site.yml", "", 404),
        ("%2e%2e/site.yml", "", 404),
        ("nothing.html", "", 404),
    ):
        with pytest.raises(urllib.error.HTTPError) as refused:
            served.get(path, host)
        assert refused.value.code == code
        refused.value.close()


def test_ctrl_c_ends_it(tmp_path: Path) -> None:
    assert Served(archive(tmp_path, {"content/a.md": story()})).stop() == 130
