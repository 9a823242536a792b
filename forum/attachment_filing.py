"""Filing what came with a post: its files become documents in a folder as well."""

from collections.abc import Collection

from forum import attachments, document_names, filing, guesses
from forum.contents import Known
from forum.language import gettext as _
from forum.posts import readable
from forum.refusals import Invalid
from storage import database
from storage.attachments import Attachment, Spot
from storage.discussions import Post, Thread
from storage.documents import Document
from storage.door import Inside
from storage.roles import Act


async def of_post(
    inside: Inside, thread_id: int, number: int
) -> tuple[Thread, Post, list[Attachment]]:
    """Return a post and those of its files that can be filed. Raises NotFound, Forbidden."""
    inside.require(Act.FILE)
    thread, post = await readable(inside, thread_id, number)
    found = inside.attachments.filter(
        thread_id=thread_id, number=number, spot=Spot.BODY, erased_at=None, unscanned=False
    )
    return thread, post, await found.order_by("position", "id")


async def file_attachments(
    inside: Inside, thread_id: int, number: int, ids: Collection[int], folder_id: int
) -> list[Document]:
    """Put those files of a post into a folder; a name that is taken gets a number.

    Raises NotFound, Forbidden, or Invalid (``files``).
    """
    _thread, _post, present = await of_post(inside, thread_id, number)
    wanted = [one for one in present if one.id in ids]
    if not wanted:
        raise Invalid(files=_("Choose one or more files."))

    async def work() -> list[Document]:
        return [await _filed(inside, one.id, folder_id) for one in wanted]

    return await database.write(work)


async def _filed(inside: Inside, attachment_id: int, folder_id: int) -> Document:
    one = await attachments.readable(inside, attachment_id)
    assert one.blob_id is not None
    name = document_names.acceptable(one.name)
    content = Known(one.blob_id, one.size)
    described = guesses.described(name)
    return await filing.create_document(inside, folder_id, name, content, described, renamed=True)
