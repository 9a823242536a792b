"""The files that a post is to have when it is changed, and those that the form was made from."""

from collections.abc import Sequence
from dataclasses import dataclass

from forum import attachments
from forum.attachments import Alts
from forum.file_marks import mark, mark_of
from storage.attachments import Attachment
from storage.door import Inside


@dataclass(frozen=True, slots=True)
class Files:
    """The files that a post is to have, and what each image shows: see forum.attachments."""

    ids: Sequence[int]
    alts: Alts
    #: Which of them are to be the picture of the short version. There is room for one.
    pictures: Sequence[int] = ()
    #: Which files the form was made from: see forum.file_marks. None when no form was.
    made_from: str | None = None

    async def undescribed(self, inside: Inside, post: tuple[int, int]) -> dict[str, str]:
        """Return an error for each image that nothing is said of."""
        return await attachments.undescribed(inside, self.ids, self.alts, post)

    def changes(self, present: Sequence[Attachment], short: str) -> bool:
        """Say whether they are others than a post has, and not only because it has got others.

        Without a short version its picture is one of the text's.
        """
        wanted = mark(attachments.placed(self.ids, self.alts, self._pictures(short)))
        return wanted not in {mark_of(present), self.made_from}

    def stale(self, present: Sequence[Attachment]) -> bool:
        """Say whether the post has others now than those that these were made from."""
        return self.made_from not in {None, mark_of(present)}

    async def attach(self, inside: Inside, thread_id: int, number: int, short: str) -> None:
        """Within a write: give them to the post."""
        pictures = self._pictures(short)
        await attachments.attach(inside, thread_id, number, self.ids, self.alts, pictures)

    def _pictures(self, short: str) -> Sequence[int]:
        return self.pictures[:1] if short else ()
