"""A real Caddy, with the very block that the README shows."""

import re
import ssl
import subprocess
from pathlib import Path
from typing import Self

from tests.faults.proxies import certify, documented, ended, missing, program, waited_for
from tests.faults.serving import free_port


def lacking() -> str | None:
    """Say why none can be started here, or None when one can."""
    return missing("caddy", "openssl")


class Caddy:
    """In front of a server, with a certificate for localhost that nobody else trusts."""

    #: What it makes requests' numbers of.
    number = re.compile("[0-9a-f-]{36}")

    def __init__(self, folder: Path, server_port: int) -> None:
        """Start it and wait until it takes connections."""
        self.port, self.plain_port = free_port(), free_port()
        self.url = f"https://localhost:{self.port}"
        certify(folder)
        self.trusting = ssl.create_default_context(cafile=folder / "fullchain.pem")
        # It would fetch a certificate for a name of its own.
        given = f"tls {folder}/fullchain.pem {folder}/privkey.pem"
        text = documented("caddy", {
            "127.0.0.1:8000": f"127.0.0.1:{server_port}",
            "samverkan.example {": f"localhost {{\n    {given}",
        })  # fmt: skip
        here = ("admin off", f"http_port {self.plain_port}", f"https_port {self.port}",
                f"storage file_system {folder}/storage", "skip_install_trust")  # fmt: skip
        options = "\n".join(here)
        (folder / "Caddyfile").write_text(f"{{\n{options}\n}}\n{text}")
        command = [program("caddy"), "run", "--config", "Caddyfile", "--adapter", "caddyfile"]
        home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
        with (folder / "error.log").open("wb") as log:
            self._process = subprocess.Popen(command, cwd=folder, env=home, stderr=log)
        waited_for(self._process, self.port, folder / "error.log")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        ended(self._process)
