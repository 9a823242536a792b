"""Jobs for the worker processes, apart from the tests: each worker that starts imports them."""

import os
import signal
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
