"""`--download` ends in bounded time whatever a server does: a line for each file that did not come, and the others are in."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from builder.importers import downloads
from tests.importers.imports import Imported, bring_in
from tests.pictures import picture as encode_picture

JPEG = encode_picture()
OK = b"HTTP/1.0 200 OK\r\nContent-Type: image/jpeg\r\n"
TEXT = "The harbour town opened its new ferry terminal on Thursday, two years late and a fifth over its budget."
Answer = bytes | Callable[[socket.socket], None]


class Server:
    """Answers each path with the bytes, or what the function does, that stand under it; the last of several stands for good."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[str] = []
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=self._serve, args=(self._socket.accept()[0],), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError, IndexError):
            path = client.recv(65_536).split(b" ")[1].decode()
            self.asked.append(path)
            answers = self.answers[path]
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            if isinstance(answer, bytes):
                client.sendall(answer)
            else:
                answer(client)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name, value in {"PAUSE": 0.0, "TIMEOUT": 0.3, "DEADLINE": 0.6, "MAX_WAIT": 1.5, "MAX_BYTES": 100_000}.items():
        monkeypatch.setattr(downloads, name, value)
    there = Server()
    yield there
    there.close()


def trickle(before: bytes, piece: bytes = b"x") -> Callable[[socket.socket], None]:
    def answer(client: socket.socket) -> None:
        client.sendall(before)
        for _ in range(100):
            time.sleep(0.1)
            client.sendall(piece)

    return answer


def flood(client: socket.socket) -> None:
    client.sendall(OK + b"\r\n" + JPEG)
    while True:
        client.sendall(b"x" * 65_536)


def bring(folder: Path, server: Server, answers: dict[str, Answer | list[Answer]], host: str = "") -> Imported:
    """Import a story with a picture for each of `answers`, and one that is sound."""
    server.answers = {f"/{name}": answer if isinstance(answer, list) else [answer] for name, answer in answers.items()}
    server.answers["/sound.jpg"] = [OK + b"\r\n" + JPEG]
    pictures = "\n\n".join(f"![One](http://{host or server.address}{path})" for path in server.answers)
    (folder / "ferry.md").write_text(f"---\ntitle: Ferry\ndate: 2020-03-05\n---\n{TEXT}\n\n{pictures}\n", encoding="utf-8")
    return bring_in(folder, str(folder / "ferry.md"), "--download")


HOSTILE: dict[str, tuple[Answer, str]] = {
    "trickled body": (trickle(OK + b"\r\n" + JPEG[:20]), "took more than 1 seconds"),
    "trickled headers": (trickle(b"HTTP/1.0 200 OK\r\nX-Long: "), "took more than 1 seconds"),
    "trickled header lines": (trickle(b"HTTP/1.0 200 OK\r\n", b"X: y\r\n"), "took more than 1 seconds"),
    "trickled chunk size": (trickle(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"), "took more than 1 seconds"),
    "no answer": (lambda _: time.sleep(2), "no answer in time"),
    "silent amid its body": (trickle(OK + b"Content-Length: 900\r\n\r\n" + JPEG[:20], b""), "no answer in time"),
    "endless": (flood, "is larger than 0 MB"),
    "says that it is endless": (OK + b"Content-Length: 99999999999999\r\n\r\n" + JPEG, "is larger than 0 MB"),
    "shorter than it says": (OK + b"Content-Length: 90000\r\n\r\n" + JPEG, "the answer broke off"),
    "a length that is none": (OK + b"Content-Length: \xb2\r\n\r\n", "is empty"),
    "a broken chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4000\r\n" + JPEG, "the answer broke off"),
    "a chunk that is none": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnone\r\n", "the answer broke off"),
    "closes at once": (b"", "Remote end closed connection without response"),
    "no HTTP": (b"\x1b[2J\x00\x00SSH-2.0\r\n" + b"x" * 70_000, "SSH-2.0"),
    "a page as a picture": (OK + b"\r\n<!doctype html><title>Gone</title>", "is no picture but a web page, sent as image/jpeg"),
    "a text as a picture": (
        OK + b"\r\nNothing is here any more",
        "is no picture of a kind that is published, though sent as image",
    ),
    "packed": (OK + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08", "comes packed, which was not asked for"),
    "gone": (b"HTTP/1.0 404 Not\x07\tFound\r\n\r\n", "the server says 404 Not"),
    "circle": (b"HTTP/1.0 302 Found\r\nLocation: /picture.jpg\r\n\r\n", "the server says 302 and leads in a circle: Found"),
    "to a file": (
        b"HTTP/1.0 302 Found\r\nLocation: file:///etc/hostname\r\n\r\n",
        "the server says 302 Found - Redirection to url",
    ),
    "to FTP": (b"HTTP/1.0 302 Found\r\nLocation: ftp://quay.example/a.jpg\r\n\r\n", "is redirected to ftp:"),
    "to no address": (b"HTTP/1.0 302 Found\r\nLocation: http://[bad\r\n\r\n", ""),
    "asks to wait for long": (
        b"HTTP/1.0 429 Too Many Requests\r\nRetry-After: 3600\r\n\r\n",
        "the server says 429 Too Many Requests, and asks to wait 3,600 seconds; import again then",
    ),
    "asks to wait for a day that is none": (
        b"HTTP/1.0 503 Busy\r\nRetry-After: soon\r\n\r\n",
        "the server says 503 Busy; it stays",
    ),
    "asks to wait for ever": (
        b"HTTP/1.0 503 Busy\r\nRetry-After: " + b"9" * 400 + b"\r\n\r\n",
        "the server says 503 Busy, and asks",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_server_costs_bounded_time_and_one_line(tmp_path: Path, server: Server, name: str) -> None:
    answer, cause = HOSTILE[name]
    start = time.monotonic()
    done = bring(tmp_path, server, {"picture.jpg": answer})
    assert time.monotonic() - start < 3
    assert done.run.code == 0
    (line,) = done.run.err.splitlines()
    assert f"http://{server.address}/picture.jpg could not be fetched: " in line
    assert cause in line
    assert line.isprintable() and len(line) < 600
    assert f"http://{server.address}/picture.jpg" in done.only[1]
    (copy,) = (done.archive.folder / "content").rglob("*.jpg")
    assert copy.read_bytes() == JPEG


def test_a_busy_server_is_waited_for(tmp_path: Path, server: Server) -> None:
    busy = b"HTTP/1.0 503 Busy\r\nRetry-After: 1\r\n\r\n"
    done = bring(tmp_path, server, {"busy.jpg": [busy, OK + b"\r\n" + JPEG + b"late"], "ever.jpg": busy})
    assert server.asked == ["/busy.jpg", "/busy.jpg", "/ever.jpg", "/ever.jpg", "/sound.jpg"]
    (line,) = done.run.err.splitlines()
    assert "/ever.jpg could not be fetched: the server says 503 Busy; it stays a link" in line


@pytest.mark.parametrize("answer", [trickle(OK), b"HTTP/1.0 429 Too Many Requests\r\n\r\n"])
def test_a_host_that_only_fails_is_left_in_peace(tmp_path: Path, server: Server, answer: Answer) -> None:
    done = bring(tmp_path, server, {f"{number}.jpg": answer for number in range(8)})
    assert server.asked == ["/0.jpg", "/1.jpg", "/2.jpg"]
    assert done.run.err.count("could not be fetched") == 9
    assert done.run.err.count(f"{server.address} gave no answer in time or asked to wait 3 times; it is not asked again") == 6


def test_a_redirect_leads_from_the_web_to_no_address_of_the_own_network(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        public = {"quay.example": "127.0.0.1"}
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (public.get(host, host), int(server.address.rpartition(":")[2])))]

    real = downloads._is_local
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(downloads, "_is_local", lambda host: host != "quay.example" and real(host))
    targets = ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "[::1]"]
    redirects = {
        f"{number}.jpg": f"HTTP/1.0 302 Found\r\nLocation: http://{target}/a.jpg\r\n\r\n".encode()
        for number, target in enumerate(targets)
    }
    done = bring(tmp_path, server, {**redirects}, host="quay.example")
    for target in targets:
        assert f"could not be fetched: is redirected into the local network, to {target}; it stays a link" in done.run.err
    assert "/a.jpg" not in server.asked
    assert len(list((done.archive.folder / "content").rglob("*.jpg"))) == 1
