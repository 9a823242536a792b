"""Worker processes for work that may run away: limited in time and memory, killed when late.

Each worker has two pipes of its own and shares no lock with the others, so that it can be killed,
or die, at any moment. That is why this is not pebble 5.2, whose workers share a pipe and a lock:
there the death of an idle worker breaks the whole pool (BrokenProcessPool).
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final

from forum.render_worker import packed, read, write

STARTING_SECONDS: Final = 30.0
MEMORY_BYTES: Final = 512 * 1024 * 1024


class TooSlowError(Exception):
    """The job was killed at its time limit."""


class WorkerLostError(Exception):
    """The worker died under the job (memory, a crash, a signal), also when tried once more."""


class PoolFullError(Exception):
    """So many jobs wait already that this one was not taken in."""


class JobFailedError(Exception):
    """The job raised; the text is its type and message."""


class RenderPool:
    """At most `workers` processes, started when first needed, first come, first served.

    `preload` is the module whose functions will be called; importing it is part of starting, so
    it never counts against `seconds`, the wall time a job may take once a worker has it; a change
    of it holds for jobs to come. At most `waiting` jobs are queued or running. The pool belongs to
    no event loop, so several may use it. A worker may have `memory` bytes of address space, and
    write files of `written` bytes; it has no network (forum.confinement). Programs that it has
    started are killed with it.
    """

    def __init__(
        self,
        preload: str,
        workers: int = 2,
        seconds: float = 1.0,
        waiting: int = 64,
        memory: int = MEMORY_BYTES,
        written: int = 0,
    ) -> None:
        self.seconds = seconds
        self._workers = workers
        self._started = preload, str(memory), str(written)
        self._places = threading.BoundedSemaphore(waiting)
        self._lock = threading.Lock()
        self._threads: ThreadPoolExecutor | None = None
        self._idle: list[_Worker] = []
        # For a program that ends without close(); also keeps its end free of warnings.
        weakref.finalize(self, _end_all, self._idle)

    async def call(self, function: Callable[..., object] | str, *args: object) -> Any:
        """Give what `function(*args)` gives in a worker; arguments and answer must be JSON.

        The function is found by its module and name; "module:name" itself is for one whose module
        this process is not to import. Raises TooSlowError, WorkerLostError, PoolFullError or
        JobFailedError; the pool is usable after each of them.
        """
        if isinstance(function, str):
            name = function
        else:
            name = f"{function.__module__}:{function.__qualname__}"
        job = packed({"call": name, "args": args, "seconds": self.seconds})
        if not self._places.acquire(blocking=False):
            raise PoolFullError
        try:
            done = self._executor().submit(self._run, job)
        except BaseException:
            self._places.release()
            raise
        done.add_done_callback(self._release)
        message: bytes = await asyncio.wrap_future(done)
        answer = json.loads(message)
        if "error" in answer:
            raise JobFailedError(answer["error"])
        return answer["value"]

    async def close(self) -> None:
        """End the workers; jobs not yet begun are cancelled. A later call starts anew."""
        with self._lock:
            threads, self._threads = self._threads, None
        if threads is not None:
            await asyncio.to_thread(threads.shutdown, wait=True, cancel_futures=True)
        await asyncio.to_thread(_end_all, self._idle)

    def _executor(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(self._workers, "render")
            return self._threads

    def _release(self, _done: Future[bytes]) -> None:
        self._places.release()

    def _run(self, job: bytes) -> bytes:
        # One more try, because a worker may have been killed for what an earlier text did.
        with suppress(WorkerLostError):
            return self._run_once(job)
        return self._run_once(job)

    def _run_once(self, job: bytes) -> bytes:
        worker = self._take()
        try:
            answer = worker.ask(job, self.seconds)
        except BaseException:
            worker.end()
            raise
        if worker.late:
            worker.end()
        else:
            self._idle.append(worker)
        return answer

    def _take(self) -> "_Worker":
        with suppress(IndexError):
            while not (worker := self._idle.pop()).alive():
                worker.end()
            return worker
        return _Worker(*self._started)


class _Worker:
    """A process of our own with a pipe in and a pipe out; used by one thread at a time."""

    def __init__(self, *started: str) -> None:
        self.late = False
        self._process = subprocess.Popen(  # noqa: S603 - the command is ours
            [sys.executable, "-P", "-m", "forum.render_worker", *started],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(os.environ),
            # Ctrl-C in the terminal is for the server, which ends us by closing the pipe.
            start_new_session=True,
        )
        try:
            self.ask(b"", STARTING_SECONDS)
        except BaseException:
            self.end()
            raise

    def ask(self, job: bytes, seconds: float) -> bytes:
        """Give the answer to a job; the process is killed when `seconds` have gone."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        # A timer rather than select(): pipes cannot be waited for with a time limit on Windows.
        timer = threading.Timer(seconds, self._kill)
        timer.start()
        try:
            write(self._process.stdin, job)
            return read(self._process.stdout)
        except (OSError, EOFError) as error:
            raise (TooSlowError if self.late else WorkerLostError) from error
        finally:
            timer.cancel()
            timer.join()

    def alive(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None

    def end(self) -> None:
        """Kill the process and take care of what it leaves."""
        self._kill_all()
        with suppress(OSError):
            self._process.communicate()

    def _kill(self) -> None:
        self.late = True
        self._kill_all()

    def _kill_all(self) -> None:
        # It leads a group of its own, in which the programs are that it has started. Its number
        # is nobody else's as long as nobody has asked how it ended.
        if sys.platform != "win32" and self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()


def _end_all(workers: list[_Worker]) -> None:
    while workers:
        workers.pop().end()


def _environment(ours: Mapping[str, str]) -> dict[str, str]:
    # A worker handles strangers' text: it gets no database password. `-m` must find `forum` as
    # we did, also from a checkout that is not installed.
    kept = {name: value for name, value in ours.items() if not name.startswith("SAMVERKAN_")}
    return kept | {"PYTHONPATH": os.pathsep.join(path or "." for path in sys.path)}
