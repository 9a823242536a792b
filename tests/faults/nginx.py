"""A real nginx, with the very block that the README shows."""

import os
import re
import ssl
import subprocess
from pathlib import Path
from typing import Self

from tests.faults.proxies import certify, documented, ended, missing, program, waited_for
from tests.faults.serving import free_port


def lacking() -> str | None:
    """Say why none can be started here, or None when one can."""
    return missing("nginx", "openssl")


class Nginx:
    """In front of a server, with a certificate for localhost that nobody else trusts."""

    #: What it makes requests' numbers of.
    number = re.compile("[0-9a-f]{32}")

    def __init__(self, folder: Path, server_port: int) -> None:
        """Start it and wait until it takes connections."""
        self.port, self.plain_port = free_port(), free_port()
        self.url = f"https://localhost:{self.port}"
        certify(folder)
        self.trusting = ssl.create_default_context(cafile=folder / "fullchain.pem")
        text = documented("nginx", {
            "127.0.0.1:8000": f"127.0.0.1:{server_port}",
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 443 ": f"listen 127.0.0.1:{self.port} ",
            "https://samverkan.example": self.url,
            "samverkan.example": "localhost",
            "/etc/ssl/samverkan": str(folder),
        })  # fmt: skip
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        places = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
        # Started by root, it would become somebody who may not enter the tests' folders.
        user = "" if os.geteuid() else "user root;"
        (folder / "nginx.conf").write_text(
            f"{user} daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
            f"events {{}}\nhttp {{ access_log off;\n{places}\n{text}\n}}\n"
        )
        command = [program("nginx"), "-p", str(folder), "-e", "error.log", "-c", "nginx.conf"]
        self._process = subprocess.Popen(command)
        waited_for(self._process, self.port, folder / "error.log")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        ended(self._process)
