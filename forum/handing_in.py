"""Handing in a version of a document, whichever way its bytes came."""

from dataclasses import dataclass

from tortoise.exceptions import OperationalError

from forum import arrivals, placements, throttle, uploads
from forum.arrivals import NoRoom
from forum.language import gettext as _
from forum.refusals import Invalid, TooOften
from forum.uploads import Limits
from storage.documents import Document
from storage.door import Inside


@dataclass(frozen=True, slots=True)
class Brought:
    """What somebody hands in: one of these three."""

    #: A file that came with the form.
    sent: uploads.Sent | None = None
    #: One that came piece by piece.
    arrival_id: int | None = None
    #: One that was kept beside the document, since there was a later version.
    beside_id: int | None = None
    #: The number of the version that it was made from; None: whichever is the latest.
    based_on: int | None = None
    note: str = ""


async def hand_in(inside: Inside, limits: Limits, document: Document, brought: Brought) -> Document:
    """Make it a version of the document. Returns that.

    Raises NotFound, Forbidden, Weeded, Invalid (``files``, ``note``), and Beside when there is a
    later version.
    """
    if brought.beside_id is not None:
        seen = brought.based_on or document.last_number
        return await placements.take_over(inside, document.id, brought.beside_id, seen)
    if brought.arrival_id is not None:
        return await placements.hand_in(inside, brought.arrival_id)
    if brought.sent is None:
        raise Invalid(files=_("Choose a file first."))
    try:
        arrival = await arrivals.receive(
            inside,
            limits,
            document.folder_id,
            brought.sent,
            document_id=document.id,
            based_on=brought.based_on,
            note=brought.note,
        )
    except TooOften as often:
        raise Invalid(files=throttle.advice(often)) from None
    except (NoRoom, OSError) as error:
        raise uploads.no_room(brought.sent.name, error) from None
    except OperationalError as error:
        if "full" in str(error):
            raise uploads.no_room(brought.sent.name, error) from None
        raise
    return await placements.hand_in(inside, arrival.id)
