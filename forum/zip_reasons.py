"""Why something in a zip is not taken, or nothing of it, in the reader's words."""

from enum import StrEnum

from forum.language import gettext as _


class Reason(StrEnum):
    """Why an entry, or a whole zip, is not taken."""

    # Of the whole.
    NO_ZIP = "no zip"
    DIVIDED = "divided"
    TOO_MANY = "too many"
    # Of either.
    DAMAGED = "damaged"
    # Of an entry.
    OUTSIDE = "outside"
    SPECIAL = "special"
    ENCRYPTED = "encrypted"
    PACKING = "packing"
    OVERLAPPING = "overlapping"
    TOO_DEEP = "too deep"
    TOO_LARGE = "too large"
    BOMB = "bomb"
    DUPLICATE = "duplicate"
    SCRATCH = "scratch"
    NO_NAME = "no name"
    PERSONAL_NUMBER = "personal number"


def explained(reason: Reason) -> str:
    """Return why it was not taken and, where there is something, what to do about it."""
    return {
        Reason.NO_ZIP: _("This is not a zip file."),
        Reason.DIVIDED: _("The zip is divided into several files. Send it as one."),
        Reason.TOO_MANY: _("There are too many files in the zip. Divide it into several."),
        Reason.DAMAGED: _("It is damaged. Make the zip anew."),
        Reason.OUTSIDE: _("Its path leads out of the folder."),
        Reason.SPECIAL: _("It is no file but a link or something else."),
        Reason.ENCRYPTED: _("It has a password. Make the zip without one."),
        Reason.PACKING: _("It is packed in a way that cannot be read. Make an ordinary zip."),
        Reason.OVERLAPPING: _("It lies within another file of the zip, as is done to do harm."),
        Reason.TOO_DEEP: _("It lies in too many folders within each other."),
        Reason.TOO_LARGE: _("It is too large."),
        Reason.BOMB: _("It becomes suspiciously large when it is unpacked. Send it by itself."),
        Reason.DUPLICATE: _("Something else in the same folder of the zip has the same name."),
        Reason.SCRATCH: _("It is a file that a program wrote for itself, not a document."),
        Reason.NO_NAME: _("Its name cannot be read."),
        Reason.PERSONAL_NUMBER: _("There is a personal identity number in its name. Rename it."),
    }[reason]
