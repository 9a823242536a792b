"""A real nginx, with the very block that docs/operating.md shows."""

import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
from pathlib import Path
from typing import Self

from tests.faults.serving import free_port

DOCUMENT = Path(__file__).parents[2] / "docs/operating.md"


def lacking() -> str | None:
    """Say why none can be started here, or None when one can."""
    missing = [name for name in ("nginx", "openssl") if not _program(name)]
    return f"not found: {', '.join(missing)} (Debian: the same)" if missing else None


def block() -> str:
    """Return the block as it is documented."""
    (found,) = re.findall(r"^```nginx\n(.*?)^```$", DOCUMENT.read_text(), re.M | re.S)
    return str(found)


class Nginx:
    """In front of a server, with a certificate for localhost that nobody else trusts."""

    def __init__(self, folder: Path, server_port: int) -> None:
        """Start it and wait until it takes connections."""
        self.port, self.plain_port = free_port(), free_port()
        self.url = f"https://localhost:{self.port}"
        self._certify(folder)
        self.trusting = ssl.create_default_context(cafile=folder / "fullchain.pem")
        instead = {
            "127.0.0.1:8000": f"127.0.0.1:{server_port}",
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 443 ": f"listen 127.0.0.1:{self.port} ",
            "https://samverkan.example": self.url,
            "samverkan.example": "localhost",
            "/etc/ssl/samverkan": str(folder),
        }
        text = block()
        for documented, here in instead.items():
            assert documented in text, documented
            text = text.replace(documented, here)
        self._process = self._start(folder, text)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(30)

    def _certify(self, folder: Path) -> None:
        key, certificate = folder / "privkey.pem", folder / "fullchain.pem"
        command = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
        named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        files = ["-keyout", str(key), "-out", str(certificate)]
        openssl = _program("openssl")
        assert openssl
        subprocess.run([openssl, *command, *named, *files], check=True, capture_output=True)

    def _start(self, folder: Path, text: str) -> subprocess.Popen[bytes]:
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        places = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
        # Started by root, it would become somebody who may not enter the tests' folders.
        user = "" if os.geteuid() else "user root;"
        (folder / "nginx.conf").write_text(
            f"{user} daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
            f"events {{}}\nhttp {{ access_log off;\n{places}\n{text}\n}}\n"
        )
        nginx = _program("nginx")
        assert nginx
        command = [nginx, "-p", str(folder), "-e", "error.log", "-c", "nginx.conf"]
        process = subprocess.Popen(command)
        give_up = time.monotonic() + 30
        while True:
            with socket.socket() as trial:
                if not trial.connect_ex(("127.0.0.1", self.port)):
                    return process
            if process.poll() is not None or time.monotonic() > give_up:
                process.kill()
                process.wait()
                raise RuntimeError((folder / "error.log").read_text())
            time.sleep(0.02)


def _program(name: str) -> str | None:
    # Debian keeps nginx where only root's PATH leads.
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
