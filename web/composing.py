"""What a composer's form holds beside what is written in it."""

from forum.draft_content import WRITER
from forum.drafts import Writing
from web.forms import Form


def held_by(form: Form) -> Writing | None:
    """Return which draft a form holds; None when it says nothing of drafts."""
    place = form.text("place")
    if not place:
        return None
    return Writing(place, form.text("draft_saved"), form.text(WRITER))
