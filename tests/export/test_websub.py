"""WebSub: the hub in every feed that changes, and what `morgue ping` tells it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs

import feedparser
import pytest

from builder.export import websub
from tests.sites import SITE, Archive, archive, story


class Hub(ThreadingHTTPServer):
    """A hub on loopback that notes what it is told, and answers with `status`."""

    status = 204

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: list[dict[str, list[str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        self.server.told.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def site(tmp_path: Path, hub: Hub) -> Archive:
    files = {"content/a.md": story("First", "2025-01-01", tags="[Ferry]"), "content/b.md": story("Second", "2025-02-01")}
    site = archive(tmp_path, {"site.yml": f"{SITE}hub: {hub.url}\n", **files})
    assert site.build().code == 0
    return site


def test_every_feed_that_changes_names_the_hub_and_itself(site: Archive, hub: Hub) -> None:
    published = site.published()
    for path in ("feed.xml", "atom.xml", "corrections.xml", "tags/ferry/feed.xml"):
        links = {link.rel: link.href for link in feedparser.parse(published[path]).feed.links}
        assert (links["hub"], links["self"]) == (hub.url, f"https://lantern.example/{path}")
    assert json.loads(published["feed.json"])["hubs"] == [{"type": "WebSub", "url": hub.url}]
    assert hub.url.encode() not in published["feeds/2025/01.xml"]
    site.write({"site.yml": SITE})
    assert site.build().code == 0
    after = site.published()
    assert not [path for path, data in after.items() if hub.url.encode() in data]
    assert after["feeds/2025/01.xml"] == published["feeds/2025/01.xml"]


def test_the_hub_is_told_once_of_what_changed(site: Archive, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websub, "TOPICS_PER_REQUEST", 3)
    shown = site.run("ping", "--dry-run")
    assert (shown.code, hub.told) == (0, [])
    feeds = {
        f"https://lantern.example/{path}"
        for path in ("feed.xml", "atom.xml", "feed.json", "corrections.xml", "tags/ferry/feed.xml")
    }
    assert set(shown.out.split()) == feeds
    assert site.run("ping").code == 0
    assert [told["hub.mode"] for told in hub.told] == [["publish"], ["publish"]]
    assert {url for told in hub.told for url in told["hub.url"]} == feeds
    hub.told.clear()
    assert (site.run("ping").code, hub.told) == (0, [])
    site.write({"content/c.md": story("Third", "2025-03-01")})
    assert site.build().code == 0
    assert site.run("ping").code == 0
    assert {url for told in hub.told for url in told["hub.url"]} == {
        f"https://lantern.example/{path}" for path in ("feed.xml", "atom.xml", "feed.json")
    }


def test_a_hub_that_refuses_is_told_again(site: Archive, hub: Hub) -> None:
    hub.status = 500
    refused = site.run("ping")
    assert (refused.code, "was not told" in refused.err) == (3, True)
    hub.status = 202
    assert site.run("ping").code == 0
    assert hub.told[0] == hub.told[1]


def test_without_a_hub_or_a_site_it_says_what_to_do(site: Archive, hub: Hub) -> None:
    assert (site.run("ping", "--output", "elsewhere").code, hub.told) == (2, [])
    site.write({"site.yml": SITE})
    run = site.run("ping")
    assert (run.code, "names no hub" in run.err) == (2, True)
    site.write({"site.yml": SITE + "hub: somewhere\n"})
    assert "site.yml:4:" in site.run("ping").err
