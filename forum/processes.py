"""Several processes that serve one port: started, watched, replaced when one dies, and ended."""

import multiprocessing
import os
import signal
import tempfile
import threading
import time
from pathlib import Path
from socket import socket
from types import FrameType

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import multiprocess

from forum import metrics
from forum.server import Server

#: One that hangs hears no signal. By then the others have ended by themselves.
KILLED_AFTER_SECONDS = 9.3
#: One that has answered nothing for so long is replaced. Starting takes a while on a busy machine.
HANGS_AFTER_SECONDS = 60

_GLANCE_SECONDS = 0.05


class _Process(multiprocess.Process):
    """One of them, with our server in it."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket]) -> None:
        super().__init__(config, sockets)
        self._answered = time.monotonic()

    def is_alive(self, timeout: float = 0) -> bool:
        """Say whether it runs and has answered lately.

        uvicorn would wait here for one that is busy, while others die or all are to end.
        """
        if not self.process.is_alive():
            return False
        if self.ping(min(timeout, _GLANCE_SECONDS)):
            self._answered = time.monotonic()
        return time.monotonic() - self._answered < HANGS_AFTER_SECONDS

    def target(self, sockets: list[socket] | None = None) -> None:
        """Serve in the new process, for as long as the one that has started it is there."""
        threading.Thread(target=_end_with_parent, daemon=True).start()
        self._server = Server(self.config)
        super().target(sockets)


def _end_with_parent() -> None:
    """Otherwise the port would be held by processes that nobody watches or can name."""
    parent = multiprocessing.parent_process()
    assert parent
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


class _Processes(multiprocess.Multiprocess):
    """uvicorn's supervisor, which also ends what hangs."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket]) -> None:
        super().__init__(config, sockets)
        self._killing: threading.Timer | None = None
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, self._end)

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        if self._killing is None:
            self._killing = threading.Timer(KILLED_AFTER_SECONDS, self._kill_all)
            self._killing.daemon = True
            self._killing.start()
            # By a thread: this one may be within that very event, and would wait for itself.
            threading.Thread(target=self.should_exit.set).start()

    def _kill_all(self) -> None:
        for one in self.processes:
            one.process.kill()

    def keep_subprocess_alive(self) -> None:
        """Start another for each that has died, and forget what only a living one has."""
        before = {one.pid for one in self.processes}
        super().keep_subprocess_alive()
        for pid in before - {one.pid for one in self.processes}:
            if pid is not None:
                metrics.forget(pid)


def serve(configuration: uvicorn.Config, listening: socket) -> None:
    """Serve by as many processes as are configured, until stopped.

    Raises SystemExit when they did not start.
    """
    # uvicorn finds the class of its processes by this name, and cannot be told another.
    multiprocess.Process = _Process  # type: ignore[misc]
    with tempfile.TemporaryDirectory(prefix="samverkan-metrics-") as folder:
        metrics.keep_in(Path(folder))
        together = _Processes(configuration, [listening])
        together.run()
    if any(one.exitcode == STARTUP_FAILURE for one in together.processes):
        raise SystemExit(STARTUP_FAILURE)
