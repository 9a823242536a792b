"""Taking what was overwritten out of the database's own files.

A row that has been overwritten is gone for every reader, but its former bytes lie about: on SQLite
in the write-ahead log until it is emptied (in the file itself secure_delete overwrites them), on
PostgreSQL in the table's file and in what the planner remembers of its columns.
"""

from datetime import datetime, time, timedelta

from tortoise.connection import get_connection

from storage import clock
from storage.database import dialect

#: The tables that hold what people have written, and what is kept of it elsewhere.
TABLES = ("thread", "reply", "revision", "attachment", "draft", "kept_form", "letter")
QUIET_HOUR = time(3)


class Busy(Exception):
    """Somebody was reading; try again."""


async def scrub() -> None:
    """Take the former bytes away. Raises Busy when it has to be tried again."""
    connection = get_connection("default")
    if dialect() == "sqlite":
        (answer,) = await connection.execute_query_dict("PRAGMA wal_checkpoint(TRUNCATE)")
        if answer["busy"]:
            raise Busy
        return
    for table in TABLES:
        # A plain VACUUM leaves the bytes in the page until a new row needs the room.
        await connection.execute_script(f'VACUUM (FULL, ANALYZE) "{table}"')


def when() -> datetime:
    """Return when to scrub: at once, or on PostgreSQL, where it locks the tables, by night."""
    now = clock.now()
    if dialect() == "sqlite":
        return now
    tonight = datetime.combine(clock.today(), QUIET_HOUR, clock.STOCKHOLM)
    return tonight if tonight > now else tonight + timedelta(days=1)
