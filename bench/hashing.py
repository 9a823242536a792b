"""What taking a file in costs at least: it is read, hashed (SHA-256), written, and on the disk.

``python -m bench.hashing FROM TO`` says how many seconds that takes.
"""

import hashlib
import os
import sys
import time
from pathlib import Path

BATCH = 1024 * 1024


def copied(source: Path, target: Path) -> float:
    """Copy a file, as one would who keeps what is sent; return how many seconds that took."""
    began = time.perf_counter()
    made = hashlib.sha256()
    with source.open("rb", buffering=0) as read, target.open("wb", buffering=0) as written:
        while batch := read.read(BATCH):
            made.update(batch)
            written.write(batch)
        os.fsync(written.fileno())
    return time.perf_counter() - began


if __name__ == "__main__":
    print(copied(Path(sys.argv[1]), Path(sys.argv[2])))
