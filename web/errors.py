"""Error pages: what happened and what one can do, in the reader's language."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from forum import throttle
from forum.attachments import Erased
from forum.language import gettext as _
from forum.language import ngettext
from forum.refusals import Throttled, TooOften
from forum.versions import Weeded
from storage import door
from storage.blobs import Unreachable
from web import forms
from web.multipart import Expected
from web.rendering import page
from web.safety import TooLarge


def _error(request: Request, status: int, title: str, advice: str, number: str = "") -> Response:
    return page(request, "error.html", status=status, title=title, advice=advice, number=number)


def foreign(request: Request) -> Response:
    """Return the page for a form that came from elsewhere."""
    return _error(
        request,
        403,
        _("The form did not come from this service"),
        _("Open the page here, not from a link or a file, and send the form again."),
    )


async def _not_found(request: Request, _error_raised: Exception) -> Response:
    return _error(
        request,
        404,
        _("The page cannot be found"),
        _("It may have been moved, or it belongs to a network that you are not a member of."),
    )


async def _forbidden(request: Request, _error_raised: Exception) -> Response:
    return _error(
        request,
        403,
        _("You may not do this"),
        _("Your role in the network does not allow it. Ask your coordinator if it should."),
    )


async def _anothers_form(request: Request, _error_raised: Exception) -> Response:
    return _error(
        request,
        403,
        _("Somebody else opened this form"),
        _("Go back and copy what is written there. Then log in as the one who wrote it."),
    )


async def _archived(request: Request, _error_raised: Exception) -> Response:
    return _error(
        request,
        403,
        _("The network is archived"),
        _("It can be read but not written in. A coordinator can open it again."),
    )


async def _too_large(request: Request, _error_raised: Exception) -> Response:
    advice = _("Shorten the text, or divide it into several posts. Go back to find it again.")
    expected: Expected | None = getattr(request.state, "expected_files", None)
    if expected is not None:
        advice = _(
            "Each file may have at most %(limit)d MB, and %(files)d can be sent at a time. Go back"
            " to find your text again."
        ) % {"limit": expected.limits.megabytes, "files": expected.limits.at_once}
    return _error(request, 413, _("What you sent is too large"), advice)


async def _erased(request: Request, _error_raised: Exception) -> Response:
    return _error(
        request,
        410,
        _("The file has been removed"),
        _("A coordinator has removed it for good. Its place in the thread says when."),
    )


async def _weeded(request: Request, _error_raised: Exception) -> Response:
    return _error(
        request,
        410,
        _("The version has been deleted for good"),
        _("Its line in the list of versions stays, and the log of the trash says why."),
    )


async def _throttled(request: Request, error: Exception) -> Response:
    seconds = error.retry_after if isinstance(error, Throttled) else 60
    if isinstance(error, TooOften):
        advice = throttle.advice(error)
    else:
        minutes = -(-seconds // 60)
        advice = ngettext(
            "Wait %(minutes)d minute and try again, or log in with a link by e-mail.",
            "Wait %(minutes)d minutes and try again, or log in with a link by e-mail.",
            minutes,
        ) % {"minutes": minutes}
    response = _error(request, 429, _("Too many attempts"), advice)
    response.headers["Retry-After"] = str(seconds)
    return response


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:
        return await _not_found(request, error)
    if status == 405:
        response = _error(
            request, 405, _("This cannot be done here"), _("Go back and use the page’s buttons.")
        )
        response.headers.update(getattr(error, "headers", None) or {})
        return response
    if status == 403:
        return await _forbidden(request, error)
    return _error(
        request, status, _("The request could not be understood"), _("Go back and try again.")
    )


async def _broken(request: Request, _error_raised: Exception) -> Response:
    # The traceback is logged by the server; this says it to a person.
    return _error(
        request,
        500,
        _("Something went wrong here"),
        _("It is our fault, not yours. Go back and try again; what you wrote is still there."),
        # By it the lines in the log are found.
        number=getattr(request.state, "request_id", ""),
    )


async def _unreachable(request: Request, _error_raised: Exception) -> Response:
    response = _error(
        request,
        503,
        _("The file cannot be fetched just now"),
        _("It is our fault, not yours. Try again in a few minutes."),
    )
    response.headers["Retry-After"] = "60"
    return response


HANDLERS: dict[type[Exception] | int, ExceptionHandler] = {
    HTTPException: _http,
    door.NotFound: _not_found,
    door.Archived: _archived,
    door.Forbidden: _forbidden,
    forms.AnothersForm: _anothers_form,
    TooLarge: _too_large,
    Erased: _erased,
    Throttled: _throttled,
    Weeded: _weeded,
    Unreachable: _unreachable,
    Exception: _broken,
}
