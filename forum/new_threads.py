"""What somebody wants to post as a thread: checked, and its texts rendered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from forum import asking, attachments, bodies, short_versions
from forum.language import gettext as _
from forum.markup import Rendered
from forum.refusals import Invalid
from forum.text import one_line
from forum.titles import title_trouble
from storage import clock
from storage.discussions import ThreadKind
from storage.door import Inside
from storage.roles import Act


@dataclass(frozen=True, slots=True)
class NewThread:
    """What somebody has written and wants to post as a thread."""

    kind: ThreadKind
    title: str
    area_id: int | None
    body: str
    #: A notice's last day on top; the last day for joining in what is wanted.
    ends_on: date | None = None
    #: A question that asks every municipality says until when.
    asks_all: bool = False
    answer_by: date | None = None
    #: What is wanted says where, and the first day of the month.
    wanted_in: int | None = None
    wanted_month: date | None = None
    #: A coordinator's short version, see forum.short_versions.
    short: str = ""
    #: Her uploads, in their order, and what each shows: see forum.attachments.
    files: Sequence[int] = ()
    alts: attachments.Alts = field(default_factory=dict)
    #: Which of them, one at most, is the picture of the short version.
    pictures: Sequence[int] = ()

    @property
    def act(self) -> Act:
        """What one must be allowed in order to post it."""
        return Act.NOTIFY if self.kind == ThreadKind.NOTICE else Act.ASK

    @property
    def of_its_kind(self) -> dict[str, Any]:
        """What a thread of its kind has; what was filled in for another kind is left out."""
        match self.kind:
            case ThreadKind.QUESTION:
                return {"answer_by": self.answer_by if self.asks_all else None}
            case ThreadKind.NOTICE:
                return {"ends_on": self.ends_on}
            case ThreadKind.WANTED:
                return {
                    "wanted_in_id": self.wanted_in,
                    "wanted_month": self.wanted_month,
                    "ends_on": self.ends_on,
                }
            case _:
                return {}


@dataclass(frozen=True, slots=True)
class Checked:
    """The texts of a new thread as they are stored, and the ids of whom they mention."""

    title: str
    body: Rendered
    people: list[int]
    #: The short version and its HTML, both empty when there is none.
    short: tuple[str, str]


async def checked(inside: Inside, wanted: NewThread) -> Checked:
    """Check the whole of it and render its texts. Raises Invalid with every field's trouble."""
    title = one_line(wanted.title)
    errors = title_trouble(title) | await _beside_its_text(inside, wanted)
    try:
        body, people = await bodies.render(inside, wanted.body)
    except Invalid as invalid:
        errors |= invalid.errors
    try:
        short = await short_versions.rendered(inside, wanted.short)
    except Invalid as invalid:
        errors |= invalid.errors
    errors |= await attachments.undescribed(inside, wanted.files, wanted.alts)
    if errors:
        raise Invalid(**errors)
    return Checked(title, body, people, short)


async def _beside_its_text(inside: Inside, wanted: NewThread) -> dict[str, str]:
    """Return what is wrong with its subject area, and with what only its kind has."""
    errors = {}
    if wanted.area_id is None or not await inside.areas.filter(id=wanted.area_id).exists():
        errors["area"] = _("Choose a subject area.")
    if wanted.kind == ThreadKind.NOTICE and wanted.ends_on is None:
        errors["ends_on"] = _("Choose the last day that the notice is shown on top.")
    elif wanted.kind == ThreadKind.NOTICE and wanted.ends_on and wanted.ends_on < clock.today():
        errors["ends_on"] = _("Choose today or a later day.")
    if wanted.kind == ThreadKind.QUESTION and wanted.asks_all:
        errors |= asking.question_refused(wanted.answer_by)
    if wanted.kind == ThreadKind.WANTED:
        errors |= await asking.wanted_refused(
            inside, wanted.wanted_in, wanted.wanted_month, wanted.ends_on
        )
    return errors
