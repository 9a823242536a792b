"""What is to become of files that have come to a folder: asked only where there is a choice."""

from collections.abc import Sequence
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum import addresses, arrivals, folders, guesses, placements, terms, unpackings, uploads
from forum.filing import Described
from forum.language import gettext as _
from forum.placements import Choice, Suggestion
from forum.refusals import Invalid
from forum.uploads import Sent
from storage import door
from storage.arrivals import Arrival, ArrivalState
from storage.documents import DocumentKind, Folder
from storage.door import Inside
from storage.roles import Act
from web import forms
from web.flash import see_other
from web.forms import Form
from web.pages.folders import address, page
from web.rendering import inside_page

#: So many files are asked about at a time.
AT_ONCE = 200


async def create(request: Request, inside: Inside) -> Response:
    """Take in the files that a form brings, and place all that wait, unless there is a choice."""
    inside.require(Act.FILE)
    folder = await folders.folder(inside, request.path_params["folder_id"])
    form = await forms.read(request)
    problems = await _received(request, inside, folder, form)
    waiting = await arrivals.waiting(inside, folder.id)
    if problems:
        return await page(request, inside, folder, form, files=" ".join(problems))
    if not waiting:
        return await page(request, inside, folder, form, files=_("Choose one or more files."))
    suggestions = await placements.suggest(inside, folder.id, waiting)
    troubles = await _place_plain(inside, form, [one for one in suggestions if not one.asks])
    if troubles:
        return await page(request, inside, folder, form, files=" ".join(troubles))
    if any(one.asks for one in suggestions):
        said = {name: form.text(name) for name in ("kind", "term") if form.text(name)}
        query = f"?{urlencode(said)}" if said else ""
        return RedirectResponse(addresses.placements(inside.network.slug, folder.id) + query, 303)
    return see_other(request, address(inside, folder), "filed")


async def _received(request: Request, inside: Inside, folder: Folder, form: Form) -> list[str]:
    """Keep the files that came with a form, and return what is wrong with others."""
    limits = uploads.into_folder(request.app.state.settings)
    problems: list[str] = []
    for sent in form.files:
        try:
            await arrivals.receive(inside, limits, folder.id, sent, _path(sent))
        except Invalid as invalid:
            problems += invalid.errors.values()
        except arrivals.NoRoom:
            problems += uploads.no_room(sent.name, None).errors.values()
    return problems


def _path(sent: Sent) -> str:
    """Return the folders that a file lies in, which browsers say when a folder was chosen."""
    return sent.name.replace("\\", "/").rpartition("/")[0]


async def _place_plain(inside: Inside, form: Form, plain: Sequence[Suggestion]) -> list[str]:
    troubles = []
    for one in plain:
        if one.arrival.state != ArrivalState.HERE:
            continue
        try:
            await placements.place(
                inside, one.arrival.id, Choice.DOCUMENT, described=_described(form, one.arrival)
            )
        except Invalid as invalid:
            troubles += [f"{one.arrival.name}: {text}" for text in invalid.errors.values()]
        except door.NotFound:
            # The same form, sent twice: the first has placed it.
            continue
    return troubles


def _described(form: Form, arrival: Arrival) -> Described:
    kind = form.choice("kind", DocumentKind, None)
    term = form.text("term") if terms.parse(form.text("term")) else ""
    return guesses.described(arrival.name, kind, term)


async def index(request: Request, inside: Inside) -> Response:
    """Ask what is to become of each file that waits for a folder."""
    inside.require(Act.FILE)
    folder = await folders.folder(inside, request.path_params["folder_id"])
    query = Form(list(request.query_params.multi_items()))
    return await _asked(request, inside, folder, query)


async def _asked(
    request: Request, inside: Inside, folder: Folder, form: Form, **errors: str
) -> Response:
    waiting = (await arrivals.waiting(inside, folder.id))[:AT_ONCE]
    if not waiting:
        return RedirectResponse(address(inside, folder), 303)
    return inside_page(
        request,
        inside,
        "folders/placements.html",
        status=422 if errors else 200,
        folder=folder,
        here=address(inside, folder),
        way=await folders.way(inside, folder.id),
        suggestions=await placements.suggest(inside, folder.id, waiting),
        chosen={one.id: form.text(f"choice-{one.id}") for one in waiting},
        kind=form.text("kind"),
        term=form.text("term"),
        errors=errors,
    )


async def update(request: Request, inside: Inside) -> Response:
    """Do with each file what was chosen."""
    inside.require(Act.FILE)
    folder = await folders.folder(inside, request.path_params["folder_id"])
    form = await forms.read(request)
    waiting = {one.id: one for one in await arrivals.waiting(inside, folder.id)}
    errors, unpacking = {}, None
    for arrival_id in form.numbers("arrival"):
        if arrival_id not in waiting:
            continue
        try:
            unpacking = await _done(request, inside, form, waiting[arrival_id]) or unpacking
        except Invalid as invalid:
            errors[f"choice-{arrival_id}"] = " ".join(invalid.errors.values())
        except door.NotFound:
            errors[f"choice-{arrival_id}"] = _("The document is no longer there.")
    if errors:
        return await _asked(request, inside, folder, form, **errors)
    if unpacking is not None:
        return see_other(request, addresses.unpacking(inside.network.slug, unpacking))
    return see_other(request, address(inside, folder), "filed")


async def _done(request: Request, inside: Inside, form: Form, arrival: Arrival) -> int | None:
    """Do with a file what was chosen; return the number of its unpacking, if that was it."""
    choice = form.choice(f"choice-{arrival.id}", Choice, Choice.DOCUMENT)
    if choice == Choice.LEAVE:
        limits = uploads.into_folder(request.app.state.settings)
        await arrivals.give_up(inside, limits, arrival.id)
        return None
    if choice == Choice.WAIT:
        return None
    if choice == Choice.UNPACK:
        begun: int = (await unpackings.begin(inside, arrival.id)).id
        return begun
    await placements.place(
        inside,
        arrival.id,
        choice,
        form.number(f"document-{arrival.id}"),
        _described(form, arrival),
    )
    return None
