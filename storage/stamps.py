"""What tells whether anything has been written since, and whether it is about who is let in."""

from typing import Final, NamedTuple


class Stamp(NamedTuple):
    """What is another as soon as anybody, anywhere, has written anything."""

    #: Which opening of a database it was of.
    opened: int
    #: What that database calls its state.
    state: int | str
    #: How often a row has changed by which somebody is let in: a session, a person, a membership
    #: or a network. The database itself counts: see migrations/storage/3. None: it does not.
    standing: int | str | None


#: The tables that it counts the changes of: triggers of theirs at UPDATE and DELETE.
COUNTED: Final = ("session", "person", "membership", "network")
STANDING: Final = "SELECT (SELECT value FROM epoch WHERE name = 'standing') AS standing"
