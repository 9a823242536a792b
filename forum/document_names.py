"""What folders and documents may be called: names that also work on a drive in Windows.

Windows' rules are those of Microsoft's "Naming Files, Paths, and Namespaces".
"""

import re
import unicodedata
from collections.abc import Container
from itertools import count
from typing import Final

from forum import file_names, language, personal_numbers
from forum.language import gettext as _
from forum.refusals import Invalid
from forum.text import LONGEST, UNSEEN

_NOT_ON_WINDOWS: Final = re.compile(r'[/\\:*?"<>|]')
# Also what XML cannot hold, and with it no answer to a WebDAV client.
_CONTROL: Final = re.compile("[\t\n\u061c\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_DEVICE: Final = re.compile(
    r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(?:\..*)?", re.IGNORECASE
)
_NUMBER: Final = re.compile(r"0*([0-9]+)")
_SCRATCH: Final = re.compile(
    r"""
      ~\$ .*                    # who has a document open, in Word, Excel and PowerPoint
    | ~wr[a-z]\d+ .*            # what Word is working on
    | .* \.(?: tmp | temp )     # Word, PowerPoint, LibreOffice and most others
    | \.~lock\. .* \#           # who has a document open, in LibreOffice
    | .* \.sb-[0-9a-f]{8}-\w{6} # what macOS saves to, before it takes the name
    | \._ .*                    # AppleDouble: what macOS knows of a file beside its bytes
    | \.ds_store | \.localized | \.apdisk | \.temporaryitems | \.trashes | \.fseventsd
    | __macosx | \.spotlight-v100 | \.appledouble | \.metadata_never_index | \.ql_disable\w+
    | icon\r
    | (?: eh )? thumbs\.db | desktop\.ini | \$recycle\.bin | system\ volume\ information
    | .+ ~                      # the earlier text, in Kate, gedit and Emacs
    | \. .* \.sw[a-p]           # Vim
    | \.goutputstream- .* | \.fuse_hidden .* | \.nfs[0-9a-f]{8,} | \.directory
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
# Excel's have no suffix: eight hexadecimal digits that end in zeros. Days are written so, too, but
# none of them ends in three.
_EXCEL: Final = re.compile(r"(?=.*[a-f]|.*000$)[0-9a-f]{6}00", re.IGNORECASE)
# Only small ones: what ends in a year is not the two thousand and twenty-sixth of its name.
_COUNTED: Final = re.compile(r" \(([1-9]\d?)\)$")


def checked(name: str) -> str:
    """Return the name in NFC without space around it. Raises Invalid (``name``)."""
    if len(name) > LONGEST:
        raise Invalid(name=_("The name is too long. Make it shorter."))
    plain = unicodedata.normalize("NFC", name).strip()
    if trouble := _trouble_with(plain):
        raise Invalid(name=trouble)
    personal_numbers.refuse(name=plain)
    return plain


def _trouble_with(name: str) -> str:
    if not name:
        return _("Write a name.")
    if UNSEEN.search(name) or _CONTROL.search(name):
        return _("There is something in the name that cannot be seen. Write the name anew.")
    if there := _NOT_ON_WINDOWS.search(name):
        return _("A name cannot hold the character %(character)s. Write something else for it.") % {
            "character": there[0]
        }
    if name.endswith("."):
        return _("A name cannot end with a full stop.")
    if _DEVICE.fullmatch(name):
        return _("Windows does not take “%(name)s” as a name. Choose another.") % {"name": name}
    if len(name.encode()) > file_names.LIMIT:
        return _("The name is too long. Make it shorter.")
    return ""


def acceptable(name: str) -> str:
    """Return what a file that is called so is kept as: a name that ``checked`` takes.

    What may not be there becomes "_", and the digits of a personnummer X: whoever takes files in
    asks before whether there is one.
    """
    whole = name.encode(errors="replace").decode()
    plain = _NOT_ON_WINDOWS.sub("_", _CONTROL.sub("_", file_names.cleaned(whole)))
    if _DEVICE.fullmatch(plain):
        plain = f"_{plain}"
    short = file_names.shortened(plain.rstrip(". "))
    masked = personal_numbers.masked(short.rstrip(". ")) or _("file")
    return unicodedata.normalize("NFC", masked)


def key(name: str) -> str:
    """Return what two names share that cannot both be in one folder: case does not tell apart."""
    folded = unicodedata.normalize("NFD", name[:LONGEST]).casefold()
    return unicodedata.normalize("NFC", folded)


def swedish_key(name: str) -> str:
    """Return a text that sorts, by code points, as people would: "Möte 2" before "Möte 10".

    It has at most 1,000 characters for a name that is ``checked``.
    """
    # A tab, which is in no name, comes before all that is.
    return "\t".join([*map(_in_order, split(name)), name])


def _in_order(text: str) -> str:
    bare, _whole = language.swedish_key(unicodedata.normalize("NFC", text[:LONGEST]))
    return _NUMBER.sub(lambda number: f"{len(number[1]):03}{number[1]}", bare)


def split(name: str) -> tuple[str, str]:
    """Return a name's stem and its suffix, which together make the name: "Karta", ".PDF"."""
    length = len(file_names.suffix(name))
    return (name[: -length - 1], name[-length - 1 :]) if length else (name, "")


def free_name(name: str, taken: Container[str]) -> str:
    """Return the name, or "Karta (2).pdf" and so on when its ``key`` is among those taken."""
    if key(name) not in taken:
        return name
    stem, ending = split(name)
    counted = _COUNTED.search(stem)
    begun = int(counted[1]) if counted else 1
    bare = _COUNTED.sub("", stem)
    for number in count(begun + 1):
        end = f" ({number}){ending}"
        candidate = _cut(bare, file_names.LIMIT - len(end.encode())) + end
        if key(candidate) not in taken:
            return candidate
    raise AssertionError("numbers do not end")


def _cut(text: str, size: int) -> str:
    """Return the text, or as many of its whole characters as fit into so many bytes."""
    return text.encode()[:size].decode(errors="ignore")


def is_scratch(name: str) -> bool:
    """Say whether it is a program that writes a file or folder with this name beside documents.

    Sources: Microsoft's KB 211632 (Word: ``~$``, ``~WRDxxxx.tmp``) and 814068 (Excel:
    ``Cedd4100``); LibreOffice's lock files (``svl/source/misc/lockfilecommon.cxx``); RFC 1740
    (AppleDouble, which macOS puts on drives as ``._``); dav-server's doc/APPLE-Finder-hints.md.
    """
    return bool(_SCRATCH.fullmatch(name) or _EXCEL.fullmatch(name))
