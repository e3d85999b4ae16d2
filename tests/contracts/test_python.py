"""Python itself: what ends processes that would outlive a build (`builder/parallel/pool.py`), and the heads of answers of `morgue serve`."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from http.server import BaseHTTPRequestHandler
from multiprocessing import forkserver

PRIVATE = {
    "_processes": "the pool's workers are ended at once when a build fails",
    "_forkserver": "the process that forks workers is ended at Ctrl-C",
    "_forkserver_pid": "its number, to end it",
    "_headers_buffer": "`morgue serve` sees whether an answer has said yet how long it may be kept",
}


def test_a_pool_lists_its_processes_by_number() -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(abs, -1).result() == 1
        (process,) = pool._processes.values()
        assert process.is_alive()
        assert list(pool._processes) == [process.pid]


def test_the_fork_server_says_its_number() -> None:
    assert hasattr(forkserver._forkserver, "_forkserver_pid"), PRIVATE["_forkserver_pid"]


def test_the_head_of_an_answer_is_gathered_line_by_line() -> None:
    handler = BaseHTTPRequestHandler.__new__(BaseHTTPRequestHandler)
    handler.request_version = "HTTP/1.1"
    handler.send_header("Cache-Control", "no-store")
    assert handler._headers_buffer == [b"Cache-Control: no-store\r\n"], PRIVATE["_headers_buffer"]  # type: ignore[attr-defined]
