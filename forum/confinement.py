"""What a process gives up that opens strangers' files: the network, and other processes.

On Linux by seccomp: the kernel refuses these calls from then on, also in whatever programs it
starts, and nobody can take it back. Where seccomp is not to be had, by a network namespace of its
own with nothing in it, which leaves the sockets that are files.
"""

import ctypes
import os
import platform
import struct
import sys
from enum import StrEnum
from typing import Final


class Held(StrEnum):
    """How a process is kept from the network."""

    SECCOMP = "seccomp"
    NAMESPACE = "namespace"
    NOT = "not"


#: What is refused, with its number on x86-64 and on ARM64. io_uring makes sockets of its own, past
#: any filter; the last four read and write other processes, of which the server is one.
_CALLS: Final = {
    "socket": (41, 198),
    "connect": (42, 203),
    "accept": (43, 202),
    "accept4": (288, 242),
    "bind": (49, 200),
    "listen": (50, 201),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    "io_uring_setup": (425, 425),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
}
#: By the machine: its place above, its AUDIT_ARCH, and the number of seccomp(2).
_MACHINES: Final = {
    "x86_64": (0, 0xC000003E, 317),
    "aarch64": (1, 0xC00000B7, 277),
}
_NO_NEW_PRIVILEGES: Final = 38
_SET_FILTER, _ALL_THREADS = 1, 1
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000

# Classic BPF: code, jumps when true and when false, value.
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050001  # with EPERM
#: Calls of the x32 ABI, which are other numbers for the same.
_X32: Final = 0x40000000

_held = Held.NOT


def held() -> str:
    """Say how this process is kept from the network: a Held."""
    return _held


def confine() -> None:
    """Give up the network for good, in this process and all that it starts."""
    global _held
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if _filtered(libc):
            _held = Held.SECCOMP
        elif libc.unshare(_NEW_USER | _NEW_NETWORK) == 0:
            _held = Held.NAMESPACE


def _filtered(libc: ctypes.CDLL) -> bool:
    machine = _MACHINES.get(platform.machine())
    # A 32-bit Python on such a machine makes calls by other numbers.
    if machine is None or struct.calcsize("P") != 8:
        return False
    column, architecture, seccomp = machine
    program = _program(architecture, sorted(numbers[column] for numbers in _CALLS.values()))
    lines = ctypes.create_string_buffer(b"".join(program))
    pointed = struct.pack("@HP", len(program), ctypes.addressof(lines))
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    call = libc.syscall
    call.argtypes = [ctypes.c_long, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_char_p]
    return bool(call(seccomp, _SET_FILTER, _ALL_THREADS, pointed) == 0)


def _program(architecture: int, numbers: list[int]) -> list[bytes]:
    """Return the filter: these calls are refused, and all that are made as another machine's."""
    refuse = len(numbers) + 1
    lines = [
        (_LOAD, 0, 0, 4),  # seccomp_data.arch
        (_EQUAL, 0, refuse + 2, architecture),
        (_LOAD, 0, 0, 0),  # seccomp_data.nr
        (_AT_LEAST, refuse, 0, _X32),
        *((_EQUAL, refuse - at, 0, number) for at, number in enumerate(numbers, 1)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return [struct.pack("@HBBI", *line) for line in lines]


def end_with_parent() -> None:
    """Have the kernel end this process when the one that started it is gone. For a new child."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, 9, 0, 0, 0)  # PR_SET_PDEATHSIG, SIGKILL
        if os.getppid() == 1:
            os._exit(1)  # it was gone before
