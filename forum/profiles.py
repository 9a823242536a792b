"""What somebody tells of herself, her picture, and how she wants her pages."""

import asyncio
import re
from dataclasses import dataclass
from typing import Final

from forum import images, names, throttle, uploads
from forum.language import gettext as _
from forum.people import TITLE_LIMIT
from forum.refusals import Invalid, TooOften
from forum.text import one_line
from forum.uploads import Limits, Sent
from storage import database
from storage.blobs import Arriving
from storage.people import Language, Person, Theme, View, people_changed
from storage.sessions import access_changed

PHONE_LIMIT: Final = 40
MEDIA_TYPE: Final = "image/webp"


@dataclass(frozen=True, slots=True)
class Profile:
    """What the form on one's own page holds."""

    name: str
    title: str
    phone: str
    language: Language
    view: View
    theme: Theme
    presence: bool = False
    without_picture: bool = False


async def save(person: Person, wanted: Profile, limits: Limits, picture: Sent | None) -> None:
    """Save the profile, with another picture or none. Raises Invalid with a reason per field."""
    changes = _checked(wanted)
    square = await _square(person, limits, picture) if picture else None

    async def work() -> None:
        held = await Person.filter(id=person.id).select_for_update().get()
        if square is not None:
            changes["picture"] = await square.kept()
        elif wanted.without_picture:
            changes["picture"] = None
        await Person.filter(id=person.id).update(**changes)
        if any(changes.get(one, getattr(held, one)) != getattr(held, one) for one in _SEEN):
            await people_changed()
        if wanted.presence != held.presence:
            # Whoever serves her open pages looks at her again.
            await access_changed()

    try:
        await database.write(work)
    except OSError as error:
        raise Invalid(picture=str(uploads.no_room(str(picture and picture.name), error))) from None
    finally:
        if square is not None:
            await asyncio.to_thread(square.discard)


#: What stands beside everything that she has written.
_SEEN: Final = ("name", "title", "picture")


def _checked(wanted: Profile) -> dict[str, object]:
    name, title, phone = (one_line(one) for one in (wanted.name, wanted.title, wanted.phone))
    errors = names.trouble_with(name)
    if len(title) > TITLE_LIMIT:
        errors["title"] = _("Write a title of at most 120 characters.")
    if phone and (len(phone) > PHONE_LIMIT or not re.search(r"\d", phone)):
        errors["phone"] = _("Write a telephone number, such as 036-10 50 00, or leave it empty.")
    if errors:
        raise Invalid(**errors)
    return {
        "name": name,
        "title": title,
        "phone": phone,
        "language": wanted.language,
        "view": wanted.view,
        "theme": wanted.theme,
        "presence": wanted.presence,
    }


async def _square(person: Person, limits: Limits, sent: Sent) -> Arriving:
    """Return a square of the picture, ready to be kept. Raises Invalid (``picture``)."""
    try:
        whole = uploads.arrived(sent, limits)
        await uploads.count(person)
        if not images.is_image(await asyncio.to_thread(uploads.head, whole)):
            raise Invalid(files=_("Choose an image, such as a JPEG or a PNG."))
        square = await asyncio.to_thread(limits.store.arriving)
        try:
            await images.portrait(whole.path, square.path, person.id)
            await asyncio.to_thread(square.reread)
            await square.finish()
        except BaseException:
            square.discard()
            raise
        return square
    except Invalid as invalid:
        raise Invalid(picture=str(invalid)) from None
    except TooOften as often:
        raise Invalid(picture=throttle.advice(often)) from None
    except images.ImageRefused as refused:
        raise Invalid(picture=str(refused)) from None
    except OSError as error:
        raise Invalid(picture=str(uploads.no_room(sent.name, error))) from None
