"""Folders: what lies in one, new ones, and their names and places."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, arrivals, folder_lists, folders, network_states, terms, trash, uploads
from forum.folder_lists import Sort, Wanted
from forum.refusals import Invalid
from storage import clock, door
from storage.documents import DocumentKind, Folder
from storage.door import Inside
from storage.roles import Act
from web import conditional, flash, forms
from web.flash import see_other
from web.forms import Form
from web.rendering import inside_page

#: So far back one may choose a term for what is brought.
TERMS_BACK = 8


async def root(request: Request, inside: Inside) -> Response:
    """Show the folder that all others lie in."""
    return await _answered(request, inside, await folders.root(inside))


async def show(request: Request, inside: Inside) -> Response:
    """Show what lies in a folder."""
    return await _answered(request, inside, await _folder(request, inside))


async def _folder(request: Request, inside: Inside) -> Folder:
    return await folders.folder(inside, request.path_params["folder_id"])


async def _answered(request: Request, inside: Inside, folder: Folder) -> Response:
    if flash.code(request):
        # What is shown only once is never the same page again.
        return await page(request, inside, folder)
    state = await network_states.with_folder(inside, folder.id)
    return await conditional.answer(
        request,
        (*conditional.frame(request, inside), folder.id, state),
        lambda: page(request, inside, folder),
    )


async def page(
    request: Request, inside: Inside, folder: Folder, form: Form | None = None, **errors: str
) -> Response:
    """Show a folder, with a form that came back and what is wrong with it."""
    wanted = _wanted(Form(list(request.query_params.multi_items())))
    limits = uploads.into_folder(request.app.state.settings)
    return inside_page(
        request,
        inside,
        "folders/show.html",
        status=422 if errors else 200,
        folder=folder,
        here=address(inside, folder),
        way=await folders.way(inside, folder.id),
        shelves=await folder_lists.top(inside),
        listing=await folder_lists.listing(inside, folder.id, wanted),
        wanted=wanted,
        selecting="select" in request.query_params,
        waiting=await arrivals.waiting(inside, folder.id) if inside.may(Act.FILE) else [],
        terms=terms_to_choose(),
        limit=limits.each,
        form_key=request.app.state.form_keys.mint(inside.person),
        name=form.text("name") if form else "",
        errors=errors,
    )


def address(inside: Inside, folder: Folder) -> str:
    """Return a folder's page; the network's own is that of its documents."""
    slug = inside.network.slug
    if folder.parent_id is None:
        return addresses.documents(slug)
    return addresses.folder(slug, folder.id)


def terms_to_choose() -> list[terms.Term]:
    """Return the terms that what is brought may be from: the next one, and some years back."""
    now = terms.of(clock.today())
    return [now.moved(-back) for back in range(-1, TERMS_BACK)]


def _wanted(query: Form) -> Wanted:
    kind = query.choice("kind", DocumentKind, None)
    return Wanted(
        query.choice("sort", Sort, Sort.CHANGED),
        str(kind) if kind else "",
        query.text("term"),
        query.text("author"),
    )


async def create(request: Request, inside: Inside) -> Response:
    """Make a folder in this one."""
    parent, form = await _folder(request, inside), await forms.read(request)
    try:
        new = await folders.create_folder(inside, parent.id, form.text("name"))
    except Invalid as invalid:
        return await page(request, inside, parent, form, **invalid.errors)
    return see_other(request, address(inside, new), "folder-made")


async def edit(request: Request, inside: Inside) -> Response:
    """Show the form for a folder's name and place."""
    inside.require(Act.FILE)
    return await _edited(request, inside, await _folder(request, inside))


async def _edited(
    request: Request, inside: Inside, folder: Folder, form: Form | None = None, **errors: str
) -> Response:
    if folder.parent_id is None:
        raise door.NotFound
    return inside_page(
        request,
        inside,
        "folders/edit.html",
        status=422 if errors else 200,
        folder=folder,
        here=address(inside, folder),
        way=await folders.way(inside, folder.id),
        places=await folder_lists.places(inside, without=folder.id),
        name=form.text("name") if form else folder.name,
        chosen=(form.number("folder") if form else None) or folder.parent_id,
        errors=errors,
    )


async def update(request: Request, inside: Inside) -> Response:
    """Rename or move a folder."""
    folder, form = await _folder(request, inside), await forms.read(request)
    parent_id = form.number("folder") or folder.parent_id or 0
    try:
        await folders.change_folder(inside, folder.id, name=form.text("name"), parent_id=parent_id)
    except Invalid as invalid:
        return await _edited(request, inside, folder, form, **invalid.errors)
    return see_other(request, address(inside, folder), "saved")


async def discard(request: Request, inside: Inside) -> Response:
    """Put a folder in the trash, with all that is in it."""
    folder = await _folder(request, inside)
    await trash.put_folder(inside, folder.id)
    parent = await folders.folder(inside, folder.parent_id or 0)
    return see_other(request, address(inside, parent), "trashed")
