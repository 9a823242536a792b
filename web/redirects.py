"""Where a form or a link may lead that names the page to go on to."""

from urllib.parse import urlsplit


def local(address: str) -> str:
    r"""Return the address when it is a page of ours, otherwise the start page.

    Browsers read ``//host`` and ``/\host`` as other hosts and drop control characters.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    ours = (
        address.startswith("/")
        and not address.startswith(("//", "/\\"))
        and "\\" not in address
        and address.isprintable()
        and not parts.scheme
        and not parts.netloc
    )
    return address if ours else "/"
