"""What somebody had written when her session ended, kept for an hour and given back to her."""

from datetime import timedelta

from tortoise.queryset import QuerySet

from forum.personal_numbers import masked
from forum.tokens import hashed, mint
from storage import clock, database
from storage.people import Person
from storage.sessions import KeptForm

LIFETIME = timedelta(hours=1)
# More than anybody writes in an hour, less than would fill a disk.
AT_MOST = 20
LONGEST_PATH = 300
#: The fields that somebody writes in; the rest are choices and keys.
WRITTEN = ("title", "body", "short", "name", "description")
#: Stands for a file that came with the form and is not kept: its name.
LOST_FILE = "lost-file"
#: Buttons that were pressed on the way: who sends the form anew means to post it.
PRESSED = ("preview", "upload", "remove")

Entries = list[tuple[str, str]]


def has_words(name: str) -> bool:
    """Say whether a field holds somebody's own words, file names and descriptions of images too."""
    return name in WRITTEN or name == LOST_FILE or name.startswith("alt-")


async def keep(person_id: int, path: str, entries: Entries) -> str | None:
    """Keep a form and return its one-time token.

    None for one in which nothing is written, and for one with a password in it: those are stored
    nowhere but as argon2id. Personal identity numbers are kept as XXXXXX-XXXX. When many are kept
    already, the oldest makes room.
    """
    secret = any("password" in name for name, _value in entries)
    written = any(name in WRITTEN and value.strip() for name, value in entries)
    if len(path) > LONGEST_PATH or secret or not written:
        return None
    token, token_hash = mint()
    now = clock.now()

    async def work() -> None:
        kept = await KeptForm.filter(person_id=person_id).order_by("-id")
        for oldest in kept[AT_MOST - 1 :]:
            await oldest.delete()
        await KeptForm.create(
            token_hash=token_hash,
            person_id=person_id,
            path=path,
            entries=[
                [name, masked(value) if has_words(name) else value] for name, value in entries
            ],
            expires_at=now + LIFETIME,
        )

    await database.write(work)
    return token


async def find(person: Person, token: str) -> tuple[str, Entries] | None:
    """Return the path and fields of a form to the person who had written it, and nobody else."""
    form = await _hers(person, token).get_or_none()
    if form is None:
        return None
    return form.path, [(str(name), str(value)) for name, value in form.entries]


async def reclaim(person: Person) -> str | None:
    """Return a new token for what the person was writing last, however she has logged in."""

    async def work() -> str | None:
        mine = KeptForm.filter(person_id=person.id, expires_at__gt=clock.now())
        latest = await mine.order_by("-id").first()
        if latest is None:
            return None
        token, latest.token_hash = mint()
        await latest.save(update_fields=["token_hash"])
        return token

    return await database.write(work)


async def drop(person: Person, token: str) -> None:
    """Forget a form when what was in it has been posted: its token is of no more use."""
    await database.write(lambda: _hers(person, token).delete())


def _hers(person: Person, token: str) -> QuerySet[KeptForm]:
    return KeptForm.filter(
        token_hash=hashed(token), person_id=person.id, expires_at__gt=clock.now()
    )
