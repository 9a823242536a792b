"""A real server with a network, and the programs that open it as a drive."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.faults.serving import Serving
from tests.installation import Installation


@dataclass(slots=True)
class Opened:
    """A server, a network on it, and Ann's app password."""

    server: Serving
    installed: Installation
    password: str

    @property
    def url(self) -> str:
        return f"{self.server.url}/dav/natet/"

    def http(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, auth=("ann.alm", self.password), timeout=60)

    def again(self) -> None:
        """Start another server on what the last one has left."""
        self.server = Serving(self.server.data)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """A newcomer's installation with one network, served."""
    installed = Installation(tmp_path / "data")
    for words in (
        ["setup"],
        ["organisation", "add", "Aneby"],
        ["person", "add", "Olga Operatör", "--operator"],
        ["person", "add", "Ann Alm"],
        ["network", "add", "Nätet", "--coordinator", "ann.alm", "--organisation", "Aneby",
         "--actor", "olga.operator"],
    ):  # fmt: skip
        assert installed.here(*words).exit_code == 0
    password = installed.here("app-password", "add", "ann.alm").stdout.strip()
    made = Opened(Serving(installed.data), installed, password)
    try:
        yield made
    finally:
        made.server.kill()


@pytest.fixture
def litmus() -> str | None:
    """The test suite of WebDAV's own makers, where it is installed."""
    return shutil.which("litmus")


@pytest.fixture
def rclone() -> str | None:
    return shutil.which("rclone")
