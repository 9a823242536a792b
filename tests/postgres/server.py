"""A private PostgreSQL for a test process, with its own folder and port; it ends when that does."""

import contextlib
import itertools
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import asyncpg

_LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
_CLUSTER = [
    *("--pgdata", "data", "--username", "postgres", "--auth", "trust"),
    *("--encoding", "UTF8", "--locale", _LOCALE, "--no-sync"),
]
# Nothing here must outlive a crash of the machine, so nothing waits for a disk.
FOR_TESTS = {
    "autovacuum": "off",
    # Deadlocks are provoked here, and the usual second of waiting proves nothing.
    "deadlock_timeout": "100ms",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "max_wal_senders": "0",
    "synchronous_commit": "off",
    "wal_level": "minimal",
}

# Runs beside the server in a session of its own, where neither Ctrl-C nor the kill of a process
# group reaches it. Not prctl(PR_SET_PDEATHSIG): that is Linux only, and already fires when the
# *thread* that started the server ends.
_GUARD = """
import os, shutil, signal, sys, time
parent, folder = int(sys.argv[1]), sys.argv[2]
while os.getppid() == parent and os.path.exists(folder):
    time.sleep(0.2)
try:
    os.kill(int(open(folder + "/data/postmaster.pid").readline()), signal.SIGQUIT)
    time.sleep(0.5)
except OSError:
    pass
shutil.rmtree(folder, ignore_errors=True)
"""


def lacking() -> str | None:
    """Say why no server can be started here, or None when one can."""
    if _programs() is None:
        return "PostgreSQL's initdb was not found (Debian: postgresql; or SAMVERKAN_POSTGRES_BIN)"
    if os.geteuid() == 0 and not _account():
        return "PostgreSQL refuses to run as root, and there is no account postgres or nobody"
    return None


class Server:
    """A running PostgreSQL with trusted logins on 127.0.0.1."""

    def __init__(self, settings: Mapping[str, str] = FOR_TESTS, place: Path | None = None) -> None:
        """Make the folder and the cluster, and start it: 0.7 s. Ask `lacking` first.

        Its folder is made in `place`, or else in memory where there is room.
        """
        programs = _programs()
        if programs is None:
            raise RuntimeError(lacking())
        self._programs = programs
        self._settings = settings
        self._account = _account()
        self._numbers = itertools.count(1)
        self.folder = Path(tempfile.mkdtemp(prefix="samverkan-postgres-", dir=place or _memory()))
        if self._account:
            shutil.chown(self.folder, self._account["user"], self._account["group"])
        guard = [sys.executable, "-I", "-S", "-c", _GUARD, str(os.getpid()), str(self.folder)]
        self._guard = subprocess.Popen(guard, start_new_session=True)
        try:
            self._run("initdb", *_CLUSTER)
            self._start_on_a_free_port()
        except BaseException:
            self.remove()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def url(self, database: str = "postgres") -> str:
        """Give the address of one of its databases."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    @property
    def pid(self) -> int:
        """The number of its first process, which starts all others."""
        return self._process.pid

    async def create(self, template: str = "template1") -> str:
        """Copy a database that nobody is connected to, and give the copy's name."""
        name = f"test_{next(self._numbers)}"
        # Copying files is quicker than logging every page: 20 ms instead of 70 with 40 tables.
        await self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return name

    async def drop(self, name: str) -> None:
        """Drop a database, ending whatever is still connected to it."""
        await self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def start(self) -> None:
        """Start it on the port it has, and wait until it answers."""
        settings = {
            **self._settings,
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
        }
        command = [str(self._programs / "postgres"), "-D", "data"]
        for setting in settings.items():
            command += ["-c", "=".join(setting)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True, **self._surroundings()
            )
        give_up = time.monotonic() + 30
        # Asked by its socket file: on the port, another worker's server might answer for it.
        while self._try("pg_isready", "-h", str(self.folder), "-p", str(self.port)).returncode:
            if self._process.poll() is not None or time.monotonic() > give_up:
                self._process.kill()
                self._process.wait()
                raise RuntimeError((self.folder / "log").read_text(errors="replace"))
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT ends connections tidily, SIGQUIT is a crash that the next start mends."""
        self._process.send_signal(how)
        self._process.wait(30)

    def restart(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it and start it again on the same port."""
        self.stop(how)
        self.start()

    def remove(self) -> None:
        """Stop it and leave nothing behind. Safe to repeat."""
        if hasattr(self, "_process") and self._process.poll() is None:
            self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)
        self._guard.kill()
        self._guard.wait()

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url())
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _start_on_a_free_port(self) -> None:
        for attempt in range(5):
            self.port = _free_port()
            try:
                self.start()
            except RuntimeError:  # another process may have taken the port since
                if attempt == 4:
                    raise
            else:
                return

    def _try(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(self._programs / program), *arguments]
        return subprocess.run(command, capture_output=True, text=True, **self._surroundings())

    def _run(self, program: str, *arguments: str) -> None:
        result = self._try(program, *arguments)
        if result.returncode:
            raise RuntimeError(f"{program}: {result.stderr or result.stdout}")

    def _surroundings(self) -> dict[str, Any]:
        own = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C"}
        return {"cwd": self.folder, "env": own, **self._account}


def _programs() -> Path | None:
    if named := os.environ.get("SAMVERKAN_POSTGRES_BIN"):
        places = [Path(named)]
    else:
        debian = Path("/usr/lib/postgresql").glob("*/bin")
        places = sorted(debian, key=lambda place: float(place.parent.name), reverse=True)
        if found := shutil.which("initdb"):
            places.append(Path(found).resolve().parent)
    return next((place for place in places if (place / "initdb").exists()), None)


def _account() -> dict[str, Any]:
    """Whose processes the server's are: one's own, but for root, whom PostgreSQL refuses."""
    if os.geteuid():
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    return {}


def _memory() -> str | None:
    """A folder in memory when it has room, else None for the usual temporary one."""
    place = Path("/dev/shm")
    roomy = os.access(place, os.W_OK) and shutil.disk_usage(place).free > 1 << 30
    return str(place) if roomy else None


def _free_port() -> int:
    # Below the range that systems hand out by themselves: while the server is stopped, no client's
    # end of a connection may be given its port.
    while True:
        port = random.randint(15_000, 32_000)
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)):
                return port


if __name__ == "__main__":
    # `python -m tests.postgres.server`: a database to look at, until Ctrl-C.
    with Server() as server:
        print(server.url(), flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()
