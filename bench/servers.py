"""Servers in processes of their own, all on one core; the visitors use another."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parent.parent
_CORES = sorted(os.sched_getaffinity(0))
SERVERS_CORE, VISITORS_CORE = _CORES[0], _CORES[-1]


def on_core(core: int) -> AbstractContextManager[None]:
    """Have what is started meanwhile run on this core alone: processes inherit it."""
    return _on({core})


def on_all_cores() -> AbstractContextManager[None]:
    """Have what is started meanwhile run wherever there is room, and what runs already too."""
    return _on(set(_CORES))


@contextmanager
def _on(cores: set[int]) -> Iterator[None]:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory in MB: a process's own, and what it has mapped of files.

    Pages of SQLite's file are mapped; the system takes them back when it wants them.
    """

    own: float
    mapped: float

    @property
    def resident(self) -> float:
        """All of it."""
        return self.own + self.mapped

    def __str__(self) -> str:
        return f"{self.resident:.0f} MB ({self.own:.0f} own)"


class Serving:
    """A Python module that serves on a port, started and answering."""

    def __init__(
        self, module: str, *arguments: str, port: int, environment: Mapping[str, str]
    ) -> None:
        """Start it and wait until it answers ``/help``."""
        self.port = port
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("SAMVERKAN_")
        }
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
        began = time.perf_counter()
        with on_core(SERVERS_CORE):
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=ROOT,
                env={**inherited, **environment},
                stdout=self._said,
                stderr=self._said,
            )
        self._wait(began + 60)
        #: From the start of the process to its first answer.
        self.starting_seconds = time.perf_counter() - began

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._said.close()

    def signal(self, number: int) -> None:
        """Send the process a signal."""
        self._process.send_signal(number)

    def everywhere(self) -> None:
        """Let all its threads run on any core from now on."""
        for pid in _family(self._process.pid):
            for task in Path(f"/proc/{pid}/task").iterdir():
                os.sched_setaffinity(int(task.name), set(_CORES))

    def memory(self) -> Memory:
        """Return what it and its own processes hold now."""
        held = [_held(pid) for pid in _family(self._process.pid)]
        return Memory(sum(one.own for one in held), sum(one.mapped for one in held))

    def processor_seconds(self) -> float:
        """Return how long it and its own processes have kept a core busy."""
        return processor_seconds(self._process.pid)

    def _wait(self, until: float) -> None:
        while not _answers(self.port):
            if self._process.poll() is not None or time.perf_counter() > until:
                self._process.kill()
                self._process.wait()
                self._said.seek(0)
                raise RuntimeError(self._said.read().decode(errors="replace"))
            time.sleep(0.005)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as asking:
            asking.sendall(f"GET /help HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            return asking.recv(12).endswith(b"200")
    except OSError:
        return False


def _held(pid: int) -> Memory:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return Memory(0, 0)
    kilobytes = {
        name: int(status.partition(name)[2].split()[0]) for name in ("RssAnon:", "RssFile:")
    }
    return Memory(kilobytes["RssAnon:"] / 1024, kilobytes["RssFile:"] / 1024)


def processor_seconds(pid: int) -> float:
    """Return how long a process and those it has started have kept a core busy."""
    return sum(_ticks(one) for one in _family(pid)) / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def _family(pid: int) -> list[int]:
    """Return a process and all that it has started."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        started = " ".join((task / "children").read_text() for task in tasks).split()
    except OSError:
        return [pid]
    return [pid, *(one for child in started for one in _family(int(child)))]


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port
