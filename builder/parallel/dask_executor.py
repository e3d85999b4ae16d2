"""An executor on a Dask cluster: connects to it, checks that its workers can do the work, and ends at the first failure."""

from __future__ import annotations

import asyncio
import platform
import sys
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, ParamSpec, TypeVar
from urllib.parse import urlsplit

from builder.base import files, version
from builder.base.problems import BuildUnavailableError, ConfigError

ADDRESS_FORM = "dask://HOST:PORT"
_TIMEOUT_S = 5
"""Seconds that a scheduler has to answer, and jobs to end when nobody wants their results any more."""
_WATCH_MS = 500
_SITE_STANDS = "nothing was published, the last good site stands"
_LACKING = ("ModuleNotFoundError(", "ImportError(", "AttributeError(")

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

# Python-Markdown, the templates' environment and what is cached on the way are made for one job at a time. A worker with
# several threads has one of them at work for us: more would wait for Python's own lock most of the time.
_one_at_a_time = threading.Lock()


class WorkerEnvironment(NamedTuple):
    """What two processes must have in common for their work to be the same bytes; compared in this order."""

    version: str
    """Of Morgue and its libraries (version.key)."""
    python: str
    theme: str
    """The default theme's folder, and the digest of what is in it."""
    archive_digest: str
    """The digest of a file of the archive; "" where it cannot be read."""


_MISMATCHES = WorkerEnvironment(
    version="has another version of Morgue or of its libraries; install the same on all",
    python="runs another version of Python; use the same on all",
    theme="has Morgue installed in another place; install it under the same path on all",
    archive_digest="does not see {file}; the archive must be in a folder that all workers see under the same path",
)


class DaskExecutor(Executor):
    """Runs jobs on the workers of a Dask cluster, each job once at most.

    Dask would run a job again whose worker is lost; ours write files, and half of them may be there. So the loss of a
    worker with a job of ours ends the build: every job under way raises BuildUnavailableError.
    """

    def __init__(self, client: Any, workers: dict[str, int]) -> None:
        self.threads = sum(workers.values())
        """How many jobs may be under way at a time."""
        self._client = client
        self._workers = set(workers)
        self._name = f"morgue-{uuid.uuid4().hex}"
        self._numbers = count()
        self._pending: dict[str, tuple[Future[Any], Any]] = {}
        self._failure: BuildUnavailableError | None = None
        self._lock = threading.Lock()
        client.subscribe_topic("all", self._on_event)

    def submit(self, fn: Callable[Parameters, Result], /, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Future[Result]:
        """Send a job to the cluster. Its result raises what `fn` raised, or BuildUnavailableError where the cluster failed it."""
        result: Future[Result] = Future()
        key = f"{self._name}-{next(self._numbers)}"
        with self._lock:
            if self._failure is not None:
                raise self._failure
            workers = sorted(self._workers)
            job = self._client.submit(_run_exclusively, fn, args, kwargs, key=key, workers=workers, pure=False)
            self._pending[key] = result, job
        self._client.loop.add_callback(self._follow, key, job)
        return result

    def watch(self) -> None:
        """Notice that the scheduler has gone."""
        if self._client.status != "running":
            self._fail("the connection to the Dask scheduler was lost")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more jobs. `cancel_futures` takes back those under way; `wait` waits a moment for those in workers' hands."""
        with self._lock:
            self._failure = self._failure or BuildUnavailableError(f"the Dask cluster was left; {_SITE_STANDS}")
            jobs = [job for _, job in self._pending.values()]
        if not jobs or self._client.status != "running":
            return
        with suppress(Exception):  # whatever it is, we are leaving
            if cancel_futures:
                with self._lock:
                    self._pending.clear()
                self._client.cancel(jobs, force=True)
            if wait:
                _ask(self._client, _wait_until_idle, (), self._workers)

    async def _follow(self, key: str, job: Any) -> None:
        """Hand on what becomes of a job.

        Part of the client's loop and gone with it: a thread that waits for a job of a client that was closed waits for
        ever, and the end of the program waits for that thread.
        """
        try:
            value, error = await self._client.gather(job, asynchronous=True), None
        except BaseException as exception:  # noqa: BLE001 (it goes on to the one who asked)
            value, error = None, exception
        with self._lock:
            result, _ = self._pending.pop(key, (None, None))
        if result is None or result.done() or not result.set_running_or_notify_cancel():
            return
        if error is None:
            result.set_result(value)
        elif job.status == "error" and type(error).__module__.partition(".")[0] != "distributed":
            result.set_exception(error)
        else:
            result.set_exception(
                self._failure or BuildUnavailableError(f"a job was lost: the Dask scheduler or a worker is gone; {_SITE_STANDS}")
            )

    def _on_event(self, event: tuple[float, dict[str, Any]]) -> None:
        """Hear what happens on the cluster. The scheduler tells it in order: a loss before the results of a second try."""
        details = event[1]
        if details.get("action") != "remove-worker" or details["worker"] not in self._workers:
            return
        self._workers.discard(details["worker"])
        ours = [key for key in (*details["processing-tasks"], *details["lost-computed-tasks"]) if str(key).startswith(self._name)]
        if ours or not self._workers:
            self._fail(f"the Dask worker {details['worker']} was lost (killed, out of memory, or cut off)")

    def _fail(self, why: str) -> None:
        with self._lock:
            self._failure = self._failure or BuildUnavailableError(
                f"{why}; {_SITE_STANDS}. Build again, or without --executor if it recurs"
            )
            results = [result for result, _ in self._pending.values()]  # the jobs stay there, for shutdown to take back
        for result in results:
            if not result.done() and result.set_running_or_notify_cancel():
                result.set_exception(self._failure)


@contextmanager
def connect(address: str, file: Path) -> Iterator[DaskExecutor]:
    """Open the cluster whose scheduler is at `address` (`dask://HOST:PORT`) for the length of the block.

    `file` is a file of the archive that every worker must be able to read. Raises ConfigError for an address of another
    form and where `distributed` is not installed, BuildUnavailableError where there is no cluster or its workers cannot do
    our work.
    """
    host_and_port = _parse_address(address)
    distributed = _import_distributed()
    try:
        asyncio.run(asyncio.wait_for(_greet(distributed, f"tcp://{host_and_port}"), _TIMEOUT_S))
        client = distributed.Client(f"tcp://{host_and_port}", timeout=_TIMEOUT_S, set_as_default=False, name="morgue")
    except (OSError, TimeoutError, ValueError):
        raise BuildUnavailableError(
            f"{address}: no Dask scheduler answers there; start one (dask scheduler), or mend the address"
        ) from None
    try:
        cluster = DaskExecutor(client, _fit_workers(client, address, file))
        from tornado.ioloop import PeriodicCallback

        watch = PeriodicCallback(cluster.watch, _WATCH_MS)
        client.loop.add_callback(watch.start)
        try:
            yield cluster
        finally:
            cluster.shutdown(cancel_futures=True)
            client.loop.add_callback(watch.stop)
    finally:
        with suppress(OSError, TimeoutError):
            client.close(timeout=_TIMEOUT_S)


def _parse_address(address: str) -> str:
    """Return HOST:PORT of a Dask address, or raise ConfigError."""
    try:
        parts = urlsplit(address)
        sound = parts.scheme == "dask" and parts.hostname and parts.port and parts.netloc == address.removeprefix("dask://")
    except ValueError:  # no number, or none of a port
        sound = False
    if not sound or "@" in address:
        raise ConfigError(
            f'--executor: "{address}" is no address of a Dask scheduler; write {ADDRESS_FORM}, like dask://10.0.0.5:8786'
        )
    return parts.netloc


def _import_distributed() -> ModuleType:
    try:
        import dask
        import distributed
    except ImportError:
        raise ConfigError('--executor: Dask is not installed here; pip install "morgue[dask]"') from None
    import logging

    for name in logging.root.manager.loggerDict:
        if name.partition(".")[0] == "distributed":  # each of its loggers has a level of its own
            logging.getLogger(name).setLevel(logging.CRITICAL)  # we say it in words of our own
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})  # batches are as large as they are meant to be
    return distributed


async def _greet(distributed: ModuleType, address: str) -> None:
    """Raise ValueError where what answers at `address` is no scheduler. A Client would wait for it without end."""
    async with distributed.rpc(address, timeout=_TIMEOUT_S) as scheduler:
        if (await scheduler.identity()).get("type") != "Scheduler":
            raise ValueError(address)


def _ask(client: Any, function: Callable[..., Any], arguments: tuple[Any, ...], workers: Iterable[str]) -> dict[str, object]:
    """Return what `function` gives in each of `workers`, by address; for one that does not answer in time, a TimeoutError."""
    answers: dict[str, object] = {worker: TimeoutError("it does not answer") for worker in sorted(workers)}

    def ask() -> None:
        with suppress(Exception):  # the client was closed
            answers.update(client.run(function, *arguments, workers=list(answers), on_error="return"))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(_TIMEOUT_S)
    return dict(answers)


def _fit_workers(client: Any, address: str, file: Path) -> dict[str, int]:
    """Return the threads of each worker by its address.

    Raises BuildUnavailableError where there is none, or one that cannot do our work.
    """
    threads: dict[str, int] = client.nthreads()
    if not threads:
        raise BuildUnavailableError(
            f"{address}: the Dask scheduler has no workers; start some (dask worker {address.removeprefix('dask://')})"
        )
    own = worker_environment(str(file))
    for worker, environment in _ask(client, worker_environment, (str(file),), threads).items():
        fault = _mismatch(own, environment, file)
        if fault:
            raise BuildUnavailableError(f"the Dask worker {worker} {fault}")
    return threads


def _mismatch(own: WorkerEnvironment, environment: object, file: Path) -> str:
    """Say what keeps a worker that answered `environment` from working for us; "" where nothing does."""
    # Dask hands on an exception that it cannot pickle as a text in another one
    if isinstance(environment, ImportError | AttributeError) or str(environment).startswith(_LACKING):
        return "does not have this version of Morgue; install the same on all"
    if not isinstance(environment, WorkerEnvironment):
        return f"cannot be used: {environment}"
    different = (says for ours, theirs, says in zip(own, environment, _MISMATCHES, strict=True) if ours != theirs)
    return next(different, "").format(file=file)


def worker_environment(file: str) -> WorkerEnvironment:
    """Return what this process brings to the work; runs here and in each worker."""
    folders = [version.theme_folder(name) for name in ("templates", "static")]
    entries = ((folder, entry) for folder in folders for entry in files.walk(folder) if not (entry.is_outside or entry.error))
    theme = files.digest(*(part for folder, entry in entries for part in (entry.path, (folder / entry.path).read_bytes())))
    try:
        digest = files.digest(Path(file).read_bytes())
    except OSError:
        digest = ""
    python = f"{platform.python_implementation()} {sys.version_info[0]}.{sys.version_info[1]}"
    return WorkerEnvironment(version.code_fingerprint(), python, f"{folders[0]} {theme}", digest)


def _run_exclusively(function: Callable[..., Result], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Result:
    with _one_at_a_time:
        return function(*args, **kwargs)


async def _wait_until_idle() -> None:
    """Wait until this worker has no job of ours in hand, but not for ever."""
    if await asyncio.to_thread(_one_at_a_time.acquire, timeout=_TIMEOUT_S / 2):
        _one_at_a_time.release()
