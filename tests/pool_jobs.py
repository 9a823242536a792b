"""Jobs for the worker processes, apart from the tests: each worker that starts imports them."""

import ctypes
import errno
import os
import signal
import socket
import subprocess
from pathlib import Path


def die(folder: str, times: int) -> str:
    """Die by SIGKILL the first `times` times."""
    before = len(list(Path(folder).iterdir()))
    if before < times:
        (Path(folder) / str(before)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def take_memory(size: int) -> int:
    return len(bytearray(size))


def shout() -> str:
    print("noise between answers")
    return "quiet"


def refuse(why: str) -> None:
    raise LookupError(why)


def environment(name: str) -> str | None:
    return os.environ.get(name)


def flood(path: str) -> str:
    """Write to both standard streams and to a file what is too much."""
    for stream in (1, 2):
        os.write(stream, b"noise from a library" * 1000)
    try:
        Path(path).write_bytes(bytes(200_000))
    except OSError as error:
        return f"{error.strerror}, {Path(path).stat().st_size}"
    return "written"


def run(command: list[str]) -> str:
    """Give what a program says, also of what went wrong."""
    done = subprocess.run(command, capture_output=True, check=False)
    return (done.stdout + done.stderr).decode()


def use_a_pair() -> list[str]:
    """Name what is refused of all that could lead out of the process."""
    refused = []
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with one, other:
        for name, arguments in (
            ("connect", ["/run/systemd/notify"]),
            ("bind", ["here"]),
            ("listen", []),
            ("sendto", [b"x", "/run/systemd/notify"]),
        ):
            try:
                getattr(one, name)(*arguments)
            except PermissionError:
                refused.append(name)
    return refused


def raw_call(number: int) -> str:
    """Give what the kernel says to a call by its number."""
    libc = ctypes.CDLL(None, use_errno=True)
    return "done" if libc.syscall(number, 0, 0, 0) >= 0 else errno.errorcode[ctypes.get_errno()]


def wait_for_sleep(path: str) -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        Path(path).write_text(str(process.pid))
        process.wait()
