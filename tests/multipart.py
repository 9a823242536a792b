"""Forms with files, written as a browser writes them."""

from collections.abc import Iterable, Mapping
from typing import TypedDict

BOUNDARY = "----WebKitFormBoundarySamverkan"
Upload = tuple[str, bytes]


class Body(TypedDict):
    """What to give to httpx."""

    content: bytes
    headers: dict[str, str]


def part(name: str, value: bytes, file_name: str | None = None) -> bytes:
    """Return one part, escaped as the HTML standard says."""
    said = f'Content-Disposition: form-data; name="{name}"'
    if file_name is not None:
        escaped = file_name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        said += f'; filename="{escaped}"\r\nContent-Type: application/octet-stream'
    return f"--{BOUNDARY}\r\n{said}\r\n\r\n".encode() + value + b"\r\n"


def body(
    fields: Mapping[str, str] | Iterable[tuple[str, str]], *files: Upload, field: str = "files"
) -> Body:
    """Return a form with its text and then its files; without any, the field that has none."""
    texts = fields.items() if isinstance(fields, Mapping) else fields
    parts = [part(name, value.encode()) for name, value in texts]
    parts += [part(field, content, name) for name, content in files or [("", b"")]]
    return sealed(b"".join(parts))


def sealed(parts: bytes) -> Body:
    """Return the parts as a whole body."""
    return {
        "content": parts + f"--{BOUNDARY}--\r\n".encode(),
        "headers": {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
    }
