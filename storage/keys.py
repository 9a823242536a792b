"""The composite keys by which the database itself refuses a row that crosses networks.

A child carries its parent's id and its own network; the parent has UNIQUE (id, network_id).
The migrations write them out, and the parity test holds both databases to this list.
"""

from typing import Literal, NamedTuple

# Never SET NULL: it would null network_id too.
OnDelete = Literal["RESTRICT", "CASCADE"]


class Key(NamedTuple):
    """``child.column`` is the id of a row of ``parent``."""

    child: str
    column: str
    parent: str
    on_delete: OnDelete


#: Together with ``child.network_id``: the parent's row must be of the same network.
COMPOSITE_KEYS = (
    Key("thread", "area_id", "area", "RESTRICT"),
    Key("reply", "thread_id", "thread", "CASCADE"),
    Key("mention", "thread_id", "thread", "CASCADE"),
    Key("mention", "reply_id", "reply", "CASCADE"),
    Key("read_mark", "thread_id", "thread", "CASCADE"),
    Key("follow", "thread_id", "thread", "CASCADE"),
    Key("thanks", "thread_id", "thread", "CASCADE"),
    Key("volunteer", "thread_id", "thread", "CASCADE"),
    Key("draft", "thread_id", "thread", "CASCADE"),
    Key("reminder", "thread_id", "thread", "CASCADE"),
    Key("revision", "thread_id", "thread", "CASCADE"),
    Key("erasure", "thread_id", "thread", "CASCADE"),
    Key("attachment", "thread_id", "thread", "CASCADE"),
    Key("split", "thread_id", "thread", "CASCADE"),
    Key("split", "reply_id", "reply", "CASCADE"),
)

#: Tables whose ``network_id`` points at the network alone.
NETWORK_KEYS = (
    "membership", "area", "thread", "reply", "mention", "read_mark", "follow", "thanks",
    "volunteer", "draft", "reminder", "revision", "erasure", "attachment", "split", "event",
)  # fmt: skip

#: Keys between rows that belong to no network, which their models say by a plain integer.
PLAIN_KEYS = (Key("network", "parent_id", "network", "RESTRICT"),)
