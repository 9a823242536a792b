"""Where one may be led after logging in, and which numbers an address may hold."""

from urllib.parse import urlsplit

from starlette.convertors import IntegerConvertor, register_url_convertor


class _RowNumber(IntegerConvertor):
    """A number that fits the database's 64 bits; a longer one is no page of ours."""

    regex = "[0-9]{1,18}"


register_url_convertor("int", _RowNumber())


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
