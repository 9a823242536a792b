"""Zips to send: such as programs make, and such as are made to do harm."""

import struct
import zlib
from dataclasses import dataclass, field

STORED, DEFLATED = 0, 8
FAT, UNIX = 0, 3


@dataclass
class Member:
    """An entry of a zip, which may say of itself what is not so."""

    name: bytes
    content: bytes = b"Ett dokument.\n"
    method: int = DEFLATED
    flags: int = 0
    host: int = UNIX
    attributes: int = 0
    extra: bytes = b""
    #: What is said instead of what is so.
    size: int | None = None
    packed_size: int | None = None
    checksum: int | None = None
    offset: int | None = None
    packed: bytes | None = None
    #: With sizes and offset in 64 bits.
    long: bool = False
    at: int = field(default=0, init=False)

    def bytes_packed(self) -> bytes:
        if self.packed is not None:
            return self.packed
        if self.method == STORED:
            return self.content
        packer = zlib.compressobj(wbits=-15)
        return packer.compress(self.content) + packer.flush()

    def header(self, *, central: bool) -> bytes:
        packed = len(self.bytes_packed()) if self.packed_size is None else self.packed_size
        size = len(self.content) if self.size is None else self.size
        checksum = zlib.crc32(self.content) if self.checksum is None else self.checksum
        offset = self.at if self.offset is None else self.offset
        extra = self.extra
        if self.long and central:
            extra = struct.pack("<2H3Q", 1, 24, size, packed, offset) + extra
            size = packed = offset = 0xFFFFFFFF
        common = struct.pack(
            "<HHHHHLLLHH",
            *(20, self.flags, self.method, 0, 0x5C2E),
            *(checksum, min(packed, 0xFFFFFFFF), min(size, 0xFFFFFFFF)),
            *(len(self.name), len(extra)),
        )
        if not central:
            return b"PK\3\4" + common + self.name + extra
        begin = b"PK\1\2" + struct.pack("<BB", 20, self.host)
        end = struct.pack("<HHHLL", 0, 0, 0, self.attributes, offset)
        return begin + common + end + self.name + extra


def made(*members: Member, before: bytes = b"", comment: bytes = b"", long: bool = False) -> bytes:
    """Return a zip of these members; ``long`` with an end in 64 bits."""
    content = b""
    for member in members:
        member.at = len(content)
        content += member.header(central=False) + member.bytes_packed()
    directory = b"".join(member.header(central=True) for member in members)
    end, size, begin, count = b"", len(directory), len(content), len(members)
    if long:
        at = begin + size
        end += b"PK\6\6" + struct.pack("<QHHLL4Q", 44, 45, 45, 0, 0, count, count, size, begin)
        end += b"PK\6\7" + struct.pack("<LQL", 0, at, 1)
        size = begin = 0xFFFFFFFF
        count = 0xFFFF
    end += b"PK\5\6" + struct.pack("<4H2LH", 0, 0, count, count, size, begin, len(comment))
    return before + content + directory + end + comment


def unicode_path(name: bytes, text: str) -> bytes:
    """Return Info-ZIP's field with a name in UTF-8."""
    field = b"\1" + struct.pack("<L", zlib.crc32(name)) + text.encode()
    return struct.pack("<2H", 0x7075, len(field)) + field
