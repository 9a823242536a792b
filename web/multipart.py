"""Forms that bring files: read as they come, the files straight to where they are kept.

Text is UTF-8 and nothing else: such a form may name its own encoding, and Python has some that
take minutes for a megabyte. Whatever is wrong with a file is told of that file, so that the text
that came with it is not lost.
"""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException
from starlette.requests import Request

from forum.uploads import Limits, Sent, Trouble
from storage.blobs import Taking
from web.safety import TooLarge

log = logging.getLogger("web.multipart")

#: More files than one may send are told of by name; this many are no longer a form.
MOST_FILES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Expected:
    """What a route takes: the field that files come in, and where they go unless they are lost."""

    field: str
    limits: Limits
    keep: bool


@dataclass(slots=True)
class _Part:
    name: str
    file: Sent | None
    data: bytearray = field(default_factory=bytearray)


class Reader:
    """Reads one request. ``entries`` and ``files`` are what it has brought so far."""

    def __init__(self, request: Request, expected: Expected, most_fields: int, text: int) -> None:
        self.entries: list[tuple[str, str]] = []
        self.files: list[Sent] = []
        self._expected = expected
        self._most_fields, self._text_left = most_fields, text
        self._stream = request.stream()
        try:
            self._parser = self._made(request.headers.get("content-type", ""))
        except FormParserError:
            # A boundary longer than any browser's.
            raise HTTPException(400) from None
        self._header, self._value, self._disposition = b"", b"", b""
        self._part = _Part("", None)
        #: What the parser has found in a piece of the body, to be written when it is through.
        self._found: list[tuple[Sent, memoryview, bool]] = []
        #: The file that is coming, or has come last.
        self._taking: Taking | None = None
        self._ended = False

    def _made(self, content_type: str) -> MultipartParser:
        _kind, options = parse_options_header(content_type)
        charset = options.get(b"charset", b"utf-8").lower()
        boundary = options.get(b"boundary", b"")
        if not boundary or charset not in {b"utf-8", b"utf8"}:
            raise HTTPException(400)
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._part_begins,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_ends,
                "on_headers_finished": self._headers_end,
                "on_part_data": self._part_data,
                "on_part_end": self._part_ends,
                "on_end": self._end,
            },
        )

    async def read(self) -> None:
        """Read it to its end. Raises HTTPException 400 for no form, TooLarge for too much text."""
        try:
            async for chunk in self._stream:
                self._parser.write(chunk)
                for sent, data, ends in self._found:
                    await self._take(sent, data, ends=ends)
                self._found.clear()
            self._parser.finalize()
            if not self._ended:
                raise HTTPException(400)
        except BaseException as error:
            await self._stop()
            for sent in self.files:
                sent.discard()
            if isinstance(error, FormParserError):
                raise HTTPException(400) from None
            raise

    def _part_begins(self) -> None:
        self._disposition = b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_ends(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header, self._value = b"", b""

    def _headers_end(self) -> None:
        _kind, options = parse_options_header(self._disposition)
        if b"name" not in options:
            raise HTTPException(400)
        name, sent = options[b"name"].decode(errors="replace"), None
        if b"filename" in options:
            sent = self._sent(name, options[b"filename"].decode(errors="replace"))
        elif len(self.entries) >= self._most_fields:
            raise HTTPException(400)
        self._part = _Part(name, sent)

    def _sent(self, name: str, file_name: str) -> Sent:
        if name != self._expected.field or len(self.files) >= MOST_FILES:
            raise HTTPException(400)
        # As browsers write it (the HTML standard): a quotation mark must not end the name.
        sent = Sent(name, file_name.replace("%22", '"'))
        self.files.append(sent)
        if not self._expected.keep:
            sent.trouble = Trouble.NOT_KEPT
        elif len(self.files) > self._expected.limits.at_once:
            sent.trouble = Trouble.TOO_MANY
        return sent

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._part.file is not None:
            self._found.append((self._part.file, memoryview(data)[start:end], False))
            return
        self._text_left -= end - start
        if self._text_left < 0:
            raise TooLarge
        self._part.data += data[start:end]

    def _part_ends(self) -> None:
        if self._part.file is not None:
            self._found.append((self._part.file, memoryview(b""), True))
        else:
            self.entries.append((self._part.name, self._part.data.decode(errors="replace")))

    def _end(self) -> None:
        self._ended = True

    async def _take(self, sent: Sent, data: memoryview, *, ends: bool) -> None:
        """Write what has come of a file."""
        # A browser sends a field of files that nobody has chosen as one without a name.
        if sent.trouble is not None or not sent.name:
            return
        try:
            if sent.arriving is None:
                sent.arriving = await asyncio.to_thread(self._expected.limits.store.arriving)
                self._taking = Taking(sent.arriving)
            assert self._taking is not None
            if self._taking.size + len(data) > self._expected.limits.each:
                sent.trouble = Trouble.TOO_LARGE
            else:
                await self._taking.add(data)
                if ends:
                    await self._taking.end()
        except OSError as error:
            log.error("a file could not be written: %s", error)
            sent.trouble = Trouble.NO_ROOM
        if sent.trouble is not None:
            await self._stop()
            sent.discard()

    async def _stop(self) -> None:
        if self._taking is not None:
            await self._taking.stop()
