"""A real server in a process of its own, that can be killed."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import httpx

ROOT = Path(__file__).parents[2]


class Serving:
    """``samverkan serve`` on a data folder."""

    def __init__(self, data: Path, *words: str, **settings: str) -> None:
        """Start it and wait until it answers; words follow ``serve``."""
        self.data = data
        self.port = int(settings.get("PORT", 0)) or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        chosen = {"DATA": str(data), "PORT": str(self.port), **settings}
        self._log = data.with_name("server.log")
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("SAMVERKAN_")
        }
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "forum", "serve", *words],
                cwd=ROOT,
                env=inherited | {f"SAMVERKAN_{name}": value for name, value in chosen.items()},
                stdout=log,
                stderr=log,
            )
        self._wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def kill(self) -> None:
        """End it as a power cut would. Safe to repeat."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> float:
        """End it as whoever runs it does, and return how many seconds that took."""
        began = time.monotonic()
        self.terminate()
        self._process.wait(60)
        return time.monotonic() - began

    def terminate(self) -> None:
        """Tell it to end, and do not wait."""
        self._process.send_signal(signal.SIGTERM)

    @property
    def ended_by(self) -> int:
        """The signal that ended it."""
        return -(self._process.returncode or 0)

    def log(self) -> str:
        """Return all that servers on this folder have written."""
        return self._log.read_text()

    def browser(self) -> httpx.AsyncClient:
        """Return a client that sends our own Origin.

        Each request has a connection of its own: uvicorn closes the one it answered 500 on.
        """
        once = httpx.Limits(max_keepalive_connections=0)
        return httpx.AsyncClient(
            base_url=self.url, headers={"Origin": self.url}, timeout=60, limits=once
        )

    def _wait(self) -> None:
        give_up = time.monotonic() + 60
        while True:
            try:
                if httpx.get(f"{self.url}/health/ready").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            if self._process.poll() is not None or time.monotonic() > give_up:
                self.kill()
                raise RuntimeError("the server did not start")
            time.sleep(0.05)


def free_port() -> int:
    """Return a port that nobody has, below those that systems hand out by themselves."""
    while True:
        port = random.randint(32_001, 32_700)
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)):
                return port
