"""``python -m tests.faults.writing URL COUNT``: a process that writes so many times."""

import asyncio
import sys

from storage import clock, database
from storage.sessions import FailedLogin


async def _write(url: str, count: int) -> None:
    async with database.opened(url):
        for _ in range(count):
            # Read first, and write a while later: what a plain BEGIN cannot do beside others.
            await database.write(_one_more)


async def _one_more() -> None:
    number = await FailedLogin.all().count()
    await asyncio.sleep(0.002)
    await FailedLogin.create(subject=f"write {number}", address="-", at=clock.now())


if __name__ == "__main__":
    asyncio.run(_write(sys.argv[1], int(sys.argv[2])))
