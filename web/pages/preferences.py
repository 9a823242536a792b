"""Language, easy-read and light or dark, from the foot of every page."""

from starlette.requests import Request
from starlette.responses import Response

from forum import accounts
from storage.people import Language, Theme, View
from web import cookies, forms, redirects
from web.authentication import logged_in
from web.flash import see_other


async def update(request: Request) -> Response:
    """Save what was chosen and lead back to where one was."""
    form = await forms.read(request)
    language = form.choice("language", Language, None)
    response = see_other(request, redirects.local(form.text("back")))
    if who := logged_in(request):
        await accounts.prefer(
            who.person,
            language=language,
            view=form.choice("view", View, None),
            theme=form.choice("theme", Theme, None),
        )
    if language:
        cookies.put(request, response, "language", language, cookies.YEAR)
    return response
