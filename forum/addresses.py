"""The addresses of pages, for whatever writes them."""

import hashlib
from urllib.parse import quote

POSTS_ON_A_PAGE = 20


def network(slug: str) -> str:
    """Return a network's front page."""
    return f"/n/{slug}"


def members(slug: str) -> str:
    """Return the list of a network's members."""
    return f"{network(slug)}/members"


def member(slug: str, membership_id: int) -> str:
    """Return a member's page."""
    return f"{members(slug)}/{membership_id}"


def areas(slug: str) -> str:
    """Return where coordinators edit a network's subject areas."""
    return f"{network(slug)}/areas"


def network_settings(slug: str) -> str:
    """Return where coordinators say what a network is called."""
    return f"{network(slug)}/settings"


def new_thread(slug: str) -> str:
    """Return the form for a new thread."""
    return f"{network(slug)}/threads/new"


def thread(slug: str, thread_id: int) -> str:
    """Return a thread's first page."""
    return f"{network(slug)}/threads/{thread_id}"


def page_of(number: int) -> int:
    """Return the page on which a post stands: 2–21 on the first, 22–41 on the second.

    Numbers never change, so neither do pages. The thread's own text, number 1, is on the first.
    """
    return max(0, number - 2) // POSTS_ON_A_PAGE + 1


def posts_on(page: int, last_number: int) -> range:
    """Return the numbers of the posts on a page of a thread that has so many; none on no page."""
    if page < 1:
        return range(0)
    first = 1 if page == 1 else (page - 1) * POSTS_ON_A_PAGE + 2
    return range(first, min(page * POSTS_ON_A_PAGE + 1, last_number) + 1)


def permalink(slug: str, thread_id: int, number: int) -> str:
    """Return the address that leads to a post wherever it stands."""
    return f"{thread(slug, thread_id)}/posts/{number}"


def page(slug: str, thread_id: int, number: int) -> str:
    """Return a page of a thread."""
    return thread(slug, thread_id) + (f"?page={number}" if number > 1 else "")


def post(slug: str, thread_id: int, number: int) -> str:
    """Return where a post stands: its page and its place on it."""
    return f"{page(slug, thread_id, page_of(number))}#post-{number}"


def attachment(slug: str, attachment_id: int, name: str) -> str:
    """Return where a file is, under the name it is to be saved by."""
    return f"{network(slug)}/attachments/{attachment_id}/{quote(name, safe='')}"


def documents(slug: str) -> str:
    """Return the folder that all others of a network lie in."""
    return f"{network(slug)}/documents"


def folder(slug: str, folder_id: int) -> str:
    """Return a folder's page."""
    return f"{network(slug)}/folders/{folder_id}"


def document(slug: str, document_id: int) -> str:
    """Return a document's page, which shows the version that others go by."""
    return f"{documents(slug)}/{document_id}"


def version(slug: str, document_id: int, number: int) -> str:
    """Return the page that shows one version of a document."""
    return f"{document(slug, document_id)}/versions/{number}"


def version_file(slug: str, document_id: int, number: int, name: str) -> str:
    """Return where a version's file is, under the name it is to be saved by."""
    return f"{version(slug, document_id, number)}/file/{quote(name, safe='')}"


def version_page(slug: str, document_id: int, number: int, page: int) -> str:
    """Return where the image of a version's page is."""
    return f"{version(slug, document_id, number)}/pages/{page}"


def trash(slug: str) -> str:
    """Return a network's trash."""
    return f"{network(slug)}/trash"


def picture(slug: str, membership_id: int, digest: str) -> str:
    """Return where a member's picture is; another picture has another address."""
    return f"{member(slug, membership_id)}/picture?v={picture_version(digest)}"


def own_picture(digest: str) -> str:
    """Return where somebody's picture is for herself, who may be in no network."""
    return f"/account/picture?v={picture_version(digest)}"


def picture_version(digest: str) -> str:
    """Return what tells two pictures apart and says nothing of what is in them."""
    return hashlib.sha256(f"picture {digest}".encode()).hexdigest()[:10]


def placements(slug: str, folder_id: int) -> str:
    """Return where one says what is to become of the files that one has sent to a folder."""
    return f"{folder(slug, folder_id)}/placements"


def arrival(slug: str, arrival_id: int) -> str:
    """Return where a file is sent on to that has been begun."""
    return f"{network(slug)}/arrivals/{arrival_id}"


def unpacking(slug: str, unpacking_id: int) -> str:
    """Return what became of an archive that one has had unpacked."""
    return f"{network(slug)}/unpackings/{unpacking_id}"


def publications(slug: str) -> str:
    """Return where coordinators see what has been published from a network."""
    return f"{network(slug)}/publications"


def publication_form(slug: str, document_id: int) -> str:
    """Return where a document is published from."""
    return f"{document(slug, document_id)}/publication"


def withdrawal(slug: str, publication_id: int) -> str:
    """Return where a publication is taken back."""
    return f"{publications(slug)}/{publication_id}/withdrawal"


#: What anybody may read, in Swedish: it is written on paper and sent by mail.
PUBLIC = "/publikationer"


def public(publication: str) -> str:
    """Return a publication's own page."""
    return f"{PUBLIC}/{publication}"


def public_file(publication: str) -> str:
    """Return where its file is, whichever version is published."""
    return f"{public(publication)}/fil"
