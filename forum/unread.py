"""What is new to a reader: counted from how far she has read, in lists and subject areas."""

from forum.read_marks import new_since
from storage.door import Inside

#: How many posts of thread ``t`` others have written beyond what she has been shown, by her read
#: mark ``rm`` and since ``:new_since``. What is hidden is never new.
UNREAD = """
    (SELECT COUNT(*) FROM reply u WHERE u.thread_id = t.id AND u.network_id = :network_id
        AND u.number > COALESCE(rm.number, 1) AND u.created_at >= :new_since
        AND u.author_id <> :person_id AND u.hidden_at IS NULL)
    + CASE WHEN rm.number IS NULL AND t.created_at >= :new_since AND t.author_id <> :person_id
        AND t.hidden_at IS NULL THEN 1 ELSE 0 END
"""


async def area_counts(inside: Inside) -> dict[int, tuple[int, int]]:
    """Return for each subject area its number of threads and of threads with something new."""
    rows = await inside.read(
        f"""
        SELECT area_id, COUNT(*) AS threads, SUM(CASE WHEN unread > 0 THEN 1 ELSE 0 END) AS new
        FROM (SELECT t.area_id, {UNREAD} AS unread FROM thread t
            LEFT JOIN read_mark rm ON rm.thread_id = t.id AND rm.person_id = :person_id
            WHERE t.network_id = :network_id) counted
        GROUP BY area_id
        """,  # noqa: S608 (put together from constants)
        new_since=new_since(inside),
    )
    return {row["area_id"]: (row["threads"], row["new"]) for row in rows}


async def count_unread(inside: Inside) -> int:
    """Return how many of the network's threads have something new for her."""
    return sum(new for _, new in (await area_counts(inside)).values())
