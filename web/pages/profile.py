"""One's own profile: what colleagues see, and how one wants the pages."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, directory, profiles, uploads
from forum.profiles import Profile
from forum.refusals import Invalid
from storage import clock, door
from storage.people import Language, Theme, View
from web import cookies, forms, stored_files
from web.authentication import me
from web.flash import see_other
from web.rendering import page


async def show(request: Request) -> Response:
    """Show the form, filled in with what is known."""
    person = me(request).person
    filled = Profile(
        name=person.name,
        title=person.title,
        phone=person.phone,
        language=person.language,
        view=person.view,
        theme=person.theme,
        presence=person.presence,
    )
    return await _form(request, filled)


async def _form(
    request: Request, filled: Profile, errors: dict[str, str] | None = None
) -> Response:
    return page(
        request,
        "account/profile.html",
        status=422 if errors else 200,
        filled=filled,
        seats=await directory.seats_of(me(request).person),
        limit=uploads.limits(request.app.state.settings).megabytes,
        errors=errors or {},
    )


async def update(request: Request) -> Response:
    """Save it; the picture is cut to a square."""
    person, form = me(request).person, await forms.read(request)
    wanted = Profile(
        name=form.text("name"),
        title=form.text("title"),
        phone=form.text("phone"),
        language=form.choice("language", Language, person.language),
        view=form.choice("view", View, person.view),
        theme=form.choice("theme", Theme, person.theme),
        presence="presence" in form,
        without_picture="without_picture" in form,
    )
    limits = uploads.limits(request.app.state.settings)
    try:
        await profiles.save(person, wanted, limits, form.files[0] if form.files else None)
    except Invalid as invalid:
        return await _form(request, wanted, invalid.errors)
    response = see_other(request, "/account", "saved")
    cookies.put(request, response, "language", wanted.language, cookies.YEAR)
    return response


async def picture(request: Request) -> Response:
    """Return one's own picture."""
    return await picture_of(request, me(request).person.picture)


async def picture_of(request: Request, digest: str | None) -> Response:
    """Return a picture by its digest. Raises NotFound when there is none."""
    if digest is None:
        raise door.NotFound
    version = addresses.picture_version(digest)
    return await stored_files.answer(
        request,
        digest,
        tag=f"p{version}",
        media_type=profiles.MEDIA_TYPE,
        # When it was sent is nobody's business, and its address changes with it.
        at=clock.beginning(clock.today()),
        cache=_WEEK if request.query_params.get("v") == version else "private, no-cache",
    )


_WEEK = "private, max-age=604800, immutable"
