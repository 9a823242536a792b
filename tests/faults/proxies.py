"""What proxies before a server have in common: the documented block, a certificate, a process."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "README.md"


def block(language: str) -> str:
    """Return the block as it is documented."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT.read_text(), re.M | re.S)
    return str(found)


def documented(language: str, instead: Mapping[str, str]) -> str:
    """Return the documented block with what is here for what stands there."""
    text = block(language)
    for there, here in instead.items():
        assert there in text, there
        text = text.replace(there, here)
    return text


def missing(*names: str) -> str | None:
    """Say which of these programs are not here, or None."""
    lacking = [name for name in names if not _found(name)]
    return f"not found: {', '.join(lacking)} (Debian: the same)" if lacking else None


def program(name: str) -> str:
    """Return where a program is."""
    found = _found(name)
    assert found, name
    return found


def _found(name: str) -> str | None:
    # Debian keeps nginx where only root's PATH leads.
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")


def certify(folder: Path) -> None:
    """Make a certificate for localhost."""
    key, certificate = folder / "privkey.pem", folder / "fullchain.pem"
    command = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([program("openssl"), *command, *named, *files], check=True, capture_output=True)


def waited_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until a process takes connections; raise RuntimeError with its log when it does not."""
    give_up = time.monotonic() + 30
    while True:
        with socket.socket() as trial:
            if not trial.connect_ex(("127.0.0.1", port)):
                return
        if process.poll() is not None or time.monotonic() > give_up:
            process.kill()
            process.wait()
            raise RuntimeError(log.read_text())
        time.sleep(0.02)


def ended(process: subprocess.Popen[bytes]) -> None:
    """Have a process end."""
    process.send_signal(signal.SIGTERM)
    process.wait(30)
