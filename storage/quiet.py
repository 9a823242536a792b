"""Whether anybody is writing at this moment: who is in no hurry lets her go first."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_writers = 0
_waiting: set[asyncio.Future[None]] = set()


@contextmanager
def writing() -> Iterator[None]:
    """Count one who writes, until she is done."""
    global _writers
    _writers += 1
    try:
        yield
    finally:
        _writers -= 1
        if not _writers:
            for one in _waiting:
                if not one.done():
                    one.set_result(None)


async def wait(at_most: float) -> None:
    """Wait until nobody writes, but no longer than ``at_most`` seconds."""
    if not _writers:
        return
    done = asyncio.get_running_loop().create_future()
    _waiting.add(done)
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(at_most):
                await done
    finally:
        _waiting.discard(done)
