"""The life of one worker of forum.render_pool: jobs in by one pipe, answers out by another.

``python -m forum.render_worker MODULE MEMORY WRITTEN``, with bytes of address space and of files.
"""

import importlib
import json
import os
import signal
import struct
import sys
from contextlib import suppress
from typing import IO, Final

from forum import confinement

if sys.platform != "win32":
    import resource

ANSWER_BYTES: Final = 4 * 1024 * 1024
_LENGTH: Final = struct.Struct(">I")


def _work(preload: str, memory: int, written: int) -> None:
    """Answer jobs until the server closes the pipe or is gone: a worker's life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inwards, outwards = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print() must not end up between two answers
    importlib.import_module(preload)
    _limit(memory, written)
    confinement.confine()
    # What libraries say of strangers' files, line upon line, is not for the server's log.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    with suppress(EOFError, BrokenPipeError):
        while True:
            job = read(inwards)
            write(outwards, _answer(job) if job else b"")


def _answer(message: bytes) -> bytes:
    job = json.loads(message)
    _end_myself_after(2 * job["seconds"] + 1)
    try:
        module, _, name = job["call"].partition(":")
        answer = {"value": getattr(importlib.import_module(module), name)(*job["args"])}
    except MemoryError:
        os._exit(1)  # nothing in this process can be relied on any more
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    _end_myself_after(0)
    return packed(answer)


def _end_myself_after(seconds: float) -> None:
    # The server kills us well before. This is for the job that runs on after kill -9 of the
    # server; SIGALRM's own default kills, also inside a regular expression that holds the GIL.
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit(memory: int, written: int) -> None:
    # Not RLIMIT_CPU: it counts for all jobs of a worker, whose time is limited anyway.
    if sys.platform != "win32":
        for kind, size in (
            (resource.RLIMIT_AS, memory),
            (resource.RLIMIT_FSIZE, written),
            (resource.RLIMIT_CORE, 0),  # it would hold what somebody sent
        ):
            with suppress(ValueError, OSError):  # macOS refuses some limits
                resource.setrlimit(kind, (size, size))


def packed(value: object) -> bytes:
    """Give a value as a message: JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False).encode()


def write(pipe: IO[bytes], message: bytes) -> None:
    """Send a message, its length before it."""
    pipe.write(_LENGTH.pack(len(message)) + message)
    pipe.flush()


def read(pipe: IO[bytes]) -> bytes:
    """Give the next message. Raises EOFError when there is no more, or it is too long."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    if length > ANSWER_BYTES:
        raise EOFError
    message = pipe.read(length)
    if len(message) < length:
        raise EOFError
    return message


if __name__ == "__main__":
    _work(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
