"""What a composer's form holds beside what is written in it, and the form when it comes back."""

from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from forum.draft_content import WRITER
from forum.drafts import Writing
from storage.door import Inside
from web.forms import Form
from web.pages.attachments import Chosen


@dataclass(frozen=True, slots=True)
class Returned:
    """A composer that comes back to its writer: what she sent, and what is said of it."""

    form: Form | None = None
    #: None: those that the form names.
    files: Chosen | None = None
    errors: dict[str, str] = field(default_factory=dict)
    preview: str | None = None


#: A composer that nobody has sent yet.
FRESH = Returned()


def context(request: Request, inside: Inside, returned: Returned) -> dict[str, Any]:
    """Return what the template of a composer shows of it, by the template's names."""
    form = returned.form
    # A form that comes back with an error keeps its key: sent twice, it is still one post.
    key = form.text("form_key") if form else ""
    keys = request.app.state.form_keys
    return {
        "errors": returned.errors,
        "preview": returned.preview,
        "form_key": key if keys.owner(key) == inside.person.id else keys.mint(inside.person),
        "kept": form.text("kept") if form else "",
    }


def held_by(form: Form | None) -> Writing | None:
    """Return which draft a form holds; None when it says nothing of drafts."""
    place = form.text("place") if form else ""
    if form is None or not place:
        return None
    return Writing(place, form.text("draft_saved"), form.text(WRITER))
