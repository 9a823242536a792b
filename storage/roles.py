"""Who may do what in a network: the one table. What is not in it is denied."""

from enum import StrEnum


class Role(StrEnum):
    """What a membership lets somebody do."""

    COORDINATOR = "coordinator"
    MEMBER = "member"
    GUEST = "guest"


EVERYONE = frozenset(Role)
MEMBERS = frozenset({Role.COORDINATOR, Role.MEMBER})
COORDINATORS = frozenset({Role.COORDINATOR})


class Act(StrEnum):
    """Things that somebody can do in a network."""

    READ = "read"
    ASK = "ask"
    REPLY = "reply"
    MARK = "mark"
    EDIT = "edit"
    THANK = "thank"
    FOLLOW = "follow"
    VOLUNTEER = "volunteer"
    MODERATE = "moderate"
    ERASE = "erase"
    NOTIFY = "notify"
    FILE = "file"
    ADOPT = "adopt"
    WEED = "weed"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    LIST_MEMBERS = "list members"
    MANAGE_MEMBERS = "manage members"
    MANAGE_AREAS = "manage areas"
    MANAGE_NETWORK = "manage network"


MAY: dict[Act, frozenset[Role]] = {
    Act.READ: EVERYONE,
    Act.ASK: MEMBERS,
    Act.REPLY: EVERYONE,
    # Marking is further held to the asker or a coordinator, by the verb itself.
    Act.MARK: MEMBERS,
    # Editing and hiding are further held to the author, hiding also to a coordinator.
    Act.EDIT: EVERYONE,
    Act.THANK: EVERYONE,
    Act.FOLLOW: EVERYONE,
    Act.VOLUNTEER: MEMBERS,
    # Pin, close, move, split, and hide what others wrote.
    Act.MODERATE: COORDINATORS,
    Act.ERASE: COORDINATORS,
    Act.NOTIFY: COORDINATORS,
    # Put documents and their versions into folders, move and rename them, put them in the trash.
    Act.FILE: MEMBERS,
    Act.ADOPT: COORDINATORS,
    # Delete for good, with a reason.
    Act.WEED: COORDINATORS,
    # Outside the networks, for anybody to read.
    Act.PUBLISH: COORDINATORS,
    # Take back what was published.
    Act.WITHDRAW: COORDINATORS,
    Act.LIST_MEMBERS: MEMBERS,
    Act.MANAGE_MEMBERS: COORDINATORS,
    Act.MANAGE_AREAS: COORDINATORS,
    Act.MANAGE_NETWORK: COORDINATORS,
}

#: What an archived network still allows. Coordinators can bring it back, and what tells of a person
#: must be possible to remove.
IN_ARCHIVE = frozenset(
    {Act.READ, Act.LIST_MEMBERS, Act.MANAGE_NETWORK, Act.ERASE, Act.WEED, Act.WITHDRAW}
)


def may(role: Role, act: Act) -> bool:
    """Say whether the role allows the act; an act that is not in the table is denied."""
    return role in MAY.get(act, frozenset())
