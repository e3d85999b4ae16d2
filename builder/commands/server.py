"""The archive on this machine while it is edited: built, served, watched, rebuilt, and the open page reloaded."""

from __future__ import annotations

import json
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from builder.archive.address_ledger import FILE as LEDGER
from builder.articles.model import FIELD_NAMES
from builder.base.problems import BuildUnavailableError, MorgueError, Severity
from builder.build import INPUTS, Options, build
from builder.commands.options import pluralize, published_counts
from builder.config.site import load_site

LIVE_SCRIPT = "/-morgue/live.js"
LIVE_EVENTS = "/-morgue/events"
TIMEOUT_S = 15.0
"""Seconds after which a silent connection is told that all is well, so that one that is gone is noticed."""

MAX_STREAMS = 64
"""Open pages that are told of builds; for one more the oldest has to ask again."""
OWN_NAMES = {"127.0.0.1", "localhost"}
_TEXTS = {".html", ".xml", ".json", ".txt", ".opml"}
"""Files that name the site's address."""
_SCRIPT = """\
(() => {
  // A browser has six connections to one server: pages that nobody sees must not hold them.
  let events = null;
  let version = null;
  const listen = () => {
    events?.close();
    events = null;
    if (document.visibilityState !== "visible") return;
    events = new EventSource("%s");
    events.onmessage = show;
  };
  document.addEventListener("visibilitychange", listen);
  const show = (event) => {
    const state = JSON.parse(event.data);
    if (version !== null && state.version !== version) location.reload();
    version = state.version;
    document.getElementById("morgue-problems")?.remove();
    if (!state.problems.length) return;
    const box = document.createElement("pre");
    box.id = "morgue-problems";
    box.setAttribute("role", "alert");
    box.style.cssText = "position:fixed;inset:auto 0 0 0;max-height:50vh;overflow:auto;margin:0;padding:1rem;z-index:9999;" +
      "background:#7a1010;color:#fff;font:14px/1.5 monospace;white-space:pre-wrap";
    const begin = document.getElementById("morgue-nothing") ? "" : "Not published; this is the last good site.\\n";
    box.textContent = begin + state.problems.join("\\n");
    document.body.append(box);
  };
  listen();
})();
"""

_NOTHING = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Nothing is published yet</title></head>
<body style="font:1.1rem/1.5 sans-serif;margin:2rem"><h1 id="morgue-nothing">Nothing is published yet</h1>
<p>What has to be mended is named here. The site appears as soon as it is.</p></body></html>
"""
"""What stands at every address before the first site does."""


@dataclass
class _Live:
    """What the open pages have to know; they wait on `change`."""

    output: Path
    site_url: bytes = b""
    """The address that pages name as the site's; they are shown with the server's own in its place."""
    version: int = 0
    problems: list[str] = field(default_factory=list)
    change: threading.Condition = field(default_factory=threading.Condition)
    streams: deque[object] = field(default_factory=deque)
    """A mark for each page that listens, the oldest first."""

    def tell(self, problems: list[str], is_published: bool) -> None:
        with self.change:
            self.problems = problems
            self.version += is_published
            self.change.notify_all()

    def message(self) -> bytes:
        return f"data: {json.dumps({'version': self.version, 'problems': self.problems[:50]})}\n\n".encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def serve(folder: Path, port: int, drafts: bool, tell: Callable[[str], None]) -> None:
    """Serve the archive at `folder` on loopback until Ctrl-C; each line for the person at the terminal goes to `tell`.

    Raises ConfigError where `folder` has no sound site.yml, and BuildUnavailableError where the port is taken.
    """
    from watchfiles import watch

    folder = folder.resolve()  # the watcher names files by it; by another spelling our own writes would count as edits
    load_site(folder, FIELD_NAMES)
    live = _Live(folder / "public")
    changes = watch(
        folder, watch_filter=partial(_is_source, folder), debounce=200, step=50, yield_on_timeout=True, rust_timeout=100
    )
    next(changes)  # from here on no edit is missed: what comes during a build waits
    _rebuild(folder, drafts, live, tell)
    try:
        server = _Server(("127.0.0.1", port), partial(_Handler, live))
    except OSError as error:
        raise BuildUnavailableError(f"port {port}: {error.strerror}; choose another with --port, or 0 for any free one") from None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    tell(f"http://127.0.0.1:{server.server_address[1]}/  (Ctrl-C stops)")
    try:
        with _remembered_interrupt() as interrupt:
            for batch in changes:
                if batch:
                    _rebuild(folder, drafts, live, tell)
                if interrupt.is_set():
                    raise KeyboardInterrupt
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _remembered_interrupt() -> Iterator[threading.Event]:
    """Let Ctrl-C set the event besides what it does: Python drops the exception where it strikes in a callback or a finalizer."""
    interrupt = threading.Event()
    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or threading.current_thread() is not threading.main_thread():  # ignored, or not ours to set
        yield interrupt
        return

    def remember(number: int, frame: FrameType | None) -> None:
        interrupt.set()
        before(number, frame)

    signal.signal(signal.SIGINT, remember)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)


_SOURCES = frozenset((*INPUTS, LEDGER))


def _is_source(folder: Path, _change: object, path: str) -> bool:
    """Whether the file at `path` can have a say in the site: a build reads some, and writes no other but the list of addresses.

    The log of `morgue serve 2> log` would have the archive built again for each of its own lines.
    """
    try:
        parts = Path(path).relative_to(folder).parts
    except ValueError:
        return False
    return bool(parts) and parts[0] in _SOURCES and ".git" not in parts


def _rebuild(folder: Path, drafts: bool, live: _Live, tell: Callable[[str], None]) -> None:
    try:
        report = build(folder, Options(drafts=drafts, record=False))  # a preview: nobody knows its addresses
        live.site_url = load_site(folder, FIELD_NAMES).url.encode()
    except MorgueError as error:
        live.tell(str(error).split("\n"), is_published=False)
        tell(str(error))
    else:
        errors = [str(problem) for problem in report.problems if problem.severity is Severity.ERROR]
        live.tell(errors, report.is_published and bool(report.written or report.removed))
        for problem in report.problems:
            tell(str(problem))
        seconds = f"{sum(report.seconds.values()):.2f} s"
        if report.is_published:
            counts = published_counts(report.articles, report.withdrawn, report.withheld)
            tell(f"{counts}: {pluralize(report.written, 'file')} written, {report.removed:,} removed in {seconds}")
        else:
            tell(f"Nothing was published: {pluralize(len(errors), 'error')}; the last good site stays, {seconds}")


class _Handler(SimpleHTTPRequestHandler):
    """Serves the output folder, and in every page a script that waits for the next build."""

    def __init__(self, live: _Live, *args: Any, **options: Any) -> None:
        self.live = live
        super().__init__(*args, directory=str(live.output), **options)

    def do_GET(self) -> None:
        """Answer a request; only those that came to this machine by its own name (a foreign page could ask by another)."""
        self._answer(super().do_GET)

    def do_HEAD(self) -> None:
        """Answer as for GET, without the body."""
        self._answer(super().do_HEAD)

    def _answer(self, send_file: Callable[[], None]) -> None:
        if self.headers.get("Host", "").rsplit(":", 1)[0] not in OWN_NAMES:
            self.send_error(HTTPStatus.FORBIDDEN)
        elif self.path == LIVE_SCRIPT:
            self._send((_SCRIPT % LIVE_EVENTS).encode(), "text/javascript")
        elif self.path == LIVE_EVENTS:
            self._send_events()
        else:
            self._send_page(send_file)

    def _send_page(self, send_file: Callable[[], None]) -> None:
        try:
            file = Path(self.translate_path(self.path))
            if file.is_dir() and self.path.partition("?")[0].endswith("/"):
                file /= "index.html"
            exists = file.exists()
        except (OSError, ValueError):  # a name that no file can have: too long, or with a null
            exists = False
        status = HTTPStatus.OK if exists else HTTPStatus.NOT_FOUND
        if not exists:
            file = self.live.output / "404.html"  # its links count from the root of the site's address, which here is /
        is_empty = not exists and not file.exists()
        if not is_empty and (file.suffix not in _TEXTS or not file.is_file()):
            send_file()
            return
        data = _NOTHING.encode() if is_empty else self._with_own_address(file.read_bytes())
        if not exists and (root := urlsplit(self.live.site_url).path) not in {b"", b"/"}:
            data = data.replace(b'="' + root, b'="/')
        if file.suffix == ".html":
            script = f'<script src="{LIVE_SCRIPT}" defer></script>'.encode()  # the page's policy allows scripts of its own server
            data = data.replace(b"</head>", script + b"</head>", 1)
        self._send(data, f"{self.guess_type(str(file))}; charset=utf-8", status)

    def _with_own_address(self, data: bytes) -> bytes:
        host = self.headers.get("Host", "").encode("ascii", "ignore")
        return data.replace(self.live.site_url, b"http://%s/" % host) if self.live.site_url else data

    def _send(self, data: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _send_events(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command == "HEAD":
            return
        live, stream = self.live, object()
        with live.change:
            live.streams.append(stream)
            if len(live.streams) > MAX_STREAMS:
                live.streams.popleft()
                live.change.notify_all()
        try:
            while stream in live.streams:
                message = live.message()
                self.wfile.write(message)
                self.wfile.flush()
                with live.change:
                    live.change.wait_for(partial(self._has_news, stream, message), TIMEOUT_S)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the page was closed
        finally:
            with live.change, suppress(ValueError):
                live.streams.remove(stream)

    def _has_news(self, stream: object, message: bytes) -> bool:
        return stream not in self.live.streams or self.live.message() != message

    def end_headers(self) -> None:
        """Let nothing be kept: the next build may change it."""
        if b"Cache-Control" not in b"".join(getattr(self, "_headers_buffer", [])):
            self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name is the base class's)
        """Log nothing: the terminal shows builds."""
