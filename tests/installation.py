"""The command ``samverkan``, run as an operator runs it."""

import os
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from forum.cli import main

ROOT = Path(__file__).parents[1]


def as_anybody() -> list[str]:
    """Return what goes before a command so that file modes count for root as well."""
    if os.geteuid():
        return []
    if not shutil.which("setpriv"):
        pytest.skip("root may write anywhere, and setpriv is not there to prevent it")
    rights = "-dac_override,-dac_read_search"
    return ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}", "--"]


@dataclass
class Installation:
    """A data folder and the command, run as an operator runs it."""

    data: Path
    environment: dict[str, str] = field(default_factory=dict)
    before: list[str] = field(default_factory=list)

    def __call__(
        self, *words: str, given: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.before, sys.executable, "-m", "forum", *words],
            cwd=ROOT,
            env=clean() | {"SAMVERKAN_DATA": str(self.data)} | self.environment | environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def here(self, *words: str, **environment: str) -> Result:
        """Run it in this process, without the second that Python takes to begin."""
        return here(list(words), SAMVERKAN_DATA=str(self.data), **environment)

    def well(self, *words: str, **environment: str) -> str:
        """Run it and return what it printed, without the last line break."""
        done = self(*words, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout.rstrip("\n")

    def refused(self, *words: str, **environment: str) -> str:
        """Return the one line that says why it will not."""
        done = self.here(*words, **environment)
        assert done.exit_code in {1, 2}, done.stdout
        assert isinstance(done.exception, SystemExit)
        assert done.stdout == ""
        return done.stderr.strip().splitlines()[-1]

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.data / "samverkan.sqlite")) as connection:
            return connection.execute(sql).fetchall()

    def change(self, sql: str, *values: object) -> None:
        with closing(sqlite3.connect(self.data / "samverkan.sqlite")) as connection, connection:
            connection.execute(sql, values)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.data / 'samverkan.sqlite'}"


def clean() -> dict[str, str]:
    """The environment without settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SAMVERKAN")}


def here(words: list[str], **environment: str) -> Result:
    """Run a command in this process, in a hundredth of the time. It wants a loop of its own."""
    before = dict(os.environ)
    with ThreadPoolExecutor(1) as thread:
        try:
            runner = CliRunner(env=dict(environment))
            return thread.submit(runner.invoke, main, words).result(60)
        finally:
            # The command hands its options on to the server by the environment.
            os.environ.clear()
            os.environ.update(before)
