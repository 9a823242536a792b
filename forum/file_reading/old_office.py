"""Word's and PowerPoint's files from before 2007: their text, by programs that may be installed."""

from pathlib import Path

from forum.file_reading import programs
from forum.file_reading.found import Found, Kind, Trouble, Unreadable


def gather(source: Path, kind: str, into: Path) -> Found:
    """Give the text of a "doc" or "ppt". Raises Unreadable."""
    command = programs.OLD_OFFICE[kind]
    if not programs.is_there(command[0]):
        raise Unreadable(Trouble.NOT_INSTALLED)
    text = programs.output([*command, str(source.resolve())], into)
    if not text or not text.strip():
        raise Unreadable(Trouble.DAMAGED)
    found = Found(Kind.TEXT)
    found.say(text)
    return found
