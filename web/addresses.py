"""Where one may be led after logging in."""

from urllib.parse import urlsplit


def local(address: str) -> str:
    r"""Return the address when it is a page of ours, otherwise the start page.

    Browsers read ``//host`` and ``/\host`` as other hosts and drop control characters.
    """
    parts = urlsplit(address)
    ours = (
        address.startswith("/")
        and not address.startswith(("//", "/\\"))
        and "\\" not in address
        and address.isprintable()
        and not parts.scheme
        and not parts.netloc
    )
    return address if ours else "/"
