"""Files of posts: chosen while one writes, and fetched by those who read."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum import addresses, attachments, images, uploads
from forum.file_marks import added, mark, mark_of
from forum.language import gettext as _
from forum.refusals import Invalid
from storage import door
from storage.attachments import Attachment, Spot
from storage.door import Inside
from web import forms, stored_files
from web.forms import Form
from web.rendering import inside_page


@dataclass(frozen=True, slots=True)
class Chosen:
    """The files of a post that is being written, and what has gone wrong with others."""

    rows: Sequence[Attachment] = ()
    alts: attachments.Alts = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    #: She has pressed a button of the list, not the one that posts.
    choosing: bool = False
    #: The same files, sent twice, are the same post.
    signature: str = ""
    #: Which of them are to be the picture of the short version. There is room for one.
    pictures: Sequence[int] = ()
    #: Which files the form was made from that changes a post: see forum.file_marks.
    made_from: str | None = None

    @property
    def ids(self) -> list[int]:
        """Return the attachments in their order."""
        return [row.id for row in self.rows]


Post = tuple[int, int]


async def of_post(inside: Inside, post: Post) -> Chosen:
    """Return the files that a post has, for the form that changes it."""
    rows = await attachments.present(inside, *post)
    pictures = [row.id for row in rows if row.spot == Spot.SHORT]
    alts = {row.id: row.alt for row in rows}
    return Chosen(rows, alts, pictures=pictures, made_from=mark_of(rows))


def beside(files: Chosen, present: Sequence[Attachment]) -> Chosen:
    """Return hers with those that the post has got meanwhile, to be chosen among anew.

    What is said of an image is what it says now, unless she has written something else.
    """
    there, made_from = {one.id for one in present}, files.made_from or ""
    hers = [row for row in files.rows if row.id in there or not row.thread_id]
    more = [row for row in added(present, made_from) if row.id not in files.ids]
    untouched = [row for row in present if _as_it_was(row, files) in made_from.split()]
    pictures = [row.id for row in more if row.spot == Spot.SHORT]
    return replace(
        files,
        rows=[*hers, *more],
        alts={**files.alts, **{row.id: row.alt for row in (*untouched, *more)}},
        pictures=[*files.pictures, *pictures],
        made_from=mark_of(present),
    )


def _as_it_was(row: Attachment, files: Chosen) -> str:
    return mark(attachments.placed([row.id], files.alts, files.pictures))


async def held(inside: Inside, form: Form | None, post: Post | None = None) -> Chosen:
    """Return what a form, or a draft, names of her uploads and of the files of a post."""
    unwanted = form.number("remove") if form else None
    ids = [one for one in form.numbers("attachment") if one != unwanted] if form else []
    rows = await attachments.chosen(inside, ids, post)
    if form is None:
        return Chosen()
    alts = {row.id: _alt(form, row.id) for row in rows}
    return Chosen(rows, alts, pictures=_pictures(form, rows))


async def chosen(request: Request, inside: Inside, form: Form, post: Post | None = None) -> Chosen:
    """Take in what a form brings, and return it with what it had before.

    ``post`` is the one that is being changed: what it has stays until the change is saved.
    """
    unwanted = form.number("remove")
    if unwanted is not None:
        # One that a post has already is left out of the form, and goes when that is saved.
        with suppress(door.NotFound):
            await uploads.discard(inside, unwanted)
    before = await held(inside, form, post)
    taken, problems = await _received(request, inside, form)
    rows = [*before.rows, *taken]
    if len(before.pictures) > 1:
        problems.append(_("Choose one picture for the short version."))
    return Chosen(
        rows=rows,
        alts=before.alts,
        errors={"files": " ".join(problems)} if problems else {},
        choosing="upload" in form or "remove" in form,
        signature=await _signature(inside, form, rows),
        pictures=before.pictures,
        made_from=form.text("files_were") if "files_were" in form else None,
    )


def _pictures(form: Form, rows: Sequence[Attachment]) -> list[int]:
    wanted = form.numbers("picture")
    return [row.id for row in rows if row.id in wanted and row.media_type in images.SHOWN]


async def _signature(inside: Inside, form: Form, rows: Sequence[Attachment]) -> str:
    # What this very form has posted already, when it has been sent twice, is no upload any more.
    posted: list[Attachment] = []
    if ids := form.numbers("attachment"):
        hers = inside.attachments.filter(id__in=ids, person_id=inside.person.id)
        posted = await hers.order_by("id")
    wanted = form.numbers("picture")
    told = [*posted, *rows]
    return repr(
        sorted(repr((row.name, row.blob_id, _alt(form, row.id), row.id in wanted)) for row in told)
    )


async def _received(
    request: Request, inside: Inside, form: Form
) -> tuple[list[Attachment], list[str]]:
    limits = uploads.limits(request.app.state.settings)
    taken, problems = [], []
    for sent in form.files:
        try:
            taken.append(await uploads.receive(inside, limits, sent))
        except Invalid as invalid:
            problems.append(str(invalid))
    return taken, problems


def _alt(form: Form, attachment_id: int) -> str | None:
    alt = form.text(f"alt-{attachment_id}")
    if alt.strip():
        return alt
    return "" if f"plain-{attachment_id}" in form else None


async def create(request: Request, inside: Inside) -> Response:
    """Take in files for the script in the composer; return them as items of its list."""
    form = await forms.read(request)
    taken, problems = await _received(request, inside, form)
    if not taken and not problems:
        problems = [_("Choose a file first.")]
    return inside_page(
        request,
        inside,
        "attachments/items.html",
        status=422 if problems else 200,
        rows=taken,
        problems=problems,
    )


async def remove(request: Request, inside: Inside) -> Response:
    """Delete a file of one's own that has not been posted."""
    await uploads.discard(inside, request.path_params["attachment_id"])
    if request.headers.get("x-fragment") == "none":
        return Response(status_code=204)
    return RedirectResponse(addresses.network(inside.network.slug), 303)


async def show(request: Request, inside: Inside) -> Response:
    """Return a file: an image to be shown, anything else to be saved."""
    attachment = await attachments.readable(inside, request.path_params["attachment_id"])
    assert attachment.blob_id is not None
    return await stored_files.answer(
        request,
        attachment.blob_id,
        # The number stands for the bytes, which never change.
        tag=f"a{attachment.id}",
        media_type=attachment.media_type,
        at=attachment.created_at,
        name=attachment.name,
        shown=attachment.media_type in images.SHOWN,
    )
