"""What a file tells beside what it shows: why it cannot be rid of that, and what remains."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a file cannot be rid of what it tells."""

    KIND = "kind"
    PROTECTED = "protected"
    DAMAGED = "damaged"
    SIGNED = "signed"
    IMAGE = "image"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"


class Leftover(StrEnum):
    """Something that a reader of the file could find, and that its publisher is to know of."""

    COMMENTS = "comments"
    CHANGES = "tracked_changes"
    HIDDEN_TEXT = "hidden_text"
    HIDDEN_SHEETS = "hidden_sheets"
    HIDDEN_ROWS = "hidden_rows"
    HIDDEN_SLIDES = "hidden_slides"
    NOTES = "notes"
    ATTACHMENTS = "attachments"
    MACROS = "macros"
    UNREADABLE = "unreadable"
