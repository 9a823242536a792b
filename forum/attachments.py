"""The files of posts: how uploads come into a post, how they are read, and who may read them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from forum import addresses, images, personal_numbers
from forum.file_marks import Placed
from forum.language import gettext as _
from forum.refusals import Invalid
from forum.text import one_line
from forum.uploads import AT_ONCE
from storage import door
from storage.attachments import Attachment, Spot
from storage.door import Inside
from storage.roles import Act, may
from storage.statements import made

#: By attachment: what the image shows; empty where its writer says that it needs no words; None
#: where she has not said.
Alts = Mapping[int, str | None]
ALT_LIMIT: Final = 500


class Erased(Exception):
    """It has been removed for good."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a post, as its readers see it."""

    id: int
    number: int
    spot: Spot
    name: str
    media_type: str
    size: int
    alt: str
    width: int | None
    height: int | None
    erased_at: datetime | None
    #: Whether it waits for the scanner, so that only whoever sent it may have it.
    unscanned: bool

    @property
    def shown(self) -> bool:
        """Whether the page shows it as an image; everything else is fetched."""
        return self.media_type in images.SHOWN and self.erased_at is None and not self.unscanned

    def address(self, slug: str) -> str:
        """Return where its bytes are."""
        return addresses.attachment(slug, self.id, self.name)


_OF_POSTS = """
    SELECT id, number, spot, name, media_type, size, alt, width, height, erased_at, unscanned
    FROM attachment
    WHERE network_id = :network_id AND thread_id = :thread_id
        AND number BETWEEN :first AND :last
    ORDER BY number, position, id
"""


async def of_posts(
    inside: Inside, thread_id: int, numbers: Collection[int]
) -> dict[int, list[Attached]]:
    """Return the files of these posts of a thread, by the post's number, in their order."""
    found: dict[int, list[Attached]] = {number: [] for number in numbers}
    if not found:
        return found
    rows = await inside.read(_OF_POSTS, thread_id=thread_id, first=min(found), last=max(found))
    for row in rows:
        if row["number"] in found:
            found[row["number"]].append(Attached(**row | {"spot": Spot(row["spot"])}))
    return found


_PICTURES = """
    SELECT thread_id, id, number, spot, name, media_type, size, alt, width, height, erased_at,
        unscanned
    FROM attachment
    WHERE network_id = :network_id AND spot = 'short' AND erased_at IS NULL AND NOT unscanned
        AND thread_id IN (
        SELECT id FROM thread WHERE network_id = :network_id AND kind = 'notice'
            AND ends_on >= :today AND hidden_at IS NULL)
"""


async def pictures_on_top(inside: Inside) -> dict[int, Attached]:
    """Return the pictures of the short versions of the notices on top, by the thread's id."""
    rows = await inside.read(_PICTURES)
    return {row.pop("thread_id"): Attached(**row | {"spot": Spot(row["spot"])}) for row in rows}


async def chosen(
    inside: Inside, ids: Sequence[int], post: tuple[int, int] | None = None
) -> list[Attachment]:
    """Return those of one's uploads, in this order, and of the files that a post has already.

    A post is named by its thread and its number.
    """
    if not ids:
        return []
    found = {row.id: row for row in await inside.my_uploads.filter(id__in=ids)}
    if post is not None:
        found |= {row.id: row for row in await present(inside, *post)}
    return [found[one] for one in dict.fromkeys(ids) if one in found]


async def present(inside: Inside, thread_id: int, number: int) -> list[Attachment]:
    """Return the files of a post that its writer can change.

    The picture of a short version is, like its words, a coordinator's alone.
    """
    rows = inside.attachments.filter(thread_id=thread_id, number=number, erased_at=None)
    if not inside.may(Act.NOTIFY):
        rows = rows.filter(spot=Spot.BODY)
    return await rows.order_by("position", "id")


async def undescribed(
    inside: Inside, ids: Sequence[int], alts: Alts, post: tuple[int, int] | None = None
) -> dict[str, str]:
    """Return an error for each image that nothing is said of, by its field ``alt-12``."""
    errors = {}
    for row in await chosen(inside, ids, post):
        alt = alts.get(row.id)
        if row.media_type in images.SHOWN and alt is None:
            errors[f"alt-{row.id}"] = _(
                "Describe %(name)s, or say that it needs no description."
            ) % {"name": row.name}
        elif len(one_line(alt or "")) > ALT_LIMIT:
            errors[f"alt-{row.id}"] = _(
                "The description may have at most %(limit)d characters."
            ) % {"limit": ALT_LIMIT}
        else:
            errors |= personal_numbers.problems_in(**{f"alt-{row.id}": alt or ""})
    return errors


async def attach(
    inside: Inside,
    thread_id: int,
    number: int,
    ids: Sequence[int],
    alts: Alts,
    pictures: Collection[int] = (),
) -> bool:
    """Within a write: give a post these files, in this order, and no others.

    What it has already stays if it is named and goes if not; the rest is taken from the writer's
    own uploads. Those among ``pictures`` belong to the short version. Says whether that changed
    anything. Raises Invalid (``files``) for one that is neither.
    """
    wanted = placed(ids, alts, pictures)
    if len(wanted) > AT_ONCE:
        raise Invalid(files=_("A post may have at most %(limit)d files.") % {"limit": AT_ONCE})
    before = await present(inside, thread_id, number)
    uploads = await inside.my_uploads.filter(id__in=ids).select_for_update()
    found = {row.id: row for row in (*before, *uploads)}
    if not found.keys() >= set(ids):
        raise Invalid(files=_("A file is no longer there. Choose it again."))
    if [(row.id, row.alt, row.spot) for row in before] == wanted:
        return False
    for row in before:
        if row.id not in ids:
            await row.delete()
    for position, (attachment_id, alt, spot) in enumerate(wanted):
        row = found[attachment_id]
        row.thread_id, row.number, row.spot = thread_id, number, spot
        row.position, row.alt = position, alt
        await row.save()
    return True


def placed(ids: Iterable[int], alts: Alts, pictures: Collection[int]) -> list[Placed]:
    """Return what a post is to have, as it is kept."""
    return [
        (
            one,
            one_line(alts.get(one) or "")[:ALT_LIMIT],
            Spot.SHORT if one in pictures else Spot.BODY,
        )
        for one in dict.fromkeys(ids)
    ]


_ONE = """
    SELECT a.*, COALESCE(r.author_id, t.author_id) AS author_id,
        CASE WHEN a.number = 1 THEN t.hidden_at ELSE r.hidden_at END AS hidden_at
    FROM attachment a
    LEFT JOIN thread t ON t.id = a.thread_id
    LEFT JOIN reply r ON r.thread_id = a.thread_id AND r.number = a.number
    WHERE a.network_id = :network_id AND a.id = :attachment_id
"""


async def readable(inside: Inside, attachment_id: int) -> Attachment:
    """Return a file that one may read: of a post, or one's own that is not posted yet.

    Raises NotFound, also for those of a hidden post unless one wrote it or is a coordinator, and
    Erased for what has been removed for good.
    """
    rows = await inside.read(_ONE, attachment_id=attachment_id)
    if not rows:
        raise door.NotFound
    row = rows[0]
    author_id, hidden_at = row.pop("author_id"), row.pop("hidden_at")
    attachment = made(Attachment, row)
    if attachment.thread_id is None:
        allowed = attachment.person_id == inside.person.id
    else:
        allowed = hidden_at is None or author_id == inside.person.id
        allowed = allowed or may(inside.role, Act.MODERATE)
    # Whoever sent it is told that it waits; for others it is not there yet.
    unscanned = attachment.unscanned and attachment.person_id != inside.person.id
    if not allowed or unscanned:
        raise door.NotFound
    if attachment.blob_id is None or attachment.erased_at is not None:
        raise Erased
    return attachment
