"""The archive on this machine while it is edited: built, served, watched, rebuilt, and the open page reloaded."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from builder.base.problems import BuildUnavailableError, ConfigError, MorgueError, Severity
from builder.build import Options, build

LIVE_SCRIPT = "/-morgue/live.js"
LIVE_EVENTS = "/-morgue/events"
PATIENCE = 15.0
"""Seconds after which a silent connection is told that all is well, so that one that is gone is noticed."""

_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>')
_SCRIPT = """\
(() => {
  const events = new EventSource("%s");
  let version = null;
  events.onmessage = (event) => {
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
    box.textContent = "Not published; this is the last good site.\\n" + state.problems.join("\\n");
    document.body.append(box);
  };
})();
"""


@dataclass
class _Live:
    """What the open pages have to know; they wait on `changed`."""

    output: Path
    version: int = 0
    problems: list[str] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def tell(self, problems: list[str], published: bool) -> None:
        with self.changed:
            self.problems = problems
            self.version += published
            self.changed.notify_all()

    def message(self) -> bytes:
        return f"data: {json.dumps({'version': self.version, 'problems': self.problems[:50]})}\n\n".encode()


def serve(folder: Path, port: int, drafts: bool, tell: Callable[[str], None]) -> None:
    """Serve the archive at `folder` on loopback until Ctrl-C; each line for the person at the terminal goes to `tell`.

    Raises ConfigError where the port is taken or the first build cannot begin.
    """
    from watchfiles import watch

    live = _Live((folder / "public").resolve())
    _rebuild(folder, drafts, live, tell)
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, live))
    except OSError as error:
        raise BuildUnavailableError(f"port {port}: {error.strerror}; choose another with --port, or 0 for any free one") from None
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    tell(f"http://127.0.0.1:{server.server_address[1]}/  (Ctrl-C stops)")
    ours = [str(folder.resolve() / name) for name in (".morgue", "public")]
    try:
        for _ in watch(
            folder, watch_filter=lambda _, path: not path.startswith(tuple(ours)) and "/.git/" not in path, debounce=200, step=50
        ):
            _rebuild(folder, drafts, live, tell)
    finally:
        server.shutdown()


def _rebuild(folder: Path, drafts: bool, live: _Live, tell: Callable[[str], None]) -> None:
    try:
        report = build(folder, Options(drafts=drafts))
    except ConfigError as error:
        live.tell(str(error).split("\n"), published=False)
        tell(str(error))
    except MorgueError as error:
        live.tell([str(error)], published=False)
        tell(str(error))
    else:
        errors = [str(problem) for problem in report.problems if problem.severity is Severity.ERROR]
        live.tell(errors, report.published and bool(report.written or report.removed))
        for problem in report.problems:
            tell(str(problem))
        what = f"{report.written} written, {report.removed} removed" if report.published else "not published"
        tell(f"{report.articles} articles, {what} in {sum(report.seconds.values()):.2f} s")


class _Handler(SimpleHTTPRequestHandler):
    """Serves the output folder, and in every page a script that waits for the next build."""

    def __init__(self, live: _Live, *args: Any, **options: Any) -> None:
        self.live = live
        super().__init__(*args, directory=str(live.output), **options)

    def do_GET(self) -> None:
        """Answer a request; only those that came to this machine by its own name (a foreign page could ask by another)."""
        if self.headers.get("Host", "").rsplit(":", 1)[0] not in {"127.0.0.1", "localhost"}:
            self.send_error(HTTPStatus.FORBIDDEN)
        elif self.path == LIVE_SCRIPT:
            self._send((_SCRIPT % LIVE_EVENTS).encode(), "text/javascript")
        elif self.path == LIVE_EVENTS:
            self._events()
        else:
            self._page()

    def _page(self) -> None:
        file = Path(self.translate_path(self.path))
        if file.is_dir() and self.path.partition("?")[0].endswith("/"):
            file /= "index.html"
        status = HTTPStatus.OK
        if not file.exists():
            file, status = self.live.output / "404.html", HTTPStatus.NOT_FOUND
        if file.suffix == ".html" and file.is_file():
            data = _POLICY.sub(b"", file.read_bytes(), count=1)
            script = f'<script src="{LIVE_SCRIPT}" defer></script>'.encode()
            self._send(data.replace(b"</head>", script + b"</head>", 1), "text/html; charset=utf-8", status)
        else:
            super().do_GET()

    def _send(self, data: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)

    def _events(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        try:
            while True:
                told = self.live.message()
                self.wfile.write(told)
                self.wfile.flush()
                with self.live.changed:
                    self.live.changed.wait_for(partial(self._news_since, told), PATIENCE)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the page was closed

    def _news_since(self, told: bytes) -> bool:
        return self.live.message() != told

    def end_headers(self) -> None:
        """Let nothing be kept: the next build may change it."""
        if b"Cache-Control" not in b"".join(getattr(self, "_headers_buffer", [])):
            self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name is the base class's)
        """Log nothing: the terminal shows builds."""
