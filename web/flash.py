"""The line that confirms what one has just done, on the page one is led to."""

from starlette.requests import Request
from starlette.responses import RedirectResponse

from forum.language import gettext as _
from web import cookies
from web.authentication import by_itself


def words(code: str) -> str:
    """Return the confirmation for a code, or an empty text for none and for an unknown one."""
    if not code:
        return ""
    return {
        "asked": _("Your question has been posted."),
        "posted": _("Your thread has been posted."),
        "replied": _("Your post has been posted."),
        "draft-saved": _("The draft has been saved."),
        "draft-removed": _("The draft has been discarded."),
        "helped": _("The answer is marked as helpful. Is the question solved? Mark that too."),
        "unmarked": _("The mark has been taken away."),
        "solved": _("The question is marked as solved."),
        "reopened": _("The question is open again."),
        "edited": _("Your change has been saved."),
        "hidden": _("The post is hidden."),
        "shown": _("The post is shown again."),
        "erased": _("It has been removed for good."),
        "pinned": _("The thread is pinned on top."),
        "unpinned": _("The thread is no longer pinned."),
        "closed": _("The thread is closed. Nobody can write in it."),
        "opened": _("The thread is open again."),
        "moved": _("The thread has been moved."),
        "split": _("The post is now a thread of its own."),
        "read": _("Marked as read."),
        "all-read": _("Everything is marked as read."),
        "thanked": _("Your thanks are shown with the post."),
        "not-thanked": _("Your thanks have been taken back."),
        "reminded": _("Those who have not answered have been reminded. They see it here."),
        "summarised": _("The summary is shown under the question."),
        "summary-removed": _("The summary has been removed."),
        "joined": _("You have joined in."),
        "left": _("You no longer join in."),
        "paired": _("It is settled, and shown to everybody."),
        "looking": _("You are looking for somebody again."),
        "following": _("You follow the thread."),
        "not-following": _("You no longer follow the thread."),
        "member-added": _("The member has been added."),
        "member-changed": _("The change has been saved."),
        "member-ended": _("The membership has ended."),
        "folder-made": _("The folder has been made."),
        "filed": _("The files are in the folder."),
        "trashed": _("It is in the trash, and can be brought back."),
        "saved": _("The change has been saved."),
        "area-removed": _("The subject area has been removed."),
        "password": _("Your new password has been saved. Your other devices have been logged out."),
        "session-ended": _("The device has been logged out."),
        "app-password-removed": _("The app password has been removed. It works no more."),
        "logged-out": _("You have logged out."),
        "logged-out-everywhere": _("You have been logged out on all devices."),
        "described": _("The change has been saved."),
        "placed": _("The document has been moved."),
        "copied": _("This is the copy."),
        "editing": _("The others see that you are working on the document."),
        "not-editing": _("Nobody is working on the document any longer."),
        "version-added": _("Your version has been handed in."),
        "version-same": _("The file is the same as the latest version, so there is no new one."),
        "version-restored": _("The earlier version is back, as the latest one."),
        "version-named": _("The version has a name, and is kept for ever."),
        "version-not-named": _("The version has no name any longer."),
        "version-weeded": _("The version has been deleted for good."),
        "adopted": _("The version has been adopted. It is what others go by."),
        "adoption-retracted": _("No version is adopted any longer."),
        "untrashed": _("It has been brought back."),
        "weeded": _("It has been deleted for good. The log says why."),
        "talked": _("The thread is shown with the document."),
        "published": _("It is published. This is what everybody sees."),
        "withdrawn": _("The publication has been withdrawn. Its address says so."),
        "network-created": _("The network has been created."),
        "coordinator-named": _("The coordinator has been named."),
    }.get(code, "")


def code(request: Request) -> str:
    """Return the code of what this page is to confirm, or an empty text.

    A page that asks for itself anew leaves it to the one that somebody is being led to.
    """
    return "" if by_itself(request.scope) else cookies.get(request, "flash") or ""


def see_other(request: Request, address: str, confirming: str = "") -> RedirectResponse:
    """Lead to another page after a form, with a confirmation there."""
    response = RedirectResponse(address, status_code=303)
    if confirming:
        cookies.put(request, response, "flash", confirming, 60)
    return response
