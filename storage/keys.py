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


class PartlyUnique(NamedTuple):
    """Of the rows of ``table`` with this condition, no two have the same in these columns."""

    table: str
    columns: tuple[str, ...]
    condition: str


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
    Key("folder", "parent_id", "folder", "RESTRICT"),
    Key("folder", "trash_id", "trash", "RESTRICT"),
    Key("document", "folder_id", "folder", "RESTRICT"),
    Key("document", "trash_id", "trash", "RESTRICT"),
    Key("document", "thread_id", "thread", "RESTRICT"),
    Key("version", "document_id", "document", "CASCADE"),
    Key("rendition", "version_id", "version", "CASCADE"),
    Key("rendition_page", "rendition_id", "rendition", "CASCADE"),
    Key("arrival", "folder_id", "folder", "CASCADE"),
    Key("arrival", "document_id", "document", "CASCADE"),
    Key("unpacking", "folder_id", "folder", "CASCADE"),
    Key("publication", "document_id", "document", "RESTRICT"),
    Key("dav_lock", "document_id", "document", "CASCADE"),
    Key("dav_property", "folder_id", "folder", "CASCADE"),
    Key("dav_property", "document_id", "document", "CASCADE"),
)

#: Tables whose ``network_id`` points at the network alone.
NETWORK_KEYS = (
    "membership", "area", "thread", "reply", "mention", "read_mark", "follow", "thanks",
    "volunteer", "draft", "reminder", "revision", "erasure", "attachment", "split", "event",
    "folder", "document", "version", "trash", "weeding", "rendition", "rendition_page", "arrival",
    "unpacking", "quota", "publication", "dav_lock", "dav_property",
)  # fmt: skip

#: Keys between rows that belong to no network, which their models say by a plain integer.
PLAIN_KEYS = (Key("network", "parent_id", "network", "RESTRICT"),)

#: What is unique among those rows alone for which the condition holds, which models cannot say.
PARTLY_UNIQUE = (
    PartlyUnique("folder", ("parent_id", "name_key"), '"trash_id" IS NULL'),
    PartlyUnique("folder", ("network_id",), '"parent_id" IS NULL'),
    PartlyUnique("document", ("folder_id", "name_key"), '"trash_id" IS NULL'),
)
